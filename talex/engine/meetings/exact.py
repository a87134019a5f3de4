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

_SCALE = 1_000_000


@dataclass(frozen=True)
class Exact:
    """(R,) slots found (-1 none), and whether they are proved best."""

    slot: NDArray[np.int64]
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
        self._persons()
        self._tables()

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

    def _tables(self) -> None:
        k, model = self.k, self.model
        tables = k.hall.size
        member = unpack(k.class_mask, tables)
        opened = unpack(k.table_avail, tables)
        for s in range(self.slots):
            wanting: dict[int, list[cp_model.IntVar]] = {}
            for r in range(k.weight.size):
                if k.cls[r] >= 0 and (r, s) in self.x:
                    wanting.setdefault(int(k.cls[r]), []).append(self.x[r, s])
            classes = sorted(wanting)
            if not classes:
                continue
            here = np.flatnonzero(opened[s] & member[classes].any(axis=0))
            kinds, sizes = np.unique(member[classes][:, here].T, axis=0, return_counts=True)
            if kinds.shape[0] == 1:
                wishes = [v for c in classes for v in wanting[c]]
                if len(wishes) > sizes[0]:
                    model.add(sum(wishes) <= int(sizes[0]))
                continue
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
        return sum(v for (r, s), v in self.x.items() if self.k.warm_slot[r] == s)


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
) -> Exact:
    """Fairness round by round, then weight, then meetings kept; each proved before the next.

    Args:
        k: the laid out problem.
        weight: (R,) weights as given.
        start: (R,) slots of a timetable to start from.
        seconds: wall time for all of it.
        seed: of the solver.
        cancelled: asked about ten times a second.

    Returns:
        The best timetable found; ``proved`` is about fairness and weight.
    """
    until = time.monotonic() + seconds
    built = _Model(k, start >= 0)
    whole = whole_weights(weight)
    objectives = [*built.rounds(k.bonus.size - 2), built.weight(whole)]
    proof = len(objectives)
    if (k.warm_slot >= 0).any():
        objectives.append(built.kept())
    slot = start.copy()
    proved = True
    for number, objective in enumerate(objectives):
        if isinstance(objective, int):  # a sum of nothing
            continue
        left = until - time.monotonic()
        if left <= 0.05 or cancelled():
            return Exact(slot, proved and number >= proof)
        built.model.clear_hints()
        for (r, s), variable in built.x.items():
            built.model.add_hint(variable, bool(slot[r] == s))
        built.model.maximize(objective)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = left
        solver.parameters.random_seed = seed % (2**31)
        # Interleaved workers are deterministic; free-running ones are not.
        solver.parameters.interleave_search = True
        solver.parameters.num_workers = 8
        status = _run(solver, built.model, cancelled)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Exact(slot, proved and number >= proof)
        if number < proof:
            proved = proved and status == cp_model.OPTIMAL
        slot = np.full_like(start, -1)
        for (r, s), variable in built.x.items():
            if solver.boolean_value(variable):
                slot[r] = s
        built.model.add(objective >= round(solver.objective_value))
    return Exact(slot, proved)
