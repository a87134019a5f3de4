"""XLSX workbooks, by python-calamine, behind guards against crafted and unfit files."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from talex.core import panics
from talex.core.looking import Hazard, archives
from talex.participants.importing.cells.base import Cell
from talex.participants.importing.notes import Note, TableError, note
from talex.participants.importing.tables.rows import Limits, Row

#: Before the name of an element, whatever its script; the parser does not mind which.
_PREFIX = rb"(?:[^\s<>/:=\"']{1,100}:)?"


def _elements(pattern: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """What `pattern` says of elements, `%` before each name: as most programs write them, and with
    a prefix (<x:c>), which takes several times as long to look for."""
    return re.compile(pattern.replace(b"%", b"")), re.compile(pattern.replace(b"%", _PREFIX))


# A cell's own place, in whatever element: what looks only where a cell's usually stands is led
# astray by a sign in quotes before it.
_PLACE = re.compile(rb"r(?<![\w.:-]r)\s*=\s*[\"']([A-Za-z]++)(\d++)[\"']")
# The number of a row, whose cells may leave theirs out; all there is until the next element.
_ROW = _elements(rb"<%row\b([^<]*)")
_ROW_NUMBER = re.compile(rb"r(?<![\w.:-]r)\s*=\s*[\"']\s*(\d++)")
# What a spreadsheet has at most. The parser counts on without an end, round the largest whole
# number, and asks for as much memory.
_LAST_COLUMN, _LAST_ROW = 16_384, 1_048_576
_LETTERS, _DIGITS = 3, 7
# A cell or a row that ends in the next piece; none is this long.
_OPEN = re.compile(rb"<" + _PREFIX + rb"(?:c|row)\b")
_LONGEST = 5_000
_CELL = _elements(rb"<%c[\s/>]")
# A cell that shows a shared text, and which.
_SHARED = re.compile(
    rb"\bt\s?=\s?[\"']s[\"'][^<>]{0,200}>\s{0,9}<(?:\w{1,20}:)?v>\s{0,9}(\d{1,9})\s{0,9}</"
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
# A formula without its result. A text that is empty (t="str") is a result.
_NO_RESULT = _elements(
    rb"<%c\s([^<>]*)>\s*<%f\b(?:[^<>]*/>|[^<>]*>[^<>]*</%f>)\s*"
    rb"(?:<%v\s*/>|<%v>\s*</%v>)?\s*</%c>"
)
_ESCAPED_REFERENCE = _elements(rb"<%c\s[^<>]*?\br\s*=\s*[\"'][^\"'<>]*&")


def check_sizes(path: Path, limits: Limits) -> None:
    """Refuse at once, by what the file says of itself, what unpacks to too much; TableError."""
    try:
        with zipfile.ZipFile(path) as package:
            _check_sizes(package.infolist(), limits)
    except archives.BROKEN as error:
        raise TableError("corrupt") from error


def _check_sizes(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if archives.unfolds(parts, room=limits.unpacked_bytes, ratio=limits.unpack_ratio):
        raise TableError("unpacks_too_large")


def check_package(path: Path, limits: Limits) -> bool:
    """Refuse what must not reach the parser; TableError says why.

    Returns whether some sheet holds formulas without their results: a program wrote it that does
    not calculate, and the parser would give empty cells.

    Every part is unpacked once, in pieces, and counted: declared sizes can lie, and parts can
    overlap. The outermost cell is looked for, because a parser keeps the rectangle from the first
    cell to the last in memory, and two cells can make that 17 thousand million. It is looked for
    in every part: which of them is a sheet is for the workbook to say, whatever its name.
    """
    try:
        with zipfile.ZipFile(path) as package:
            names = {info.filename for info in package.infolist()}
            _check_kind(names)
            _check_sizes(package.infolist(), limits)
            if any(info.flag_bits & 1 for info in package.infolist()):
                raise TableError("encrypted")
            total, uncalculated = 0, False
            for info in package.infolist():
                room = limits.unpacked_bytes - total
                size, missing = _unpack(package, info, limits, room)
                total += size
                uncalculated |= missing
            _check_shown(package, limits)
            return uncalculated
    except archives.BROKEN as error:
        raise TableError("corrupt") from error


def _check_shown(package: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse one long text that very many cells show: the parser keeps a copy for each."""
    for strings in package.infolist():
        if not strings.filename.casefold().endswith("sharedstrings.xml"):
            continue
        lengths = [len(text) for text in package.read(strings).split(b"</si>")]
        shown = 0
        for info in package.infolist():
            if info is strings or not info.filename.casefold().endswith(".xml"):
                continue
            # The parts are within `limits` by now, so that each may be held as a whole.
            for found in _SHARED.finditer(package.read(info)):
                at = int(found[1])
                shown += lengths[at] if at < len(lengths) else 0
                if shown > limits.unpacked_bytes:
                    raise TableError("unpacks_too_large")


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        raise TableError("binary_excel")
    if any(name.endswith(".iwa") or name == "Index.zip" for name in names):
        raise TableError("numbers")
    if "content.xml" in names:
        raise TableError("opendocument")
    if any(name.startswith("word/") for name in names):
        raise TableError("not_a_table", what="Word")
    if any(name.startswith("ppt/") for name in names):
        raise TableError("not_a_table", what="PowerPoint")
    # The workbook may lie elsewhere; the parser follows the relations. Without any: no workbook.
    if "[Content_Types].xml" not in names:
        raise TableError("not_a_table", what="ZIP")


