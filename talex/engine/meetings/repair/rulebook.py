"""The rules of a repair for CP-SAT: free meetings choose places, the others stay or make way."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from talex.engine.meetings.repair.board import APART, CAP, DAY, NEED, START
from talex.engine.meetings.repair.ground import Ground

Lit = cp_model.IntVar


@dataclass(frozen=True)
class Option:
    """A place a meeting can have: a group of tables in a slot, or where it was (``table``)."""

    lit: Lit
    slot: int
    group: int
    hall: int
    table: int = -1


@dataclass
class Book:
    """The rules for one set of free meetings.

    Attributes:
        frozen: the others cannot be put aside.
        stays: whether those named by a rule that are not free stay.
        pools: how many of a slot and group that no rule names are put aside.
    """

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
            window = [lit for v in taken[i:] if start[v] - start[s] < apart for lit in at[v]]
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
            other = int(g.occupant[s, t])
            if other >= 0 and other not in self.is_free and not g.held[other]:
                lits.append(self._stay(other))
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
