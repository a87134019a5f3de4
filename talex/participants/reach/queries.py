"""What pages and API read of links: counts, and none so small that it points at somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from talex.core.actor import Actor
from talex.core.errors import NotFound
from talex.editions.models import Edition
from talex.participants.reach import rules
from talex.participants.reach.models import Link, Registrations, Visits

#: Fewer than these are told as "fewer than five".
LEAST = 5


def links(actor: Actor, edition: Edition) -> QuerySet[Link]:
    """The links of the edition, the newest first."""
    return Link.objects.filter(rules.visible_links(actor), edition=edition).order_by(
        "-created_at", "pk"
    )


def link(actor: Actor, edition: Edition, pk: UUID) -> Link:
    """One link. `NotFound` where not visible."""
    found = links(actor, edition).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Few:
    """A count as it is told: `number` is None where it is 1 to 4, or would give such a one away.

    `least`: how many there are at least.
    """

    number: int | None
    least: int = 0

    def __str__(self) -> str:
        if self.number is not None:
            return str(self.number)
        return f"≥{self.least}" if self.least else f"<{LEAST}"


def few(count: int) -> Few:
    """0 and five and more are told; 1 to 4 are not."""
    return Few(count if count == 0 or count >= LEAST else None)


@dataclass(frozen=True, slots=True)
class Split:
    """Registrations by something: (value, count as told). `total`: as told."""

    rows: list[tuple[str, Few]]
    total: Few


def split(counts: Mapping[str, int]) -> Split:
    """Counts as they are told, with a total from which no hidden one can be worked out.

    One hidden count is the total less the others: so with a single one hidden, or hidden ones that
    make fewer than five together, only the sum of those shown is told, as "at least".
    """
    rows = [(value, few(count)) for value, count in sorted(counts.items(), key=lambda p: -p[1])]
    total = sum(counts.values())
    hidden = [count for count in counts.values() if 0 < count < LEAST]
    if len(hidden) == 1 or 0 < sum(hidden) < LEAST:
        shown = total - sum(hidden)
        return Split(rows, Few(None, least=shown) if total >= LEAST else few(total))
    return Split(rows, few(total))


@dataclass(slots=True)
class Brought:
    """What a link brought. Visits are no persons: one opens a link as often as one likes."""

    link: Link
    visits: int = 0
    languages: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    countries: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def registrations(self) -> Few:
        """As told beside both splits: the more careful of the two totals."""
        by = [split(self.languages).total, split(self.countries).total]
        guarded = [one for one in by if one.number is None]
        return min(guarded, key=lambda one: one.least) if guarded else by[0]

    @property
    def by_language(self) -> list[tuple[str, Few]]:
        return split(self.languages).rows

    @property
    def by_country(self) -> list[tuple[str, Few]]:
        return split(self.countries).rows


def brought(rows: QuerySet[Link]) -> list[Brought]:
    """What these links brought; two queries more."""
    found = {one.pk: Brought(one) for one in rows}
    visits = Visits.objects.filter(link__in=found).order_by().values_list("link")
    for pk, count in visits.annotate(Sum("count")):
        found[pk].visits = count
    for row in Registrations.objects.filter(link__in=found):
        found[row.link_id].languages[row.language] += row.count
        found[row.link_id].countries[row.country] += row.count
    return list(found.values())


def by_channel(rows: list[Brought]) -> list[tuple[Any, Few]]:
    """Registrations of all links of a channel."""
    counts: dict[Any, int] = defaultdict(int)
    for one in rows:
        counts[one.link.get_channel_display()] += sum(one.languages.values())
    return split(counts).rows
