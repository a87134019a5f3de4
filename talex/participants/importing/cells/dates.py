"""Dates as people and spreadsheets write them."""
# Patterns read best a subject a line, and Chinese signs count double:

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from talex.participants.importing.cells.base import Cell, Read, blank, fact, lost
from talex.participants.importing.notes import Note, note
from talex.participants.vocabulary import DAY_YEARS, MONTHS

# Day 1 of Excel's calendar is 1900-01-01 and it holds a 29 February 1900 that never was, so for
# all later days the calendar begins on 1899-12-30.
_EXCEL_BEGINS = date(1899, 12, 30)
_SERIALS = range(20_000, 80_001)  # 1954-10-03 to 2119-01-10: other numbers are no dates

_NAME = r"([a-zäöü]{3,9})\.?"
_TIME = re.compile(
    r"(?:t|\s)\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]m)?\s*(?:z|utc|uhr|[+-]\d{2}:?\d{2})?$"
)
_WEEKDAY = re.compile(
    r"[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?|"
    r"^(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|mo|di|mi|do|fr|sa|so)(?:day|tag|nesday|urday|"
    r"nstag|nerstag|ntag|ttwoch|enstag|rsday|sday|mstag)?[.,]+\s*"
)
_YMD = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_YM = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_DMY = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
_MY = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{4})")
_D_NAME_Y = re.compile(
    rf"(\d{{1,2}})(?:\.|st|nd|rd|th)?\s*(?:of\s+)?[- ]?{_NAME},?[- ]*(\d{{4}}|\d{{2}})"
)
_NAME_D_Y = re.compile(rf"{_NAME}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})")
_NAME_Y = re.compile(rf"{_NAME},?[ -]+(\d{{4}})")
# 'From' and 'until' are what the column says already.
_FROM = re.compile(
    r"^(?:from|since|starting|ab|von|bis|until|by)\s+(?=\d)|^(?:自|从)\s*(?=\d)|"
    r"(?<=[\d日])\s*(?:起|之后|之前)$"
)
_AT_ONCE = re.compile(
    r"随时|立即|即时|马上|immediate(?:ly)?|asap|a\.s\.a\.p\.|now|at once|(?:ab )?sofort|"
    r"jederzeit|any ?time|nächstmöglich|zum nächstmöglichen zeitpunkt|尽快"
)


def read_date(cell: Cell, *, day_first: bool | None = None) -> Read[date]:
    """The day of a cell; times of day are dropped.

    Read are ISO, `2026/3/1`, `2026年3月1日`, `1.3.2026`, `03/2026` (first of the month),
    `20260301`, `1 March 2026`, `1. März 2026`, and a spreadsheet's serial numbers. In `3/4/2026`
    the day is taken first unless `day_first` is False (see `suggest_day_first`); while it is None
    a note says what was assumed. With points the day always stands first, as in German.
    'At once' is understood and gives no date.
    """
    if isinstance(cell, date):  # a datetime is one as well
        if cell.year not in DAY_YEARS:
            return lost("date_not_understood", cell)
        return Read(cell.date() if isinstance(cell, datetime) else cell, True)
    if isinstance(cell, bool):
        return lost("date_not_understood", cell)
    text = re.sub(r"^(\d{8})\.0$", r"\1", fact(cell).casefold())
    if not text:
        return blank()
    text = _FROM.sub("", text).strip()
    if _AT_ONCE.fullmatch(text):
        return Read(None, True, note("date_at_once", text=text))
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        read = _of_number(text)
    else:
        text = _WEEKDAY.sub("", _TIME.sub("", text)).strip(" ,")
        read = _of_text(text, day_first)
    return read or lost("date_not_understood", cell)


def suggest_day_first(samples: list[Cell]) -> bool | None:
    """Whether a column writes 13/4/2026 (True) or 4/13/2026 (False); None where nothing tells."""
    first = second = 0
    for cell in samples:
        found = _DMY.fullmatch(_TIME.sub("", fact(cell).casefold()))
        if found and found.group(2) != ".":
            first += int(found.group(1)) > 12
            second += int(found.group(3)) > 12
    if bool(first) == bool(second):
        return None
    return first > 0


def _of_number(text: str) -> Read[date] | None:
    number = int(float(text)) if len(text) < 15 else 0
    if len(text) == 8 and text.isdigit():
        day = _day(int(text[:4]), int(text[4:6]), int(text[6:]))
        return Read(day, True) if day else None
    if number in _SERIALS:
        day = _EXCEL_BEGINS + timedelta(days=number)
        return Read(day, True, note("date_from_serial", text=text, taken=day))
    if number in DAY_YEARS and text.isdigit():
        return Read(date(number, 1, 1), True, note("date_year_only", taken=date(number, 1, 1)))
    if len(text) == 6 and text.isdigit():
        return _month(int(text[:4]), int(text[4:]))
    # 3.2026 and 2026.3 came as numbers
    for pattern, order in ((_MY, (2, 1)), (_YM, (1, 2))):
        found = pattern.fullmatch(text)
        if found:
            return _month(int(found.group(order[0])), int(found.group(order[1])))
    return None


def _of_text(text: str, day_first: bool | None) -> Read[date] | None:
    if found := _YMD.fullmatch(text):
        return _exact(int(found.group(1)), int(found.group(2)), int(found.group(3)))
    if found := _DMY.fullmatch(text):
        return _ambiguous(found, day_first)
    if found := _YM.fullmatch(text):
        return _month(int(found.group(1)), int(found.group(2)))
    if found := _MY.fullmatch(text):
        return _month(int(found.group(2)), int(found.group(1)))
    if found := _D_NAME_Y.fullmatch(text):
        month = MONTHS.get(found.group(2))
        return _exact(_year(found.group(3)), month, int(found.group(1))) if month else None
    if found := _NAME_D_Y.fullmatch(text):
        month = MONTHS.get(found.group(1))
        return _exact(int(found.group(3)), month, int(found.group(2))) if month else None
    if found := _NAME_Y.fullmatch(text):
        month = MONTHS.get(found.group(1))
        return _month(int(found.group(2)), month) if month else None
    if found := re.fullmatch(r"(\d{4})\s*年?", text):
        year = int(found.group(1))
        if year in DAY_YEARS:
            return Read(date(year, 1, 1), True, note("date_year_only", taken=date(year, 1, 1)))
    return None


def _ambiguous(found: re.Match[str], day_first: bool | None) -> Read[date] | None:
    first, second = int(found.group(1)), int(found.group(3))
    year = _year(found.group(4))
    said: Note | None = None
    if len(found.group(4)) == 2:
        said = note("date_two_digit_year", taken=year)
    if found.group(2) == ".":
        return _exact(year, second, first, said)
    day, other = _day(year, second, first), _day(year, first, second)
    if day and other and day != other:
        if day_first is None:
            said = note("date_ambiguous", text=found.group(), taken=day, other=other)
        return Read(other if day_first is False else day, True, said)
    either = day or other
    return Read(either, True, said) if either else None


def _exact(year: int, month: int, day: int, said: Note | None = None) -> Read[date] | None:
    value = _day(year, month, day)
    return Read(value, True, said) if value else None


def _month(year: int, month: int) -> Read[date] | None:
    value = _day(year, month, 1)
    return Read(value, True, note("date_month_only", taken=value)) if value else None


def _year(text: str) -> int:
    """Two digits are the year nearest to a working life: 00-69 is 20xx, 70-99 is 19xx."""
    year = int(text)
    if len(text) > 2:
        return year
    return 2000 + year if year < 70 else 1900 + year


def _day(year: int, month: int, day: int) -> date | None:
    if year not in DAY_YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
