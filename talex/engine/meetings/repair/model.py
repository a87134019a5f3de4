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
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from talex.engine.meetings.repair.board import (
    APART,
    CAP,
    DAY,
    I64,
    NEED,
    PARTY,
    START,
    Losses,
    Rules,
    unpack,
)

Lit = cp_model.IntVar

#: Up to so many free meetings both aims are reached in one go.
_TOGETHER = 60


@dataclass(frozen=True, eq=False)
class Ground:
    """What stands before anything is repaired.

    Attributes:
        slot: (R,) of the meetings that can stay where they were; -1 for the others.
        table: (R,) theirs.
        held: (R,) those that must stay.
        base: (R, S) slots that are possible at all.
        choice: (C, T) which tables a choice has.
        usable: (S, T) open and not taken by one that must stay.
        occupant: (S, T) who stands there, -1 nobody.
    """

    k: Rules
    losses: Losses
    slot: I64
    table: I64
    held: NDArray[np.bool_]
    base: NDArray[np.bool_]
    choice: NDArray[np.bool_]
    usable: NDArray[np.bool_]
    occupant: I64
    _person: I64  # person of each row of _whose, rising
    _whose: I64

    def standing(self, p: int) -> list[int]:
        """The meetings of a person that stand."""
        a, b = np.searchsorted(self._person, [p, p + 1])
        found: list[int] = self._whose[a:b].tolist()
        return found

    def groups(self, rows: NDArray[np.int64]) -> I64:
        """(T,) tables that some meetings and no way tell apart are of one group."""
        k = self.k
        classes = np.unique(k.cls[rows])
        halls = k.hall if k.way.size else np.zeros_like(k.hall)
        looks = np.vstack([halls[None, :], self.choice[classes[classes >= 0]]]).T
        group = np.unique(looks, axis=0, return_inverse=True)[1]
        return group.reshape(-1).astype(np.int64)

    def places(self, rows: NDArray[np.int64]) -> int:
        """About how many places some meetings have between them."""
        group = self.groups(rows)
        slots = self.base[rows].sum(axis=1)
        number = {
            int(c): 1 if c < 0 else np.unique(group[self.choice[c]]).size
            for c in np.unique(self.k.cls[rows])
        }
        return int(sum(n * number[int(c)] for n, c in zip(slots, self.k.cls[rows], strict=True)))


