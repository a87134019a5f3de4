"""A table, read in a process of its own.

The parser of workbooks is native code. It trusts counts and places that a file names, asks for as
much memory as they say, and where that is not there the whole process ends. Guards that look
through the file before it take their time, as does a text of quotation marks. None of it is done
where others wait.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from math import ceil
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from talex.core.apart import Apart, Busy, Ended
from talex.participants.importing.notes import TableError
from talex.participants.importing.tables.lines import row_of
from talex.participants.importing.tables.rows import Kind, Limits, Row

#: More memory, and more of the disk for its rows, than any workbook within the limits needs.
_MEGABYTES, _WRITTEN = 1600, 1024
#: The clock may take so many times as long as the processor, where others keep it busy.
_PATIENCE = 2
_PIECE = 1 << 20

_files = Apart(Path(__file__).with_name("reading_child.py"), wait=3.0)


class FileApart:
    """A table whose rows are read as often as asked; the sheet read last is kept on the disk.

    Raises `TableError`, busy where too many others are being read, unpacks_too_large or
    takes_too_long where it takes longer than `limits.seconds`, however many sheets are asked for.
    """

    def __init__(self, path: Path, limits: Limits, sheet: str | None = None) -> None:
        self._path = path
        self._limits = limits
        # Threads that wait serve nobody else: so long for all sheets together.
        self._wait = _files.wait
        self._end = time.monotonic() + _PATIENCE * limits.seconds
        self._last = self._read(sheet, checked=False, most=limits.first_rows)
        told = self._last[0]
        self.kind: Kind = told["kind"]
        self.encoding: str | None = told["encoding"]
        self.separator: str | None = told["separator"]
        self.sheets: list[str] = told["sheets"]
        self.uncalculated: bool = told["uncalculated"]
        self._visible: list[str] = told["visible"]

    def choices(self, sheet: str | None) -> list[str]:
        """The sheet asked for, or all that can be seen, in their order; one at least."""
        return [sheet] if sheet is not None else self._visible or self.sheets

    def rows(self, sheet: str | None) -> Iterator[Row]:
        """Every row of the file, or of `sheet`, blank ones as no cells."""
        if self._last[0]["sheet"] != sheet:
            self._last = self._read(sheet, checked=True, most=self._limits.first_rows)
        for count, line in enumerate(islice(_lines(self._last[1]), 1, None)):
            row = row_of(line)
            if row is None:
                self._last = self._read(sheet, checked=True, most=None)
                yield from islice(self.rows(sheet), count, None)
                return
            yield row

    def _read(
        self, sheet: str | None, *, checked: bool, most: int | None
    ) -> tuple[dict[str, Any], BinaryIO]:
        """What is said of the file (`recognised`); that line and its rows, at most so many."""
        given = {
            "path": str(self._path),
            "limits": asdict(self._limits),
            "sheet": sheet,
            "checked": checked,
            "most": most,
        }
        into: BinaryIO = TemporaryFile(prefix="talex-")  # noqa: SIM115 - as long as the rows
        began = time.monotonic()
        try:
            with _files.turn(self._wait):
                self._wait -= time.monotonic() - began
                self._run(json.dumps(given).encode(), into)
        except Busy as error:
            raise TableError("busy") from error
        except Ended as error:
            raise _fault(error, into) from error
        told = json.loads(next(_lines(into)))
        if "fault" in told:
            raise TableError(told["fault"], **told["params"])
        return told, into

    def _run(self, given: bytes, into: BinaryIO) -> None:
        patience = self._end - time.monotonic()
        if patience <= 0:
            raise Ended(too_long=True)
        seconds = ceil(self._limits.seconds)
        _files.run(_MEGABYTES, seconds, _WRITTEN, patience=patience, given=given, into=into)


def _fault(ended: Ended, into: BinaryIO) -> TableError:
    """Of a file that could not be read to its end, by what was said of it."""
    if not ended.too_long:
        return TableError("corrupt")
    told = json.loads(next(_lines(into), b"{}"))
    if told.get("kind") in ("csv", "tsv"):
        return TableError("takes_too_long")
    return TableError("unpacks_too_large")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """From its beginning, wherever others read in it."""
    at, rest = 0, b""
    while piece := os.pread(file.fileno(), _PIECE, at):
        at += len(piece)
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
