"""In which order the pieces of text on the pages of a PDF are read: columns, tables, margins.

Free of Talex, for the process that gets the lines out of a file loads it by its path (`child`).
A sidebar is told from a table by what stands in it: columns that each have headings of their own
are read one after another, a column of dates is read with what stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

Box = tuple[float, float, float, float, str]
"""left, bottom, right, top, text"""
IsHeading = Callable[[str], bool]

#: Pages are laid one below the other on one sheet; none is as high as this.
_SHEET = 20_000.0
#: A page of so many pieces is no CV; it is read line by line, which costs little.
_MOST_PIECES = 1_500
_DEEPEST = 3
_HAN = r"[\u4e00-\u9fff\u2e80-\u2fdf]"
_SIGNS = re.compile(rf"{_HAN}(?: {_HAN})*|[A-ZÄÖÜ](?: [A-ZÄÖÜ])*")
_DAY = (
    r"(?:[^\W\d_]{3,9}\.?,?\s)?(?:\d{1,2}[./]\s?){0,2}(?:19|20)\d\d(?:\s?[-./年]\s?\d{1,2}月?|年)?"
)
_NOW = r"(?:heute|present|now|current|today|date|jetzt|dato|ongoing|laufend|至?今|现在|目前)"
#: When, and nothing else: `10/2015 – 09/2017`, `seit März 2020`, `2015年9月至今`.
DATED = re.compile(
    rf"\W*(?:(?:seit|since|from|ab|bis|to)\s)?{_DAY}\s*(?:(?:[-–—~～至到]+|bis|to)\s*(?:{_DAY}|{_NOW})?|{_NOW})?\W*",
    re.I,
)
_UNENDED = re.compile(r"(?:[-–—~～至到]|\bbis|\bto)$", re.I)
_REACHED = re.compile(r"@|(?:\d[\s()/.-]*){7}|www\.|https?:")
#: Ends a line that the first word of the next had no room on; no text holds this sign.
FULL = "\ufdd0"


def read_pages(pages: Sequence[Sequence[Box]], is_heading: IsHeading) -> Iterator[str]:
    """The lines of a file. A column that goes on overleaf is read in one."""
    is_heading = cache(is_heading)  # asked of each line for each place of a gutter
    sheet: list[Box] = []
    if len(pages) > 1 and sum(map(len, pages)) > _MOST_PIECES:  # too long to be one sheet
        for page in pages:
            yield from read_pages([page], is_heading)
        return
    for number, page in enumerate(pages):
        down = number * _SHEET
        mended = page if len(page) > _MOST_PIECES else _mended(page, is_heading)
        sheet += [(x, y - down, to, top - down, text) for x, y, to, top, text in mended]
    yield from _read(sheet, is_heading)


def _read(boxes: list[Box], is_heading: IsHeading, depth: int = 0) -> Iterator[str]:
    cut = None
    if depth < _DEEPEST and len(boxes) <= _MOST_PIECES:
        cut = _gutter_of_headings(boxes, is_heading) or _gutter_of_gaps(boxes, is_heading)
    if cut is None:
        yield from _level(boxes, is_heading)
        return
    told = False  # whether a heading was read before
    for left, right in _bands(boxes, cut):
        if not _apart(left, right, is_heading) and not _unlevel(left, right, is_heading):
            yield from _level(left + right, is_heading)
            told = told or any(is_heading(box[4]) for box in left + right)
            continue
        columns = [_sorted(left), _sorted(right)]
        if not told:  # the name on top of either column stands before every section
            heads = [_before_headings(column, is_heading) for column in columns]
            if not heads[0] and _carried(heads[1], columns[0]):
                heads[1] = []
            columns = [col[len(top) :] for col, top in zip(columns, heads, strict=True)]
            heads.sort(key=lambda top: -max((box[3] - box[1] for box in top), default=0.0))
            columns = [*heads, *columns]
        for column in columns:
            yield from _read(column, is_heading, depth + 1)
        told = True


def _carried(top: list[Box], left: list[Box]) -> bool:
    """Whether the top of the right column is the end of the section that the left one breaks off,
    rather than a name (in larger letters) or how to reach somebody."""
    sizes = sorted(box[3] - box[1] for box in left)
    usual = 1.1 * sizes[len(sizes) // 2]
    return all(box[3] - box[1] <= usual and not _REACHED.search(box[4]) for box in top)


def _sorted(boxes: list[Box]) -> list[Box]:
    return sorted(boxes, key=lambda box: (-box[3], box[0]))


def _before_headings(column: list[Box], is_heading: IsHeading) -> list[Box]:
    at = next((n for n, box in enumerate(column) if is_heading(box[4])), len(column))
    return column[:at]


# --- where a page is parted ------------------------------------------------------------------


def _crosses(box: Box, at: float) -> bool:
    return box[0] < at - 1 and box[2] > at + 1


def _bands(boxes: list[Box], at: float) -> list[tuple[list[Box], list[Box]]]:
    """What stands left and right of a gutter, parted by what crosses it (the name on top).

    A page that is not in the same two columns begins a band of its own.
    """
    pages: dict[int, list[Box]] = {}
    for box in boxes:
        pages.setdefault(-int(box[1] // _SHEET), []).append(box)
    bands: list[tuple[list[Box], list[Box]]] = [([], [])]
    for _number, page in sorted(pages.items()):
        if sum(_crosses(box, at) for box in page) > max(3, len(page) // 12):
            bands.append(([], []))
        for box in _sorted(page):
            if _crosses(box, at):
                bands += [([box], []), ([], [])]
            else:
                bands[-1][box[2] > at + 1].append(box)
    return [band for band in bands if band[0] or band[1]]


def _places(boxes: list[Box]) -> Iterator[float]:
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    return (left + (right - left) * step / 100 for step in range(10, 91))


def _gutter_of_headings(boxes: list[Box], is_heading: IsHeading) -> float | None:
    """Where most is parted into columns that each have headings of their own."""
    if sum(is_heading(box[4]) for box in boxes) < 2:
        return None
    best: tuple[int, float] | None = None
    for at in _places(boxes):
        apart = sum(
            len(left) + len(right)
            for left, right in _bands(boxes, at)
            if _apart(left, right, is_heading)
        )
        apart -= sum(_crosses(box, at) for box in boxes) if apart else 0
        if apart > 0 and (best is None or apart > best[0]):
            best = apart, at
    return best[1] if best else None


def _gutter_of_gaps(boxes: list[Box], is_heading: IsHeading) -> float | None:
    """Where a page is parted from top to bottom, and the lines on both sides are not level."""
    best: tuple[int, float] | None = None
    for at in _places(boxes) if boxes else ():
        crossing = sum(_crosses(box, at) for box in boxes)
        before = sum(box[2] <= at + 1 for box in boxes)
        after = sum(box[0] >= at - 1 for box in boxes)
        if min(before, after) < 4 or crossing > max(3, len(boxes) // 12):
            continue
        if best is None or crossing < best[0]:
            best = crossing, at
    if best is None:
        return None
    apart = any(_unlevel(left, right, is_heading) for left, right in _bands(boxes, best[1]))
    return best[1] if apart else None


def _apart(left: list[Box], right: list[Box], is_heading: IsHeading) -> bool:
    """Whether both columns have headings; what stands beside a date is none ('Studium')."""
    if min(len(left), len(right)) < 2 or _tabular(left, right, is_heading):
        return False
    return all(
        any(
            is_heading(box[4])
            and not any(_beside(box, two) and not _larger(box, two) for two in dates)
            for box in column
        )
        for column, dates in ((left, _dates(right)), (right, _dates(left)))
    )


def _larger(one: Box, two: Box) -> bool:
    """Whether it is set in clearly larger letters, as a heading is and the text of a table not."""
    return one[3] - one[1] > 1.1 * (two[3] - two[1])


def _unlevel(left: list[Box], right: list[Box], is_heading: IsHeading) -> bool:
    """Whether the lines of two columns stand on different heights, as they do in no table."""
    if not left or not right or _tabular(left, right, is_heading):
        return False
    narrow, wide = (left, right) if len(left) <= len(right) else (right, left)
    level = sum(any(_beside(one, two) for two in wide) for one in narrow)
    return level < 0.6 * len(narrow)


def _tabular(left: list[Box], right: list[Box], is_heading: IsHeading) -> bool:
    """Whether one side holds, beside headings, little but dates: when, and beside it what."""
    for column in (left, right):
        text = [box for box in column if not is_heading(box[4])]
        if len(_dates(text)) >= 0.6 * len(text):
            return True
    return False


def _dates(boxes: list[Box]) -> list[Box]:
    return [box for box in boxes if _is_date(box[4])]


@cache
def _is_date(text: str) -> bool:
    return bool(DATED.fullmatch(text))


def _beside(one: Box, two: Box) -> bool:
    """Whether two pieces of text stand on one line."""
    height = min(one[3] - one[1], two[3] - two[1])
    return min(one[3], two[3]) - max(one[1], two[1]) > 0.5 * height


# --- lines -----------------------------------------------------------------------------------


def _rows(boxes: Sequence[Box]) -> list[list[Box]]:
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda one: (-(one[1] + one[3]), one[0])):
        if rows and _beside(rows[-1][0], box):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row) for row in rows]


def _level(boxes: Sequence[Box], is_heading: IsHeading) -> Iterator[str]:
    """Pieces on one line joined from left to right, wide apart where they stand apart.

    Headings in the margin, beside what they head, are lines of their own.
    """
    if heads := _margin(boxes, is_heading):
        yield from _beside_margin([box for box in boxes if box not in heads], heads)
        return
    rows = _rows(boxes)
    labels = [row for row in rows if len(row) > 1 and is_heading(row[0][4])]
    edge = max((box[2] for box in boxes), default=0.0)
    for number, row in enumerate(rows):
        if len(labels) > 1 and row in labels:
            yield row[0][4]
            row = row[1:]
        below = rows[number + 1] if number + 1 < len(rows) else []
        yield _line(row, below, edge)


def _line(row: list[Box], below: Sequence[Box] = (), edge: float = 0.0) -> str:
    """The pieces of a line; with `FULL` where it ends at the edge of its column and goes on."""
    line = "\t".join(box[4] for box in row)
    return line + FULL if row and len(below) == 1 and _goes_on(row, below[0], edge) else line


def _goes_on(row: list[Box], two: Box, edge: float) -> bool:
    """Whether the first word of a line had no room left on the line above, in the same letters."""
    one = row[-1]
    if len(row) > 1 and not (len(row) == 2 and _is_date(row[0][4])):
        return False
    height, other = one[3] - one[1], two[3] - two[1]
    if abs(height - other) > 0.15 * height or one[1] - two[3] > 0.9 * height:
        return False
    # A bullet's text hangs to its right; what begins left of it is no part of it.
    if not -2 < two[0] - one[0] < 2.5 * height or two[1] > one[1]:
        return False
    word = _FIRST.match(two[4])
    share = _wide(word.group()) / max(_wide(two[4]), 1) if word else 1.0
    space = 0.0 if _HAN_AT_END.search(one[4]) else 0.25 * height
    return edge - one[2] < space + share * (two[2] - two[0])


#: What a line is not broken within: one Chinese sign with its comma, or a word up to its hyphen.
_FIRST = re.compile(rf"{_HAN}[，。、；：）]?|[^\s\u4e00-\u9fff-]+-?")
_HAN_AT_END = re.compile(rf"(?:{_HAN}|[，。、；：）])$")


def _wide(text: str) -> int:
    """The width of a text, in halves of a Chinese sign."""
    return sum(2 if "\u2e80" <= sign <= "\uffef" else 1 for sign in text)


def _margin(boxes: Sequence[Box], is_heading: IsHeading) -> list[Box]:
    """The headings, where they have a column for themselves and all else stands right of it."""
    heads = [box for box in boxes if is_heading(box[4])]
    if len(heads) < 2:
        return []
    first = max(heads, key=lambda box: box[3])
    start, left = first[3] + first[3] - first[1], max(box[0] for box in heads)
    rest = [box for box in boxes if box not in heads and box[1] < start]
    if not rest or min(box[0] for box in rest) < left + 2 * (first[3] - first[1]):
        return []
    # A heading may be wider than the margin, into the column beside it, but not over its text.
    over = [h for h in heads for b in rest if h[2] > b[0] + 1 and _beside(h, b)]
    return [] if over else heads


def _beside_margin(boxes: list[Box], heads: list[Box]) -> Iterator[str]:
    """Each heading before the line that it stands beside, were it a little higher or lower."""
    rows = _rows(boxes)
    edge = max((box[2] for box in boxes), default=0.0)
    tops = [max(box[3] for box in row) for row in rows]
    gaps = [_SHEET, *(max(0.0, rows[n][0][1] - top) for n, top in enumerate(tops[1:]))]
    before: dict[int, list[str]] = {}
    for head in heads:
        height = head[3] - head[1]
        near = [n for n, top in enumerate(tops) if -0.8 * height < top - head[3] < 1.2 * height]
        # Of the lines that are near, the one with most room above it begins the section.
        at = max(near, key=lambda n: gaps[n]) if near else sum(top > head[3] for top in tops)
        before.setdefault(at, []).append(head[4])
    for number, row in enumerate(rows):
        yield from before.get(number, ())
        headed = before.get(number + 1) or number + 1 == len(rows)
        yield _line(row, () if headed else rows[number + 1], edge)
    yield from before.get(len(rows), ())


# --- what a PDF has torn ---------------------------------------------------------------------


def _mended(page: Sequence[Box], is_heading: IsHeading) -> list[Box]:
    return _closed_dates(_upright(_spelled(page), is_heading))


def _spelled(page: Sequence[Box]) -> list[Box]:
    """Signs set wide apart as one piece: 教 育 经 历, E D U C A T I O N."""
    mended: list[Box] = []
    for row in _rows(page):
        run: list[Box] = []
        for box in row:
            follows = run and box[0] - run[-1][2] <= 4 * (box[3] - box[1])
            if run and not (follows and _alike(run[-1][4], box[4])):
                mended += _one(run)
                run = []
            run.append(box)
        mended += _one(run)
    return mended


def _alike(one: str, two: str) -> bool:
    return bool(_SIGNS.fullmatch(one) and _SIGNS.fullmatch(two)) and one.isascii() == two.isascii()


def _one(run: list[Box]) -> list[Box]:
    if len(run) < 2 or (run[0][4].isascii() and len(run) < 4):
        return run
    low, high = min(box[1] for box in run), max(box[3] for box in run)
    text = "".join(box[4].replace(" ", "") for box in run)
    return [(run[0][0], low, run[-1][2], high, text)]


def _upright(page: list[Box], is_heading: IsHeading) -> list[Box]:
    """A heading written from top to bottom as one piece, where its first sign stands."""
    single = [box for box in page if re.fullmatch(_HAN, box[4])]
    stacks: list[list[Box]] = []
    for box in sorted(single, key=lambda one: (round(one[0] + one[2]), -one[3])):
        last = stacks[-1][-1] if stacks else None
        near = last and abs(last[0] - box[0]) < 3 and last[1] - box[3] < 1.5 * (box[3] - box[1])
        if near and not is_heading("".join(one[4] for one in stacks[-1])):
            stacks[-1].append(box)
        else:
            stacks.append([box])
    words = {tuple(s): "".join(box[4] for box in s) for s in stacks if len(s) > 1}
    whole = {stack: text for stack, text in words.items() if is_heading(text)}
    gone = {box for stack in whole for box in stack}
    kept = [box for box in page if box not in gone]
    return kept + [(*stack[0][:4], text) for stack, text in whole.items()]


def _closed_dates(page: list[Box]) -> list[Box]:
    """`10/2017 –` above `03/2019` in a narrow column is one period."""
    dates = _dates(page)
    gone: set[Box] = set()
    longer: dict[Box, Box] = {}
    for one in dates:
        if not _UNENDED.search(one[4]):
            continue
        height = one[3] - one[1]
        for two in page:
            below = -0.5 * height < one[1] - two[3] < height and abs(one[0] - two[0]) < 3
            text = f"{one[4]} {two[4]}"
            if below and len(two[4]) < 20 and DATED.fullmatch(text):
                longer[one] = (one[0], one[1], max(one[2], two[2]), one[3], text)
                gone.add(two)
                break
    return [longer.get(box, box) for box in page if box not in gone]
