"""Slot prices: a bound on the weight that everybody can recompute, and a guide for the search.

The linear relaxation with a variable for each request and slot is solved by the primal-dual
hybrid gradient method (Chambolle, Pock 2011) with diagonal steps (Pock, Chambolle 2011): the
rows are persons' slots and days, tables, rooms and resources; 'at most one slot a request' is
kept by projection. Whatever prices >= 0 come out prove a bound by weak duality, and the search
may stop when it likes. Walking and order are left out, which only makes the bound larger.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.prices_kernel import answer, ask, value_of
from talex.engine.meetings.problem import Mode, Problem
from talex.engine.meetings.solution import Prices
from talex.engine.meetings.tables import table_classes

#: Prices weigh this many mean weights against shares of slots: the ratio of the two step sizes.
_BALANCE = 3.0
_LOOK = 20
_PATIENCE = 3
#: Stands for no limit.
ENDLESS = 1e9
THREADS = 2


@dataclass(frozen=True, eq=False)
class Market:
    """What is sold, and who asks. N shared rows: tables, classes of them, rooms, resources.

    Attributes:
        possible: (R, S).
        shared_cap: (N, S), ``ENDLESS`` for no limit.
        need_ptr, need_idx, units: the shared rows of each request.
        window_first: (P, S) the first slot whose pause a meeting in s stands in.
        class_rows: (C, T) tables of the shared rows 0 .. C-1.
        online_row: index of the shared row of online rooms.
    """

    problem: Problem
    possible: NDArray[np.bool_]
    shared_cap: NDArray[np.float64]
    need_ptr: NDArray[np.int64]
    need_idx: NDArray[np.int64]
    units: NDArray[np.int64]
    window_first: NDArray[np.int64]
    day: NDArray[np.int64]
    class_rows: NDArray[np.bool_]
    online_row: int


@dataclass(frozen=True, eq=False)
class Quote:
    """Prices as the search wants them.

    Attributes:
        bound: what they prove.
        charge: (P, S) what a meeting of a person pays in a slot.
        shared: (N, S) of one unit.
        prices: the same for everybody to check.
        share: (R, S) how much of each slot the relaxation gives to a request, about.
    """

    bound: float
    charge: NDArray[np.float64]
    shared: NDArray[np.float64]
    prices: Prices
    share: NDArray[np.float32]


def market(problem: Problem, possible: NDArray[np.bool_]) -> Market:
    """Lay the rows out; ``possible`` (R, S): where each request could stand alone."""
    cls, class_rows = table_classes(problem, 0)
    classes, online_row = class_rows.shape[0], class_rows.shape[0]
    online = problem.mode == Mode.ONLINE
    tables = class_rows.astype(np.int64) @ problem.table_available.astype(np.int64)
    rooms = np.where(problem.online_capacity < 0, ENDLESS, problem.online_capacity)
    resources = np.where(problem.resource_capacity < 0, ENDLESS, problem.resource_capacity)
    shared_cap = np.concatenate([tables.astype(float), rooms[None, :], resources])
    requests = np.arange(problem.requests)
    owner = np.repeat(requests, np.diff(problem.request_resources_ptr))
    own = requests[cls > 0]
    row = np.concatenate([requests, own, owner])
    first = np.where(online, online_row, 0)
    which = np.concatenate(
        [first, cls[own], problem.request_resources_idx.astype(np.int64) + classes + 1]
    )
    units = np.concatenate(
        [np.ones(row.size - owner.size, np.int64), problem.request_resources_units.astype(np.int64)]
    )
    order = np.argsort(row, kind="stable")
    need_ptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=problem.requests))])
    gaps, gap_class = np.unique(problem.min_gap, return_inverse=True)
    before = problem.slot_start[:, None] - problem.slot_start[None, :]
    firsts = [
        np.argmax((before >= 0) & (before < (1 + int(g)) * problem.slot_minutes), axis=1)
        for g in gaps
    ]
    window_first = np.array(firsts, np.int64).reshape(gaps.size, problem.slots)[gap_class]
    return Market(
        problem=problem,
        possible=possible,
        shared_cap=shared_cap,
        need_ptr=need_ptr.astype(np.int64),
        need_idx=which[order].astype(np.int64),
        units=units[order],
        window_first=np.ascontiguousarray(window_first),
        day=np.unique(problem.slot_day, return_inverse=True)[1].astype(np.int64),
        class_rows=class_rows,
        online_row=online_row,
    )


class _Search:
    """One run of the primal-dual method."""

    def __init__(self, m: Market, weight: NDArray[np.float64], threads: int) -> None:
        problem = m.problem
        self.m, self.weight = m, weight
        self.party = (problem.party_ptr.astype(np.int64), problem.party_idx.astype(np.int64))
        self.row = np.repeat(np.arange(problem.requests), np.diff(problem.party_ptr))
        person_order = np.argsort(problem.party_idx, kind="stable")
        counts = np.bincount(problem.party_idx, minlength=problem.persons)
        self.of_person = (
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            self.row[person_order].astype(np.int64),
        )
        self.capped = problem.max_per_day >= 0
        self._steps()
        shape = (problem.requests, problem.slots)
        days = int(m.day.max(initial=-1)) + 1
        self.x, self.ahead = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        self.price = np.zeros((problem.persons, problem.slots), np.float32)
        self.day_price = np.zeros((problem.persons, days), np.float32)
        self.charge = np.zeros_like(self.price)
        self.shared = np.zeros(m.shared_cap.shape)
        # parts, not threads, decide in which order sums are made
        parts = THREADS if problem.requests > 4000 else 1
        self.parts = [
            self._ranges(problem.requests, parts),
            self._ranges(problem.persons, parts),
        ]
        self.clear()

    @staticmethod
    def _ranges(size: int, parts: int) -> list[tuple[int, int]]:
        ends = [size * i // parts for i in range(parts + 1)]
        return list(pairwise(ends))

    def clear(self) -> None:
        """Begin a new average."""
        self.sums = (
            np.zeros(self.price.shape, np.float64),
            np.zeros(self.day_price.shape, np.float64),
        )
        self.shared_sum = np.zeros(self.shared.shape)
        self.averaged = 0

    def _steps(self) -> None:
        m, problem = self.m, self.m.problem
        possible = m.possible
        asks = np.zeros((problem.persons, problem.slots))
        for s in range(problem.slots):
            asks[:, s] = np.bincount(
                problem.party_idx[possible[self.row, s]], minlength=problem.persons
            )
        windows = np.zeros_like(asks)
        for s in range(problem.slots):
            for v in range(problem.slots):
                inside = (m.window_first[:, s] <= v) & (v <= s)
                windows[:, v] += np.where(inside, asks[:, s], 0)
        days = int(m.day.max(initial=-1)) + 1
        day_asks = np.zeros((problem.persons, days))
        np.add.at(day_asks.T, m.day, asks.T)
        need_row = np.repeat(np.arange(problem.requests), np.diff(m.need_ptr))
        shared_asks = np.zeros(m.shared_cap.shape)
        for s in range(problem.slots):
            some = possible[need_row, s]
            shared_asks[:, s] = np.bincount(
                m.need_idx[some], m.units[some].astype(float), minlength=m.shared_cap.shape[0]
            )
        rows = 1 + problem.min_gap + self.capped
        columns = np.bincount(
            self.row, rows[problem.party_idx].astype(float), minlength=problem.requests
        )
        columns += np.bincount(need_row, m.units.astype(float), minlength=problem.requests)
        scale = _BALANCE * (float(self.weight.mean()) or 1.0)
        self.step = (1.0 / (scale * np.maximum(columns, 1))).astype(np.float32)
        self.person_step = (scale / np.maximum(windows, 1)).astype(np.float32)
        self.day_step = (scale / np.maximum(day_asks, 1)).astype(np.float32)
        self.shared_step = scale / np.maximum(shared_asks, 1)
        self.small_weight = self.weight.astype(np.float32)
        self.cap = np.where(self.capped, problem.max_per_day, -1).astype(np.float32)
        self.needs = (m.need_ptr, m.need_idx, m.units.astype(np.float32))

    def turn(self, pool: ThreadPoolExecutor) -> None:
        """One iteration."""
        m = self.m
        shared = self.shared.astype(np.float32)
        used = [np.zeros(shared.shape) for _ in self.parts[0]]

        def asking(i: int) -> None:
            ask(
                self.parts[0][i], self.party, self.needs, self.small_weight, m.possible,
                self.charge, shared, self.step, self.x, self.ahead, used[i],
            )  # fmt: skip

        def answering(i: int) -> None:
            answer(
                self.parts[1][i], self.of_person, m.window_first, m.day, self.cap, self.ahead,
                self.person_step, self.day_step, self.price, self.day_price, self.charge,
                self.sums,
            )  # fmt: skip

        list(pool.map(asking, range(len(self.parts[0]))))
        list(pool.map(answering, range(len(self.parts[1]))))
        # summed in the order of the parts, so that the result does not depend on threads
        excess = sum(used) - m.shared_cap
        self.shared = np.maximum(0.0, self.shared + self.shared_step * excess)
        self.shared_sum += self.shared
        self.averaged += 1

    def now(self) -> Quote:
        """The present prices."""
        return quote(self.m, self.weight, self.price, self.day_price, self.shared, self.x)

    def average(self) -> Quote:
        n = max(1, self.averaged)
        return quote(
            self.m, self.weight, self.sums[0] / n, self.sums[1] / n, self.shared_sum / n, self.x
        )


def quote(
    m: Market,
    weight: NDArray[np.float64],
    price: NDArray[np.floating],
    day_price: NDArray[np.floating],
    shared: NDArray[np.floating],
    share: NDArray[np.float32],
) -> Quote:
    """Round prices to whole units and compute exactly what they prove."""
    problem = m.problem
    largest = float(weight.max(initial=0.0)) or 1.0
    unit = 2.0 ** (math.frexp(largest)[1] - 32)

    def whole(values: NDArray[np.floating], limited: NDArray[np.bool_] | bool) -> NDArray[np.int64]:
        clipped = np.clip(values, 0.0, 2.0 * largest) / unit
        return np.where(limited, np.round(clipped), 0.0).astype(np.int64)

    person = whole(price, problem.available)
    # the stretch that begins with a slot may hold meetings though its first slot is shut
    if (problem.min_gap > 0).any():
        person = np.where(problem.min_gap[:, None] > 0, whole(price, True), person)
    capped = (problem.max_per_day >= 0)[:, None]
    day = whole(day_price, capped)
    rows = whole(shared, m.shared_cap < ENDLESS)
    paid = day[:, m.day]
    for s in range(problem.slots):
        for v in range(s + 1):
            paid[:, s] += np.where(m.window_first[:, s] <= v, person[:, v], 0)
    worth = np.ceil(weight / unit).astype(np.int64)
    party = (problem.party_ptr.astype(np.int64), problem.party_idx.astype(np.int64))
    total = int(value_of(party, (m.need_ptr, m.need_idx, m.units), worth, m.possible, paid, rows))
    total += sum(map(int, person.sum(axis=1)))
    total += sum(map(int, (day * np.where(capped, problem.max_per_day[:, None], 0)).sum(axis=1)))
    limit = np.where(m.shared_cap < ENDLESS, m.shared_cap, 0).astype(np.int64)
    total += sum(int(p) * int(c) for p, c in zip(rows.ravel(), limit.ravel(), strict=True))
    table = np.zeros((problem.tables, problem.slots), np.int64)
    for c in range(m.class_rows.shape[0]):
        table[m.class_rows[c]] += rows[c]
    prices = Prices(unit, person, day, table, rows[m.online_row], rows[m.online_row + 1 :])
    bound = math.nextafter(total * unit, math.inf) if total else 0.0
    charge = (paid * unit).astype(np.float64)
    return Quote(bound, charge, (rows * unit).astype(np.float64), prices, share)


def find_prices(
    m: Market,
    weight: NDArray[np.float64],
    turns: int = 600,
    until: float = math.inf,
    halted: Callable[[], bool] = lambda: False,
    threads: int = THREADS,
    precision: float = 2e-5,
) -> Quote:
    """Prices that prove a bound close to the linear relaxation.

    Args:
        m: the market.
        weight: (R,) what each request counts.
        turns: most iterations.
        until: ``time.monotonic()`` at which to stop.
        halted: asked after every iteration whether to stop.
        threads: at most so many; they do not change what is found.
        precision: stop when ``_PATIENCE`` looks in a row won less than this share.
    """
    problem = m.problem
    zero = np.zeros
    days = int(m.day.max(initial=-1)) + 1
    best = quote(
        m,
        weight,
        zero((problem.persons, problem.slots)),
        zero((problem.persons, days)),
        zero(m.shared_cap.shape),
        zero((problem.requests, problem.slots), np.float32),
    )
    if problem.requests == 0 or best.bound == 0.0:
        return best
    search = _Search(m, weight, threads)
    stale = 0
    with ThreadPoolExecutor(threads) as pool:
        for turn in range(1, turns + 1):
            search.turn(pool)
            ended = time.monotonic() > until or halted()
            if turn % _LOOK and not ended:
                continue
            before = best.bound
            for found in (search.now(), search.average()):
                if found.bound < best.bound:
                    best = found
            if turn % (2 * _LOOK) == 0:
                search.clear()
            # the first turns only raise prices
            won = before - best.bound
            stale = stale + 1 if won < precision * best.bound and turn > 4 * _LOOK else 0
            if ended or stale >= _PATIENCE:
                break
    return best


def profits(m: Market, weight: NDArray[np.float64], q: Quote) -> NDArray[np.float32]:
    """(R, S) weight less prices; minus infinity where a request cannot stand."""
    problem = m.problem
    owner = np.repeat(np.arange(problem.requests), np.diff(m.need_ptr))
    left = np.repeat(weight.astype(np.float32)[:, None], problem.slots, axis=1)
    if problem.requests:
        charge = q.charge.astype(np.float32)[problem.party_idx]
        left -= np.add.reduceat(charge, problem.party_ptr[:-1], axis=0)
    shared = q.shared.astype(np.float32)
    for s in range(problem.slots):
        left[:, s] -= np.bincount(
            owner, m.units * shared[m.need_idx, s], minlength=problem.requests
        ).astype(np.float32)
    left[~m.possible] = -np.inf
    return left
