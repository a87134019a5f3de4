"""Lines of text out of a .docx or .pdf file; run as a process of its own (see `extract`).

Files of strangers are hostile, so this file imports nothing of Talex and is started with limits on
memory, time and files. It writes one JSON object: {"lines": [...]} or {"fault": "<code>"}.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

MOST_PAGES = 30
MOST_CHARACTERS = 300_000
MOST_UNPACKED = 60 * 1024 * 1024
MOST_PART = 20 * 1024 * 1024
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


class Fault(Exception):
    """Why the file cannot be read, as a code."""


def limit(megabytes: int, seconds: int) -> None:
    """No more memory and time than this, and nothing is written to the disk."""
    try:
        import resource
    except ImportError:  # not on Windows; the parent still ends it after a while
        return
    bound = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


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
        elif child.tag == W + "tr":
            yield from _row(child)
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
                words.append(child.text or "")
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


def _row(row: Any) -> Iterator[str]:
    """A row whose cells hold a line each is one line; long cells follow each other."""
    cells = [[line for line in _walk(cell) if line.strip()] for cell in row.iter(W + "tc")]
    cells = [cell for cell in cells if cell]
    if all(len(cell) == 1 for cell in cells):
        yield "\t".join(cell[0] for cell in cells)
    elif len(cells) == 2 and len(cells[0]) == 1 and len(cells[0][0]) <= 40:
        # '2015 - 2019 | what was done': the first line belongs beside the date.
        yield f"{cells[0][0]}\t{cells[1][0]}"
        yield from cells[1][1:]
    else:
        for cell in cells:
            yield from cell


# --- .pdf -----------------------------------------------------------------------------------

Box = tuple[float, float, float, float, str]
"""left, bottom, right, top, text"""


def of_pdf(path: str) -> list[str]:
    """Lines as they are read: columns of their own one after another, a table row by row."""
    import logging

    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LAParams
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    from pdfminer.pdfparser import PDFSyntaxError

    logging.disable(logging.CRITICAL)
    lines: list[str] = []
    size = 0
    try:
        # Boxes are grouped here, not there: `boxes_flow=None` saves the slow part.
        params = LAParams(boxes_flow=None, char_margin=1.5)
        for page in extract_pages(path, maxpages=MOST_PAGES, laparams=params):
            found = list(read_page(_boxes(page)))
            size += sum(map(len, found))
            lines += found
            if size > MOST_CHARACTERS:
                break
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


def _boxes(part: Any) -> Iterator[Box]:
    from pdfminer.layout import LTFigure, LTTextBox, LTTextLine

    for one in part:
        if isinstance(one, LTTextLine):
            text = one.get_text().replace("\xa0", " ").rstrip()
            if text.strip():
                yield (one.x0, one.y0, one.x1, one.y1, text.strip())
        elif isinstance(one, LTTextBox | LTFigure):
            yield from _boxes(one)


def read_page(boxes: Iterable[Box]) -> Iterator[str]:
    """The lines of one page. A sidebar is told from a table by whether its lines stand level."""
    rest = sorted(boxes, key=lambda box: (-box[3], box[0]))
    if not rest:
        return
    gutter = _gutter(rest)
    if gutter is None:
        yield from _level(rest)
        return
    # What crosses the gutter (the name on top) parts the page into bands.
    band: list[Box] = []
    for box in rest:
        if box[0] < gutter - 2 and box[2] > gutter + 2:
            yield from _columns(band, gutter)
            yield box[4]
            band = []
        else:
            band.append(box)
    yield from _columns(band, gutter)


def _gutter(boxes: list[Box]) -> float | None:
    """Where a page is parted into two columns from top to bottom; None where it is not."""
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    width = right - left
    best: tuple[int, float] | None = None
    for step in range(15, 86):
        at = left + width * step / 100
        crossing = sum(box[0] < at - 1 and box[2] > at + 1 for box in boxes)
        before = sum(box[2] <= at + 1 for box in boxes)
        after = sum(box[0] >= at - 1 for box in boxes)
        if min(before, after) < 4 or crossing > max(3, len(boxes) // 12):
            continue
        if best is None or crossing < best[0]:
            best = crossing, at
    return best[1] if best else None


def _columns(band: list[Box], gutter: float) -> Iterator[str]:
    left = [box for box in band if box[2] <= gutter + 2]
    right = [box for box in band if box[2] > gutter + 2]
    if not left or not right:
        yield from _level(band)
        return
    narrow = left if len(left) <= len(right) else right
    level = sum(
        any(_beside(one, two) for two in (right if narrow is left else left)) for one in narrow
    )
    if level >= 0.6 * len(narrow):
        yield from _level(band)
    else:
        yield from _level(left)
        yield from _level(right)


def _beside(one: Box, two: Box) -> bool:
    """Whether two pieces of text stand on one line."""
    height = min(one[3] - one[1], two[3] - two[1])
    return min(one[3], two[3]) - max(one[1], two[1]) > 0.5 * height


def _level(boxes: list[Box]) -> Iterator[str]:
    """Pieces on one line joined from left to right, wide apart where they stand apart."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda one: (-(one[1] + one[3]), one[0])):
        if rows and _beside(rows[-1][0], box):
            rows[-1].append(box)
        else:
            rows.append([box])
    for row in rows:
        row.sort()
        yield "\t".join(box[4] for box in row)


def main(path: str, kind: str, megabytes: str, seconds: str) -> None:
    """Write what was found; a fault is an answer as well."""
    limit(int(megabytes), int(seconds))
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
