"""Lines of text out of a .docx or .pdf file; run as a process of its own (see `extract`).

Files of strangers are hostile, so this file imports nothing of Talex but four files without
imports of their own, by their paths, and is started with limits on memory, time and files. It
writes one JSON object: {"lines": [...]} or {"fault": "<code>"}.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

MOST_PAGES = 30
MOST_CHARACTERS = 300_000
MOST_UNPACKED = 60 * 1024 * 1024
MOST_PART = 20 * 1024 * 1024
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: See `layout.FULL`.
_FULL = "\ufdd0"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


class Fault(Exception):
    """Why the file cannot be read, as a code."""


# --- .docx ----------------------------------------------------------------------------------


def of_docx(path: str) -> list[str]:
    """Paragraphs, cells of tables and text boxes in the order of the document, headers first."""
    import zipfile

    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise Fault("broken") from error
    with archive:
        infos = archive.infolist()
        if len(infos) > 5_000 or sum(info.file_size for info in infos) > MOST_UNPACKED:
            raise Fault("unpacks")
        names = {info.filename for info in infos}
        if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
            raise Fault("macros")
        if "word/document.xml" not in names:
            raise Fault("broken")
        headers = sorted(n for n in names if n.startswith("word/header") and n.endswith(".xml"))
        lines: list[str] = []
        for name in [*headers[:6], "word/document.xml"]:
            lines += _paragraphs(_part(archive, name))
    return lines


def _part(archive: Any, name: str) -> Any:
    from xml.etree.ElementTree import ParseError

    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    try:
        with archive.open(name) as stream:
            data = stream.read(MOST_PART + 1)  # what the archive says of its size may be a lie
        if len(data) > MOST_PART:
            raise Fault("unpacks")
        return ElementTree.fromstring(data)
    except DefusedXmlException as error:
        raise Fault("entities") from error
    except Fault:
        raise
    except (ParseError, OSError, RuntimeError, ValueError, NotImplementedError) as error:
        raise Fault("broken") from error
    except Exception as error:
        raise Fault("broken") from error


def _paragraphs(root: Any) -> Iterator[str]:
    yield from _walk(root)


def _walk(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == FALLBACK:  # says again, for old programs, what stands beside it
            continue
        if child.tag == W + "p":
            yield from _text(child)
        elif child.tag == W + "tbl":
            yield from _table(child)
        else:
            yield from _walk(child)


def _text(paragraph: Any) -> Iterator[str]:
    """The paragraph's lines; text boxes anchored in it come after it."""
    words: list[str] = []
    boxes: list[Any] = []

    def gather(element: Any) -> None:
        for child in element:
            if child.tag == FALLBACK:
                continue
            if child.tag == W + "t":
                words.append(_readable(child.text or ""))
            elif child.tag in (W + "tab", W + "ptab"):
                words.append("\t")
            elif child.tag in (W + "br", W + "cr"):
                words.append("\n")
            elif child.tag == W + "txbxContent":
                boxes.append(child)
            elif child.tag not in (W + "delText", W + "instrText"):
                gather(child)

    gather(paragraph)
    yield from "".join(words).split("\n")
    for box in boxes:
        yield from _walk(box)


Cells = list[list[str]]
"""The cells of a row, each as its lines"""


def _table(table: Any) -> Iterator[str]:
    """Row by row; rows whose columns have headings of their own, column by column."""
    rows = [[_cell(cell) for cell in _under(row, "tc")] for row in _under(table, "tr")]
    labels = sum(_label(row) for row in rows)
    band: list[Cells] = []
    bands = [band]
    for row in rows:
        if band and len(row) != len(band[0]):
            band = []
            bands.append(band)
        band.append(row)
    for number, band in enumerate(bands):
        columns = [[line for row in band for line in row[at]] for at in range(len(band[0]))] if band else []  # fmt: skip  # noqa: E501
        if sum(_headed(band, at) for at in range(len(columns))) > 1:
            if number == 0:  # the name on top of either column stands before every section
                heads = [_before_headings(column) for column in columns]
                columns = [*heads, *(c[len(h) :] for c, h in zip(columns, heads, strict=True))]
            for column in columns:
                yield from column
        else:
            for row in band:
                yield from _row(row, labels > 1)


def _under(element: Any, name: str) -> Iterator[Any]:
    """The nearest parts of a name: rows of a table, cells of a row, not those of tables within."""
    for child in element:
        if child.tag == W + name:
            yield child
        elif child.tag not in (W + "tbl", W + "p", FALLBACK):
            yield from _under(child, name)


def _cell(cell: Any) -> list[str]:
    lines = [line for line in _walk(cell) if line.strip()]
    whole = " ".join(lines)
    return [whole] if len(lines) > 1 and _is_date(whole) else lines


def _headed(band: list[Cells], at: int) -> bool:
    """Whether a column has a heading; what stands beside a date is none ('Studium')."""
    return any(
        any(map(_is_heading, row[at])) and not any(_is_date(" ".join(cell)) for cell in row)
        for row in band
    )


