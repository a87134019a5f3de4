"""What a side does for itself alone."""

from __future__ import annotations

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.participants.models import Talent


def own_talent(actor: Actor, edition: Edition) -> Talent | None:
    """The actor's own standing record as a talent of the edition."""
    return (
        Talent.objects.select_related("person")
        .filter(
            edition=edition,
            person_id__in=actor.persons(),
            merged_into__isnull=True,
            withdrawn_at__isnull=True,
            erased_at__isnull=True,
        )
        .first()
    )
