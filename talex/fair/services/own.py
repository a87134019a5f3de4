"""What a side does for itself alone."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import NotAllowed
from talex.core.prepared import PreparedRecords
from talex.editions.models import Edition
from talex.participants.models import Talent


def own_talent(actor: Actor, edition: Edition) -> Talent | None:
    """The actor's own standing record as a talent of the edition."""
    persons = actor.persons()
    if len(persons) != 1:
        return _of(edition.pk, persons).filter(withdrawn_at__isnull=True).first()
    found = _OF_PERSON(edition.pk, *persons)
    return found[0] if found else None


def as_talent(actor: Actor, edition: Edition) -> Talent:
    """The same for what only a talent does. Raises `NotAllowed`, which tells whoever no longer
    takes part where they come back."""
    found = own_talent(actor, edition)
    if found is not None:
        return found
    if _of(edition.pk, actor.persons()).exists():
        raise NotAllowed(
            _(
                "You no longer take part in this conference. To come back, choose “Take part "
                "again” under “My profile here”."
            )
        )
    raise NotAllowed(_("Register as a talent of this conference first."))


def read_as(actor: Actor, edition: Edition) -> Talent | None:
    """As which talent the actor reads what was asked: who no longer takes part, and acts for no
    organisation either, still reads what became of it."""
    if actor.organisations(edition.pk):
        return own_talent(actor, edition)
    rows = _of(edition.pk, actor.persons())
    return rows.order_by(F("withdrawn_at").asc(nulls_first=True)).first()


def _of(edition: UUID, persons: Collection[UUID]) -> QuerySet[Talent]:
    return Talent.objects.select_related("person").filter(
        edition=edition,
        person_id__in=persons,
        merged_into__isnull=True,
        erased_at__isnull=True,
    )


_OF_PERSON = PreparedRecords(
    lambda edition, person: _of(edition, [person]).filter(withdrawn_at__isnull=True).order_by("pk")
)
