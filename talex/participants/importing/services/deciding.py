"""What becomes of rows that are alike, and of rows that are not wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Invalid, NotFound
from talex.core.work import work
from talex.participants.importing import grouping
from talex.participants.importing.mapping import Mapping
from talex.participants.importing.models import Decision, Import, RowState
from talex.participants.importing.registry import target_of
from talex.participants.importing.services.common import changed, previewed
from talex.participants.importing.staging import fill, replace


@dataclass(frozen=True, slots=True)
class ExcludeRows:
    """Leave rows out. `numbers` None: every row that still has to be mended. `exclude` False
    takes them in again.
    """

    import_id: UUID
    numbers: Sequence[int] | None = None
    exclude: bool = True


@dataclass(frozen=True, slots=True)
class MergeIdentical:
    """Groups of identical rows: each becomes one object (`merge`), or stays several.

    `fingerprints` None: all groups about which nothing is decided.
    """

    import_id: UUID
    fingerprints: Sequence[str] | None = None
    merge: bool = True


@dataclass(frozen=True, slots=True)
class DecideSimilar:
    """A group of rows that are probably the same object although they differ.

    `into`: the number of the row that the others are merged into (what it does not say is taken
    from them, in the order of the file); None keeps them apart.
    """

    import_id: UUID
    likeness: str
    into: int | None


def exclude_rows(actor: Actor, command: ExcludeRows) -> int:
    """Leave rows out, or take them in again; how many it were."""
    with work():
        one = previewed(actor, command.import_id)
        rows = one.rows.filter(excluded=not command.exclude, known=False)
        if command.numbers is not None:
            rows = rows.filter(number__in=list(command.numbers))
        elif command.exclude:
            rows = rows.filter(state=RowState.FAULT)
        numbers = list(rows.values_list("number", flat=True))
        freed = _free(one, numbers) if command.exclude else []
        for start in range(0, len(numbers), 5_000):
            one.rows.filter(number__in=numbers[start : start + 5_000]).update(
                excluded=command.exclude
            )
        if numbers:
            _settle(one, [*numbers, *freed])
    return len(numbers)


def _free(one: Import, numbers: Sequence[int]) -> list[int]:
    """Rows that go: they lead nobody and follow nobody any more; whom they led."""
    freed: list[int] = []
    leaders: set[int | None] = set()
    for start in range(0, len(numbers), 5_000):
        part = numbers[start : start + 5_000]
        led = one.rows.filter(merged_into__in=part)
        freed += led.values_list("number", flat=True)
        leaders |= set(
            one.rows.filter(number__in=part, merged_into__isnull=False).values_list(
                "merged_into", flat=True
            )
        )
        led.update(merged_into=None, decision=Decision.NONE, reviewed=False)
        one.rows.filter(number__in=part).update(merged_into=None)
    _read_leaders(one, leaders - set(numbers))
    return freed


def merge_identical(actor: Actor, command: MergeIdentical) -> int:
    """Decide about groups of identical rows; how many rows were merged away (or stand again)."""
    with work():
        one = previewed(actor, command.import_id)
        several = one.rows.filter(identical__gt=1, known=False)
        if command.fingerprints is not None:
            several = several.filter(fingerprint__in=list(command.fingerprints))
        # Others write meanwhile: only rows that can change are looked at, not the whole file.
        numbers = list(several.values_list("number", flat=True))
        if command.merge:
            count = grouping.merge_identical(one, command.fingerprints)
        else:
            rows = several
            if command.fingerprints is None:
                rows = rows.filter(decision=Decision.NONE)
            count = rows.filter(merged_into__isnull=False).count()
            rows.update(decision=Decision.KEEP, merged_into=None)
        _settle(one, numbers)
    return count


def decide_similar(actor: Actor, command: DecideSimilar) -> int:
    """Decide about one group; how many rows were merged away."""
    with work():
        one = previewed(actor, command.import_id)
        group = one.rows.filter(likeness=command.likeness).exclude(likeness="")
        rows = list(group.filter(excluded=False, known=False).order_by("number"))
        if len(rows) < 2:
            raise NotFound
        numbers = [row.number for row in rows]
        away = [number for number in numbers if number != command.into]
        if command.into is None:
            leaders = {row.merged_into for row in rows}
            one.rows.filter(number__in=numbers).update(reviewed=True, merged_into=None)
            _read_leaders(one, leaders)
            _settle(one, numbers)
            return 0
        if command.into not in numbers:
            raise Invalid({"into": _("Choose a row of this group that is not left out.")})
        # Who was merged into one of them before follows.
        followers = list(one.rows.filter(merged_into__in=away).values_list("number", flat=True))
        one.rows.filter(number__in=[*away, *followers]).exclude(number=command.into).update(
            merged_into=command.into, reviewed=True
        )
        one.rows.filter(number=command.into).update(merged_into=None, reviewed=True)
        _read_leaders(one, [command.into])
        _settle(one, {*numbers, *followers})
    return len(away)


def _read_leaders(one: Import, numbers: Iterable[int | None]) -> None:
    """Rows that others were merged into, or no longer are: what they say is put together anew."""
    rows = list(one.rows.filter(number__in=[number for number in numbers if number]))
    if rows:
        fill(one, Mapping.from_json(one.mapping), target_of(one.target), rows)
        replace(rows)
        grouping.borrow(one, [row.number for row in rows])


def _settle(one: Import, numbers: Sequence[int] | set[int]) -> None:
    grouping.settle(one, numbers if len(numbers) < 5_000 else None)
    changed(one)
