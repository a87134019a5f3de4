"""What a talent does for themselves alone."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import NotAllowed, NotFound
from talex.core.work import work
from talex.editions.models import Edition
from talex.fair import rules
from talex.fair.models import Hidden, Opening
from talex.ledger.services import record
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


def hide(actor: Actor, edition: Edition, opening_id: UUID, hidden: bool = True) -> bool:
    """A talent does not want to be shown an opening (or wants to see it again)."""
    talent = own_talent(actor, edition)
    if talent is None:
        raise NotAllowed(_("Register as a talent of this conference first."))
    opening = Opening.objects.select_related("edition").filter(
        edition=edition, id=opening_id
    ).first()  # fmt: skip
    if opening is None or not rules.can_see_opening(actor, opening):
        raise NotFound
    with work():
        if hidden:
            _row, changed = Hidden.objects.get_or_create(talent=talent, opening=opening)
        else:
            changed = bool(Hidden.objects.filter(talent=talent, opening=opening).delete()[0])
        if changed:
            record(
                "fair.opening.hidden" if hidden else "fair.opening.shown",
                actor=actor,
                edition=edition.id,
                obj=opening,
                subject=talent.person_id,
            )
    return changed