def ground(k: Rules, losses: Losses, slot: I64, table: I64, held: NDArray[np.bool_]) -> Ground:
    """Take the state down in which all stand that can stay."""
    slots, tables = k.slots, k.hall.size
    usable = unpack(k.opened, tables)
    sit = np.flatnonzero(held & (table >= 0))
    usable[slot[sit], table[sit]] = False
    occupant = np.full((slots, tables), -1, np.int64)
    sit = np.flatnonzero((slot >= 0) & (table >= 0))
    occupant[slot[sit], table[sit]] = sit
    count = k.asked[:, PARTY + 1] - k.asked[:, PARTY]
    owner = np.repeat(np.arange(slot.size), count)
    person = k.lists[: owner.size, 0]
    there = slot[owner] >= 0
    owner, person = owner[there], person[there]
    by_person = np.argsort(person, kind="stable")
    return Ground(
        k=k,
        losses=losses,
        slot=slot.copy(),
        table=table.copy(),
        held=held.copy(),
        base=unpack(k.base, slots),
        choice=unpack(k.choice[:-1], tables),
        usable=usable,
        occupant=occupant,
        _person=person[by_person],
        _whose=owner[by_person],
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
        self.group = self.g.groups(np.array(self.free, np.int64))
        self._by_group: dict[int, dict[int, list[int]]] = {}
        self._start = self.g.k.times[:, START].tolist()
        self._day = self.g.k.times[:, DAY].tolist()
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
            for group, those in self._groups(s).items():
                if not g.choice[c, those[0]]:
                    continue
                hall = int(k.hall[those[0]]) if k.way.size else -1
                if not self._walks(r, s, hall):
                    continue
                if home[0] == s and home[1] in those:
                    lit = self.model.new_bool_var("")
                    found.append(Option(lit, s, group, hall, home[1]))
                    if len(those) == 1:
                        continue
                found.append(Option(self.model.new_bool_var(""), s, group, hall))
        return found

    def _groups(self, s: int) -> dict[int, list[int]]:
        """The tables of a slot that may be had, by group."""
        if s not in self._by_group:
            found: dict[int, list[int]] = defaultdict(list)
            for t in np.flatnonzero(self.g.usable[s]).tolist():
                found[int(self.group[t])].append(t)
            self._by_group[s] = found
        return self._by_group[s]

    def _walks(self, r: int, s: int, hall: int) -> bool:
        """Whether the place agrees with those that must stay (``base`` knows the rest)."""
        g, k = self.g, self.g.k
        for o, when in k.order(r):
            if g.held[o] and g.slot[o] >= 0 and (int(g.slot[o]) - s) * when <= 0:
                return False
        if hall < 0:
            return True
        for p in k.party(r):
            for o in g.standing(p):
                if g.held[o] and g.table[o] >= 0:
                    other = int(k.hall[g.table[o]])
                    if self._far(int(g.slot[o]), other, s, hall):
                        return False
        return True

    def _far(self, v: int, one: int, s: int, two: int) -> bool:
        k = self.g.k
        if v < s:
            return bool(self._start[s] - self._start[v] < k.way[one, two])
        return bool(self._start[v] - self._start[s] < k.way[two, one])

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
        return [o for o in self.g.standing(p) if o not in self.is_free and not self.g.held[o]]

    # --- rules ------------------------------------------------------------------------------

    def _persons(self) -> None:
        k = self.g.k
        theirs: dict[int, list[int]] = defaultdict(list)
        for r in self.free:
            for p in k.party(r):
                theirs[p].append(r)
        for p, requests in theirs.items():
            self._person(p, requests)

    def _person(self, p: int, requests: list[int]) -> None:
        g, k, start = self.g, self.g.k, self._start
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
            if any(abs(start[v] - start[s]) < reach for s in mine):
                at[v].append(self._stay(o))
                if k.way.size and g.table[o] >= 0:
                    inside[v, int(k.hall[g.table[o]])].append(self._stay(o))
        taken = sorted(at)
        for i, s in enumerate(taken):
            window = [
                lit for v in taken[i:] if start[v] - start[s] < apart for lit in at[v]
            ]
            if len(window) > 1:
                self.model.add_at_most_one(window)
        self._ways(inside)
        self._days(p, at)

    def _ways(self, inside: dict[tuple[int, int], list[Lit]]) -> None:
        k, start = self.g.k, self._start
        if not k.way.size:
            return
        longest = int(k.way.max())
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
                if not 0 < start[v] - start[s] < longest:
                    continue
                far = [
                    other
                    for (w, two), other in here.items()
                    if w == v and self._far(s, hall, v, two)
                ]
                if far:
                    self.model.add_at_most_one([lit, *far])

    def _days(self, p: int, at: dict[int, list[Lit]]) -> None:
        g, k, day = self.g, self.g.k, self._day
        cap = int(k.person[p, CAP])
        stand = [o for o in g.standing(p) if o not in self.is_free]
        for d in {day[s] for s in at}:
            inside = [o for o in stand if day[int(g.slot[o])] == d]
            most = sum(day[s] == d for s in at)
            if most + len(inside) <= cap:
                continue
            known = {self.stays[o].index for o in inside if o in self.stays}
            lits = [lit for s in at if day[s] == d for lit in at[s] if lit.index not in known]
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
        for (s, t), lits in exact.items():
            o = int(g.occupant[s, t])
            if o >= 0 and o not in self.is_free and not g.held[o]:
                lits.append(self._stay(o))
        for (s, group), lits in wanting.items():
            if group >= 0:
                room = len(self._groups(s)[group])
            else:
                held = g.held & (g.slot == s) & (k.cls < 0)
                room = int(k.units[0, s]) - int(held.sum())
            self._pool((s, group), lits, self.members(s, group), room)
        for lits in exact.values():
            if len(lits) > 1:
                self.model.add_at_most_one(lits)

    def members(self, s: int, group: int) -> list[int]:
        """Who stands in a slot at a table of a group (-1 online), is not free and may move."""
        g = self.g
        if group < 0:
            those = np.flatnonzero((g.slot == s) & (g.k.cls < 0) & ~g.held).tolist()
        else:
            those = [int(g.occupant[s, t]) for t in self._groups(s)[group]]
        return [r for r in those if r >= 0 and r not in self.is_free]

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
            for f, units in k.needs(r):
                for o in options if f else []:  # online rooms are a group of tables here
                    wanting[f, o.slot].append((units, o.lit))
        if not wanting:
            return
        users: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        needing = (k.asked[:, NEED + 1] > k.asked[:, NEED]) & (g.slot >= 0)
        for r in np.flatnonzero(needing).tolist():
            if r not in self.is_free:
                for f, units in k.needs(r):
                    users[f, int(g.slot[r])].append((units, r))
        for (f, s), lits in wanting.items():
            room = int(k.units[f, s])
            if sum(n for n, _ in lits) + sum(n for n, _ in users[f, s]) <= room:
                continue
            used = sum(n for n, r in users[f, s] if g.held[r])
            terms = [n * lit for n, lit in lits]
            terms += [n * self._stay(r) for n, r in users[f, s] if not g.held[r]]
            self.model.add(sum(terms) <= room - used)

    def _order(self) -> None:
        k = self.g.k
        done: set[tuple[int, int]] = set()
        for r in self.free:
            for o, when in k.order(r):
                pair = (r, o) if when > 0 else (o, r)
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

    def _loss(self, cost: list[int]) -> cp_model.LinearExprT:
        total = sum(cost[r] for r in self.free)
        return total - sum(
            cost[r] * o.lit for r, options in self.options.items() if cost[r] for o in options
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
                        self.group[table[r]] == o.group
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
            self.model.minimize(self._loss(cost) * (most if both else 1) + (moves if both else 0))
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
