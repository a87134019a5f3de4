"""Tables of figures as pages and files show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talex.bulletin import tables
from talex.bulletin.counting import Cutoff
from talex.core.translated import TranslatedText
from talex.ui import charts

# (figure key, value of the dimension or None for the total) -> address of the records.
Address = Callable[[str, str | None], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A number on a page; hidden where it is None, linked where there is a way down."""

    number: int | None
    url: str
    label: Any


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as the template `bulletin/_table.html` takes it."""

    label: Any
    heads: list[dict[str, Any]]
    rows: list[tuple[Any, list[Cell]]]
    totals: list[Cell]
    hides: bool


def nowhere(figure: str, value: str | None) -> str:
    """No way down to the records."""
    return ""


def shown(
    table: tables.Table, definitions: Iterable[Mapping[str, Any]], address: Address = nowhere
) -> Shown:
    """The table with names and links. `definitions` are as `Definition.frozen` gives them."""
    worded = {d["key"]: d for d in definitions}
    names = [TranslatedText(dict(worded[key]["name"])) for key in table.figures]

    def cells(numbers: Iterable[int | None], value: str | None) -> list[Cell]:
        return [
            Cell(n, address(key, value) if n else "", name)
            for key, name, n in zip(table.figures, names, numbers, strict=True)
        ]

    return Shown(
        label=tables.DIMENSION_LABELS.get(table.by, ""),
        heads=[
            {"name": name, "text": TranslatedText(dict(worded[key]["text"])), "key": key}
            for key, name in zip(table.figures, names, strict=True)
        ],
        rows=[(line.label, cells(line.numbers, line.value)) for line in table.lines],
        totals=cells(table.totals, None),
        hides=table.hides,
    )


def funnel(
    table: tables.Table, definitions: Iterable[Mapping[str, Any]], address: Address = nowhere
) -> charts.Funnel:
    """The totals as a funnel; hidden numbers are left out."""
    names = {d["key"]: TranslatedText(dict(d["name"])) for d in definitions}
    return charts.Funnel(
        title=_("From registration to the position"),
        description=_("How many people reached each rung, each counted once."),
        unit=_("People"),
        bars=[
            charts.Bar(str(names[key]), number, url=address(key, None) if number else "")
            for key, number in zip(table.figures, table.totals, strict=True)
            if number is not None
        ],
    )


FILE_KEYS = (
    "figure",
    "name",
    "definition_version",
    "by",
    "value",
    "label",
    "persons",
    "hidden",
    "happened_until",
    "known_until",
)
FILE_HEADER = (
    gettext_lazy("Figure"),
    gettext_lazy("Name"),
    gettext_lazy("Version of the definition"),
    gettext_lazy("Split by"),
    gettext_lazy("Value"),
    gettext_lazy("Label"),
    gettext_lazy("People"),
    gettext_lazy("Kept back (small number)"),
    gettext_lazy("Happened until"),
    gettext_lazy("Known until"),
)


def lines(
    given: Iterable[tables.Table], definitions: Iterable[Mapping[str, Any]], cutoff: Cutoff
) -> Iterator[list[Any]]:
    """One row a number, in the order of `FILE_KEYS`; each says what it is and until when."""
    worded = {d["key"]: d for d in definitions}
    total = True
    for table in given:
        for index, key in enumerate(table.figures):
            words = worded[key]
            name = TranslatedText(dict(words["name"]))
            parts = [("", "", "", table.totals[index])] if total else []
            parts += [(table.by, ln.value, ln.label, ln.numbers[index]) for ln in table.lines]
            for by, value, label, number in parts:
                yield [
                    key,
                    name,
                    words["version"],
                    by,
                    value,
                    label,
                    number,
                    number is None,
                    cutoff.until,
                    cutoff.known,
                ]
        total = False


def as_json(
    given: Iterable[tables.Table], definitions: Iterable[Mapping[str, Any]], cutoff: Cutoff
) -> list[dict[str, Any]]:
    """The same rows as mappings, for the API and the command line."""
    found = []
    for line in lines(given, definitions, cutoff):
        row = dict(zip(FILE_KEYS, line, strict=True))
        row["name"] = row["name"].texts()
        row["label"] = str(row["label"])
        found.append(row)
    return found
