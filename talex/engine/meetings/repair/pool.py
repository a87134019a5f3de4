"""Those without a place, put in instead of whom it is easiest to place elsewhere; compiled.

An ejection pool (Nagata & Bräysy 2009, who make routes fewer with it): one meeting is taken from
the pool and placed where those who must leave have been hard to place least often, which come
into the pool in turn. What is dear to lose counts more. The pool may grow on the way: the best
that there was is kept by the caller.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from talex.engine.meetings.kernel import ENTRY
from talex.engine.meetings.repair.board import CLS, COST, F64, I64, Board, Rules
from talex.engine.meetings.repair.homing import settle
from talex.engine.meetings.repair.kernels import (
    INNER,
    LOGGING,
    NO_NEED,
    NO_TABLE,
    begin,
    put,
    take,
)
from talex.engine.meetings.repair.obstacles import at_table, in_the_way, is_choice, listed
from talex.engine.meetings.repair.swaps import LONGEST

#: Meetings that may leave for one.
_OUT = 4
#: Share of a price that is left to chance.
_NOISE = 0.3
#: How often one that waits longer comes before one that has just left.
_OLDER = 0.2


@njit(**INNER)
def _price(k: Rules, x: Board, hard: F64, first: int, last: int) -> float:
    price = 0.0
    for i in range(first, last):
        o = x.scratch[i]
        price += hard[o] * k.asked[o, COST]
    return price


@njit(**INNER)
def _chance(state: I64) -> float:
    """A number in [0, 1); the state is of a linear congruential generator."""
    state[0] = (state[0] * 1103515245 + 12345) & 0x7FFFFFFF
    return float(state[0]) / 2147483648.0


@njit(**INNER)
def _easiest(k: Rules, x: Board, r: int, hard: F64, state: I64) -> Any:
    """(slot, table) where those who must leave are easiest to place elsewhere; -1 as slot: none."""
    best = np.inf
    best_s, best_t = np.int64(-1), np.int64(NO_TABLE)
    for s in range(k.times.shape[0]):
        last = in_the_way(k, x, r, s, 0)
        if last < 0 or last > _OUT:
            continue
        chance = 1.0 + _NOISE * _chance(state)
        price = _price(k, x, hard, 0, last) * chance
        if price >= best:
            continue
        if k.asked[r, CLS] < 0:
            best, best_s, best_t = price, np.int64(s), np.int64(NO_NEED)
            continue
        for t in range(k.hall.size):
            o = x.occupant[s, t]
            if not is_choice(k, r, s, t):
                continue
            more = 0.0 if o < 0 or listed(x, 0, last, o) else hard[o] * k.asked[o, COST] * chance
            if price + more >= best:
                continue
            end = at_table(k, x, r, s, t, 0, last)
            if end < 0 or end > _OUT:
                continue
            total = _price(k, x, hard, 0, end) * chance
            if total < best:
                best, best_s, best_t = total, np.int64(s), np.int64(t)
    return best_s, best_t


@njit(**ENTRY)
def trade(
    k: Rules, x: Board, pool: I64, number: int, hard: F64, state: I64, steps: int, nodes: int
) -> int:
    """Take meetings from the pool one by one; the number that is in it afterwards.

    Args:
        pool: (N,) the first ``number`` of it are without a place.
        hard: (R,) how often each was hard to place, and one.
        state: (1,) of the generator of chances.
        steps: meetings that are taken from the pool at most.
        nodes: steps of each chain.
    """
    for _ in range(steps):
        if number == 0:
            break
        r = pool[number - 1]
        begin(x)
        if settle(k, x, r, 2, nodes, LONGEST):
            number -= 1
            continue
        hard[r] += 1.0
        s, t = _easiest(k, x, r, hard, state)
        last = in_the_way(k, x, r, s, 0) if s >= 0 else -1
        if last >= 0 and t >= 0:
            last = at_table(k, x, r, s, t, 0, last)
        if last < 0 or number + last > pool.size:
            # it comes last, and another one first
            for i in range(number - 1, 0, -1):
                pool[i] = pool[i - 1]
            pool[0] = r
            continue
        number -= 1
        for i in range(last):
            pool[number + i] = x.scratch[i]
        for i in range(last):
            take(k, x, pool[number + i])
        number += last
        put(k, x, r, s, t)
        if number > last > 0 and _chance(state) < _OLDER:
            first = pool[number - last - 1]
            pool[number - last - 1] = pool[number - 1]
            pool[number - 1] = first
    x.marks[LOGGING] = 0
    return number
