"""Other ways to make a timetable of meetings: first-fit, and a plain CP-SAT model."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from talex.engine.meetings import Mode, Problem


class FirstFit:
    """The obvious way: heaviest first, earliest slot in which all are free, first free table."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.slot = np.full(problem.requests, -1)
        self.table = np.full(problem.requests, -1)
        self.free = problem.available.copy()
        self.tables = problem.table_available.copy()
        self.rooms = np.where(problem.online_capacity < 0, 2**30, problem.online_capacity)
        supply = problem.resource_capacity.astype(np.int64)
        self.left = np.where(supply < 0, 2**30, supply)
        days = int(problem.slot_day.max()) + 1
        self.count = np.zeros((problem.persons, days), np.int64)
        # the hall each person is in, -1 none
        self.hall = np.full((problem.persons, problem.slots), -1)
        start = problem.slot_start
        self.apart = np.abs(start[:, None] - start[None, :])
        for r in map(int, np.argsort(-problem.weight, kind="stable")):
            party = problem.party(r)
            for s in map(int, np.flatnonzero(self.free[party].all(axis=0))):
                if self._place(r, s, party):
                    break

    def _place(self, r: int, s: int, party: NDArray[Any]) -> bool:
        problem = self.problem
        needs = problem.needs(r)
        if any(self.left[which, s] < units for which, units in needs):
            return False
        if problem.mode[r] == Mode.ONSITE:
            t = self._table(r, s, party)
            if t < 0:
                return False
            self.tables[t, s] = False
            self.table[r] = t
            self.hall[party, s] = problem.table_hall[t]
        else:
            if self.rooms[s] <= 0:
                return False
            self.rooms[s] -= 1
        for which, units in needs:
            self.left[which, s] -= units
        self.slot[r] = s
        day = problem.slot_day[s]
        for p in party:
            pause = (1 + int(problem.min_gap[p])) * problem.slot_minutes
            self.free[p, self.apart[s] < pause] = False
            self.count[p, day] += 1
            if 0 <= problem.max_per_day[p] <= self.count[p, day]:
                self.free[p, problem.slot_day == day] = False
        return True

    def _table(self, r: int, s: int, party: NDArray[Any]) -> int:
        problem = self.problem
        row = problem.request_tables_ptr[r], problem.request_tables_ptr[r + 1]
        if row[0] == row[1] and problem.fixed_table[r] < 0:
            free = np.flatnonzero(self.tables[:, s])
        else:
            choice = problem.tables_of(r)
            free = choice[self.tables[choice, s]]
        if free.size and problem.hall_travel.size:
            hall = problem.table_hall[free]
            for p in party:
                for v in np.flatnonzero(self.hall[p] >= 0):
                    there = self.hall[p, v]
                    travel = problem.hall_travel
                    lost = travel[there, hall] if v < s else travel[hall, there]
                    near = self.apart[s, v] >= (1 + lost) * problem.slot_minutes
                    free, hall = free[near], hall[near]
        return int(free[0]) if free.size else -1


def first_fit(problem: Problem) -> NDArray[np.int64]:
    """Slots of the first-fit timetable, -1 not placed."""
    return FirstFit(problem).slot


class SlotModel:
    """CP-SAT with a variable for each request, slot and (where people walk) hall.

    The tables of a hall are one pool. As somebody would write it down: no bound, no symmetry
    broken, no start given.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem, self.model = problem, cp_model.CpModel()
        self.walking = bool(problem.hall_travel.any())
        self.pools = np.unique(problem.table_hall) if self.walking else np.zeros(1, np.int64)
        #: request, slot, hall (-1 online), variable
        self.all: list[tuple[int, int, int, Any]] = []
        #: by person and slot: hall and variable
        self.at: dict[tuple[int, int], list[tuple[int, Any]]] = {}
        self._requests()
        self._persons()
        self._shared()

    def _requests(self) -> None:
        problem = self.problem
        for r in range(problem.requests):
            party = problem.party(r)
            online = problem.mode[r] == Mode.ONLINE
            mine = []
            for s in map(int, np.flatnonzero(problem.available[party].all(axis=0))):
                for hall in [-1] if online else map(int, self.pools):
                    var = self.model.new_bool_var("")
                    mine.append(var)
                    self.all.append((r, s, hall, var))
                    for p in party:
                        self.at.setdefault((int(p), s), []).append((hall, var))
            self.model.add_at_most_one(mine)

    def _persons(self) -> None:
        problem, model = self.problem, self.model
        start, slots = problem.slot_start, range(problem.slots)
        lost = int(problem.hall_travel.max(initial=0))
        for p in range(problem.persons):
            mine = [self.at.get((p, s), []) for s in slots]
            pause = (1 + int(problem.min_gap[p])) * problem.slot_minutes
            far = (1 + max(lost, int(problem.min_gap[p]))) * problem.slot_minutes
            for s in slots:
                model.add_at_most_one(v for _, v in mine[s])
                for later in range(s + 1, problem.slots):
                    gone = int(start[later] - start[s])
                    if gone < pause:
                        model.add_at_most_one(v for _, v in mine[s] + mine[later])
                    elif gone < far and self.walking:
                        self._walk(mine[s], mine[later], gone)
            for day in np.unique(problem.slot_day) if problem.max_per_day[p] >= 0 else ():
                held = [v for s in np.flatnonzero(problem.slot_day == day) for _, v in mine[s]]
                model.add(sum(held) <= int(problem.max_per_day[p]))

    def _walk(self, here: list[tuple[int, Any]], there: list[tuple[int, Any]], gone: int) -> None:
        problem = self.problem
        for hall in map(int, self.pools):
            leaves = [v for h, v in here if h == hall]
            barred = [
                v
                for h, v in there
                if h >= 0 and gone < (1 + problem.hall_travel[hall, h]) * problem.slot_minutes
            ]
            if leaves and barred:
                self.model.add_at_most_one(leaves + barred)

    def _shared(self) -> None:
        problem, model = self.problem, self.model
        seats: dict[tuple[int, int], list[Any]] = {}
        needed: dict[tuple[int, int], list[Any]] = {}
        for r, s, hall, var in self.all:
            seats.setdefault((s, hall), []).append(var)
            for which, units in problem.needs(r):
                needed.setdefault((which, s), []).append(units * var)
        for (s, hall), held in seats.items():
            pool = problem.table_hall == hall if self.walking else slice(None)
            room = int(problem.table_available[pool, s].sum())
            room = int(problem.online_capacity[s]) if hall < 0 else room
            if room >= 0:
                model.add(sum(held) <= room)
        for (which, s), held in needed.items():
            if problem.resource_capacity[which, s] >= 0:
                model.add(sum(held) <= int(problem.resource_capacity[which, s]))


def slot_model(problem: Problem, seconds: float) -> tuple[NDArray[np.int64], float, str]:
    """The model solved by CP-SAT on two cores: slots, bound, status.

    For problems whose on-site requests may use every table, without order or fixed places.
    """
    built = SlotModel(problem)
    weight = problem.weight
    built.model.maximize(sum(int(weight[r]) * var for r, _, _, var in built.all))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    status = solver.solve(built.model)
    slot = np.full(problem.requests, -1)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        for r, s, _, var in built.all:
            if solver.boolean_value(var):
                slot[r] = s
    return slot, solver.best_objective_bound, solver.status_name(status).lower()
