"""What a file is, by what it holds, and its rows; in the process of `reading_child`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from talex.participants.importing.notes import TableError
from talex.participants.importing.tables import delimited, encodings
from talex.participants.importing.tables.rows import Limits, Row
from talex.participants.importing.tables.workbook import Workbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7-Zip"), (b"\x1f\x8b", "GZIP"), (b"{\\rtf", "RTF"),
    (b"SQLite format 3", "SQLite"), (b"PAR1", "Parquet"), (b"BZh", "BZIP2"),
    (b"\xfd7zXZ", "XZ"), (b"\x7fELF", "ELF"), (b"MZ\x90", "EXE"),
)  # fmt: skip


def recognised(
    path: Path, limits: Limits, sheet: str | None, *, checked: bool
) -> tuple[dict[str, Any], Iterator[Row]]:
    """What is said of a CSV, TSV or XLSX file: kind, encoding, separator, sheets, visible,
    uncalculated, and the sheet of the rows; and these, of text in a stream.

    `checked`: it was looked through before. Raises `TableError`.
    """
    with path.open("rb") as file:
        head = file.read(64 * 1024)
    _refuse_foreign(path, head)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _workbook(Workbook(path, limits, checked=checked), sheet)
    encoding = encodings.recognise(path)
    _refuse_binary(head, encoding)
    separator = delimited.sniff_separator(path, encoding)
    told = {
        "kind": "tsv" if separator == "\t" else "csv",
        "encoding": encoding.label,
        "separator": separator,
    }
    return {**_NO_SHEETS, **told}, delimited.raw_rows(path, encoding, separator, limits)


_NO_SHEETS = {"sheets": [], "visible": [], "uncalculated": False, "sheet": None}


def _workbook(book: Workbook, sheet: str | None) -> tuple[dict[str, Any], Iterator[Row]]:
    name = book.choices(sheet)[0]
    told = {
        "kind": "xlsx",
        "encoding": None,
        "separator": None,
        "sheets": book.sheets,
        "visible": book.visible,
        "uncalculated": book.uncalculated,
        "sheet": name,
    }
    return told, book.rows(name)


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
