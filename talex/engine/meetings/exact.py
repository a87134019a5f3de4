"""Small problems by CP-SAT: the best timetable for fairness and weight, proved.

One variable for each request and slot. Tables need no variable of their own for each request:
requests of a class and tables of a kind (same classes, open in the slot) form a transport
problem per slot, and a seating is then found by augmenting paths.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from talex.engine.meetings.arrays import UNLIMITED, Static, unpack
from talex.engine.meetings.problem import Objective

_SCALE = 1_000_000


@dataclass(frozen=True)
class Exact:
    """(R,) slots and halls found (-1 none), and whether they are proved best.

    Halls are -1 throughout where nobody has to walk.
    """

    slot: NDArray[np.int64]
    hall: NDArray[np.int64]
    proved: bool


def whole_weights(weight: NDArray[np.float64]) -> NDArray[np.int64]:
    """Weights as whole numbers: themselves if they are, else millionths of the largest."""
    if (weight == np.round(weight)).all() and weight.max(initial=0.0) <= _SCALE:
        return weight.astype(np.int64)
    return np.asarray(np.round(weight * (_SCALE / weight.max(initial=1e-300))), np.int64)


class _Model:
    """The constraints, and sums that the objectives are made of."""

    def __init__(self, k: Static, placed: NDArray[np.bool_]) -> None:
        self.k = k
        self.model = cp_model.CpModel()
        self.slots = k.day.size
        self.x: dict[tuple[int, int], cp_model.IntVar] = {}
        self.of_request: list[list[cp_model.IntVar]] = [[] for _ in range(k.weight.size)]
        base = unpack(k.base, self.slots)
        for r, s in zip(*np.nonzero(base), strict=True):
            # fixed meetings were placed first; one that clashes stays out
            if k.fixed[r] and not placed[r]:
                continue
            var = self.model.new_bool_var("")
            self.x[int(r), int(s)] = var
            self.of_request[r].append(var)
        for r, variables in enumerate(self.of_request):
            if k.fixed[r] and variables:
                self.model.add_exactly_one(variables)
            elif len(variables) > 1:
                self.model.add_at_most_one(variables)
        self.in_hall: dict[tuple[int, int, int], cp_model.IntVar] = {}
        self._persons()
        if k.travel.any():
            self._halls()
        self._tables()
        self._resources()
        self._order()

    def _persons(self) -> None:
        k, model = self.k, self.model
        requests_of: list[list[int]] = [[] for _ in range(k.cap.size)]
        for r in range(k.weight.size):
            for p in k.idx[k.ptr[r] : k.ptr[r + 1]]:
                requests_of[p].append(r)
        self.requests_of = requests_of
        blocks = [unpack(rows, self.slots) for rows in k.block]
        for p, requests in enumerate(requests_of):
            block = blocks[k.gap_class[p]]
            for s in range(self.slots):
                # slots from s on that exclude s exclude each other too
                window = [v for v in np.flatnonzero(block[s]) if v >= s]
                together = [
                    self.x[r, int(v)] for r in requests for v in window if (r, int(v)) in self.x
                ]
                if len(together) > 1:
                    model.add_at_most_one(together)
            if k.cap[p] < UNLIMITED:
                for d in range(k.day_ptr.size - 1):
                    day = [
                        self.x[r, s]
                        for r in requests
                        for s in range(k.day_ptr[d], k.day_ptr[d + 1])
                        if (r, s) in self.x
                    ]
                    if len(day) > k.cap[p]:
                        model.add(sum(day) <= int(k.cap[p]))

    def _halls(self) -> None:
        """In which hall a meeting is, and that nobody has to be in two that are too far apart."""
        k, model = self.k, self.model
        tables = k.hall.size
        member = unpack(k.class_mask, tables)
        opened = unpack(k.table_avail, tables)
        halls = k.travel.shape[0]
        for (r, s), var in self.x.items():
            if k.cls[r] < 0:
                continue
            some = np.unique(k.hall[member[k.cls[r]] & opened[s]])
            if some.size and some[0] < 0:  # an online room
                continue
            choice = [model.new_bool_var("") for _ in some]
            for h, variable in zip(some, choice, strict=True):
                self.in_hall[r, s, int(h)] = variable
            model.add(sum(choice) == var)
        for requests in self.requests_of:
            for s in range(self.slots):
                for v in range(s + 1, int(k.near[s, 1]) + 1):
                    for h in range(halls):
                        here = [
                            self.in_hall[r, s, h] for r in requests if (r, s, h) in self.in_hall
                        ]
                        there = [
                            self.in_hall[r, v, g]
                            for r in requests
                            for g in range(halls)
                            if k.travel[h, g] > k.room[s, v] and (r, v, g) in self.in_hall
                        ]
                        if here and there:
                            model.add(sum(here) + sum(there) <= 1)

    def _resources(self) -> None:
        k = self.k
        for q in range(k.supply.shape[0]):
            needs = np.flatnonzero(k.need_idx == q)
            for s in range(self.slots):
                terms = [
                    int(k.need_units[j]) * self.x[int(k.need_owner[j]), s]
                    for j in needs
                    if (int(k.need_owner[j]), s) in self.x
                ]
                if terms and k.supply[q, s] < UNLIMITED:
                    self.model.add(sum(terms) <= int(k.supply[q, s]))

    def _order(self) -> None:
        """The first at s or later bars the second from s and earlier."""
        k = self.k
        for r in range(k.weight.size):
            for two in k.after_idx[k.after_ptr[r] : k.after_ptr[r + 1]]:
                for s in range(self.slots):
                    late = [self.x[r, v] for v in range(s, self.slots) if (r, v) in self.x]
                    early = [self.x[int(two), v] for v in range(s + 1) if (int(two), v) in self.x]
                    if late and early:
                        self.model.add(sum(late) + sum(early) <= 1)

    def _tables(self) -> None:
        k = self.k
        tables = k.hall.size
        member = unpack(k.class_mask, tables)
        opened = unpack(k.table_avail, tables)
        for s in range(self.slots):
            for h in (*range(k.travel.shape[0]), -1) if self.in_hall else (None,):
                # walking makes every hall a place of its own
                here = opened[s] if h is None else opened[s] & (k.hall == h)
                wanting: dict[int, list[cp_model.IntVar]] = {}
                for r in range(k.weight.size):
                    key = (r, s, h)
                    var = self.in_hall.get(key) if h is not None and h >= 0 else None
                    if h is None or (h < 0 and self._online(member, r)):
                        var = self.x.get((r, s))
                    if k.cls[r] >= 0 and var is not None:
                        wanting.setdefault(int(k.cls[r]), []).append(var)
                self._seats(wanting, member, here)

    def _online(self, member: NDArray[np.bool_], r: int) -> bool:
        c = self.k.cls[r]
        return bool(c >= 0 and (self.k.hall[member[c]] < 0).any())

    def _seats(
        self,
        wanting: dict[int, list[cp_model.IntVar]],
        member: NDArray[np.bool_],
        opened: NDArray[np.bool_],
    ) -> None:
        """Classes of requests and kinds of tables of one slot (and hall): a transport problem."""
        model = self.model
        classes = sorted(wanting)
        if classes:
            here = np.flatnonzero(opened & member[classes].any(axis=0))
            kinds, sizes = np.unique(member[classes][:, here].T, axis=0, return_counts=True)
            if kinds.shape[0] == 1:
                wishes = [v for c in classes for v in wanting[c]]
                if len(wishes) > sizes[0]:
                    model.add(sum(wishes) <= int(sizes[0]))
                return
            into: list[list[cp_model.IntVar]] = [[] for _ in sizes]
            for i, c in enumerate(classes):
                flows = []
                for kind in np.flatnonzero(kinds[:, i]):
                    most = min(int(sizes[kind]), len(wanting[c]))
                    flow = model.new_int_var(0, most, "")
                    flows.append(flow)
                    into[kind].append(flow)
                model.add(sum(wanting[c]) <= sum(flows))
            for size, arriving in zip(sizes, into, strict=True):
                if len(arriving) > 1:
                    model.add(sum(arriving) <= int(size))

    def rounds(self, number: int) -> list[cp_model.LinearExprT]:
        """For each round k, the number of persons with at least k meetings."""
        sums: list[cp_model.LinearExprT] = []
        before: list[cp_model.IntVar] = []
        levels: list[list[cp_model.IntVar]] = []
        for _ in range(number):
            level = [self.model.new_bool_var("") for _ in self.requests_of]
            for lower, upper in zip(before, level, strict=False):
                self.model.add_implication(upper, lower)
            levels.append(level)
            before = level
            sums.append(sum(level))
        if number:
            for p, requests in enumerate(self.requests_of):
                has = [v for r in requests for v in self.of_request[r]]
                self.model.add(sum(has) >= sum(level[p] for level in levels))
        return sums

    def weight(self, whole: NDArray[np.int64]) -> cp_model.LinearExprT:
        return sum(int(whole[r]) * v for (r, _), v in self.x.items())

    def kept(self) -> cp_model.LinearExprT:
        """How many stay in their slot, and in their hall where it is known who sits in which."""
        k = self.k
        stay = []
        for (r, s), var in self.x.items():
            if k.warm_slot[r] == s:
                hall = int(k.hall[k.warm_table[r]]) if k.warm_table[r] >= 0 else -1
                stay.append(self.in_hall.get((r, s, hall), var))
        return sum(stay)


def _run(
    solver: cp_model.CpSolver, model: cp_model.CpModel, cancelled: Callable[[], bool]
) -> cp_model.CpSolverStatus:
    """Solve in a thread of its own, so that the caller's functions run in the caller's."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(solver.solve, model)
        while True:
            try:
                return running.result(timeout=0.1)
            except StillRunning:
                if cancelled():
                    solver.stop_search()


