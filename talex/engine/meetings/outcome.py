"""Where a meeting could go, and what bars it from the slots where it cannot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.problem import Integers, Mode, Problem
from talex.engine.meetings.solution import Reason, Solution


@dataclass(frozen=True, eq=False)
class Fit:
    """A slot in which a meeting could stand now.

    Attributes:
        slot: the slot.
        tables: the tables free for it there; none when it is held online.
    """

    slot: int
    tables: Integers


class _Others:
    """All meetings but one, and what they leave to it."""

    def __init__(self, problem: Problem, solution: Solution, request: int) -> None:
        if not 0 <= request < problem.requests:
            raise IndexError(f"no request {request}")
        self.problem, self.request = problem, request
        self.slot = solution.slot.copy()
        self.slot[request] = -1
        self.table = solution.table
        self.owner = np.repeat(np.arange(problem.requests), np.diff(problem.party_ptr))
        self.mine = {
            int(p): self._meetings(self.owner[problem.party_idx == p])
            for p in problem.party(request)
        }

    def _meetings(self, rows: Integers) -> Integers:
        return rows[self.slot[rows] >= 0]

    def permitted(self) -> NDArray[np.bool_]:
        """(S,) slots the meeting may have and all are there."""
        problem, request = self.problem, self.request
        slots = np.ones(problem.slots, np.bool_)
        if problem.allowed is not None:
            slots &= problem.allowed[request]
        if problem.fixed_slot[request] >= 0:
            slots &= np.arange(problem.slots) == problem.fixed_slot[request]
        for person in problem.party(request):
            slots &= problem.available[person] & (problem.max_per_day[person] != 0)
        return slots

    def busy(self) -> NDArray[np.bool_]:
        barred = np.zeros(self.problem.slots, np.bool_)
        start = self.problem.slot_start
        for person, rows in self.mine.items():
            apart = (1 + int(self.problem.min_gap[person])) * self.problem.slot_minutes
            distance = np.abs(start[:, None] - start[self.slot[rows]][None, :])
            barred |= (distance < apart).any(axis=1)
        return barred

    def day_full(self) -> NDArray[np.bool_]:
        barred = np.zeros(self.problem.slots, np.bool_)
        day = self.problem.slot_day
        for person, rows in self.mine.items():
            if self.problem.max_per_day[person] >= 0:
                same = (day[:, None] == day[self.slot[rows]][None, :]).sum(axis=1)
                barred |= same >= self.problem.max_per_day[person]
        return barred

    def short_of_resources(self) -> NDArray[np.bool_]:
        problem = self.problem
        barred = np.zeros(problem.slots, np.bool_)
        owner = np.repeat(np.arange(problem.requests), np.diff(problem.request_resources_ptr))
        for which, units in problem.needs(self.request):
            rows = np.flatnonzero(
                (problem.request_resources_idx == which) & (self.slot[owner] >= 0)
            )
            used = np.bincount(
                self.slot[owner[rows]],
                problem.request_resources_units[rows].astype(float),
                minlength=problem.slots,
            )
            capacity = problem.resource_capacity[which]
            barred |= (capacity >= 0) & (used + units > capacity)
        return barred

    def out_of_order(self) -> NDArray[np.bool_]:
        barred = np.zeros(self.problem.slots, np.bool_)
        every = np.arange(self.problem.slots)
        for one, two in self.problem.precedence:
            if two == self.request and self.slot[one] >= 0:
                barred |= every <= self.slot[one]
            if one == self.request and self.slot[two] >= 0:
                barred |= every >= self.slot[two]
        return barred

    def rooms_full(self) -> NDArray[np.bool_]:
        problem = self.problem
        online = self.slot[(problem.mode == Mode.ONLINE) & (self.slot >= 0)]
        used = np.bincount(online, minlength=problem.slots)
        return (problem.online_capacity >= 0) & (used >= problem.online_capacity)

    def free_tables(self, s: int) -> Integers:
        """Tables for the meeting that nobody else has in a slot."""
        free = self.problem.table_available[:, s].copy()
        taken = self.table[self.slot == s]
        free[taken[taken >= 0]] = False
        tables = self.problem.tables_of(self.request)
        return tables[free[tables]]

    def in_reach(self, tables: Integers, s: int) -> Integers:
        """Those of the tables that everybody can walk to and from in time."""
        problem = self.problem
        if problem.hall_travel.size == 0:
            return tables
        hall = problem.table_hall[tables]
        near = np.ones(tables.size, np.bool_)
        for rows in self.mine.values():
            for other in rows[self.table[rows] >= 0]:
                there = problem.table_hall[self.table[other]]
                gone = int(problem.slot_start[s] - problem.slot_start[self.slot[other]])
                lost = (
                    problem.hall_travel[there, hall]
                    if gone > 0
                    else problem.hall_travel[hall, there]
                )
                near &= abs(gone) >= (1 + lost) * problem.slot_minutes
        return tables[near]


def barriers(problem: Problem, solution: Solution, request: int) -> dict[int, tuple[Reason, ...]]:
    """What bars a meeting from each slot that it may have and all its persons are there.

    The slot it has already is not among them. An empty tuple means that it could stand there at
    once; see ``fits``.

    Args:
        problem: the problem.
        solution: any timetable for it.
        request: index of the meeting.

    Raises:
        IndexError: if there is no such request.
    """
    others = _Others(problem, solution, request)
    online = problem.mode[request] == Mode.ONLINE
    everywhere = (
        (Reason.DAY_LIMIT, others.day_full()),
        (Reason.PERSON_FULL, others.busy()),
        (Reason.NO_RESOURCE, others.short_of_resources()),
        (Reason.ORDER, others.out_of_order()),
    )
    rooms = others.rooms_full()
    found: dict[int, tuple[Reason, ...]] = {}
    for s in map(int, np.flatnonzero(others.permitted())):
        if s == solution.slot[request]:
            continue
        kinds = [kind for kind, barred in everywhere if barred[s]]
        if online:
            kinds += [Reason.NO_ONLINE_ROOM] if rooms[s] else []
        else:
            tables = others.free_tables(s)
            if tables.size == 0:
                kinds.append(Reason.NO_TABLE)
            elif others.in_reach(tables, s).size == 0:
                kinds.append(Reason.TOO_FAR)
        found[s] = tuple(kinds)
    return found


def fits(problem: Problem, solution: Solution, request: int) -> list[Fit]:
    """Where a meeting could be moved, or placed, right now without moving anything else.

    The slot and table it has already are not among them, other tables of its slot are. A fixed
    slot or table of the meeting itself is respected.

    Args:
        problem: the problem.
        solution: any timetable for it.
        request: index of the meeting.

    Raises:
        IndexError: if there is no such request.
    """
    others = _Others(problem, solution, request)
    open_slots = others.permitted() & ~others.busy() & ~others.day_full()
    open_slots &= ~others.short_of_resources() & ~others.out_of_order()
    none = np.zeros(0, np.int32)
    if problem.mode[request] == Mode.ONLINE:
        open_slots &= ~others.rooms_full()
        open_slots &= np.arange(problem.slots) != solution.slot[request]
        return [Fit(int(s), none) for s in np.flatnonzero(open_slots)]
    found = []
    for s in map(int, np.flatnonzero(open_slots)):
        choice = others.in_reach(others.free_tables(s), s)
        if s == solution.slot[request]:
            choice = choice[choice != solution.table[request]]
        if choice.size:
            found.append(Fit(s, choice))
    return found
