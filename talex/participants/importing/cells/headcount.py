"""How many people: seats of an opening, size of an organisation."""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import re
from dataclasses import dataclass

from talex.participants.importing.cells.base import Cell, Read, blank, fact, lost
from talex.participants.importing.notes import note

_UNIT = r"(?:人|名|位|个|個|席|persons?|people|positions?|seats?|openings?|vacanc(?:y|ies)|heads?|stellen?|plätze|platz|personen|mitarbeiter(?:innen|:innen|/innen)?|beschäftigte|employees|staff|ma)"
_BEFORE = r"(?:招聘|招收|招募|招|需求|需|约|共|拟招|计划|ca\.?|circa|about|approx\.?|rund|etwa)"
_NUMBER = r"(\d{1,3}(?:[.,' ]\d{3})+|\d{1,7})"
_ONE = re.compile(rf"{_BEFORE}?\s*{_NUMBER}\s*{_UNIT}?\s*(?:以上|左右|及以上|\+)?")
_TWO = re.compile(
    rf"{_BEFORE}?\s*{_NUMBER}\s*{_UNIT}?\s*(?:-|~|～|至|到|to|bis)\s*{_NUMBER}\s*{_UNIT}?"
)
_OPEN = re.compile(
    rf"{_BEFORE}?\s*(?:若干|多|数|不限|several|many|multiple|various|mehrere|diverse)\s*{_UNIT}?"
)
_HAN = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
        "十": 10}  # fmt: skip
_HAN_ONE = re.compile(rf"{_BEFORE}?\s*([一二两三四五六七八九十])\s*{_UNIT}")
_MOST_SEATS = 100_000
_LEAST = re.compile(r"以上|\+|\bover\b|more than|mehr als|über|>|≥|\bab\b|\bfrom\b")
_MOST = re.compile(
    r"少于|以下|不足|以内|\bunder\b|less than|up to|fewer than|weniger als|unter|bis(?: zu)?\b|<|≤"
)


def read_headcount(cell: Cell) -> Read[int]:
    """Seats of an opening (1 to 100,000): `2人`, `招3人`, `3-5人` (the larger, with a note), `2`.

    若干, 'several' and 'mehrere' are understood, with a note and no number.
    """
    if isinstance(cell, bool):
        return lost("headcount_not_understood", cell)
    text = re.sub(r"^(\d+)\.0$", r"\1", fact(cell).casefold())
    if not text:
        return blank()
    if _OPEN.fullmatch(text):
        return Read(None, True, note("headcount_open"))
    said = None
    if found := _TWO.fullmatch(text):
        number = max(_whole(found.group(1)), _whole(found.group(2)))
        said = note("headcount_range")
    elif found := _ONE.fullmatch(text):
        number = _whole(found.group(1))
    elif found := _HAN_ONE.fullmatch(text):
        number = _HAN[found.group(1)]
    else:
        return lost("headcount_not_understood", cell)
    if not 1 <= number <= _MOST_SEATS:
        return lost("headcount_not_understood", cell)
    return Read(number, True, said)


@dataclass(frozen=True, slots=True)
class Size:
    """People in an organisation, from `least` to `most` (None: open above)."""

    least: int
    most: int | None


def read_size(cell: Cell) -> Read[Size]:
    """Size of an organisation: `150-500人`, `2000人以上`, `少于15人`, `10,000+`, `ca. 300 MA`."""
    if isinstance(cell, bool):
        return lost("headcount_not_understood", cell)
    text = fact(cell).casefold()
    if not text:
        return blank()
    if found := _TWO.fullmatch(text):
        low, high = sorted((_whole(found.group(1)), _whole(found.group(2))))
        return Read(Size(low, high), True)
    least, most = bool(_LEAST.search(text)), bool(_MOST.search(text))
    bare = _MOST.sub("", _LEAST.sub("", text)).strip()
    found = _ONE.fullmatch(bare)
    if not found or (least and most):
        return lost("headcount_not_understood", cell)
    number = _whole(found.group(1))
    if most:
        return Read(Size(0, number), True)
    return Read(Size(number, None if least else number), True)


def _whole(text: str) -> int:
    return int(re.sub(r"\D", "", text))
