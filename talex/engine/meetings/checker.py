"""An independent check of a timetable. Shares no code with the solver and trusts nothing of it.

It reads only the problem's fields and the solution's arrays, counts with plain NumPy, and never
looks at the solver's own figures except to compare them with what it counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.problem import Mode, Problem
from talex.engine.meetings.solution import Reason, Solution


class Fault(IntEnum):
    """What can be wrong with a timetable."""

    SHAPE = 1
    PERSON_TWICE = 2
    TABLE_TWICE = 3
    PERSON_AWAY = 4
    TABLE_AWAY = 5
    DAY_FULL = 6
    PAUSE = 7
    MODE = 8
    TABLE_NOT_ALLOWED = 9
    SLOT_NOT_ALLOWED = 10
    FIXED_MOVED = 11
    FIXED_DROPPED = 12
    ONLINE_CAPACITY = 13
    WRONG_REASON = 14
    FIGURES = 15
    BOUND = 16


@dataclass(frozen=True)
class Violation:
    """One fault.

    Attributes:
        fault: what is wrong.
        requests: the meetings concerned.
        person: the person concerned, -1 none.
        table: the table concerned, -1 none.
        slot: the slot concerned, -1 none.
        detail: in English, for logs and tests.
    """

    fault: Fault
    requests: tuple[int, ...] = ()
    person: int = -1
    table: int = -1
    slot: int = -1
    detail: str = ""


def _ints(values: NDArray[Any]) -> tuple[int, ...]:
    return tuple(int(v) for v in values)


def _shape(problem: Problem, solution: Solution) -> list[Violation]:
    found = []
    for name, lowest, most in (
        ("slot", -1, problem.slots - 1),
        ("table", -1, problem.tables - 1),
        ("reason", 0, max(Reason)),
    ):
        array = np.asarray(getattr(solution, name))
        if array.shape != (problem.requests,) or array.dtype.kind != "i":
            found.append(Violation(Fault.SHAPE, detail=f"{name}: {array.shape} {array.dtype}"))
        elif array.size and (array.min() < lowest or array.max() > most):
            found.append(Violation(Fault.SHAPE, detail=f"{name}: outside {lowest}..{most}"))
    return found


class _Facts:
    """The placed meetings spread over persons, sorted by person and time."""

    def __init__(self, problem: Problem, slot: NDArray[Any]) -> None:
        owner = np.repeat(np.arange(problem.requests), np.diff(problem.party_ptr))
        placed = slot[owner] >= 0
        request, person = owner[placed], problem.party_idx[placed].astype(np.int64)
        order = np.lexsort((request, slot[request], person))
        self.request, self.person = request[order], person[order]
        self.slot = slot[self.request].astype(np.int64)
        self.meetings = np.bincount(person, minlength=problem.persons)
        self.day = problem.slot_day[self.slot]


def _persons(problem: Problem, facts: _Facts) -> list[Violation]:
    found = []
    for i in np.flatnonzero(~problem.available[facts.person, facts.slot]):
        found.append(
            Violation(
                Fault.PERSON_AWAY,
                (int(facts.request[i]),),
                int(facts.person[i]),
                slot=int(facts.slot[i]),
            )
        )
    same = facts.person[1:] == facts.person[:-1]
    wait = problem.slot_start[facts.slot[1:]] - problem.slot_start[facts.slot[:-1]]
    pause = problem.min_gap[facts.person[1:]].astype(np.int64) * problem.slot_minutes
    for i in np.flatnonzero(same & (wait < problem.slot_minutes + pause)):
        found.append(
            Violation(
                Fault.PERSON_TWICE if wait[i] == 0 else Fault.PAUSE,
                _ints(facts.request[i : i + 2]),
                int(facts.person[i]),
                slot=int(facts.slot[i]),
            )
        )
    pairs, counts = np.unique(
        np.stack([facts.person, facts.day.astype(np.int64)], axis=1), axis=0, return_counts=True
    )
    most = problem.max_per_day[pairs[:, 0]] if pairs.size else np.zeros(0, np.int32)
    for i in np.flatnonzero((most >= 0) & (counts > most)):
        person, day = int(pairs[i, 0]), pairs[i, 1]
        theirs = facts.request[(facts.person == person) & (facts.day == day)]
        found.append(
            Violation(Fault.DAY_FULL, _ints(theirs), person, detail=f"{counts[i]} > {most[i]}")
        )
    return found


def _places(problem: Problem, slot: NDArray[Any], table: NDArray[Any]) -> list[Violation]:
    found = []
    placed = slot >= 0
    onsite = problem.mode == Mode.ONSITE
    bad = np.where(placed & onsite, table < 0, table >= 0)
    for r in np.flatnonzero(bad):
        found.append(Violation(Fault.MODE, (int(r),), table=int(table[r]), slot=int(slot[r])))
    seated = np.flatnonzero(placed & (table >= 0))
    for r in seated[~problem.table_available[table[seated], slot[seated]]]:
        found.append(Violation(Fault.TABLE_AWAY, (int(r),), table=int(table[r]), slot=int(slot[r])))
    for r in seated:
        row = problem.request_tables_idx[
            problem.request_tables_ptr[r] : problem.request_tables_ptr[r + 1]
        ]
        if row.size and table[r] not in row:
            found.append(Violation(Fault.TABLE_NOT_ALLOWED, (int(r),), table=int(table[r])))
    order = seated[np.lexsort((slot[seated], table[seated]))]
    twice = (slot[order][1:] == slot[order][:-1]) & (table[order][1:] == table[order][:-1])
    for i in np.flatnonzero(twice):
        pair = _ints(order[i : i + 2])
        found.append(
            Violation(Fault.TABLE_TWICE, pair, table=int(table[pair[0]]), slot=int(slot[pair[0]]))
        )
    used = np.bincount(slot[placed & ~onsite], minlength=problem.slots)
    over = (problem.online_capacity >= 0) & (used > problem.online_capacity)
    for s in np.flatnonzero(over):
        those = np.flatnonzero(placed & ~onsite & (slot == s))
        found.append(Violation(Fault.ONLINE_CAPACITY, _ints(those), slot=int(s)))
    if problem.allowed is not None:
        rows = np.flatnonzero(placed)
        for r in rows[~problem.allowed[rows, slot[rows]]]:
            found.append(Violation(Fault.SLOT_NOT_ALLOWED, (int(r),), slot=int(slot[r])))
    return found


def _choice(problem: Problem, r: int) -> NDArray[Any] | None:
    """The tables a request may have; None for any."""
    first, last = problem.request_tables_ptr[r], problem.request_tables_ptr[r + 1]
    row: NDArray[Any] | None = problem.request_tables_idx[first:last] if last > first else None
    if problem.fixed_table[r] >= 0:
        pinned = problem.fixed_table[r : r + 1]
        row = pinned if row is None else row[row == pinned]
    return row


def _near(problem: Problem, person: int, one: int, two: int) -> bool:
    distance = abs(int(problem.slot_start[one]) - int(problem.slot_start[two]))
    return distance < (1 + int(problem.min_gap[person])) * problem.slot_minutes


def _fixed_excuse(problem: Problem, slot: NDArray[Any], r: int) -> bool:
    """Whether fixed ``r`` really cannot stand beside the other fixed meetings."""
    at = int(problem.fixed_slot[r])
    onsite = problem.mode[r] == Mode.ONSITE
    choice = _choice(problem, r)
    tables = np.arange(problem.tables) if choice is None else choice
    party = set(_ints(problem.party(r)))
    if at < 0:
        # only the table is fixed: it must be shut whenever the persons are there
        together = problem.available[sorted(party)].all(axis=0)
        if problem.allowed is not None:
            together &= problem.allowed[r]
        return not (together & problem.table_available[tables].any(axis=0)).any()
    if not problem.available[sorted(party), at].all():
        return True
    if (problem.max_per_day[sorted(party)] == 0).any():
        return True
    if problem.allowed is not None and not problem.allowed[r, at]:
        return True
    tables = tables[problem.table_available[tables, at]]
    if onsite and tables.size == 0:
        return True
    if not onsite and problem.online_capacity[at] == 0:
        return True
    others = np.flatnonzero((problem.fixed_slot >= 0) & (slot >= 0))
    for person in party:
        same_day = 0
        for o in others:
            if person not in problem.party(int(o)):
                continue
            if _near(problem, person, int(slot[o]), at):
                return True
            same_day += int(problem.slot_day[slot[o]] == problem.slot_day[at])
        if 0 <= problem.max_per_day[person] <= same_day:
            return True
    # full of fixed meetings: as many of the same slot as it holds, or one wants this very table
    rivals = [int(o) for o in others if slot[o] == at and problem.mode[o] == problem.mode[r]]
    if not onsite:
        return 0 <= int(problem.online_capacity[at]) <= len(rivals)
    return not _seatable(problem, [*rivals, r], at)


def _seatable(problem: Problem, requests: list[int], at: int) -> bool:
    """Whether these can all be given different tables in a slot (Kuhn's matching)."""
    holder: dict[int, int] = {}

    def choices(r: int) -> list[int]:
        row = problem.request_tables_idx[
            problem.request_tables_ptr[r] : problem.request_tables_ptr[r + 1]
        ]
        tables = _ints(row) if row.size else tuple(range(problem.tables))
        pinned = int(problem.fixed_table[r])
        return [t for t in tables if problem.table_available[t, at] and (pinned < 0 or t == pinned)]

    def seat(r: int, seen: set[int]) -> bool:
        for t in choices(r):
            if t not in seen:
                seen.add(t)
                if t not in holder or seat(holder[t], seen):
                    holder[t] = r
                    return True
        return False

    return all(seat(r, set()) for r in requests)


def _fixed(problem: Problem, solution: Solution) -> list[Violation]:
    found = []
    placed = solution.slot >= 0
    moved = (problem.fixed_slot >= 0) & placed & (solution.slot != problem.fixed_slot)
    moved |= (problem.fixed_table >= 0) & placed & (solution.table != problem.fixed_table)
    for r in np.flatnonzero(moved):
        found.append(Violation(Fault.FIXED_MOVED, (int(r),)))
    for r in np.flatnonzero((problem.fixed_slot >= 0) & ~placed):
        if not _fixed_excuse(problem, solution.slot, int(r)):
            found.append(Violation(Fault.FIXED_DROPPED, (int(r),), slot=int(problem.fixed_slot[r])))
    return found


def _person_free(problem: Problem, facts: _Facts) -> NDArray[np.bool_]:
    """(P, S) slots in which each person could take one more meeting."""
    free = problem.available.copy()
    shut = np.zeros((problem.persons, problem.slots), np.int32)
    for s in range(problem.slots):
        distance = np.abs(problem.slot_start[facts.slot] - problem.slot_start[s])
        apart = (1 + problem.min_gap[facts.person].astype(np.int64)) * problem.slot_minutes
        np.add.at(shut[:, s], facts.person, distance < apart)
    free &= shut == 0
    for day in np.unique(problem.slot_day):
        number = np.bincount(facts.person[facts.day == day], minlength=problem.persons)
        full = (problem.max_per_day >= 0) & (number >= problem.max_per_day)
        free[np.ix_(full, problem.slot_day == day)] = False
    return free


def _reasons(problem: Problem, solution: Solution, facts: _Facts) -> list[Violation]:
    found = []
    slot, table, reason = solution.slot, solution.table, solution.reason

    def wrong(r: int, detail: str) -> None:
        found.append(Violation(Fault.WRONG_REASON, (r,), detail=detail))

    for r in _ints(np.flatnonzero((slot >= 0) != (reason == Reason.PLACED))):
        wrong(r, f"{Reason(int(reason[r])).name} with slot {int(slot[r])}")
    free = _person_free(problem, facts)
    taken = np.zeros((problem.tables, problem.slots), np.bool_)
    seated = np.flatnonzero((slot >= 0) & (table >= 0))
    taken[table[seated], slot[seated]] = True
    open_tables = problem.table_available & ~taken
    any_open = open_tables.any(axis=0)
    online = np.bincount(slot[(slot >= 0) & (problem.mode == Mode.ONLINE)], minlength=problem.slots)
    rooms = (problem.online_capacity < 0) | (online < problem.online_capacity)
    meets = problem.max_per_day != 0

    for r in _ints(np.flatnonzero((slot < 0) & (reason != Reason.PLACED))):
        party = problem.party(r)
        common = problem.available[party].all(axis=0) & meets[party].all()
        permitted = common if problem.allowed is None else common & problem.allowed[r]
        choice = _choice(problem, r)
        onsite = problem.mode[r] == Mode.ONSITE
        if onsite:
            room_left = any_open if choice is None else open_tables[choice].any(axis=0)
            some = slice(None) if choice is None else choice
            ever = permitted & problem.table_available[some].any(axis=0)
        else:
            room_left = rooms
            ever = permitted & (problem.online_capacity != 0)
        idle = permitted & free[party].all(axis=0)
        fixed = problem.fixed_slot[r] >= 0 or problem.fixed_table[r] >= 0
        if problem.fixed_slot[r] < 0 and (idle & room_left).any():
            wrong(r, f"it fits in slot {int(np.flatnonzero(idle & room_left)[0])}")
            continue
        full = Reason.NO_TABLE if onsite else Reason.NO_ONLINE_ROOM
        match Reason(int(reason[r])):
            case Reason.NO_COMMON_TIME:
                right = not common.any()
            case Reason.NOT_ALLOWED:
                right = bool(common.any()) and not permitted.any()
            case Reason.FIXED_CLASH:
                right = fixed and bool(permitted.any()) and _fixed_excuse(problem, slot, r)
            case Reason.PERSON_FULL:
                right = bool(permitted.any()) and not idle.any()
            case Reason.NO_TABLE | Reason.NO_ONLINE_ROOM:
                said = Reason(int(reason[r])) == full
                right = said and bool(permitted.any()) and bool(idle.any() or not ever.any())
            case _:
                right = False
        if not right:
            wrong(r, Reason(int(reason[r])).name)
    return found


def _figures(problem: Problem, solution: Solution, facts: _Facts) -> list[Violation]:
    found = []
    placed = solution.slot >= 0
    weight = float(problem.weight[placed].sum())
    persons = tuple(int((facts.meetings >= k).sum()) for k in range(1, problem.fairness_rounds + 1))
    said = solution.figures
    if (said.placed, said.persons) != (int(placed.sum()), persons) or not np.isclose(
        said.weight, weight
    ):
        found.append(Violation(Fault.FIGURES, detail=f"{said} but {weight=} {persons=}"))
    limit = solution.bound
    beyond = any(have > most for have, most in zip(persons, limit.persons, strict=True))
    if beyond or placed.sum() > limit.placed or weight > limit.weight * (1 + 1e-9) + 1e-9:
        found.append(Violation(Fault.BOUND, detail=f"{limit} is exceeded"))
    return found


def verify(problem: Problem, solution: Solution) -> list[Violation]:
    """All faults of a timetable.

    Args:
        problem: what was asked.
        solution: what was answered; nothing in it is trusted.

    Returns:
        The faults found, empty if there are none. If the arrays do not even have the right
        shape, only that is told.
    """
    found = _shape(problem, solution)
    if found:
        return found
    facts = _Facts(problem, solution.slot)
    return [
        *_persons(problem, facts),
        *_places(problem, solution.slot, solution.table),
        *_fixed(problem, solution),
        *_reasons(problem, solution, facts),
        *_figures(problem, solution, facts),
    ]
