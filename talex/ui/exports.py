"""Lists as files: CSV, XLSX, JSON, row by row: 100,000 rows need no more memory than one.

CSV follows RFC 4180 (CRLF) with a byte order mark, so that spreadsheet programs read Chinese as
such. Text that a spreadsheet would take for a formula is prefixed with an apostrophe (OWASP, "CSV
injection"); numbers stay numbers, also the negative ones.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override

from talex.core.translated import TranslatedText

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What one cell of an XLSX file may hold, and how many rows one sheet.
XLSX_CELL = 32_767
XLSX_ROWS = 1_048_576


def plain(value: Any) -> Any:
    """A value as a file keeps it: None, bool, number, date, time or text."""
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, TranslatedText):
        return value.best(get_language() or "en")[0]
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, date | time):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return "; ".join(str(plain(v)) for v in value)
    return force_str(value)


def safe_text(text: str) -> str:
    """Text that no spreadsheet program takes for a formula."""
    return "'" + text if text.startswith(FORMULA_SIGNS) else text


def csv_cell(value: Any) -> str:
    """One cell of a CSV file. Dates and times in ISO 8601, numbers with a point."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return safe_text(value)


class _Line:
    """What `csv.writer` writes into: hands back the line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_rows(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A CSV file, piece by piece: UTF-8 with byte order mark, CRLF."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    yield writer.writerow([csv_cell(h) for h in header]).encode()
    for row in rows:
        yield writer.writerow([csv_cell(v) for v in row]).encode()


def xlsx_file(
    header: Sequence[Any], rows: Iterable[Sequence[Any]], *, sheet: str = "", title: str = ""
) -> io.BufferedIOBase:
    """An XLSX file on disk, opened at its beginning, gone when closed.

    Written with constant memory; more rows than one sheet holds go on in the next.
    """
    target = tempfile.TemporaryFile()  # noqa: SIM115  (closed by whoever reads it)
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    book.set_properties({"title": title, "comments": ""})
    bold = book.add_format({"bold": True, "bottom": 1})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    hour = book.add_format({"num_format": "hh:mm"})
    name = _sheet_name(sheet or title)
    page, line, number = _new_sheet(book, name, 1, header, bold), 1, 1
    for row in rows:
        if line >= XLSX_ROWS:
            number += 1
            page, line = _new_sheet(book, name, number, header, bold), 1
        for column, value in enumerate(row):
            _write(page, line, column, plain(value), moment, hour)
        line += 1
    book.close()
    target.seek(0)
    return target


def _sheet_name(title: str) -> str:
    """At most 28 signs and none of those a sheet name may not have."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in title)[:28].strip() or "Talex"


def _new_sheet(book: Any, name: str, number: int, header: Sequence[Any], bold: Any) -> Any:
    page = book.add_worksheet(name if number == 1 else f"{name} {number}")
    page.freeze_panes(1, 0)
    for column, title in enumerate(header):
        text = force_str(title)
        # Wide signs take two columns of the usual font.
        width = sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
        page.set_column(column, column, min(48, max(14, width + 2)))
        page.write_string(0, column, text, bold)
    return page


def _write(page: Any, line: int, column: int, value: Any, moment: Any, hour: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(line, column, value)
    elif isinstance(value, int | float | Decimal):
        # A number with more digits than a spreadsheet keeps (15) is text there.
        if value != value or abs(float(value)) >= 1e15:
            page.write_string(line, column, str(value))
        else:
            page.write_number(line, column, value)
    elif isinstance(value, datetime):
        page.write_datetime(line, column, value, moment)
    elif isinstance(value, date):
        page.write_datetime(line, column, value)
    elif isinstance(value, time):
        page.write_datetime(line, column, value, hour)
    else:
        page.write_string(line, column, value[:XLSX_CELL])


def json_rows(keys: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A JSON array of objects, one a line. Decimals and times are strings."""
    yield b"["
    for index, row in enumerate(rows):
        item = {key: _json(value) for key, value in zip(keys, row, strict=True)}
        comma = b",\n" if index else b"\n"
        yield comma + json.dumps(item, ensure_ascii=False).encode()
    yield b"\n]\n"


def _json(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_json(v) for v in value]
    if isinstance(value, datetime):
        return value.isoformat()
    value = plain(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _blocks(parts: Iterable[bytes], size: int = 64 * 1024) -> Iterator[bytes]:
    """Small pieces gathered to blocks: one system call a block, not a row."""
    kept = bytearray()
    for part in parts:
        kept += part
        if len(kept) >= size:
            yield bytes(kept)
            kept.clear()
    if kept:
        yield bytes(kept)


def zone_name() -> str:
    """The zone in which files give points in time: that of the page, such as Asia/Shanghai."""
    return str(timezone.get_current_timezone())


def _as_asked(
    rows: Iterable[Sequence[Any]],
    convert: Callable[[Any], Any],
    language: str | None,
    zone: tzinfo,
) -> Iterator[list[Any]]:
    """Rows in the language and the zone of the request, also when they are read after it ended."""
    source = iter(rows)
    while True:
        with override(language), timezone.override(zone):
            row = next(source, None)
            if row is None:
                return
            values = [convert(value) for value in row]
        yield values


def _from_file(file: io.BufferedIOBase, size: int = 64 * 1024) -> Iterator[bytes]:
    with file:
        while block := file.read(size):
            yield block


TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def export_response(
    kind: str,
    name: str,
    header: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    *,
    keys: Sequence[str] = (),
) -> StreamingHttpResponse:
    """Rows as a download. `kind`: csv, xlsx or json; `name`: of the file, without its ending."""
    titles = [force_str(h) for h in header]
    convert = _json if kind == "json" else plain
    rows = _as_asked(rows, convert, get_language(), timezone.get_current_timezone())
    if kind == "csv":
        body = _blocks(csv_rows(titles, rows))
    elif kind == "xlsx":
        body = _from_file(xlsx_file(titles, rows, title=name))
    elif kind == "json":
        body = _blocks(json_rows(keys or titles, rows))
    else:
        raise ValueError(f"unknown kind of export: {kind}")
    disposition = content_disposition_header(True, f"{name}.{kind}")
    return StreamingHttpResponse(
        body,
        content_type=TYPES[kind],
        headers={"Content-Disposition": disposition or "attachment", "Cache-Control": "no-store"},
    )
