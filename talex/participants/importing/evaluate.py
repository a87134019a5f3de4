"""One row: from its cells, the mapping and what the organiser mended to values, rest and notes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from talex.participants.importing.cells import Cell, fact, plain, read_text
from talex.participants.importing.cells.prose import degree_in_text, experience_in_text
from talex.participants.importing.fields import Target
from talex.participants.importing.mapping import Column, Mapping
from talex.participants.importing.moved import find_moved
from talex.participants.importing.notes import ACCEPTABLE, Note, note, severity
from talex.participants.importing.tables import letters
from talex.participants.importing.values import READERS, keepable, plain_value

#: target -> the fault of a row that states none of these fields.
_NEEDED: dict[Target, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "talent": (),
    "organisation": (("name_missing", ("name", "name_zh", "name_en", "name_de")),),
    "opening": (("title_missing", ("title",)), ("organisation_missing", ("organisation",))),
}
#: The ways to write the name of a talent.
_PERSON_NAMES = ("name", "name_native", "name_latin")
_PERIODS: dict[Target, tuple[str, str]] = {
    "talent": ("available_from", "available_until"),
    "opening": ("starts_on", "closes_on"),
}


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What a row says.

    `values`: field -> value (the shapes of `values.py`), what was understood. `kept`: heading ->
    text, the columns without a field and the cells that were not understood. `notes`: what is to
    be said, each with the column it is about.
    """

    values: dict[str, Any]
    kept: dict[str, str]
    notes: tuple[Note, ...]

    @property
    def severity(self) -> int:
        """The gravest note's severity, 0 without notes."""
        return max((severity(said.code) for said in self.notes), default=0)

    def digest(self) -> str:
        """32 hex signs that change whenever what would be imported changes."""
        return content_digest(self.values, self.kept)


def content_digest(values: AnyMapping[str, Any], kept: AnyMapping[str, str]) -> str:
    """32 hex signs: what a row says, apart from what was remarked about it."""
    content = json.dumps([values, kept], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def evaluate(
    target: Target,
    mapping: Mapping,
    cells: Sequence[Cell],
    faults: Sequence[Note] = (),
    corrections: AnyMapping[str, str] | None = None,
    *,
    accepted: bool = False,
) -> Evaluated:
    """Read one row. `corrections`: field -> text typed in place of the cell ('' empties it).

    `accepted`: somebody looked at a faulty row and said that it is to be taken as it stands; what
    it lacks (an opening's title, its organisation) is then open, and filled in later.
    Cells that had moved to another column are read where they belong, defaults fill what says
    nothing, and what an opening's description says counts where no column says it.
    """
    corrections = corrections or {}
    places = mapping.places()
    by_field: dict[str, Cell] = {
        field: cells[place] if place < len(cells) else None for field, place in places.items()
    }
    notes = [n for n in faults if not (accepted and n.code in ACCEPTABLE)]
    # Where a field's cell was found: moved cells keep the column in which they stand.
    columns: dict[str, Column] = {f: mapping.columns[place] for f, place in places.items()}
    found_at: dict[str, int | None] = dict(places)

    moved = find_moved({f: c for f, c in by_field.items() if f not in corrections}, target)
    moved = [move for move in moved if move.field not in corrections]
    for move in moved:
        by_field[move.found_under] = None
    for move in moved:
        by_field[move.field] = move.cell
        place = places[move.found_under]
        found_at[move.field] = place
        heading = mapping.columns[place].heading
        notes.append(note("moved_from", place, text=fact(move.cell), column=heading))
    for field, text in corrections.items():
        by_field[field] = text

    kept = _unmapped(mapping, cells)
    values: dict[str, Any] = {}
    readers = READERS[target]
    for field, cell in by_field.items():
        column = columns.get(field) or Column(field, field)
        read = readers[field](cell, column)
        if not read.stated and mapping.defaults.get(field):
            read = readers[field](mapping.defaults[field], column)
        if read.note:
            notes.append(replace(read.note, column=found_at.get(field)))
        if read.value is not None:
            values[field] = plain_value(read.value)
        if not read.understood or (read.value is None and read.note):
            kept[column.heading] = keepable(plain(cell))
    for field, text in mapping.defaults.items():
        if field not in by_field:
            read = readers[field](text, Column(field, field))
            if read.value is not None:
                values[field] = plain_value(read.value)
    if target == "opening":
        _from_description(values, by_field, notes, places.get("description"))
    _reversed(target, values, kept, columns, notes)
    lacking = [*_lacking(target, values), *_nameless(target, values, places)]
    notes.extend(n for n in lacking if not (accepted and n.code in ACCEPTABLE))
    return Evaluated(_clean(values), kept, tuple(notes))


def _unmapped(mapping: Mapping, cells: Sequence[Cell]) -> dict[str, str]:
    """The text of the columns without a field; cells beyond the last heading by their letters."""
    kept: dict[str, str] = {}
    for place, cell in enumerate(cells):
        column = mapping.columns[place] if place < len(mapping.columns) else None
        if cell is None or (column is not None and column.field):
            continue
        read = read_text(cell)
        if read.value:
            name = column.heading if column is not None else f"({letters(place)})"
            kept[keepable(name)] = keepable(read.value)
    return kept


def _from_description(
    values: dict[str, Any], cells: AnyMapping[str, Cell], notes: list[Note], place: int | None
) -> None:
    text = cells.get("description")
    if not text:
        return
    if "degree_required" not in values:
        degree = degree_in_text(text)
        if degree.value is not None:
            values["degree_required"] = plain_value(degree.value)
            notes.append(replace(degree.note or note("found_in_text", text=""), column=place))
    if "experience_required" not in values:
        years = experience_in_text(text)
        if years.value is not None:
            values["experience_required"] = plain_value(years.value)
            notes.append(replace(years.note or note("found_in_text", text=""), column=place))


def _reversed(
    target: Target,
    values: dict[str, Any],
    kept: dict[str, str],
    columns: AnyMapping[str, Column],
    notes: list[Note],
) -> None:
    """A period that ends before it begins cannot be kept: both days stay as text."""
    first, last = _PERIODS.get(target, ("", ""))
    if first in values and last in values and values[last] < values[first]:
        for field in (first, last):
            heading = columns[field].heading if field in columns else field
            kept[heading] = values.pop(field)
        notes.append(note("times_reversed"))


def _lacking(target: Target, values: AnyMapping[str, Any]) -> list[Note]:
    if not values and target != "organisation":
        return [note("nothing_stated")]
    return [
        # Written out, so that every code is found where it is made.
        {
            "name_missing": note("name_missing"),
            "title_missing": note("title_missing"),
            "organisation_missing": note("organisation_missing"),
        }[code]
        for code, fields in _NEEDED[target]
        if not any(values.get(field) for field in fields)
    ]


def _nameless(
    target: Target, values: AnyMapping[str, Any], places: AnyMapping[str, int]
) -> list[Note]:
    """A talent without any name, in a list that tells names; one of résumés need not."""
    told = [places[field] for field in _PERSON_NAMES if field in places]
    if target != "talent" or not values or not told:
        return []
    return [] if any(values.get(field) for field in _PERSON_NAMES) else [note("nameless", told[0])]


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return keepable(value)
    if isinstance(value, dict):
        return {name: _clean(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return value
