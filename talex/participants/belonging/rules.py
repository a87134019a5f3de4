"""Who asks to belong to whom, who answers, who ends it: heads of both sides, and the office."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from talex.core.actor import Actor
from talex.editions.rules import can_audit, is_office
from talex.participants.belonging.models import Belonging
from talex.participants.choices import DelegateRole


def heads(actor: Actor, edition: UUID) -> set[UUID]:
    """The organisations that the actor heads here, let in."""
    return {
        grant.organisation
        for grant in actor.grants
        if grant.organisation
        and grant.edition == edition
        and not grant.pending
        and grant.function == DelegateRole.HEAD
    }


def can_ask(actor: Actor, edition: UUID, child: UUID) -> bool:
    """The office, and whoever heads the organisation that is to stand below."""
    return is_office(actor, edition) or child in heads(actor, edition)


def can_answer(actor: Actor, edition: UUID, parent: UUID) -> bool:
    """The office, and whoever heads the organisation above (once it was let in)."""
    return is_office(actor, edition) or parent in heads(actor, edition)


def can_see_belonging(actor: Actor, row: Belonging) -> bool:
    """Both sides, the office, auditors."""
    mine = heads(actor, row.edition_id)
    return can_audit(actor, row.edition_id) or row.child_id in mine or row.parent_id in mine


def visible_belongings(actor: Actor) -> Q:
    """The rows for which `can_see_belonging` is true."""
    if actor.all_powerful:
        return Q()
    seen = Q(edition_id__in=actor.editions("organiser", "auditor"))
    for edition in {grant.edition for grant in actor.grants if grant.organisation}:
        mine = heads(actor, edition)
        seen |= Q(edition_id=edition) & (Q(child_id__in=mine) | Q(parent_id__in=mine))
    return seen
