"""What pages, API and command line read of figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from talex.accounts.models import User
from talex.bulletin import counting, instants, tables
from talex.bulletin.counting import Cutoff
from talex.bulletin.definitions import BY_KEY, DEFINITIONS, Definition
from talex.bulletin.models import Bulletin, Snapshot, SnapshotCell
from talex.bulletin.rules import (
    can_open_records,
    can_see_figures,
    sees_small_counts,
    visible_bulletins,
    visible_snapshots,
)
from talex.core.actor import Actor
from talex.core.errors import NotAllowed, NotFound
from talex.core.ids import parse
from talex.editions.models import Edition
from talex.evidence.models import Evidence
from talex.evidence.vocabulary import DIMENSIONS
from talex.participants.models import Talent


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of an edition at a cut-off, split by one dimension."""

    edition: Edition
    cutoff: Cutoff
    table: tables.Table
    definitions: tuple[Definition, ...] = DEFINITIONS


def definition(key: str) -> Definition:
    """The definition of this key; raises `NotFound`."""
    if key not in BY_KEY:
        raise NotFound
    return BY_KEY[key]


def dimension(by: str) -> str:
    """`by` where it is a dimension (or empty); raises `NotFound`."""
    if by and by not in DIMENSIONS:
        raise NotFound
    return by


def figures(actor: Actor, edition: Edition, cutoff: Cutoff, by: str = "") -> Figures:
    """Every figure, counted now: one statement, one more where it is split.

    The press gets whole days and no small numbers. Raises `NotAllowed`, `NotFound` (by).
    """
    if not can_see_figures(actor, edition.pk):
        raise NotAllowed
    by = dimension(by)
    cutoff = instants.permitted(actor, edition.pk, edition.time_zone, cutoff)
    totals = {k: n.get("", 0) for k, n in counting.counts(edition.pk, cutoff).items()}
    split = counting.counts(edition.pk, cutoff, by) if by else {}
    found = tables.table(by, totals, split)
    if not sees_small_counts(actor, edition.pk):
        found = tables.protect(found)
    return Figures(edition, cutoff, found)


def records(
    actor: Actor,
    edition: Edition,
    figure: Definition,
    cutoff: Cutoff,
    by: str = "",
    value: str = "",
) -> QuerySet[Any]:
    """The evidence behind one cell, each row with whom it is about.

    Annotated: `counted` (the id that is counted), `of_<dimension>`, `person_name`, `person_id`,
    `erased_at`. Raises `NotAllowed`, `NotFound` (by).
    """
    if not can_open_records(actor, edition.pk):
        raise NotAllowed
    return with_person(counting.evidence_of(edition.pk, cutoff, figure, dimension(by), value))


def with_person(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each row with the name of whom it is about; the name is empty and `erased_at` set after an
    erasure."""
    talent = Talent.objects.filter(pk=OuterRef("subject_id"))
    return rows.annotate(
        person_name=Subquery(talent.values("person__name")[:1]),
        person_id=Subquery(talent.values("person_id")[:1]),
        erased_at=Subquery(talent.values("erased_at")[:1]),
    )


def record(actor: Actor, edition: Edition, evidence: UUID) -> Evidence:
    """One piece of evidence of the edition; raises `NotAllowed`, `NotFound`."""
    if not can_open_records(actor, edition.pk):
        raise NotAllowed
    rows = Evidence.objects.filter(edition_id=edition.pk).select_related("withdraws", "withdrawal")
    found = with_person(rows).filter(pk=evidence).first()
    if found is None:
        raise NotFound
    return found


def names_of(ids: Iterable[str]) -> dict[str, str]:
    """Who confirmed, as `confirmed_by` has it -> the account's name. One query."""
    users = [user for user in map(parse, set(ids)) if user is not None]
    return {str(user.pk): str(user) for user in User.objects.filter(pk__in=users)}


def snapshots(actor: Actor, edition: Edition) -> QuerySet[Snapshot]:
    """The snapshots of the edition that the actor may see, the latest first."""
    return Snapshot.objects.filter(visible_snapshots(actor), edition_id=edition.pk)


def snapshot(actor: Actor, edition: Edition, number: int) -> Snapshot:
    """The snapshot of this number; raises `NotFound`."""
    found = snapshots(actor, edition).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def bulletins(actor: Actor, edition: Edition) -> QuerySet[Bulletin]:
    """The bulletins of the edition that the actor may see, the latest first."""
    return Bulletin.objects.filter(visible_bulletins(actor), edition_id=edition.pk).select_related(
        "snapshot", "edition"
    )


def bulletin(actor: Actor, edition: Edition, number: int) -> Bulletin:
    """The bulletin of this number; raises `NotFound`."""
    found = bulletins(actor, edition).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def cells(snapshot: Snapshot) -> dict[tuple[str, str, str], int]:
    """(figure, by, value) -> persons, as frozen."""
    rows = SnapshotCell.objects.filter(snapshot=snapshot)
    return {(c.figure, c.by, c.value): c.count for c in rows}


def frozen_table(
    frozen: Mapping[tuple[str, str, str], int], snapshot: Snapshot, by: str, *, protected: bool
) -> tables.Table:
    """The table of a snapshot by one dimension, from `cells`."""
    keys = [d["key"] for d in snapshot.definitions]
    totals = {figure: n for (figure, split, _v), n in frozen.items() if split == ""}
    split: dict[str, dict[str, int]] = {key: {} for key in keys}
    for (figure, dimension_, value), number in frozen.items():
        if by and dimension_ == by:
            split[figure][value] = number
    found = tables.table(by, totals, split, keys)
    return tables.protect(found) if protected else found


def frozen_name(snapshot: Snapshot, key: str) -> dict[str, Any]:
    """The definition of a figure as the snapshot words it."""
    found: dict[str, Any] = next(d for d in snapshot.definitions if d["key"] == key)
    return found
