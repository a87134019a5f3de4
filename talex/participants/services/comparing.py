"""Which records may be one person is found out when a record is new or was changed, not on pages.

Every saved record is marked (`Person.compared_at` is null). Here marked records are looked up by
the keys under which they meet others (identity.py; each key has an index), a portion in one short
transaction, and the pairs they belong to are written anew. What a portion costs depends on how
many people share its keys, not on how many there are.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Model, Q, QuerySet

from talex.core import clock
from talex.core.ids import ascending
from talex.participants.models import Delegate, NotSame, Person, PersonName, SamePair, Talent
from talex.participants.same import COMMON, LEAST, WEIGHTS, Details, details, ordered, together

#: Records a transaction: SQLite lets nobody else write meanwhile.
PORTION = 200
#: What so many share tells nobody apart ("see attachment" as the profile of a whole list), and all
#: of them would be fetched for each portion.
EVERYBODYS = 500
#: What a page may do itself before it shows its pairs.
AT_ONCE = 200

Pair = tuple[UUID, UUID]
_Row = TypeVar("_Row", bound=Model)


def due() -> int:
    """How many records are still to be compared."""
    return Person.objects.filter(compared_at__isnull=True).count()


def compare_due(most: int | None = None, seconds: float | None = None) -> int:
    """Compare marked records, at most so many, for about so long; returns how many it were.

    Called by the worker between its jobs; several at once do no harm, and killed anywhere it goes
    on with what is still marked.
    """
    began, done = time.monotonic(), 0
    while most is None or done < most:
        count = _portion(PORTION if most is None else min(PORTION, most - done))
        done += count
        if not count or (seconds is not None and time.monotonic() - began > seconds):
            break
    return done


def forget_pairs(persons: Iterable[UUID]) -> None:
    """Pairs with one of these records are offered to nobody any more (merged, erased)."""
    wanted = list(persons)
    SamePair.objects.filter(Q(first__in=wanted) | Q(second__in=wanted)).delete()


def _portion(size: int) -> int:
    marked = Person.objects.filter(compared_at__isnull=True).order_by("pk")
    if not marked.exists():
        return 0
    with transaction.atomic():
        mine = list(marked.select_for_update(skip_locked=True).values_list("pk", flat=True)[:size])
        if not mine:
            return 0
        forget_pairs(mine)
        made: list[SamePair] = []
        ids = ascending()
        for edition in _editions(mine):
            found = _Comparison(edition, mine).pairs()
            made += [
                SamePair(
                    id=next(ids),
                    edition_id=edition,
                    first_id=first,
                    second_id=second,
                    weight=weight,
                    reasons=reasons,
                )
                for (first, second), weight, reasons in found
            ]
        SamePair.objects.bulk_create(made, batch_size=500)
        Person.objects.filter(pk__in=mine).update(compared_at=clock.now())
    return len(mine)


def _editions(persons: Sequence[UUID]) -> list[UUID]:
    return sorted(
        set(Talent.objects.filter(person__in=persons).values_list("edition_id", flat=True))
        | set(Delegate.objects.filter(person__in=persons).values_list("edition_id", flat=True))
    )


class _Comparison:
    """The pairs of one edition to which some records belong."""

    def __init__(self, edition: UUID, persons: Sequence[UUID]) -> None:
        self._edition = edition
        self._known: dict[UUID, bool] = {}
        self._look_up(persons)
        self._mine = {one for one in persons if self._known[one]}
        self._found: dict[Pair, dict[str, float]] = defaultdict(dict)

    def _look_up(self, persons: Iterable[UUID]) -> None:
        """Which of these stand and are something in the edition.

        Rows are fetched by their keys alone and judged here: SQLite knows no statistics, and
        given 'not merged' as well it would walk through everybody who is not merged.
        """
        wanted = [one for one in set(persons) if one not in self._known]
        for start in range(0, len(wanted), 500):
            chunk = wanted[start : start + 500]
            rows = [
                *Talent.objects.filter(person__in=chunk).values_list("person_id", "edition_id"),
                *Delegate.objects.filter(person__in=chunk).values_list("person_id", "edition_id"),
            ]
            here = {person for person, edition in rows if edition == self._edition}
            states = Person.objects.filter(pk__in=chunk).values_list(
                "pk", "erased_at", "merged_into_id"
            )
            for person, erased, merged in states:
                self._known[person] = person in here and erased is None and merged is None

    def _groups(self, rows: Iterable[tuple[Any, UUID]]) -> list[list[UUID]]:
        """Those of the edition who share a key."""
        found = list(rows)
        self._look_up(person for _key, person in found)
        return _groups((key, person) for key, person in found if self._known[person])

    def pairs(self) -> Iterator[tuple[Pair, float, list[str]]]:
        """(lower id, higher id), weight, reasons; not those about which somebody decided."""
        self._by_field("account", "user_id")
        self._by_field("email", "email_key")
        self._by_field("phone", "phone_key")
        self._by_text()
        self._by_name()
        if not self._found:
            return
        # Pairs with a record that is marked as well come when that one is compared.
        others = {one for pair in self._found for one in pair} - self._mine
        marked = Person.objects.filter(pk__in=others).values_list("pk", "compared_at")
        later = {person for person, compared in marked if compared is None}
        apart = set(
            NotSame.objects.filter(Q(first__in=self._mine) | Q(second__in=self._mine)).values_list(
                "first_id", "second_id"
            )
        )
        known = details({one for pair in self._found for one in pair} - later)
        for pair, reasons in self._found.items():
            if pair in apart or not later.isdisjoint(pair):
                continue
            for reason in known[pair[0]].shared(known[pair[1]]):
                reasons[reason] = WEIGHTS[reason]
            weight = together(reasons.values())
            if weight >= LEAST:
                yield pair, weight, ordered(reasons)

    def _by_field(self, reason: str, field: str) -> None:
        mine = Person.objects.filter(pk__in=self._mine).values_list(field, flat=True)
        keys = set(mine) - {"", None}
        if keys:
            rows = Person.objects.filter(**{f"{field}__in": keys})
            # Said once more as the partial index has it, or it would not be used.
            rows = rows if field == "user_id" else _told_apart(rows.exclude(**{field: ""}), field)
            self._pair(reason, self._groups(rows.values_list(field, "pk")))

    def _by_text(self) -> None:
        mine = Talent.objects.filter(person__in=self._mine)
        keys = set(mine.values_list("text_key", flat=True)) - {""}
        if keys:
            rows = Talent.objects.filter(text_key__in=keys).exclude(text_key="")
            rows = _told_apart(rows, "text_key")
            found = rows.values_list("text_key", "person_id", "merged_into_id")
            self._pair("text", self._groups((key, who) for key, who, to in found if to is None))

    def _by_name(self) -> None:
        mine = PersonName.objects.filter(person__in=self._mine)
        keys = set(mine.values_list("key", flat=True)) - {""}
        if not keys:
            return
        rows = PersonName.objects.filter(key__in=keys).exclude(key="")
        for group in self._groups(rows.values_list("key", "person_id")):
            if len(group) <= COMMON:
                # Two who share a name are likelier one the rarer it is.
                weight = 0.5 if len(group) == 2 else max(0.5 / (len(group) - 1), 0.05)
                for pair in self._with_mine(group):
                    self._found[pair]["name"] = weight
                continue
            # A common name pairs only those who agree in something else as well.
            known: dict[UUID, Details] = details(group)
            studies = [(key, one) for one in group for key in known[one].studies]
            for same in _groups(studies):
                for pair in self._with_mine(same):
                    self._found[pair]["name"] = 0.1

    def _pair(self, reason: str, groups: Iterable[Sequence[UUID]]) -> None:
        for group in groups:
            weight = WEIGHTS[reason] if len(group) <= COMMON else 0.2
            for pair in self._with_mine(group):
                self._found[pair][reason] = weight

    def _with_mine(self, group: Sequence[UUID]) -> Iterator[Pair]:
        """The pairs of a group with one of the records; of each at most `COMMON`."""
        for one in group:
            if one in self._mine:
                for other in islice((two for two in group if two != one), COMMON):
                    yield (one, other) if one < other else (other, one)


def _told_apart(rows: QuerySet[_Row], field: str) -> QuerySet[_Row]:
    """Without the keys that are everybody's; counted in their index."""
    shared = rows.order_by().values(field).annotate(n=Count("pk")).filter(n__gt=EVERYBODYS)
    return rows.exclude(**{f"{field}__in": list(shared.values_list(field, flat=True))})


def _groups(rows: Iterable[tuple[Any, UUID]]) -> list[list[UUID]]:
    """Those who share a key, two or more, in the order of their ids."""
    groups: dict[Any, set[UUID]] = defaultdict(set)
    for key, person in rows:
        groups[key].add(person)
    return [sorted(group) for group in groups.values() if len(group) > 1]
