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


def slot_model(problem: Problem, seconds: float) -> tuple[NDArray[np.int64], float, str]:
    """CP-SAT with a variable for each request and slot; the tables are one pool.

    For problems of the families without walking or pauses. Returns slots, bound, status.
    """
    model = cp_model.CpModel()
    at: dict[tuple[int, int], list[Any]] = {}
    seats: list[list[Any]] = [[] for _ in range(problem.slots)]
    rooms: list[list[Any]] = [[] for _ in range(problem.slots)]
    where: list[tuple[int, int, Any]] = []
    for r in range(problem.requests):
        mine = []
        party = problem.party(r)
        for s in map(int, np.flatnonzero(problem.available[party].all(axis=0))):
            var = model.new_bool_var("")
            mine.append(var)
            where.append((r, s, var))
            (rooms if problem.mode[r] == Mode.ONLINE else seats)[s].append(var)
            for p in party:
                at.setdefault((int(p), s), []).append(var)
        model.add_at_most_one(mine)
    for group in at.values():
        model.add_at_most_one(group)
    for s in range(problem.slots):
        model.add(sum(seats[s]) <= int(problem.table_available[:, s].sum()))
        if problem.online_capacity[s] >= 0:
            model.add(sum(rooms[s]) <= int(problem.online_capacity[s]))
    model.maximize(sum(int(problem.weight[r]) * var for r, _, var in where))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    slot = np.full(problem.requests, -1)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        for r, s, var in where:
            if solver.boolean_value(var):
                slot[r] = s
    return slot, solver.best_objective_bound, solver.status_name(status).lower()
