"""A row as a file holds it, and the limits within which files are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from talex.participants.importing.cells.base import Cell
from talex.participants.importing.notes import Note


@dataclass(frozen=True, slots=True)
class Row:
    """`number` counts as a spreadsheet does (from 1, headings and blank rows included).

    `cells` has one entry a heading; a row with too many has all of them, and a fault. A fault's
    `column` is the number (from 0) of the cell it is about.
    """

    number: int
    cells: list[Cell]
    faults: tuple[Note, ...] = ()


Kind = Literal["csv", "tsv", "xlsx"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused. The file's own size in bytes; the rest guards against crafted workbooks."""

    file_bytes: int = 200 * 1024 * 1024
    #: All parts of a workbook unpacked: 200,000 people with 12 columns. Looking through so much and
    #: parsing it takes about 10 seconds of a processor.
    unpacked_bytes: int = 200 * 1024 * 1024
    #: How many times its packed size one part may unpack to (looked at above 10 MB).
    unpack_ratio: int = 250
    #: Cells within the rectangle that a sheet spans: 100,000 people with 50 columns; about 60 bytes
    #: of memory each.
    sheet_cells: int = 5_000_000
    #: Characters in one row of a text file, and so in memory at once.
    row_characters: int = 500_000
    #: Of the processor, to look through a file and read it, or one of its sheets; of the clock,
    #: twice as many for all of them.
    seconds: float = 300.0
    #: So many rows are read at first, the others when somebody asks for them; None: all at once.
    first_rows: int | None = None


DEFAULT_LIMITS = Limits()
#: Somebody waits for the answer, and so does who is behind them.
IN_REQUEST = Limits(seconds=15.0, first_rows=600)
