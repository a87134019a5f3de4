"""The entries of a section: one a degree or a post, each with its period and its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from talex.participants.registering.resumes.periods import Period, moment_in, period_in

BULLET = re.compile(r"^\s*(?:[•·■▪◆●○▶►*]|[-–—](?=\s)|\d{1,2}[.、)](?!\d)|o(?=\s))\s*")


@dataclass
class Entry:
    """`lead`: the lines that name it, without the period; `rest`: what is told below."""

    period: Period | None
    lead: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def entries(lines: Sequence[str], *, single: bool = False) -> list[Entry]:
    """Cut a section at its periods.

    Where the first period stands below other lines (the post, then when), so many lines go before
    every period. `single`: a lone date counts as a period, as the year of a degree.
    """
    marks: list[tuple[int, Period]] = []
    for number, line in enumerate(lines):
        period = period_in(line) or (moment_in(line) if single else None)
        if period is not None and (not BULLET.match(line) or _mostly(line, period)):
            marks.append((number, period))
    if not marks:
        return [_entry(None, lines)] if lines else []
    before = marks[0][0]
    before = before if before <= 3 and not any(BULLET.match(line) for line in lines[:before]) else 0
    starts: list[int] = []
    for at, (number, _period) in enumerate(marks):
        start = number
        floor = marks[at - 1][0] + 1 if at else 0
        while start > floor and number - start < before and not _told(lines[start - 1]):
            start -= 1
        starts.append(start)
    made = []
    for at, (number, period) in enumerate(marks):
        end = starts[at + 1] if at + 1 < len(marks) else len(lines)
        made.append(_entry(period, lines[starts[at] : end], number - starts[at]))
    return made


def _told(line: str) -> bool:
    """Whether a line tells of what was done, rather than names an entry."""
    return bool(BULLET.match(line)) or len(line) > 120 or line.endswith((".", "。", ";", "；"))


def _mostly(line: str, period: Period) -> bool:
    return period.at[0] <= 4


def _entry(period: Period | None, lines: Sequence[str], dated: int = 0) -> Entry:
    made = Entry(period, lines=list(lines))
    leading = True
    for number, line in enumerate(lines):
        if period is not None and number == dated:
            line = (line[: period.at[0]] + "  " + line[period.at[1] :]).strip(" ()（）,，;|·-–—:")
        if not line.strip():
            continue
        # Two lines below the period may still name the post, the school or the employer.
        leading = leading and number <= dated + 2 and not _told(line)
        (made.lead if leading else made.rest).append(line)
    return made
