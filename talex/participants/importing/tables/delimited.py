"""Text files with separators, row by row, whatever is broken in them."""

from __future__ import annotations

import csv
import io
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path

from talex.participants.importing.cells.base import Cell
from talex.participants.importing.notes import Note, note
from talex.participants.importing.tables.encodings import Encoding
from talex.participants.importing.tables.rows import DEFAULT_LIMITS, Limits, Row

SEPARATORS = ",;\t|"
_SNIFFED_CHARACTERS = 1 << 17
_SNIFFED_ROWS = 200
_READ_ON = 20_000_000

# The csv module counts this for the whole process; one cell can be as long as our longest row.
csv.field_size_limit(max(csv.field_size_limit(), DEFAULT_LIMITS.row_characters + 1))


class _Lines:
    """Physical lines for the csv reader; remembers those of the current row, can take them back."""

    def __init__(self, file: io.TextIOBase, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._waiting: deque[str] = deque()
        self.current: list[str] = []
        self.characters = 0
        self.cut = False
        #: So many signs are read on for quotation marks that turn out to be never closed.
        self.spare = _READ_ON
        #: The file ended while a row wanted more: a quotation mark was left open.
        self.ended_within = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.characters > min(self._limits.row_characters, self.spare):
            raise _RowTooLong
        line = self._waiting.popleft() if self._waiting else self._read()
        if not line:
            self.ended_within = bool(self.current)
            raise StopIteration
        self.current.append(line)
        self.characters += len(line)
        return line

    def _read(self) -> str:
        limit = self._limits.row_characters
        line = self._file.readline(limit)
        if len(line) >= limit and not line.endswith("\n"):
            self.cut = True
            while (rest := self._file.readline(limit)) and not rest.endswith("\n"):
                pass
            # A quotation mark left open by the cut would swallow the rows below.
            line = line.replace('"', "") + "\n"
        return line

    def begin(self) -> None:
        """A new row begins."""
        self.current = []
        self.characters = 0
        self.cut = False
        self.ended_within = False

    def take_back(self) -> str:
        """Give the lines of the current row back, except the first, which is returned."""
        first, *rest = self.current
        self.spare = max(0, self.spare - self.characters)
        self._waiting.extendleft(reversed(rest))
        return first


class _RowTooLong(Exception):
    """The row has grown beyond the limit: a quotation mark was never closed."""


def raw_rows(path: Path, encoding: Encoding, separator: str, limits: Limits) -> Iterator[Row]:
    """Every row of the file, blank ones as no cells, with the faults of its characters."""
    with path.open("r", encoding=encoding.name, errors="replace", newline="") as file:
        lines = _Lines(file, limits)
        number = 0
        while True:
            lines.begin()
            # A new reader for each row: one that failed keeps parts of the row it failed on.
            reader = csv.reader(lines, delimiter=separator)
            faults: list[Note] = []
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (_RowTooLong, csv.Error):
                cells = None
            if cells is None or lines.ended_within:
                cells = next(csv.reader([lines.take_back().replace('"', "")], delimiter=separator))
                faults.append(note("unclosed_quote"))
            if lines.cut:
                faults.append(note("row_too_long", limit=limits.row_characters))
            number += 1
            if number == 1 and cells:
                cells[0] = cells[0].removeprefix("\ufeff")
            yield _row(number, cells, faults)


def _row(number: int, texts: list[str], faults: list[Note]) -> Row:
    cells: list[Cell] = []
    for column, text in enumerate(texts):
        if "\0" in text:
            text = text.replace("\0", "")
            faults.append(note("nul_characters", column))
        if "�" in text:
            faults.append(note("bad_characters", column))
        cells.append(text if text.strip() else None)
    if all(cell is None for cell in cells):
        cells = []
    return Row(number, cells, tuple(faults))


def sniff_separator(path: Path, encoding: Encoding) -> str:
    """The separator whose rows agree best about their number of cells; a comma for one column.

    Agreement is the share of rows with the commonest number of cells (two or more), weighted by
    how the first of these rows, the headings, looks: a sign that stands within sentences only does
    not occur in headings as often as in the rows below.
    """
    with path.open("r", encoding=encoding.name, errors="replace", newline="") as file:
        sample = file.read(_SNIFFED_CHARACTERS).removeprefix("\ufeff")
    if len(sample) == _SNIFFED_CHARACTERS:
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, best_score = ",", 0.0
    for separator in SEPARATORS:
        widths = []
        try:
            for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
                if any(cell.strip() for cell in cells):
                    widths.append(len(cells))
                if len(widths) >= _SNIFFED_ROWS:
                    break
        except csv.Error:
            continue
        counts = Counter(width for width in widths if width > 1)
        if not counts:
            continue
        width, times = max(counts.items(), key=lambda item: (item[1], item[0]))
        early = any(found == width for found in widths[:10])
        score = times / len(widths) * (1.0 if early else 0.3) + min(width, 50) / 1000
        if widths[0] == width:
            score += 0.2
        if score > best_score:
            best, best_score = separator, score
    return best