def _unpack(
    package: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits, room: int
) -> tuple[int, bool]:
    """Unpack one part to nowhere; its true size in bytes, and whether results are missing in it."""
    extent = _Extent(limits)
    size = 0
    most, ratio = limits.unpacked_bytes, limits.unpack_ratio
    try:
        for piece in archives.pieces(package, info, room=room, most=most, ratio=ratio):
            size += len(piece)
            extent.see(piece)
    except Hazard as error:
        raise TableError("unpacks_too_large") from error
    return size, extent.uncalculated


class _Extent:
    """The outermost cell that a part's XML names, found in pieces of it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._tail = b""
        self._first = True
        self.uncalculated = False
        # Of the row that the last piece ended in: its number and its cells until there.
        self._row = self._counted = 0
        self._columns = self._rows = 1
        self._top = self._left = 1 << 30

    def see(self, piece: bytes) -> None:
        if self._first and piece.startswith(_UTF16):
            raise TableError("corrupt")  # XML that no spreadsheet program writes
        self._first = False
        text = self._tail + piece
        self._tail = _unfinished(text)
        form = int(b":c" in text or b":row" in text)
        if b"&" in text and _ESCAPED_REFERENCE[form].search(text):
            raise TableError("corrupt")  # hides a cell's place
        if not self.uncalculated and (b"<f" in text or b":f" in text):
            missing = _NO_RESULT[form].findall(text)
            self.uncalculated = any(b'"str"' not in attributes for attributes in missing)
        places = _PLACE.findall(text)
        numbers = {_number(column) for column in {column for column, _row in places}}
        rows = {_row_number(row) for row in {row for _column, row in places}}
        numbers |= self._unplaced(text, rows, form)
        if not (numbers and rows):
            return
        self._columns, self._left = max(self._columns, *numbers), min(self._left, *numbers)
        self._rows, self._top = max(self._rows, *rows), min(self._top, *rows)
        width = self._columns - min(self._left, self._columns) + 1
        height = self._rows - min(self._top, self._rows) + 1
        if width * height > self._limits.sheet_cells:
            raise TableError("too_many_cells_in_sheet", limit=f"{self._limits.sheet_cells:,}")

    def _unplaced(self, text: bytes, rows: set[int], form: int) -> set[int]:
        """How wide cells that do not say where they are make their rows; adds these to `rows`."""
        widths: set[int] = set()
        at = 0
        for found in _ROW[form].finditer(text):
            widths.add(self._counted + len(_CELL[form].findall(text, at, found.start())))
            self._counted, at = 0, found.end()
            said = {_row_number(number) for number in _ROW_NUMBER.findall(found[1])}
            if len(said) > 1:
                raise TableError("corrupt")
            self._row = said.pop() if said else self._row + 1
            rows.add(self._row)
        self._counted += len(_CELL[form].findall(text, at))
        return {width for width in widths | {self._counted} if width}


def _unfinished(text: bytes) -> bytes:
    """What of a piece has to be read together with the next one."""
    begun = text.rfind(b"<")
    if begun < 0 or not _OPEN.match(text, begun):
        return text[-100:]
    if len(text) - begun > _LONGEST:
        raise TableError("corrupt")
    return text[min(begun, max(0, len(text) - 100)) :]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters[: _LETTERS + 1].upper():
        number = number * 26 + letter - 64
    if number > _LAST_COLUMN:
        raise TableError("corrupt")
    return number


def _row_number(digits: bytes) -> int:
    if len(digits) > _DIGITS or int(digits) > _LAST_ROW:
        raise TableError("corrupt")
    return int(digits)


class Workbook:
    """An open workbook, in the process that reads it (`workbook_child`).

    `checked`: it was looked through before. The parser holds a whole sheet in memory, about the
    size of its XML.
    """

    def __init__(self, path: Path, limits: Limits, *, checked: bool = False) -> None:
        self.uncalculated = False if checked else check_package(path, limits)
        self._book = _parsed(lambda: CalamineWorkbook.from_path(str(path)))
        self.sheets: list[str] = list(self._book.sheet_names)
        self.visible = [
            data.name
            for data in self._book.sheets_metadata
            if data.visible == SheetVisibleEnum.Visible
        ]

    def choices(self, sheet: str | None) -> list[str]:
        """The sheet asked for, or all that can be seen, in their order; one at least."""
        if sheet is not None:
            if sheet not in self.sheets:
                raise TableError("no_such_sheet", sheet=sheet, sheets=", ".join(self.sheets))
            return [sheet]
        return self.visible or self.sheets

    def rows(self, sheet: str) -> Iterator[Row]:
        """Every row of `sheet`, blank ones as no cells.

        What stands in a cell that is merged downwards counts in each row that holds something of
        its own, as people mean it who merge the name of a company over its openings.
        """
        parsed = _parsed(lambda: self._book.get_sheet_by_name(sheet))
        starts: dict[int, list[tuple[int, int]]] = {}
        for (top, column), (bottom, _right) in _parsed(lambda: parsed.merged_cell_ranges) or ():
            if bottom > top:
                starts.setdefault(top + 1, []).append((column, bottom + 1))
        merged: dict[int, tuple[Any, int]] = {}
        for number, values in enumerate(_in_order(parsed.iter_rows()), start=1):
            row = _row(number, values)
            if row.cells and merged:
                row = _with_merged(row, merged)
            for column, last in starts.get(number, ()):
                if column < len(values):
                    merged[column] = (_cell(values[column]), last)
            yield row


def _with_merged(row: Row, merged: dict[int, tuple[Cell, int]]) -> Row:
    """The row with the cells that reach down to it; those that end above are forgotten."""
    cells, faults = list(row.cells), list(row.faults)
    for column, (cell, last) in list(merged.items()):
        if row.number > last:
            del merged[column]
        elif column < len(cells) and cells[column] is None and cell is not None:
            cells[column] = cell
            faults.append(note("merged_cell", column))
    return Row(row.number, cells, tuple(faults))


def _parsed(parse: Callable[[], Any]) -> Any:
    """What the parser gives; its errors as ours."""
    try:
        with panics.answered():
            return parse()
    except PasswordError as error:
        raise TableError("encrypted") from error
    except (CalamineError, OSError, ValueError, panics.Panic) as error:
        raise TableError("corrupt") from error


def _in_order(rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    """The parser's rows; a day or a span that no calendar holds is an error of the file."""
    count = 0
    try:
        with panics.answered():
            for row in rows:
                count += 1
                yield row
    except (OverflowError, panics.Panic) as error:
        # At a span beyond its own bounds the parser panics.
        raise TableError("no_such_time", row=count + 1) from error
    except (CalamineError, ValueError) as error:
        raise TableError("corrupt") from error


def _row(number: int, values: list[Any]) -> Row:
    cells: list[Cell] = []
    faults: list[Note] = []
    for column, value in enumerate(values):
        cell = _cell(value)
        if isinstance(value, float) and abs(value) >= 1e15 and value.is_integer():
            faults.append(note("digits_lost", column, text=f"{value:.0f}"))
        if isinstance(cell, str) and "�" in cell:
            faults.append(note("bad_characters", column))
        cells.append(cell)
    if all(cell is None for cell in cells):
        return Row(number, [], tuple(faults))
    return Row(number, cells, tuple(faults))


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value.replace("_x000D_", "").replace("\0", "") if value.strip() else None
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        # Workbooks hold all numbers as floats; 3.0 is what somebody typed as 3.
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime):
        return value.date() if value.time() == time_of_day(0) else value
    if isinstance(value, date | int):
        return value
    if isinstance(value, time_of_day):
        return value.isoformat("minutes" if not value.second else "seconds")
    if isinstance(value, timedelta):
        return str(value)
    return None if value is None else str(value)
