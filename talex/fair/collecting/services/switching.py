"""Whether an edition's office approves openings before they are open."""

from __future__ import annotations

from uuid import UUID

from talex.core.actor import Actor
from talex.core.errors import NotAllowed
from talex.core.work import work
from talex.editions.models import Edition
from talex.fair.collecting import rules
from talex.fair.collecting.models import Rules
from talex.ledger.services import record


def is_reviewed(edition: UUID) -> bool:
    """Whether openings of the edition wait for the office before they are open."""
    return Rules.objects.filter(edition_id=edition, reviewed=True).exists()


def set_reviewed(actor: Actor, edition: Edition, reviewed: bool) -> Rules:
    """Switch it; what is open already stays open and counts as approved."""
    if not rules.can_approve(actor, edition.pk):
        raise NotAllowed
    with work():
        kept, _made = Rules.objects.update_or_create(
            edition=edition, defaults={"reviewed": reviewed}
        )
        record(
            "fair.review.switched",
            actor=actor,
            edition=edition.pk,
            obj=kept,
            facts={"reviewed": "yes" if reviewed else "no"},
        )
    return kept
