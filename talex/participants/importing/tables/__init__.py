"""Files of people as tables: CSV, TSV and XLSX, whatever their characters and faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Literal

from talex.participants.importing.cells.base import Cell
from talex.participants.importing.notes import Note, TableError, note
from talex.participants.importing.tables import delimited, encodings
from talex.participants.importing.tables.apart import WorkbookApart
from talex.participants.importing.tables.headings_row import (
    LOOKED_AT,
    find_headings,
    letters,
    name_columns,
)
from talex.participants.importing.tables.rows import DEFAULT_LIMITS, Limits, Row
from talex.participants.importing.tables.workbook import check_sizes

__all__ = ["Kind", "Limits", "Row", "Table", "TableError", "check_sizes", "letters", "open_table"]

Kind = Literal["csv", "tsv", "xlsx"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7-Zip"), (b"\x1f\x8b", "GZIP"), (b"{\\rtf", "RTF"),
    (b"SQLite format 3", "SQLite"), (b"PAR1", "Parquet"), (b"BZh", "BZIP2"),
    (b"\xfd7zXZ", "XZ"), (b"\x7fELF", "ELF"), (b"MZ\x90", "EXE"),
)  # fmt: skip


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

    Text is read in a stream, one row in memory at a time. `heading_row` overrules the search for
    the headings. TableError, with a text that says what to do, for what cannot be a table: empty,
    too large, encrypted, damaged, of another kind, a bomb.
    """
    path = Path(path)
    if not path.is_file():
        raise TableError("missing")
    size = path.stat().st_size
    if size == 0:
        raise TableError("empty")
    if size > limits.file_bytes:
        raise TableError("too_large", limit=limits.file_bytes // (1024 * 1024))
    with path.open("rb") as file:
        head = file.read(64 * 1024)
    _refuse_foreign(path, head)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_workbook(WorkbookApart(path, limits, sheet), sheet, heading_row)
    encoding = encodings.recognise(path)
    _refuse_binary(head, encoding)
    separator = delimited.sniff_separator(path, encoding)
    return Table(
        "tsv" if separator == "\t" else "csv",
        lambda: delimited.raw_rows(path, encoding, separator, limits),
        encoding=encoding.label,
        separator=separator,
        heading_row=heading_row,
    )


def _of_workbook(book: WorkbookApart, sheet: str | None, heading_row: int | None) -> Table:
    """The sheet asked for; else the first visible one that is a table (a cover sheet is none)."""
    refused: TableError | None = None
    for name in book.choices(sheet)[:MOST_SHEETS]:
        try:
            return Table(
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
    raise refused or TableError("empty")


def _refuse_foreign(path: Path, head: bytes) -> None:
    if head.startswith(_OLE):
        # A workbook with a password is packed into the old container, under this name.
        with path.open("rb") as file:
            overlap = b""
            while piece := file.read(1 << 20):
                if "EncryptedPackage".encode("utf-16-le") in overlap + piece:
                    raise TableError("encrypted")
                overlap = piece[-64:]
        raise TableError("old_excel")
    for mark, what in _FOREIGN:
        if head.startswith(mark):
            raise TableError("not_a_table", what=what)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head")):
        raise TableError("html")
    if start.startswith((b'{"', b"{\n", b'[{"', b"[\n")):
        raise TableError("not_a_table", what="JSON")


def _refuse_binary(head: bytes, encoding: encodings.Encoding) -> None:
    """Bytes that no text has: more than a few control characters."""
    text = head.decode(encoding.name, errors="replace")
    control = sum(c < " " and c not in "\t\n\r\0\f\v\x1a" for c in text)
    control += sum("\ufdd0" <= c <= "\ufdef" or c == "�" for c in text) // 2
    zeros = text.count("\0")
    if control > len(text) // 20 or zeros > len(text) // 10:
        raise TableError("not_a_table", what="binary")
