"""Who has webhooks: the office sets them up, auditors read the log without addresses' secrets."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from talex.core.actor import Actor
from talex.editions.rules import can_audit, is_office
from talex.messages.webhooks.models import Endpoint


def can_manage(actor: Actor, edition: UUID) -> bool:
    """The office."""
    return is_office(actor, edition)


def can_see_list(actor: Actor, edition: UUID) -> bool:
    """The office and auditors."""
    return can_audit(actor, edition)


def can_see_endpoint(actor: Actor, endpoint: Endpoint) -> bool:
    return can_audit(actor, endpoint.edition_id)


def visible_endpoints(actor: Actor) -> Q:
    """The endpoints for which `can_see_endpoint` is true."""
    if actor.all_powerful:
        return Q()
    return Q(edition_id__in=actor.editions("organiser", "auditor"))
