"""Reading the instance files of 'Scheduling B2B meetings' (MiniZinc data, `.dzn`).

Only what the problem needs is read; `meetingsxBusiness` and `nMeetingsBusiness` follow from
`requested`, and in one of the published forums disagree with it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from talex.engine.meetings.forum import Problem, Session

#: More slots than this are no day: the model of them would take longer than any search.
MOST_SLOTS = 2_000

#: The published problem's limit on how far the numbers of breaks may lie apart.
SPREAD = 2


class Unreadable(ValueError):
    """An instance file that cannot be used; the text names the file and the field."""


def read(path: Path, tables: int | None = None, spread: int | None = SPREAD) -> Problem:
    """The problem in a file, with other tables or another spread where asked.

    Raises:
        Unreadable: the file is missing, broken, or says what cannot be.
    """
    try:
        fields = _fields(path.read_text(encoding="utf-8-sig"))
        problem = _problem(fields)
        if tables is not None:
            problem = replace(problem, tables=tables)
        return replace(problem, spread=spread)
    except FileNotFoundError:
        raise Unreadable(f"{path}: there is no such file") from None
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{path}: is not text in UTF-8") from None
    except ValueError as error:
        raise Unreadable(f"{path}: {error}") from None


def _fields(text: str) -> dict[str, str]:
    text = re.sub(r"%[^\n]*", "", text)
    result: dict[str, str] = {}
    for statement in text.split(";"):
        if not statement.strip():
            continue
        name, equals, value = statement.partition("=")
        if not equals or not re.fullmatch(r"\w+", name.strip()):
            raise ValueError(f"expected 'name = value;', found {statement.strip()[:40]!r}")
        if name.strip() in result:
            raise ValueError(f"{name.strip()}: is given twice")
        result[name.strip()] = value.strip()
    return result


def _problem(fields: dict[str, str]) -> Problem:
    people = _number(fields, "nBusiness")
    count = _number(fields, "nMeetings")
    slots = _number(fields, "nTotalSlots", MOST_SLOTS)
    rows = _rows(fields, "requested", count)
    fixed = _list(fields, "fixed", count)
    forbidden = _sets(fields, "forbidden", people)
    before = _sets(fields, "precedences", count)
    for number, (one, other, session) in enumerate(rows, 1):
        where = f"requested: row {number}"
        for person in (one, other):
            _check(1 <= person <= people, f"{where}: participant {person} is not in 1..{people}")
        _check(one != other, f"{where}: participant {one} meets themselves")
        _check(session in (1, 2, 3), f"{where}: unknown session {session}; 1, 2 or 3")
    for number, slot in enumerate(fixed, 1):
        _check(0 <= slot <= slots, f"fixed: entry {number}: slot {slot} is not in 0..{slots}")
    for number, those in enumerate(forbidden, 1):
        for slot in those:
            where = f"forbidden: set {number}"
            _check(0 <= slot <= slots, f"{where}: slot {slot} is not in 0..{slots}")
    for number, those in enumerate(before, 1):
        for other in those:
            where = f"precedences: set {number}"
            _check(1 <= other <= count, f"{where}: meeting {other} is not in 1..{count}")
    return Problem(
        participants=people,
        meetings=tuple((one - 1, other - 1) for one, other, _ in rows),
        session=tuple(Session(session) for *_, session in rows),
        slots=slots,
        morning_slots=_number(fields, "nMorningSlots", slots),
        tables=_number(fields, "nTables"),
        forbidden=tuple(frozenset(slot - 1 for slot in those if slot) for those in forbidden),
        fixed=tuple(slot - 1 for slot in fixed),
        precedences=tuple(
            (earlier - 1, later) for later, those in enumerate(before) for earlier in sorted(those)
        ),
    )


def _check(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _value(fields: dict[str, str], name: str) -> str:
    _check(name in fields, f"{name}: is missing")
    return re.sub(r"\s+", "", fields[name])


def _int(name: str, text: str) -> int:
    _check(re.fullmatch(r"-?\d{1,9}", text) is not None, f"{name}: {text[:20]!r} is not a number")
    return int(text)


def _number(fields: dict[str, str], name: str, most: int | None = None) -> int:
    value = _int(name, _value(fields, name))
    _check(value >= 0, f"{name}: {value} is negative")
    _check(most is None or value <= most, f"{name}: {value} is more than {most}")
    return value


def _inside(name: str, text: str, start: str, end: str) -> str:
    good = text.startswith(start) and text.endswith(end) and len(text) >= len(start) + len(end)
    _check(good, f"{name}: expected {start}…{end}")
    return text[len(start) : len(text) - len(end)]


def _list(fields: dict[str, str], name: str, count: int) -> list[int]:
    parts = [part for part in _inside(name, _value(fields, name), "[", "]").split(",") if part]
    _check(len(parts) == count, f"{name}: expected {count} entries, found {len(parts)}")
    return [_int(name, part) for part in parts]


def _rows(fields: dict[str, str], name: str, count: int) -> list[tuple[int, int, int]]:
    body = _inside(name, _value(fields, name), "[|", "|]")
    result = []
    for number, row in enumerate((row for row in body.split("|") if row), 1):
        parts = [part for part in row.split(",") if part]
        _check(len(parts) == 3, f"{name}: row {number}: expected 3 numbers, found {len(parts)}")
        one, other, session = (_int(f"{name}: row {number}", part) for part in parts)
        result.append((one, other, session))
    _check(len(result) == count, f"{name}: expected {count} rows, found {len(result)}")
    return result


def _sets(fields: dict[str, str], name: str, count: int) -> list[set[int]]:
    body = _inside(name, _value(fields, name), "[", "]")
    good = re.fullmatch(r"(\{[^{}]*\},?)*", body)
    _check(good is not None, f"{name}: expected sets in braces")
    sets = re.findall(r"\{([^{}]*)\}", body)
    _check(len(sets) == count, f"{name}: expected {count} sets, found {len(sets)}")
    return [{_int(name, part) for part in those.split(",") if part} for those in sets]
