"""The tree of organisations: who stands below whom, and who collects for whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.fair.collecting.models import Quota
from talex.participants.models import Delegate, Organisation
from talex.participants.rules import WRITERS

#: Region, district, park, company: deeper trees are a mistake, and a circle is none.
DEEPEST = 20


def below(organisations: Collection[UUID]) -> set[UUID]:
    """The organisations and all that stand below them, a statement a level."""
    found = set(organisations)
    level = found
    for _depth in range(DEEPEST):
        if not level:
            break
        rows = Organisation.objects.filter(parent_id__in=level).values_list("pk", flat=True)
        level = set(rows) - found
        found |= level
    return found


def above(organisation: UUID) -> list[UUID]:
    """The organisation and those it stands below, from the nearest up."""
    found: list[UUID] = []
    one: UUID | None = organisation
    while one is not None and one not in found and len(found) < DEEPEST:
        found.append(one)
        one = Organisation.objects.filter(pk=one).values_list("parent_id", flat=True).first()
    return found


def collector_of(edition: Edition | UUID, organisation: UUID) -> UUID | None:
    """Through whom an organisation's openings go: the nearest with a quota, itself included."""
    pk = edition if isinstance(edition, UUID) else edition.pk
    line = above(organisation)
    have = set(
        Quota.objects.filter(edition_id=pk, organisation_id__in=line).values_list(
            "organisation_id", flat=True
        )
    )
    return next((one for one in line if one in have), None)


def collecting_for(actor: Actor, edition: UUID) -> set[UUID]:
    """The collectors of an edition the actor is a delegate of, let in by the office."""
    own = actor.organisations(edition)
    if not own:
        return set()
    rows = Quota.objects.filter(edition_id=edition, organisation_id__in=own)
    return set(rows.values_list("organisation_id", flat=True))


def names(ids: Iterable[UUID]) -> dict[UUID, Organisation]:
    """Organisations by id, with their names alone."""
    return Organisation.objects.only("id", "name", "name_line").in_bulk(list(set(ids)))


def attended(edition: UUID, organisation: UUID) -> bool:
    """Whether somebody with an account acts for it there and may decide for it."""
    return Delegate.objects.filter(
        edition=edition,
        organisation=organisation,
        role__in=WRITERS,
        person__user__is_active=True,
        withdrawn_at__isnull=True,
        merged_into__isnull=True,
    ).exists()
