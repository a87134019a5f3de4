"""The exact repair: CP-SAT on the meetings that may have to move, the others as obstacles.

A set of meetings is free. Every other one stands where it stood and can be *put aside* for the
price of one meeting moved, wherever it would go: less than it can really cost. So the model's
best is a bound on every repair, and where nobody is put aside it is one, and the best. Where
somebody is, those become free too, and it is asked again (combinatorial Benders cuts without the
cuts: the master grows instead).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from talex.engine.meetings.repair.board import (
    APART,
    CAP,
    I64,
    OTHER,
    RESOURCE,
    UNITS,
    WHEN,
    Rules,
    unpack,
)

Lit = cp_model.IntVar


@dataclass(frozen=True, eq=False)
class Ground:
    """What stands before anything is repaired.

    Attributes:
        slot: (R,) of the meetings that can stay where they were; -1 for the others.
        table: (R,) theirs.
        held: (R,) those that must stay.
        group: (T,) tables that no request and no way tells apart are of one group.
    """

    k: Rules
    slot: I64
    table: I64
    held: NDArray[np.bool_]
    group: I64
    base: NDArray[np.bool_]
    choice: NDArray[np.bool_]  # (C, groups)
    opened: NDArray[np.bool_]  # (S, T)
    kept: NDArray[np.bool_]  # (S, T) taken by those that must stay
    mine: dict[int, list[int]]  # who of those that stand a person meets


def ground(k: Rules, slot: I64, table: I64, held: NDArray[np.bool_]) -> Ground:
    """Take the state down in which all stand that can stay."""
    slots, tables = k.day.size, k.hall.size
    choice = unpack(k.choice, tables)
    halls = k.hall if k.way.size else np.zeros_like(k.hall)
    looks = np.vstack([halls[None, :], choice]).T
    kinds, group = np.unique(looks, axis=0, return_inverse=True)
    kept = np.zeros((slots, tables), np.bool_)
    sit = np.flatnonzero(held & (table >= 0))
    kept[slot[sit], table[sit]] = True
    mine: dict[int, list[int]] = defaultdict(list)
    for r in np.flatnonzero(slot >= 0).tolist():
        for p in k.idx[k.ptr[r] : k.ptr[r + 1]].tolist():
            mine[p].append(r)
    return Ground(
        k=k,
        slot=slot.copy(),
        table=table.copy(),
        held=held.copy(),
        group=group.reshape(-1).astype(np.int64),
        base=unpack(k.base, slots),
        choice=kinds[:, 1:].T.astype(np.bool_).reshape(choice.shape[0], kinds.shape[0]),
        opened=unpack(k.opened, tables),
        kept=kept,
        mine=mine,
    )


@dataclass(frozen=True)
class Option:
    """A place a meeting can have: a group of tables in a slot, or where it was (``table``)."""

    lit: Lit
    slot: int
    group: int
    hall: int
    table: int = -1


@dataclass
class Answer:
    """What a model says.

    Attributes:
        lost: bound on the loss of every repair, in units of ``Rules.cost``.
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


