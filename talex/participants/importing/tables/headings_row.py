"""Which row holds the headings: not always the first, files often begin with a title."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from talex.participants.importing.cells.base import Cell, plain
from talex.participants.importing.headings import is_known
from talex.participants.importing.notes import Note, note
from talex.participants.importing.tables.rows import Row

#: So many rows at the beginning are looked at.
LOOKED_AT = 30
_LONGEST_HEADING = 80
_LOOKED_AT_SIGNS = 200
_VALUE = re.compile(r"[\d.,:/\-\s%€$¥]+|.*@.*\..*")


def find_headings(rows: Sequence[Row]) -> int:
    """The index in `rows` (the first `LOOKED_AT` of a file) of the headings; 0 if none is better.

    Headings fill most of the table's width with short, different texts that are no numbers; words
    that are known as headings count more. The first of equally good rows wins.
    """
    widths = [len(_filled(row)) for row in rows]
    if not any(widths):
        return 0
    usual = Counter(width for width in widths if width).most_common()
    most = max(times for _width, times in usual)
    width = max(width for width, times in usual if times == most)
    scores = [_score(_filled(row), width) for row in rows]
    best = max(scores)
    return next(index for index, score in enumerate(scores) if score >= best - 0.1)


def _filled(row: Row) -> list[Cell]:
    return [cell for cell in row.cells if cell is not None]


def _score(cells: list[Cell], width: int) -> float:
    """About 1 for a full row of short texts, up to 2 where all are known headings."""
    if not cells:
        return -1.0
    # Beyond this no cell is a value or a heading, and looking for one takes its time.
    texts = [plain(cell)[:_LOOKED_AT_SIGNS] for cell in cells]
    if width > 1 and len(cells) < max(2, math.ceil(width / 2)):
        return -0.5
    count = len(texts)
    values = sum(
        not isinstance(c, str) or bool(_VALUE.fullmatch(t))
        for c, t in zip(cells, texts, strict=True)
    )
    long = sum(len(text) > _LONGEST_HEADING for text in texts)
    different = len(set(texts)) / count
    known = sum(is_known(text) for text in texts) / count
    return min(count / width, 1.0) + known - values / count - long / count - (1 - different)


def name_columns(row: Row, width: int) -> tuple[list[str], list[Note]]:
    """A different name for each of `width` columns, and what is odd about the headings."""
    # As keys, in their order; and how often each heading stood until here.
    names: dict[str, None] = {}
    stood: Counter[str] = Counter()
    faults: list[Note] = list(row.faults)
    for column in range(width):
        cell = row.cells[column] if column < len(row.cells) else None
        name = heading = plain(cell)
        if not heading:
            name = heading = f"({letters(column)})"
            faults.append(note("heading_empty", column, column=letters(column), name=name))
        if name in names:
            times = max(1, stood[heading])
            while name in names:
                times += 1
                name = f"{heading} ({times})"
            stood[heading] = times
            faults.append(note("heading_twice", column, heading=heading, name=name))
        names[name] = None
    return list(names), faults


def letters(column: int) -> str:
    """The letters by which a spreadsheet calls a column: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
