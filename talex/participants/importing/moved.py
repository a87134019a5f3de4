"""Cells that stand in a wrong column, as when a program left out an empty one and moved the rest.

Job sites list 'years, degree, number' in one line; programs that copy it put the degree into the
column of years wherever no years are stated. Such a cell is not understood where it stands, and
is understood as exactly one of the other facts, whose own cell says nothing (or has moved too).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from talex.participants.importing.cells import (
    Cell,
    Read,
    read_degree,
    read_degree_required,
    read_email,
    read_experience,
    read_headcount,
    read_languages,
    read_pay,
    read_phone,
)
from talex.participants.importing.fields import Target

#: Fields between which cells can move: those whose readers refuse each other's cells.
_FACTS: dict[Target, dict[str, Callable[[Cell], Read[Any]]]] = {
    "opening": {
        "degree_required": read_degree_required,
        "experience_required": read_experience,
        "languages": read_languages,
        "headcount": read_headcount,
        "pay": read_pay,
    },
    "talent": {
        "degree_level": read_degree,
        "experience_years": read_experience,
        "languages": read_languages,
        "email": read_email,
        "phone": read_phone,
    },
    "organisation": {},
}
# Cells of which a bare number could mean several facts never move.
_NUMBERS = str.maketrans("", "", "0123456789.,+- ")


@dataclass(frozen=True, slots=True)
class Moved:
    """The cell that stands under the field `found_under` belongs to the field `field`."""

    field: str
    found_under: str
    cell: Cell


def find_moved(cells: Mapping[str, Cell], target: Target) -> list[Moved]:
    """The moved cells of one row, given by field. A field that no column has can be filled too."""
    facts = _FACTS[target]
    reads = {field: facts[field](cell) for field, cell in cells.items() if field in facts}
    strange = [field for field, read in reads.items() if not read.understood]
    moved: list[Moved] = []
    filled: set[str] = set()
    for field in strange:
        cell = cells[field]
        if not str(cell).translate(_NUMBERS).strip("[]'\""):
            continue
        homes = []
        for other, reader in facts.items():
            known = reads.get(other)
            empty = known is None or known.value is None
            if other != field and empty and other not in filled:
                read = reader(cell)
                if read.understood and read.stated:
                    homes.append(other)
        if len(homes) == 1:
            moved.append(Moved(homes[0], field, cell))
            filled.add(homes[0])
    return moved
