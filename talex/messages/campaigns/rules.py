"""Who has campaigns: the office writes and approves them, auditors read along."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from talex.core.actor import Actor
from talex.editions.rules import can_audit, is_office
from talex.messages.campaigns.models import Campaign, Template


def can_write(actor: Actor, edition: UUID) -> bool:
    """The office."""
    return is_office(actor, edition)


def can_read(actor: Actor, edition: UUID) -> bool:
    """The office and auditors."""
    return can_audit(actor, edition)


def can_see_campaign(actor: Actor, campaign: Campaign) -> bool:
    return can_read(actor, campaign.edition_id)


def can_see_template(actor: Actor, template: Template) -> bool:
    return can_read(actor, template.edition_id)


def visible(actor: Actor) -> Q:
    """The campaigns and templates for which these are true."""
    if actor.all_powerful:
        return Q()
    return Q(edition_id__in=actor.editions("organiser", "auditor"))


def can_approve(actor: Actor, campaign: Campaign) -> bool:
    """A second person of the office: who neither made it nor wrote or submitted what it says."""
    return (
        actor.user is not None
        and can_write(actor, campaign.edition_id)
        and actor.user not in campaign.hands()
    )
