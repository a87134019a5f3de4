"""Figures as a table: one row a value of a dimension, one column a figure, and what is hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from talex.bulletin.definitions import DEFINITIONS
from talex.participants.choices import DEGREE_LABELS
from talex.participants.industries import industry_label

FIGURES = tuple(d.key for d in DEFINITIONS)

SMALL = 5
"""Numbers from 1 to `SMALL` - 1 could point at people: the press does not see them."""

DIMENSION_LABELS: dict[str, Any] = {
    "degree_level": _("Degree"),
    "industry": _("Industry"),
    "region": _("Region"),
}


def value_label(by: str, value: str) -> Any:
    """A value of a dimension as a reader knows it."""
    if not value:
        return _("Not stated")
    if by == "industry":
        return industry_label(value, get_language() or "en")
    return DEGREE_LABELS.get(value, value) if by == "degree_level" else value


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the value, its words, and the persons of each figure (None is hidden)."""

    value: str
    label: Any
    numbers: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`figures` are the keys of the columns; `totals` count everybody, whatever the value."""

    by: str
    figures: tuple[str, ...]
    lines: tuple[Line, ...]
    totals: tuple[int | None, ...]

    @property
    def hides(self) -> bool:
        """Whether a number is kept back."""
        return None in self.totals or any(None in line.numbers for line in self.lines)


def _order(by: str, values: Iterable[str], first: Mapping[str, int]) -> list[str]:
    """Degrees from the highest, all else by the first figure; what is not stated comes last."""
    if by == "degree_level":
        ranks = {value: rank for rank, value in enumerate(DEGREE_LABELS)}
        return sorted(values, key=lambda v: (v == "", -ranks.get(v, -1), v))
    return sorted(values, key=lambda v: (v == "", -first.get(v, 0), v))


def table(
    by: str,
    totals: Mapping[str, int],
    split: Mapping[str, Mapping[str, int]],
    figures: Sequence[str] = FIGURES,
) -> Table:
    """From numbers by figure (`totals`) and by figure and value (`split`)."""
    values = {value for figure in figures for value in split.get(figure, {})}
    ordered = _order(by, values, split.get(figures[0], {})) if by else []
    return Table(
        by=by,
        figures=tuple(figures),
        lines=tuple(
            Line(v, value_label(by, v), tuple(split.get(f, {}).get(v, 0) for f in figures))
            for v in ordered
        ),
        totals=tuple(totals.get(f, 0) for f in figures),
    )


def protect(given: Table, small: int = SMALL) -> Table:
    """The table without numbers that point at people.

    Hidden are numbers from 1 to `small` - 1, and in each column as many of the next larger ones as
    are needed so that what is hidden cannot be told from the total: at least two cells and at
    least `small` persons (complementary suppression).
    """
    columns = []
    for index, total in enumerate(given.totals):
        column = [line.numbers[index] for line in given.lines]
        columns.append(_protect_column(total or 0, [n or 0 for n in column], small))
    lines = tuple(
        replace(line, numbers=tuple(column[1][row] for column in columns))
        for row, line in enumerate(given.lines)
    )
    return replace(given, lines=lines, totals=tuple(column[0] for column in columns))


def _protect_column(
    total: int, numbers: list[int], small: int
) -> tuple[int | None, list[int | None]]:
    if 0 < total < small:
        return None, [None if n else 0 for n in numbers]
    hidden = {i for i, n in enumerate(numbers) if 0 < n < small}
    for i in sorted((i for i, n in enumerate(numbers) if n >= small), key=lambda i: numbers[i]):
        if not hidden or (len(hidden) > 1 and sum(numbers[h] for h in hidden) >= small):
            break
        hidden.add(i)
    return total, [None if i in hidden else n for i, n in enumerate(numbers)]
