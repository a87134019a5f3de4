"""The exact repair: CP-SAT on the meetings that may have to move, the others as obstacles.

A set of meetings is free. Every other one stands where it stood and can be *put aside* for the
price of one meeting moved, wherever it would go: less than it can really cost. So the model's
best is a bound on every repair, and where nobody is put aside it is one, and the best. Where
somebody is, those become free too, and it is asked again (combinatorial Benders cuts without the
cuts: the master grows instead).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from talex.engine.meetings.repair.board import I64
from talex.engine.meetings.repair.rulebook import Book

#: Up to so many free meetings both aims are reached in one go.
_TOGETHER = 60


@dataclass
class Answer:
    """What a model says.

    Attributes:
        lost: bound on the loss of every repair, in units of ``Rules.cost``, of the free meetings.
        moved: bound on the meetings moved of every repair that loses no more than ``lost``.
        places: (slot, group, table) of the free meetings, table -1 where any of the group.
        aside: meetings put aside, and pools (slot, group) of which some were.
        settled: both bounds are of proved optima of the model.
    """

    lost: int
    moved: int
    places: dict[int, tuple[int, int, int]]
    aside: list[int]
    pools: list[tuple[int, int]]
    settled: bool


class Model(Book):
    """A book of rules with the two aims."""

    @property
    def size(self) -> int:
        return sum(map(len, self.options.values()))

    def _loss(self, cost: list[int]) -> Any:
        total = sum(cost[r] for r in self.free)
        return total - sum(
            cost[r] * o.lit for r, options in self.options.items() if cost[r] for o in options
        )

    def _moves(self, scale: int) -> Any:
        """Meetings moved, ``scale`` each, and one more for those that leave their slot."""
        home = self.g.k.home_slot
        terms = [
            (scale + int(o.slot != home[r])) * o.lit
            for r, options in self.options.items()
            if home[r] >= 0
            for o in options
            if o.table < 0
        ]
        aside = [scale * (1 - lit) for lit in self.stays.values()]
        return sum(terms) + sum(aside) + sum(scale * q for q in self.pools.values())

    def hint(self, slot: I64, table: I64) -> None:
        """Start from a timetable."""
        self.model.clear_hints()
        for r, options in self.options.items():
            done = False
            for o in options:
                here = bool(o.slot == slot[r]) and not done
                if here and o.group >= 0:
                    here = (
                        o.table == table[r] if o.table >= 0 else (self.group[table[r]] == o.group)
                    )
                done = done or here
                self.model.add_hint(o.lit, here)
        for r, lit in self.stays.items():
            stays = slot[r] == self.g.slot[r] and table[r] == self.g.table[r]
            self.model.add_hint(lit, bool(stays))

    def answer(
        self,
        seconds: float,
        seed: int,
        known: int,
        cancelled: Callable[[], bool],
        workers: int = 1,
    ) -> Answer | None:
        """Least loss, then fewest moved.

        Args:
            seconds: wall time.
            seed: of the solver.
            known: loss of a repair that there is, of meetings that have a place in the model.
            cancelled: asked between the two.
            workers: threads.

        Returns:
            None where not even a bound was found in time.
        """
        until = time.monotonic() + seconds
        losses, number = self.g.losses, len(self.free)
        cost = losses.cost(number).tolist()
        scale = number + 1
        least = sum(cost[r] for r, options in self.options.items() if not options)
        if self.size == 0:
            return Answer(self._wide(least), 0, {}, [], [], settled=True)
        moves = self._moves(scale)
        most = scale * (scale + number + len(self.stays)) + scale * sum(
            len(self.members(*key)) for key in self.pools
        )
        lost, values = least, None
        if known > self._wide(least):
            # few: both aims in one go; many: the second is easier when the first is known
            both = number <= _TOGETHER
            loss = self._loss(cost)
            self.model.minimize(loss * most + moves if both else loss)
            solver, status = self._run(until - time.monotonic(), seed, workers)
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                return None
            bound = int(np.ceil(solver.best_objective_bound - 1e-6))
            lost = max(least, bound // most if both else bound)
            moved = max(0, bound % most) // scale if both and bound // most >= least else 0
            values = self._read(solver, lost, moved, status == cp_model.OPTIMAL and both)
            if both or status == cp_model.FEASIBLE or cancelled():
                return values
        self.model.add(self._loss(cost) <= lost)
        self.model.minimize(moves)
        solver, status = self._run(until - time.monotonic(), seed, workers)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return values
        bound = int(np.ceil(solver.best_objective_bound - 1e-6)) // scale
        return self._read(solver, lost, max(0, bound), settled=status == cp_model.OPTIMAL)

    def _wide(self, value: int) -> int:
        losses = self.g.losses
        return losses.widen(value, len(self.free), losses.all)

    def _run(
        self, seconds: float, seed: int, workers: int
    ) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = max(0.01, seconds)
        solver.parameters.random_seed = seed % (2**31)
        solver.parameters.num_workers = workers
        return solver, solver.solve(self.model)

    def _read(self, solver: cp_model.CpSolver, lost: int, moved: int, settled: bool) -> Answer:
        places = {}
        for r, options in self.options.items():
            for o in options:
                if solver.boolean_value(o.lit):
                    places[r] = (o.slot, o.group, o.table)
        aside = [r for r, lit in self.stays.items() if not solver.boolean_value(lit)]
        pools = [key for key, q in self.pools.items() if solver.value(q) > 0]
        return Answer(self._wide(lost), moved, places, aside, pools, settled)