@dataclass
class Model:
    """The model for one set of free meetings; ``frozen``: the others cannot be put aside."""

    g: Ground
    free: list[int]
    frozen: bool = False
    options: dict[int, list[Option]] = field(default_factory=dict)
    stays: dict[int, Lit] = field(default_factory=dict)
    pools: dict[tuple[int, int], Lit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.model = cp_model.CpModel()
        self.is_free = set(self.free)
        for r in self.free:
            self.options[r] = self._options(r)
            if len(self.options[r]) > 1:
                self.model.add_at_most_one(o.lit for o in self.options[r])
        self._persons()
        self._resources()
        self._order()
        # last: pools hold those whom no other rule names
        self._tables()

    # --- what there is to choose ------------------------------------------------------------

    def _options(self, r: int) -> list[Option]:
        g, k = self.g, self.g.k
        found = []
        c = int(k.cls[r])
        home = (int(k.home_slot[r]), int(k.home_table[r]))
        for s in np.flatnonzero(g.base[r]).tolist():
            if c < 0:
                table = 0 if home[0] == s else -1
                if self._walks(r, s, -1):
                    found.append(Option(self.model.new_bool_var(""), s, -1, -1, table))
                continue
            usable = g.opened[s] & ~g.kept[s]
            groups = np.unique(g.group[usable]) if usable.any() else np.zeros(0, np.int64)
            for group in groups.tolist():
                if not g.choice[c, group]:
                    continue
                those = np.flatnonzero(usable & (g.group == group))
                hall = int(k.hall[those[0]]) if k.way.size else -1
                if not self._walks(r, s, hall):
                    continue
                if home[0] == s and home[1] in those:
                    lit = self.model.new_bool_var("")
                    found.append(Option(lit, s, group, hall, home[1]))
                    if those.size == 1:
                        continue
                found.append(Option(self.model.new_bool_var(""), s, group, hall))
        return found

    def _walks(self, r: int, s: int, hall: int) -> bool:
        """Whether the place agrees with those that must stay (``base`` knows the rest)."""
        g, k = self.g, self.g.k
        for i in range(k.order_ptr[r], k.order_ptr[r + 1]):
            o, when = int(k.order[i, OTHER]), int(k.order[i, WHEN])
            if g.held[o] and g.slot[o] >= 0 and (int(g.slot[o]) - s) * when <= 0:
                return False
        if hall < 0:
            return True
        for p in k.idx[k.ptr[r] : k.ptr[r + 1]].tolist():
            for o in g.mine.get(p, []):
                if g.held[o] and g.table[o] >= 0:
                    other = int(k.hall[g.table[o]])
                    if self._far(int(g.slot[o]), other, s, hall):
                        return False
        return True

    def _far(self, v: int, one: int, s: int, two: int) -> bool:
        k = self.g.k
        if v < s:
            return bool(k.start[s] - k.start[v] < k.way[one, two])
        return bool(k.start[v] - k.start[s] < k.way[two, one])

    def _stay(self, o: int) -> Lit:
        """Whether a meeting that is not free stays."""
        if o not in self.stays:
            lit = self.model.new_bool_var("")
            if self.frozen:
                self.model.add(lit == 1)
            self.stays[o] = lit
        return self.stays[o]

    def _others(self, p: int) -> list[int]:
        """Meetings of a person that stand and are neither free nor held."""
        return [o for o in self.g.mine.get(p, []) if o not in self.is_free and not self.g.held[o]]

    # --- rules ------------------------------------------------------------------------------

    def _persons(self) -> None:
        k = self.g.k
        theirs: dict[int, list[int]] = defaultdict(list)
        for r in self.free:
            for p in k.idx[k.ptr[r] : k.ptr[r + 1]].tolist():
                theirs[p].append(r)
        for p, requests in theirs.items():
            self._person(p, requests)

    def _person(self, p: int, requests: list[int]) -> None:
        g, k = self.g, self.g.k
        at: dict[int, list[Lit]] = defaultdict(list)
        inside: dict[tuple[int, int], list[Lit]] = defaultdict(list)
        for r in requests:
            for option in self.options[r]:
                at[option.slot].append(option.lit)
                if option.hall >= 0:
                    inside[option.slot, option.hall].append(option.lit)
        mine = sorted(at)
        apart = int(k.person[p, APART])
        reach = max(apart, int(k.way.max(initial=0)))
        for o in self._others(p):
            v = int(g.slot[o])
            if any(abs(int(k.start[v] - k.start[s])) < reach for s in mine):
                at[v].append(self._stay(o))
                if k.way.size and g.table[o] >= 0:
                    inside[v, int(k.hall[g.table[o]])].append(self._stay(o))
        taken = sorted(at)
        for i, s in enumerate(taken):
            window = [
                lit for v in taken[i:] if k.start[v] - k.start[s] < apart for lit in at[v]
            ]
            if len(window) > 1:
                self.model.add_at_most_one(window)
        self._ways(inside)
        self._days(p, at)

    def _ways(self, inside: dict[tuple[int, int], list[Lit]]) -> None:
        k = self.g.k
        if not k.way.size:
            return
        here: dict[tuple[int, int], Lit] = {}
        for key, lits in inside.items():
            here[key] = lits[0]
            if len(lits) > 1:
                here[key] = self.model.new_bool_var("")
                for lit in lits:
                    self.model.add_implication(lit, here[key])
        slots = sorted({s for s, _ in here})
        for (s, hall), lit in here.items():
            for v in slots:
                if not 0 < k.start[v] - k.start[s] < k.way.max():
                    continue
                far = [
                    other
                    for (w, two), other in here.items()
                    if w == v and self._far(s, hall, v, two)
                ]
                if far:
                    self.model.add_at_most_one([lit, *far])

    def _days(self, p: int, at: dict[int, list[Lit]]) -> None:
        g, k = self.g, self.g.k
        cap = int(k.person[p, CAP])
        stand = [o for o in g.mine.get(p, []) if o not in self.is_free]
        for d in {int(k.day[s]) for s in at}:
            inside = [o for o in stand if k.day[g.slot[o]] == d]
            most = sum(k.day[s] == d for s in at)
            if most + len(inside) <= cap:
                continue
            known = {self.stays[o].index for o in inside if o in self.stays}
            lits = [lit for s in at if k.day[s] == d for lit in at[s] if lit.index not in known]
            held = sum(bool(g.held[o]) for o in inside)
            lits += [self._stay(o) for o in inside if not g.held[o]]
            self.model.add(sum(lits) <= cap - held)

    def _tables(self) -> None:
        """Tables by group, and online rooms as one group more."""
        g, k = self.g, self.g.k
        wanting: dict[tuple[int, int], list[Lit]] = defaultdict(list)
        exact: dict[tuple[int, int], list[Lit]] = defaultdict(list)
        for options in self.options.values():
            for o in options:
                wanting[o.slot, o.group].append(o.lit)
                if o.group >= 0 and o.table >= 0:
                    exact[o.slot, o.table].append(o.lit)
        stand = np.flatnonzero((g.slot >= 0) & ~g.held)
        outside: dict[tuple[int, int], list[int]] = defaultdict(list)
        for r in stand.tolist():
            if r not in self.is_free:
                group = int(g.group[g.table[r]]) if g.table[r] >= 0 else -1
                key = (int(g.slot[r]), group)
                if key in wanting:
                    outside[key].append(r)
                if (key[0], int(g.table[r])) in exact:
                    exact[key[0], int(g.table[r])].append(self._stay(r))
        for (s, group), lits in wanting.items():
            if group >= 0:
                room = int((g.opened[s] & ~g.kept[s] & (g.group == group)).sum())
            else:
                held = g.held & (g.slot == s) & (k.cls < 0)
                room = int(k.units[0, s]) - int(held.sum())
            self._pool((s, group), lits, outside[s, group], room)
        for lits in exact.values():
            if len(lits) > 1:
                self.model.add_at_most_one(lits)

    def _pool(self, key: tuple[int, int], lits: list[Lit], outside: list[int], room: int) -> None:
        if len(lits) + len(outside) <= room:
            return
        known = [self.stays[r] for r in outside if r in self.stays]
        rest = len(outside) - len(known)
        if rest and not self.frozen:
            self.pools[key] = self.model.new_int_var(0, rest, "")
            self.model.add(sum(lits) + sum(known) + rest - self.pools[key] <= room)
        else:
            self.model.add(sum(lits) + sum(known) + rest <= room)

    def _resources(self) -> None:
        g, k = self.g, self.g.k
        wanting: dict[tuple[int, int], list[tuple[int, Lit]]] = defaultdict(list)
        for r, options in self.options.items():
            for i in range(k.need_ptr[r], k.need_ptr[r + 1]):
                f, units = int(k.need[i, RESOURCE]), int(k.need[i, UNITS])
                for o in options if f else []:  # online rooms are a group of tables here
                    wanting[f, o.slot].append((units, o.lit))
        if not wanting:
            return
        users: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        owner = np.repeat(np.arange(k.cls.size), np.diff(k.need_ptr))
        for i in np.flatnonzero((k.need[:, RESOURCE] > 0) & (g.slot[owner] >= 0)).tolist():
            if (r := int(owner[i])) not in self.is_free:
                key = (int(k.need[i, RESOURCE]), int(g.slot[r]))
                users[key].append((int(k.need[i, UNITS]), r))
        for (f, s), lits in wanting.items():
            room = int(k.units[f, s])
            if sum(n for n, _ in lits) + sum(n for n, _ in users[f, s]) <= room:
                continue
            used = sum(n for n, r in users[f, s] if g.held[r])
            terms = [n * lit for n, lit in lits]
            terms += [n * self._stay(r) for n, r in users[f, s] if not g.held[r]]
            self.model.add(sum(terms) <= room - used)

    def _order(self) -> None:
        g, k = self.g, self.g.k
        done: set[tuple[int, int]] = set()
        for r in self.free:
            for i in range(k.order_ptr[r], k.order_ptr[r + 1]):
                o = int(k.order[i, OTHER])
                pair = (r, o) if k.order[i, WHEN] > 0 else (o, r)
                if pair not in done:
                    done.add(pair)
                    self._before(*(self._where(m) for m in pair))

    def _where(self, r: int) -> list[tuple[int, Lit]]:
        if r in self.is_free:
            return [(o.slot, o.lit) for o in self.options[r]]
        if self.g.slot[r] < 0 or self.g.held[r]:
            return []
        return [(int(self.g.slot[r]), self._stay(r))]

    def _before(self, one: list[tuple[int, Lit]], two: list[tuple[int, Lit]]) -> None:
        for s in sorted({s for s, _ in two}):
            late = [lit for v, lit in one if v >= s]
            if late:
                self.model.add_at_most_one([*late, *(lit for v, lit in two if v <= s)])

    # --- answers ----------------------------------------------------------------------------

    @property
    def size(self) -> int:
        return sum(map(len, self.options.values()))

    def _loss(self) -> cp_model.LinearExprT:
        cost = self.g.k.cost
        total = sum(int(cost[r]) for r in self.free)
        return total - sum(
            int(cost[r]) * o.lit for r, options in self.options.items() for o in options
        )

    def _moves(self, scale: int) -> cp_model.LinearExprT:
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
                    here = o.table == table[r] if o.table >= 0 else (
                        self.g.group[table[r]] == o.group
                    )
                done = done or here
                self.model.add_hint(o.lit, here)
        for r, lit in self.stays.items():
            self.model.add_hint(lit, bool(slot[r] == self.g.slot[r] and table[r] == self.g.table[r]))

    def answer(
        self,
        seconds: float,
        seed: int,
        known: tuple[int, int],
        cancelled: Callable[[], bool],
        workers: int = 1,
    ) -> Answer | None:
        """Least loss, then fewest moved.

        Args:
            seconds: wall time.
            seed: of the solver.
            known: (loss, moved) of a repair that there is, to start from.
            cancelled: asked between the two.
            workers: threads.

        Returns:
            None where not even a bound was found in time.
        """
        until = time.monotonic() + seconds
        scale = len(self.free) + 1
        best = sum(
            int(self.g.k.cost[r]) for r, options in self.options.items() if not options
        )
        lost, values = known[0], None
        if self.size == 0:
            return Answer(best, 0, {}, [], [], settled=True)
        if known[0] > best:
            self.model.minimize(self._loss())
            solver, status = self._run(until - time.monotonic(), seed, workers)
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                return None
            if status == cp_model.FEASIBLE:
                bound = max(best, int(np.ceil(solver.best_objective_bound - 1e-6)))
                return self._read(solver, bound, 0, settled=False)
            lost = round(solver.objective_value)
            values = self._read(solver, lost, 0, settled=False)
        if cancelled():
            return values
        self.model.add(self._loss() <= lost)
        self.model.minimize(self._moves(scale))
        solver, status = self._run(until - time.monotonic(), seed, workers)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return values
        bound = int(np.ceil(solver.best_objective_bound - 1e-6)) // scale
        return self._read(solver, lost, max(0, bound), settled=status == cp_model.OPTIMAL)

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
        return Answer(lost, moved, places, aside, pools, settled)


def pool_members(g: Ground, pools: Iterable[tuple[int, int]], free: set[int]) -> list[int]:
    """Who stands in some pools and could become free."""
    found = []
    for s, group in pools:
        those = np.flatnonzero((g.slot == s) & ~g.held)
        found += [
            r
            for r in those.tolist()
            if r not in free and (int(g.group[g.table[r]]) if g.table[r] >= 0 else -1) == group
        ]
    return found
