"""Who makes campaign links and who reads what they brought: the office; auditors read."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from talex.core.actor import Actor
from talex.editions.rules import can_audit, is_office
from talex.participants.reach.models import Link


def can_make(actor: Actor, edition: UUID) -> bool:
    """The office."""
    return is_office(actor, edition)


def can_see_links(actor: Actor, edition: UUID) -> bool:
    """The office and auditors."""
    return can_audit(actor, edition)


def can_see_link(actor: Actor, link: Link) -> bool:
    return can_audit(actor, link.edition_id)


def visible_links(actor: Actor) -> Q:
    """The links for which `can_see_link` is true."""
    if actor.all_powerful:
        return Q()
    return Q(edition_id__in=actor.editions("organiser", "auditor"))
