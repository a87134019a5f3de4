"""Whether the reasons given for meetings without a place are true, and the smallest."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.checker_base import Facts, Fault, Violation, ints
from talex.engine.meetings.problem import Mode, Problem
from talex.engine.meetings.solution import Reason, Solution


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


def fixed_excuse(problem: Problem, slot: NDArray[Any], r: int) -> bool:
    """Whether fixed ``r`` really cannot stand beside the other fixed meetings."""
    at = int(problem.fixed_slot[r])
    onsite = problem.mode[r] == Mode.ONSITE
    choice = _choice(problem, r)
    tables = np.arange(problem.tables) if choice is None else choice
    party = set(ints(problem.party(r)))
    if at < 0:
        # only the table is fixed: it must be shut whenever the persons are there
        together = problem.available[sorted(party)].all(axis=0)
        if problem.allowed is not None:
            together &= problem.allowed[r]
        for which, units in problem.needs(r):
            capacity = problem.resource_capacity[which]
            together &= (capacity < 0) | (capacity >= units)
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
    if _extra_excuse(problem, slot, r, others):
        return True
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


def _extra_excuse(problem: Problem, slot: NDArray[Any], r: int, others: NDArray[Any]) -> bool:
    """Whether resources, order or walking keep fixed ``r`` from standing beside others."""
    at = int(problem.fixed_slot[r])
    for which, units in problem.needs(r):
        used = sum(
            need
            for o in others
            if slot[o] == at
            for other, need in problem.needs(int(o))
            if other == which
        )
        if 0 <= problem.resource_capacity[which, at] < used + units:
            return True
    for one, two in problem.precedence:
        if r == one and two in others and at >= slot[two]:
            return True
        if r == two and one in others and slot[one] >= at:
            return True
    if problem.hall_travel.size == 0 or problem.mode[r] == Mode.ONLINE:
        return False
    # Which halls are in reach depends on tables that may have changed since; near is enough.
    longest = (1 + int(problem.hall_travel.max())) * problem.slot_minutes
    party = set(ints(problem.party(r)))
    return any(
        problem.mode[o] == Mode.ONSITE
        and abs(int(problem.slot_start[slot[o]]) - int(problem.slot_start[at])) < longest
        and party & set(ints(problem.party(int(o))))
        for o in others
    )


def _seatable(problem: Problem, requests: list[int], at: int) -> bool:
    """Whether these can all be given different tables in a slot (Kuhn's matching)."""
    holder: dict[int, int] = {}

    def choices(r: int) -> list[int]:
        row = problem.request_tables_idx[
            problem.request_tables_ptr[r] : problem.request_tables_ptr[r + 1]
        ]
        tables = ints(row) if row.size else tuple(range(problem.tables))
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


def _busy(problem: Problem, facts: Facts) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(P, S) slots barred to each person by the day's maximum, and by a meeting or a pause."""
    busy = np.zeros((problem.persons, problem.slots), np.bool_)
    apart = (1 + problem.min_gap[facts.person].astype(np.int64)) * problem.slot_minutes
    for s in range(problem.slots):
        distance = np.abs(problem.slot_start[facts.slot] - problem.slot_start[s])
        busy[facts.person[distance < apart], s] = True
    full = np.zeros_like(busy)
    for day in np.unique(problem.slot_day):
        number = np.bincount(facts.person[facts.day == day], minlength=problem.persons)
        over = (problem.max_per_day >= 0) & (number >= problem.max_per_day)
        full[np.ix_(over, problem.slot_day == day)] = True
    return full, busy


def _any(row: NDArray[Any], said: NDArray[np.bool_], rows: int) -> NDArray[np.bool_]:
    """(rows, H) whether it is said of a row anywhere."""
    result = np.zeros((rows, said.shape[1]), np.bool_)
    for h in range(said.shape[1]):
        result[row[said[:, h]], h] = True
    return result


def _out_of_reach(problem: Problem, facts: Facts) -> NDArray[np.bool_]:
    """(P, S, H) halls a person cannot be in because of meetings before and after."""
    halls = problem.hall_travel.shape[0]
    far = np.zeros((problem.persons, problem.slots, halls), np.bool_)
    onsite = facts.hall >= 0
    person, slot, hall = facts.person[onsite], facts.slot[onsite], facts.hall[onsite]
    longest = (1 + int(problem.hall_travel.max())) * problem.slot_minutes
    for s in range(problem.slots):
        start = problem.slot_start[s] - problem.slot_start[slot]
        near = np.flatnonzero((np.abs(start) < longest) & (start != 0))
        gone, there = start[near, None], hall[near]
        late = (gone > 0) & (gone < (1 + problem.hall_travel[there]) * problem.slot_minutes)
        early = (gone < 0) & (-gone < (1 + problem.hall_travel.T[there]) * problem.slot_minutes)
        far[:, s] |= _any(person[near], late | early, problem.persons)
    return far


class _Left:
    """What a finished timetable leaves open, for the requests without a place."""

    def __init__(
        self, problem: Problem, solution: Solution, facts: Facts, rows: NDArray[Any]
    ) -> None:
        self.problem, self.rows = problem, rows
        slot, table = solution.slot, solution.table
        taken = np.zeros((problem.tables, problem.slots), np.bool_)
        seated = np.flatnonzero((slot >= 0) & (table >= 0))
        taken[table[seated], slot[seated]] = True
        self.open = problem.table_available & ~taken
        online = (slot >= 0) & (problem.mode == Mode.ONLINE)
        used = np.bincount(slot[online], minlength=problem.slots)
        self.rooms = (problem.online_capacity < 0) | (used < problem.online_capacity)
        meets = problem.available & (problem.max_per_day != 0)[:, None]
        self.common = self._all(meets)
        self.permitted = self.common
        if problem.allowed is not None:
            self.permitted = self.common & problem.allowed[rows]
        full, busy = _busy(problem, facts)
        far = _out_of_reach(problem, facts) if problem.hall_travel.size else None
        place, walk, self.ever = self._places(far)
        lacking, self.supplied = self._resources(slot)
        order = self._order(slot)
        kinds = [~self._all(~full), ~self._all(~busy), place, lacking, walk, order]
        self.kinds = np.zeros(self.common.shape, np.uint8)
        for bit, barred in enumerate(kinds):
            self.kinds |= (barred.astype(np.uint8) << bit).astype(np.uint8)

    def _all(self, persons: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(N, S) where it holds for everybody of the request."""
        result = np.ones((self.rows.size, self.problem.slots), np.bool_)
        count = np.diff(self.problem.party_ptr)[self.rows]
        first = self.problem.party_ptr[self.rows]
        for i in range(int(count.max(initial=0))):
            some = np.flatnonzero(count > i)
            result[some] &= persons[self.problem.party_idx[first[some] + i]]
        return result

    def _places(
        self, far: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
        """(N, S) no table (or room) left; tables left, but none in reach; any at all."""
        problem, rows = self.problem, self.rows
        onsite = problem.mode[rows] == Mode.ONSITE
        left = np.where(onsite[:, None], self.open.any(axis=0), self.rooms)
        ever = np.where(
            onsite[:, None], problem.table_available.any(axis=0), problem.online_capacity != 0
        )
        special = (np.diff(problem.request_tables_ptr) > 0) | (problem.fixed_table >= 0)
        for i in np.flatnonzero(onsite & special[rows]):
            choice = _choice(problem, int(rows[i]))
            left[i] = self.open[choice].any(axis=0)
            ever[i] = problem.table_available[choice].any(axis=0)
        walk = np.zeros_like(left)
        if far is None:
            return ~left, walk, ever
        halls = far.shape[2]
        in_hall = np.zeros((halls, problem.slots), np.bool_)
        np.logical_or.at(in_hall, problem.table_hall, self.open)
        for i in np.flatnonzero(onsite):
            r = int(rows[i])
            mine = in_hall
            if special[r]:
                choice = problem.tables_of(r)
                mine = np.zeros_like(in_hall)
                np.logical_or.at(mine, problem.table_hall[choice], self.open[choice])
            reach = ~far[problem.party(r)].any(axis=0)
            walk[i] = left[i] & ~(mine.T & reach).any(axis=1)
        return ~left, walk, ever

    def _resources(self, slot: NDArray[Any]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """(N, S) where too few units are left, and where there are enough in all."""
        problem = self.problem
        count = np.diff(problem.request_resources_ptr)
        owner = np.repeat(np.arange(problem.requests), count)
        units = problem.request_resources_units.astype(np.int64)
        held = slot[owner] >= 0
        used = np.zeros((problem.resources, problem.slots), np.int64)
        np.add.at(used, (problem.request_resources_idx[held], slot[owner[held]]), units[held])
        endless = problem.resource_capacity < 0
        left = np.where(endless, 2**30, problem.resource_capacity - used)
        whole = np.where(endless, 2**30, problem.resource_capacity)
        lacking = np.zeros((self.rows.size, problem.slots), np.bool_)
        supplied = ~lacking
        first = problem.request_resources_ptr[self.rows]
        for i in range(int(count[self.rows].max(initial=0))):
            some = np.flatnonzero(count[self.rows] > i)
            at = first[some] + i
            which, need = problem.request_resources_idx[at], units[at][:, None]
            lacking[some] |= left[which] < need
            supplied[some] &= whole[which] >= need
        return lacking, supplied

    def _order(self, slot: NDArray[Any]) -> NDArray[np.bool_]:
        barred = np.zeros((self.rows.size, self.problem.slots), np.bool_)
        row = np.full(self.problem.requests, -1)
        row[self.rows] = np.arange(self.rows.size)
        every = np.arange(self.problem.slots)
        for one, two in self.problem.precedence:
            if row[two] >= 0 and slot[one] >= 0:
                barred[row[two]] |= every <= slot[one]
            if row[one] >= 0 and slot[two] >= 0:
                barred[row[one]] |= every >= slot[two]
        return barred


#: The kinds in the order of their bits; a meeting online wants a room and not a table.
_KINDS = (
    Reason.DAY_LIMIT,
    Reason.PERSON_FULL,
    Reason.NO_TABLE,
    Reason.NO_RESOURCE,
    Reason.TOO_FAR,
    Reason.ORDER,
)


def _smallest(left: _Left) -> NDArray[np.int64]:
    """(N,) the last kind of the smallest set that bars all slots, -1 if nothing does."""
    last = np.full(left.rows.size, -1)
    open_rows = np.arange(left.rows.size)
    for size in range(1, len(_KINDS) + 1):
        for kinds in combinations(range(len(_KINDS)), size):
            mask = np.uint8(sum(1 << kind for kind in kinds))
            barred = ((left.kinds[open_rows] & mask) != 0) | ~left.permitted[open_rows]
            done = barred.all(axis=1)
            last[open_rows[done]] = kinds[-1]
            open_rows = open_rows[~done]
            if open_rows.size == 0:
                return last
    return last


def wrong_reasons(problem: Problem, solution: Solution, facts: Facts) -> list[Violation]:
    """Reasons that are not true, or not the smallest; and requests that would simply fit."""
    found = []
    slot, reason = solution.slot, solution.reason

    def wrong(r: int, detail: str) -> None:
        found.append(Violation(Fault.WRONG_REASON, (int(r),), detail=detail))

    for r in map(int, np.flatnonzero((slot >= 0) != (reason == Reason.PLACED))):
        wrong(r, f"{Reason(int(reason[r])).name} with slot {int(slot[r])}")
    rows = np.flatnonzero((slot < 0) & (reason != Reason.PLACED))
    if rows.size == 0:
        return found
    left = _Left(problem, solution, facts, rows)
    place = np.where(problem.mode[rows] == Mode.ONSITE, Reason.NO_TABLE, Reason.NO_ONLINE_ROOM)
    last = _smallest(left)
    right = np.array(_KINDS)[last]
    right = np.where(right == Reason.NO_TABLE, place, right)
    ever = left.permitted & left.ever
    right = np.where((ever & left.supplied).any(axis=1), right, Reason.NO_RESOURCE)
    right = np.where(ever.any(axis=1), right, place)
    pinned = problem.fixed_slot[rows] >= 0
    pinned |= (problem.fixed_table[rows] >= 0) & ~ever.any(axis=1)
    right = np.where(pinned, Reason.FIXED_CLASH, right)
    right = np.where(left.permitted.any(axis=1), right, Reason.NOT_ALLOWED)
    right = np.where(left.common.any(axis=1), right, Reason.NO_COMMON_TIME)
    fits = (last < 0) & (problem.fixed_slot[rows] < 0) & (ever & left.supplied).any(axis=1)
    for i in np.flatnonzero(fits):
        at = left.permitted[i] & (left.kinds[i] == 0)
        wrong(int(rows[i]), f"it fits in slot {int(np.flatnonzero(at)[0])}")
    for i in np.flatnonzero(~fits & (right != reason[rows])):
        wrong(
            int(rows[i]), f"{Reason(int(reason[rows[i]])).name}, not {Reason(int(right[i])).name}"
        )
    for i in np.flatnonzero(~fits & (right == Reason.FIXED_CLASH) & (right == reason[rows])):
        if not fixed_excuse(problem, slot, int(rows[i])):
            wrong(int(rows[i]), "FIXED_CLASH, but it could be kept")
    return found