def solve_exact(
    k: Static,
    weight: NDArray[np.float64],
    start: NDArray[np.int64],
    seconds: float,
    seed: int,
    cancelled: Callable[[], bool],
    order: tuple[Objective, ...] = (Objective.FAIRNESS, Objective.WEIGHT),
) -> Exact:
    """Fairness round by round, weight, then meetings kept; each proved before the next.

    Args:
        k: the laid out problem.
        weight: (R,) weights as given.
        start: (R,) slots of a timetable to start from.
        seconds: wall time for all of it.
        seed: of the solver.
        cancelled: asked about ten times a second.
        order: of fairness and weight; later objectives are not regarded.

    Returns:
        The best timetable found; ``proved`` is about fairness and weight.
    """
    until = time.monotonic() + seconds
    built = _Model(k, start >= 0)
    whole = whole_weights(weight)
    objectives: list[cp_model.LinearExprT] = []
    for objective in order:
        if objective == Objective.FAIRNESS:
            objectives += built.rounds(k.bonus.size - 2)
        elif objective == Objective.WEIGHT:
            objectives.append(built.weight(whole))
    proof = len(objectives)
    if (k.warm_slot >= 0).any():
        objectives.append(built.kept())
    slot, hall = start.copy(), np.full_like(start, -1)
    proved = True
    for number, goal in enumerate(objectives):
        if isinstance(goal, int):  # a sum of nothing
            continue
        left = until - time.monotonic()
        if left <= 0.05 or cancelled():
            return Exact(slot, hall, proved and number >= proof)
        built.model.clear_hints()
        for (r, s), variable in built.x.items():
            built.model.add_hint(variable, bool(slot[r] == s))
        built.model.maximize(goal)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = left
        solver.parameters.random_seed = seed % (2**31)
        # Interleaved workers are deterministic; free-running ones are not.
        solver.parameters.interleave_search = True
        solver.parameters.num_workers = 8
        status = _run(solver, built.model, cancelled)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Exact(slot, hall, proved and number >= proof)
        if number < proof:
            proved = proved and status == cp_model.OPTIMAL
        slot = np.full_like(start, -1)
        for (r, s), variable in built.x.items():
            if solver.boolean_value(variable):
                slot[r] = s
        hall = np.full_like(start, -1)
        for (r, _, h), variable in built.in_hall.items():
            if solver.boolean_value(variable):
                hall[r] = h
        built.model.add(goal >= round(solver.objective_value))
    return Exact(slot, hall, proved)
