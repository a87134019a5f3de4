"""What the organiser said about a file: which column is which field, and how to read it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from talex.core.errors import Invalid
from talex.participants.importing.cells import (
    Cell,
    Period,
    suggest_day_first,
    suggest_defaults,
)
from talex.participants.importing.fields import FIELDS, Target
from talex.participants.importing.headings import normal, suggest

DATES = frozenset({"starts_on", "closes_on", "available_from", "available_until"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file. `field` None keeps it as text.

    `day_first` settles 03/04/2026 in columns of dates; `currency` (ISO 4217) and `period` are
    taken in columns of pay where a cell states none.
    """

    heading: str
    field: str | None = None
    day_first: bool | None = None
    currency: str | None = None
    period: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Only what is said."""
        said = {
            "field": self.field,
            "day_first": self.day_first,
            "currency": self.currency,
            "period": self.period,
        }
        return {"heading": self.heading} | {k: v for k, v in said.items() if v is not None}


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole file. `defaults`: field -> text, read wherever a row says nothing for the field."""

    columns: tuple[Column, ...]
    defaults: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"columns": [c.as_json() for c in self.columns], "defaults": dict(self.defaults)}

    @classmethod
    def from_json(cls, data: AnyMapping[str, Any]) -> Mapping:
        return cls(
            tuple(
                Column(
                    c["heading"],
                    c.get("field"),
                    c.get("day_first"),
                    c.get("currency"),
                    c.get("period"),
                )
                for c in data.get("columns", [])
            ),
            dict(data.get("defaults", {})),
        )

    def places(self) -> dict[str, int]:
        """field -> the number (0-based) of its column."""
        return {c.field: place for place, c in enumerate(self.columns) if c.field}


def signature(headings: Sequence[str]) -> str:
    """By what a mapping is remembered: the headings, whatever their order, case and signs."""
    names = sorted(normal(heading) or heading for heading in headings)
    return hashlib.sha256("\x1f".join(names).encode("utf-8", "surrogatepass")).hexdigest()


def suggested(
    headings: Sequence[str], samples: Sequence[Sequence[Cell]], target: Target
) -> tuple[Mapping, list[float]]:
    """A mapping from headings and cells, and the confidence (0 to 1) of each column."""
    found = suggest(headings, samples, target)
    columns = [
        settled(Column(heading, one.field), samples[place] if place < len(samples) else [])
        for place, (heading, one) in enumerate(zip(headings, found, strict=True))
    ]
    return Mapping(tuple(columns)), [one.confidence for one in found]


def settled(column: Column, samples: Sequence[Cell]) -> Column:
    """The column with what its cells tell about how to read them, where nobody has said it."""
    if column.field in DATES and column.day_first is None:
        return replace(column, day_first=suggest_day_first(list(samples)))
    if column.field == "pay" and not (column.currency and column.period):
        guessed = suggest_defaults(list(samples))
        return replace(
            column,
            currency=column.currency or guessed.currency,
            period=column.period or (guessed.period.value if guessed.period else None),
        )
    return column


def remembered(headings: Sequence[str], kept: AnyMapping[str, Any]) -> Mapping:
    """The mapping of an earlier file with the same headings, in this file's order of columns."""
    earlier = Mapping.from_json(kept)
    by_name = {normal(c.heading) or c.heading: c for c in earlier.columns}
    return Mapping(
        tuple(
            replace(by_name.get(normal(name) or name, Column(name)), heading=name)
            for name in headings
        ),
        earlier.defaults,
    )


def check(mapping: Mapping, headings: Sequence[str], target: Target) -> None:
    """Invalid where it does not fit the file: the fault stands under the column's heading."""
    faults: dict[str, Any] = {}
    if [c.heading for c in mapping.columns] != list(headings):
        raise Invalid({"": _("The columns are not those of the file. Load the page again.")})
    taken: dict[str, str] = {}
    for column in mapping.columns:
        if column.field is None:
            continue
        if column.field not in FIELDS[target]:
            faults[column.heading] = _("There is no such field. Choose one of the list.")
        elif column.field in taken:
            faults[column.heading] = _(
                "This field is given to the column '%(other)s' already. Choose one of the two."
            ) % {"other": taken[column.field]}
        taken.setdefault(column.field, column.heading)
        if column.period is not None and column.period not in set(Period):
            faults[column.heading] = _("Pay is for an hour, a day, a month or a year.")
    for name in mapping.defaults:
        if name not in FIELDS[target]:
            faults[name] = _("There is no such field. Choose one of the list.")
    if not taken and not faults:
        faults[""] = _("Give at least one column a field; else there is nothing to import.")
    if faults:
        raise Invalid(faults)
