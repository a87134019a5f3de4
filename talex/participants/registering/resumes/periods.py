"""From when until when, as CVs in Chinese, English and German write it."""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from talex.participants.importing.cells.experience import beside_studies
from talex.participants.vocabulary import MONTHS

_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?:19[4-9]\d|20[0-4]\d)"


def _atom(tag: str) -> str:
    """One date: a day, a month or a year; a day is read and dropped."""
    return (
        rf"(?:(?P<y1{tag}>{_YEAR})\s?[-/.年]\s?(?P<m1{tag}>1[0-2]|0?[1-9])(?!\d)\s?(?:月|[-/.]\s?\d{{1,2}}(?!\d))?(?:\s?\d{{1,2}}\s?[日号])?"
        rf"|(?:\d{{1,2}}\s?[./]\s?)?(?P<m2{tag}>1[0-2]|0?[1-9])\s?[-/.]\s?(?P<y2{tag}>{_YEAR})"
        rf"|(?:\d{{1,2}}(?:st|nd|rd|th|\.)?[\s-])?(?P<n{tag}>{_NAMES})\b\.?,?[\s-]?(?P<y3{tag}>{_YEAR})"
        rf"|(?P<y4{tag}>{_YEAR})(?:\s?年)?(?![\d%]))"
    )


_NOW = r"至今|今|现在|目前|present|now|current(?:ly)?|today|till date|to date|date|heute|jetzt|dato|ongoing|laufend|andauernd"
_TO = r"\s*(?:-{1,3}|~|至|到|to|till|until|bis(?: zum)?)\s*"
_RANGE = re.compile(
    rf"(?<![\d\w]){_atom('a')}(?:{_TO}(?:{_atom('b')}|(?P<now>{_NOW})(?!\w))|\s*(?P<now2>至今))",
    re.I,
)
_SINCE = re.compile(rf"\b(?:seit|since|from|ab)\s+{_atom('a')}|{_atom('b')}\s*(?:起|以来)", re.I)
_ONE = re.compile(rf"(?<![\d\w]){_atom('a')}", re.I)
_DASHES = re.compile("[‐‑‒–—―−－﹣～〜]")


@dataclass(frozen=True, slots=True)
class Period:
    """`start` and `end` as `YYYY-MM` or `YYYY`; an empty end with `open` means: until now.

    `at` is where it stands in the line.
    """

    start: str
    end: str
    open: bool
    at: tuple[int, int]


def period_in(line: str) -> Period | None:
    """The first period of a line: `2015.09-2019.06`, `10/2014 – heute`, `seit März 2020`."""
    line = unified(line)
    if found := _RANGE.search(line):
        now = bool(found["now"] or found["now2"])
        end = "" if now else _value(found, "b")
        start = _value(found, "a")
        if end and end < start[: len(end)]:
            return None
        return Period(start, end, now, found.span())
    if found := _SINCE.search(line):
        return Period(_value(found, "a") or _value(found, "b"), "", True, found.span())
    return None


def moment_in(line: str) -> Period | None:
    """A single date, as the year of a degree; start and end are the same."""
    found = _ONE.search(unified(line))
    if found is None:
        return None
    value = _value(found, "a")
    return Period(value, value, False, found.span())


def unified(line: str) -> str:
    """Dashes of every kind as `-`, one sign for one sign, so that places stay the same."""
    return _DASHES.sub("-", line)


def _value(found: re.Match[str], tag: str) -> str:
    groups = found.groupdict()
    if groups[f"y1{tag}"]:
        return f"{groups[f'y1{tag}']}-{int(groups[f'm1{tag}']):02}"
    if groups[f"y2{tag}"]:
        return f"{groups[f'y2{tag}']}-{int(groups[f'm2{tag}']):02}"
    if groups[f"y3{tag}"]:
        return f"{groups[f'y3{tag}']}-{MONTHS[groups[f'n{tag}'].casefold()]:02}"
    return groups[f"y4{tag}"] or ""


def dated_posts(rows: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    """(start, end) of the posts of a profession: jobs beside the studies are kept, not counted."""
    return [
        (row["start"], row["end"])
        for row in rows
        if row["start"] and not beside_studies(row["position"])
    ]


def years_worked(periods: Iterable[tuple[str, str]], today: date) -> float:
    """Years of the union of periods (start, end; no end: until today), to one decimal.

    What overlaps counts once. A month counts whole; a bare year begins in January and, as an end,
    stops in the January of that year (2015 to 2018 are three years).
    """
    spans = []
    for start, end in periods:
        first = _number(start)
        last = _number(end, closing=True) if end else today.year * 12 + today.month
        if first is not None and last is not None and last >= first:
            spans.append((first, last))
    total, reached = 0, 0
    for first, last in sorted(spans):
        total += max(0, last - max(first, reached))
        reached = max(reached, last)
    return round(total / 12, 1)


def _number(text: str, closing: bool = False) -> int | None:
    """Months since the year 0 at the start (of an end: after its end)."""
    if not re.fullmatch(r"\d{4}(-\d{2})?", text):
        return None
    year, _, month = text.partition("-")
    return int(year) * 12 + (int(month) + closing if month else 1)
