"""Files of people as tables: CSV, TSV and XLSX, whatever their characters and faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from talex.participants.importing.cells.base import Cell
from talex.participants.importing.headings import is_known
from talex.participants.importing.notes import Note, TableError, note
from talex.participants.importing.tables.apart import FileApart
from talex.participants.importing.tables.headings_row import (
    LOOKED_AT,
    find_headings,
    letters,
    name_columns,
)
from talex.participants.importing.tables.rows import DEFAULT_LIMITS, Kind, Limits, Row
from talex.participants.importing.tables.workbook import check_sizes

__all__ = ["Kind", "Limits", "Row", "Table", "TableError", "check_sizes", "letters", "open_table"]

MOST_COLUMNS = 2000
"""More than any list of people has; what is done per column would take minutes far beyond it."""


MOST_SHEETS = 20
"""So many are looked through for a table where nobody says which sheet it is."""


class Table:
    """A file opened as a table.

    `headings`: a name for each column, all different. `heading_row`: its number as a spreadsheet
    counts. `encoding`: 'UTF-8', 'GB18030', ... or None for workbooks. `separator`: of text files.
    `sheets`: names of a workbook's sheets, `sheet` the one read. `faults`: what is odd about the
    headings. `samples`: cells of the first rows, a list a column, to suggest a mapping from.
    """

    def __init__(
        self,
        kind: Kind,
        source: Callable[[], Iterator[Row]],
        *,
        encoding: str | None = None,
        separator: str | None = None,
        sheets: tuple[str, ...] = (),
        sheet: str | None = None,
        heading_row: int | None = None,
        uncalculated: bool = False,
    ) -> None:
        self.kind = kind
        self.encoding = encoding
        self.separator = separator
        self.sheets = sheets
        self.sheet = sheet
        self._source = source
        first = []
        for row in islice(source(), 500):
            # Row by row: a few rows of a million cells would fill the memory before the last.
            if len(row.cells) > MOST_COLUMNS:
                raise TableError("too_many_columns", limit=f"{MOST_COLUMNS:,}")
            if row.cells:
                first.append(row)
        if not first:
            raise TableError("empty")
        if heading_row is None:
            at = find_headings(first[:LOOKED_AT])
        else:
            numbers = [row.number for row in first]
            at = numbers.index(heading_row) if heading_row in numbers else 0
        below = first[at + 1 :]
        if not below:
            raise TableError("no_rows")
        self.heading_row = first[at].number
        width = _width(first[at], below)
        self.headings, faults = name_columns(first[at], width)
        if at:
            faults.insert(0, note("preamble_skipped", row=self.heading_row))
        if uncalculated:
            faults.insert(0, note("formulas_without_results"))
        self.faults: tuple[Note, ...] = tuple(faults)
        self.samples: list[list[Cell]] = [
            [row.cells[column] for row in below[:200] if column < len(row.cells)]
            for column in range(width)
        ]

    def rows(self) -> Iterator[Row]:
        """The rows below the headings; blank rows are left out. Reads the file anew each time."""
        width = len(self.headings)
        for row in self._source():
            if row.number > self.heading_row and row.cells:
                yield self._fit(row, width)

    def _fit(self, row: Row, width: int) -> Row:
        """The row with a cell for each heading; a fault where the file has fewer or more."""
        found = len(row.cells)
        if found == width:
            return row
        cells = list(row.cells)
        faults = list(row.faults)
        while len(cells) > width and cells[-1] is None:
            cells.pop()
        if len(cells) > width:
            faults.append(note("too_many_cells", found=found, expected=width))
        elif found < width and self.kind != "xlsx":
            faults.append(note("too_few_cells", found=found, expected=width))
        cells += [None] * (width - len(cells))
        return Row(row.number, cells, tuple(faults))


def _width(headings: Row, below: list[Row]) -> int:
    """Columns up to the last heading, and those without heading that hold something regularly."""
    named = max(column for column, cell in enumerate(headings.cells, 1) if cell is not None)
    for column in range(len(headings.cells), named, -1):
        if any(len(row.cells) >= column and row.cells[column - 1] is not None for row in below):
            return column
    return named


def open_table(
    path: Path | str,
    *,
    sheet: str | None = None,
    heading_row: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """Open a CSV, TSV or XLSX file by what it holds (its name is not looked at).

    `heading_row` overrules the search for the headings. TableError, with a text that says what to
    do, for what cannot be a table: empty, too large, encrypted, damaged, of another kind, a bomb.
    """
    path = Path(path)
    if not path.is_file():
        raise TableError("missing")
    size = path.stat().st_size
    if size == 0:
        raise TableError("empty")
    if size > limits.file_bytes:
        raise TableError("too_large", limit=limits.file_bytes // (1024 * 1024))
    file = FileApart(path, limits, sheet)
    if file.kind == "xlsx":
        return _of_workbook(file, sheet, heading_row)
    return Table(
        file.kind,
        partial(file.rows, None),
        encoding=file.encoding,
        separator=file.separator,
        heading_row=heading_row,
    )


def _of_workbook(book: FileApart, sheet: str | None, heading_row: int | None) -> Table:
    """The sheet asked for; else the first visible one that is a table: a cover sheet is none. One
    whose headings are known comes before others, and of a single column is only the last choice."""
    refused: TableError | None = None
    best: Table | None = None
    for name in book.choices(sheet)[:MOST_SHEETS]:
        try:
            table = Table(
                "xlsx",
                partial(book.rows, name),
                sheets=tuple(book.sheets),
                sheet=name,
                heading_row=heading_row,
                uncalculated=book.uncalculated,
            )
        except TableError as error:
            if error.code == "busy":
                raise
            # Of several faults the one that helps most: rows are missing, a sheet is damaged.
            if refused is None or refused.code == "empty":
                refused = error
            continue
        known = sum(map(is_known, table.headings))
        if known >= 2:
            return table
        if best is None or len(table.headings) > 1 == len(best.headings):
            best = table
    if best is not None:
        return best
    raise refused or TableError("empty")
