"""What slot prices prove, in whole numbers, so that rounding cannot help.

Weak duality: whatever the prices >= 0, a timetable weighs at most the prices of all there is
(capacity times price) plus, for each request, its weight less the prices of the cheapest slot
it could have, where that is more than nothing.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.problem import Mode, Problem
from talex.engine.meetings.solution import Prices

_CHUNK = 20_000
#: Sums of a row stay below 2^62.
_LARGEST = 2**50


def _valid(problem: Problem, prices: Prices) -> bool:
    days = np.unique(problem.slot_day).size
    shapes = {
        "person": (problem.persons, problem.slots),
        "day": (problem.persons, days),
        "table": (problem.tables, problem.slots),
        "online": (problem.slots,),
        "resource": (problem.resources, problem.slots),
    }
    for name, shape in shapes.items():
        array = np.asarray(getattr(prices, name))
        if array.shape != shape or array.dtype.kind not in "iu":
            return False
        if array.size and (array.min() < 0 or array.max() > _LARGEST):
            return False
    # a power of two divides every double exactly
    return prices.unit > 0 and math.isfinite(prices.unit) and math.frexp(prices.unit)[0] == 0.5


def _total(price: NDArray[Any], capacity: NDArray[Any]) -> int | None:
    """Price times capacity in Python's whole numbers; None where something endless has one."""
    price, capacity = np.broadcast_arrays(price, capacity)
    used = price > 0
    if (capacity[used] < 0).any():
        return None
    return sum(int(p) * int(c) for p, c in zip(price[used], capacity[used], strict=True))


def _charges(problem: Problem, prices: Prices) -> NDArray[np.int64]:
    """(P, S) what a person's meeting in a slot pays: its day, and every pause it stands in.

    The price of person p and slot s is one of the stretch of ``1 + min_gap`` slots of time that
    begins with s; p has at most one meeting in it.
    """
    day = np.unique(problem.slot_day, return_inverse=True)[1]
    paid = prices.day[:, day].astype(np.int64)
    apart = (1 + problem.min_gap.astype(np.int64)) * problem.slot_minutes
    for s in range(problem.slots):
        for begin in range(s, -1, -1):
            gone = problem.slot_start[s] - problem.slot_start[begin]
            within = gone < apart
            if not within.any():
                break
            paid[:, s] += np.where(within, prices.person[:, begin], 0)
    return paid


def _seat_prices(problem: Problem, prices: Prices) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """(R, S) the cheapest table (or online room) of each request, and whether there is one."""
    high = 2**60
    table = np.where(problem.table_available, prices.table, high).astype(np.int64)
    anywhere = table.min(axis=0, initial=high)
    online = np.where(problem.online_capacity == 0, high, prices.online)
    cost = np.where((problem.mode == Mode.ONLINE)[:, None], online, anywhere)
    special = (np.diff(problem.request_tables_ptr) > 0) | (problem.fixed_table >= 0)
    for r in np.flatnonzero(special & (problem.mode == Mode.ONSITE)):
        cost[r] = table[problem.tables_of(int(r))].min(axis=0, initial=high)
    return cost, cost < high


def proved_by_prices(problem: Problem, prices: Prices, weight: NDArray[np.float64]) -> float | None:
    """The bound that prices prove, rounded up; None if they prove nothing.

    Args:
        problem: the problem; walking and order are not regarded, which only makes it larger.
        prices: whole numbers of ``prices.unit``.
        weight: (R,) what each request counts.
    """
    if not _valid(problem, prices):
        return None
    whole = np.ceil(weight / prices.unit)
    if whole.size and whole.max() > _LARGEST:
        return None
    worth = whole.astype(np.int64)
    total = 0
    for price, capacity in (
        (prices.person, np.ones(1, np.int64)),
        (prices.day, problem.max_per_day[:, None]),
        (prices.table, problem.table_available.astype(np.int64)),
        (prices.online, problem.online_capacity),
        (prices.resource, problem.resource_capacity),
    ):
        part = _total(price, capacity)
        if part is None:
            return None
        total += part
    if problem.requests == 0:
        return math.nextafter(total * prices.unit, math.inf) if total else 0.0
    charge = _charges(problem, prices)
    cost, possible = _seat_prices(problem, prices)
    usable = problem.available & (problem.max_per_day != 0)[:, None]
    for start in range(0, problem.requests, _CHUNK):
        rows = slice(start, min(start + _CHUNK, problem.requests))
        first, last = problem.party_ptr[rows.start], problem.party_ptr[rows.stop]
        who, ptr = problem.party_idx[first:last], problem.party_ptr[rows] - first
        paid = cost[rows] + np.add.reduceat(charge[who], ptr, axis=0)
        can = possible[rows] & np.logical_and.reduceat(usable[who], ptr, axis=0)
        if problem.allowed is not None:
            can &= problem.allowed[rows]
        held = np.flatnonzero(problem.fixed_slot[rows] >= 0)
        keep = can[held, problem.fixed_slot[rows][held]]
        can[held] = False
        can[held, problem.fixed_slot[rows][held]] = keep
        _pay_resources(problem, prices, rows, paid, can)
        left = np.where(can, worth[rows, None] - paid, 0).max(axis=1, initial=0)
        total += int(np.maximum(left, 0).sum())
    # whole times a power of two is exact up to 2^53; one step up covers the rest
    return math.nextafter(total * prices.unit, math.inf) if total else 0.0


def _pay_resources(
    problem: Problem, prices: Prices, rows: slice, paid: NDArray[np.int64], can: NDArray[np.bool_]
) -> None:
    owner = np.repeat(
        np.arange(rows.stop - rows.start),
        np.diff(problem.request_resources_ptr[rows.start : rows.stop + 1]),
    )
    needs = slice(
        problem.request_resources_ptr[rows.start], problem.request_resources_ptr[rows.stop]
    )
    which = problem.request_resources_idx[needs]
    units = problem.request_resources_units[needs].astype(np.int64)[:, None]
    np.add.at(paid, owner, units * prices.resource[which])
    capacity = problem.resource_capacity[which]
    np.logical_and.at(can, owner, (capacity < 0) | (capacity >= units))
