"""The one way of counting: a cell of a figure and the records behind it are the same rows.

It reads the evidence room's three append-only tables and nothing else: evidence, the frozen facts
(dimensions), and which subjects are one person, each as it was known at one instant.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from talex.bulletin.definitions import BY_RUNG, DEFINITIONS, Definition
from talex.core import clock
from talex.evidence.queries import standing, tally, with_facts


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Both instants of a figure, aware: it counts what `happened` until and was `known` until."""

    until: datetime
    known: datetime

    @classmethod
    def present(cls) -> Cutoff:
        """Everything that is known now."""
        instant = clock.now()
        return cls(instant, instant)


def counts(
    edition: UUID, cutoff: Cutoff, by: str = "", figures: Iterable[Definition] = DEFINITIONS
) -> dict[str, dict[str, int]]:
    """figure key -> value of the dimension `by` ('' where none is asked or on record) -> persons.

    One statement. A figure without any record has an empty mapping.
    """
    chosen = list(figures)
    found: dict[str, dict[str, int]] = {d.key: {} for d in chosen}
    numbers = tally(
        edition,
        [d.rung.value for d in chosen],
        by=by,
        until=cutoff.until,
        known=cutoff.known,
        subject_kind=_kind(chosen),
    )
    for (rung, value), number in numbers.items():
        found[BY_RUNG[rung].key][value] = number
    return found


def compute(
    edition: UUID, figure: Definition, until: datetime, known: datetime, by: str = ""
) -> dict[str, int]:
    """One figure: value of `by` -> persons; without `by` the only key is ''."""
    return counts(edition, Cutoff(until, known), by, [figure])[figure.key]


def evidence_of(
    edition: UUID, cutoff: Cutoff, figure: Definition, by: str = "", value: str = ""
) -> QuerySet[Any]:
    """The evidence (`Evidence`) behind one cell: as many different `counted` as the cell says."""
    rows: QuerySet[Any] = standing(
        edition, until=cutoff.until, known=cutoff.known, subject_kind=figure.subject_kind
    ).filter(rung=figure.rung)
    rows = with_facts(rows, figure.dimensions, cutoff.known)
    return rows.filter(**{f"of_{by}": value}) if by else rows


def seals(
    edition: UUID, cutoff: Cutoff, figures: Iterable[Definition] = DEFINITIONS
) -> dict[str, list[Any]]:
    """figure key -> [how many pieces of evidence stand, SHA-256 over their ids in order].

    Two snapshots with the same numbers may still stand on different records; this tells.
    """
    chosen = list(figures)
    found: dict[str, list[Any]] = {}
    rows = standing(
        edition, until=cutoff.until, known=cutoff.known, subject_kind=_kind(chosen)
    ).order_by("rung", "pk")
    for figure in chosen:
        number, hashed = 0, hashlib.sha256()
        # Sorted as text: the databases order ids alike only so.
        for pk in sorted(
            str(i) for i in rows.filter(rung=figure.rung).values_list("pk", flat=True)
        ):
            number += 1
            hashed.update(pk.encode())
        found[figure.key] = [number, hashed.hexdigest()]
    return found


def _kind(figures: list[Definition]) -> str:
    kinds = {d.subject_kind for d in figures}
    if len(kinds) != 1:
        raise ValueError("figures of several kinds of subject are counted one kind at a time")
    return kinds.pop()