def _before_headings(column: list[str]) -> list[str]:
    at = next((n for n, line in enumerate(column) if _is_heading(line)), len(column))
    return column[:at]


def _label(row: Cells) -> bool:
    """Whether a heading stands in the margin, beside what it heads; not so in a row of several
    names and values (学历 | 博士研究生 | 联系电话 | 138…)."""
    if not (len(row) > 1 and len(row[0]) == 1 and any(row[1:]) and _is_heading(row[0][0])):
        return False
    short = all(len(cell) == 1 and len(cell[0]) <= 40 for cell in row)
    pairs = len(row) in {4, 6} and short and not any(_is_date(cell[0]) for cell in row)
    return not (pairs and all(re.fullmatch(r"[^\d\s]{2,12}[:：]?", cell[0]) for cell in row[2::2]))


def _row(row: Cells, labels: bool) -> Iterator[str]:
    """A row whose cells hold a line each is one line; long cells follow each other."""
    if _label(row) and (labels or any(len(cell) > 1 for cell in row)):
        yield row[0][0]
        row = row[1:]
    cells = [cell for cell in row if cell]
    dates = [cell for cell in cells if _is_date(" ".join(cell))]
    if all(len(cell) == 1 for cell in cells):
        yield "\t".join(cell[0] for cell in cells)
    elif len(dates) == 1 and len(cells) == 2:
        # The first line of what was done belongs beside its date, whichever stands first.
        yield "\t".join(cell[0] for cell in cells)
        yield from (line for cell in cells for line in cell[1:])
    elif len(cells) == 2 and len(cells[0]) == 1 and len(cells[0][0]) <= 40:
        yield f"{cells[0][0]}\t{cells[1][0]}"
        yield from cells[1][1:]
    else:
        for cell in cells:
            yield from cell


def _is_heading(line: str) -> bool:
    return _load("headings").heading_of(line) is not None


def _is_date(text: str) -> bool:
    return bool(_load("layout").DATED.fullmatch(text))


def _readable(text: str) -> str:
    """With the characters that radicals stand for, and without the sign that `layout` sets."""
    return str(_load("radicals", "../../../core").without_radicals(text)).replace(_FULL, "")


@cache
def _load(name: str, folder: str = ".") -> Any:
    """A file of a folder as seen from here; nothing else of Talex comes with it."""
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    spec = spec_from_file_location(name, Path(__file__).parent / folder / f"{name}.py")
    if spec is None or spec.loader is None:
        raise Fault("broken")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- .pdf -----------------------------------------------------------------------------------


def of_pdf(path: str) -> list[str]:
    """Lines as they are read: columns of their own one after another, a table row by row."""
    import logging

    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LAParams
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    from pdfminer.pdfparser import PDFSyntaxError

    logging.disable(logging.CRITICAL)
    pages: list[list[Any]] = []
    size = 0
    try:
        # Boxes are grouped here, not there: `boxes_flow=None` saves the slow part.
        params = LAParams(boxes_flow=None, char_margin=1.5)
        for page in extract_pages(path, maxpages=MOST_PAGES, laparams=params):
            pages.append(list(_boxes(page)))
            size += sum(len(box[4]) for box in pages[-1])
            if size > MOST_CHARACTERS:
                break
        lines = list(_load("layout").read_pages(pages, _is_heading))
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise Fault("encrypted") from error
    except MemoryError as error:
        raise Fault("too_heavy") from error
    except (PDFSyntaxError, RecursionError) as error:
        raise Fault("broken") from error
    except Exception as error:
        raise Fault("broken") from error
    if not any(line.strip() for line in lines):
        raise Fault("no_text")
    return lines


def _boxes(part: Any) -> Iterator[tuple[float, float, float, float, str]]:
    """Lines of text: left, bottom, right, top, text."""
    from pdfminer.layout import LTFigure, LTTextBox, LTTextLine

    for one in part:
        if isinstance(one, LTTextLine):
            text = _readable(one.get_text().replace("\xa0", " ")).strip()
            if text:
                yield (one.x0, one.y0, one.x1, one.y1, text)
        elif isinstance(one, LTTextBox | LTFigure):
            yield from _boxes(one)


def main(path: str, kind: str, megabytes: str, seconds: str) -> None:
    """Write what was found; a fault is an answer as well."""
    _load("bounds", "../../../core").limit(int(megabytes), int(seconds))
    try:
        lines = of_docx(path) if kind == "docx" else of_pdf(path)
        told, size = [], 0
        for line in lines:
            size += len(line)
            if size > MOST_CHARACTERS:
                break
            told.append(line)
        if not any(line.strip() for line in told):
            raise Fault("no_text")
        answer: dict[str, Any] = {"lines": told}
    except Fault as fault:
        answer = {"fault": str(fault)}
    except (MemoryError, RecursionError):
        answer = {"fault": "too_heavy"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
