"""Who is in the way of a meeting in a slot and at a table; compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from talex.engine.meetings.repair.board import (
    APART,
    CAP,
    CLS,
    COST,
    DAY,
    FIRST,
    GAP,
    HELD,
    LAST,
    NEED,
    NEXT,
    ORDER,
    OTHER,
    PARTY,
    RESOURCE,
    SLOT,
    STAMP,
    START,
    TABLE,
    UNITS,
    WHEN,
    Board,
    Rules,
)
from talex.engine.meetings.repair.kernels import (
    CHAIN,
    INNER,
    has_bit,
    too_far,
)

_ZERO = np.uint64(0)
#: A price that nothing has.
NEVER = np.int64(2**62)


@njit(**INNER)
def _movable(x: Board, o: int) -> bool:
    return x.stand[o, HELD] == 0 and x.stand[o, STAMP] != x.marks[CHAIN]


@njit(**INNER)
def listed(x: Board, first: int, last: int, o: int) -> bool:
    """Whether a meeting is in a stretch of the list."""
    found = False
    for i in range(first, last):
        found |= x.scratch[i] == o
    return found


@njit(**INNER)
def elsewhere(k: Rules, x: Board, o: int) -> bool:
    """Whether placed ``o`` may find another place directly. False is sure, True is not."""
    s = x.stand[o, SLOT]
    some = False
    for w in range(k.base.shape[1]):
        word = k.base[o, w]
        for i in range(k.asked[o, PARTY], k.asked[o, PARTY + 1]):
            p = k.lists[i, 0]
            word &= x.free[p, w] | k.block[k.person[p, GAP], s, w] | k.day_mask[k.times[s, DAY], w]
        if k.asked[o, CLS] >= 0:
            word &= x.holes[w]
        some |= word != _ZERO
    return some


@njit(**INNER)
def _cheapest(k: Rules, x: Board, o: int, best: int, score: int) -> tuple[int, int]:
    """The better of ``best`` and ``o`` to be taken out: one that finds a place, then light."""
    mine = k.asked[o, COST] + (0 if elsewhere(k, x, o) else NEVER // 2)
    return (o, mine) if mine < score else (best, score)


@njit(**INNER)
def _of_persons(k: Rules, x: Board, r: int, s: int, first: int) -> int:
    """Meetings of the persons of ``r`` in the way in slot ``s``, listed from ``first``: the end.

    -1 where one of them cannot be moved.
    """
    last = first
    for i in range(k.asked[r, PARTY], k.asked[r, PARTY + 1]):
        p = k.lists[i, 0]
        for v in range(k.times[s, FIRST], k.times[s, LAST] + 1):
            o = x.at[p, v]
            if o >= 0 and abs(k.times[v, START] - k.times[s, START]) < k.person[p, APART]:
                if not _movable(x, o):
                    return -1
                if not listed(x, first, last, o):
                    x.scratch[last] = o
                    last += 1
    d = k.times[s, DAY]
    for i in range(k.asked[r, PARTY], k.asked[r, PARTY + 1]):
        p = k.lists[i, 0]
        over = x.per_day[p, d] + 1 - k.person[p, CAP]
        if over <= 0:
            continue
        for v in range(k.times.shape[0]):
            o = x.at[p, v]
            if o >= 0 and k.times[v, DAY] == d and listed(x, first, last, o):
                over -= 1
        while over > 0:
            best, score = -1, NEVER
            for v in range(k.times.shape[0]):
                o = x.at[p, v]
                if (
                    o >= 0
                    and k.times[v, DAY] == d
                    and _movable(x, o)
                    and not listed(x, first, last, o)
                ):
                    best, score = _cheapest(k, x, o, best, score)
            if best < 0:
                return -1
            x.scratch[last] = best
            last += 1
            over -= 1
    return last


@njit(**INNER)
def _of_order(k: Rules, x: Board, r: int, s: int, first: int, last: int) -> int:
    for i in range(k.asked[r, ORDER], k.asked[r, ORDER + 1]):
        o = k.lists[i, OTHER]
        at = x.stand[o, SLOT]
        if at >= 0 and (at - s) * k.lists[i, WHEN] <= 0 and not listed(x, first, last, o):
            if not _movable(x, o):
                return -1
            x.scratch[last] = o
            last += 1
    return last


@njit(**INNER)
def _units_of(k: Rules, o: int, resource: int) -> Any:
    for i in range(k.asked[o, NEED], k.asked[o, NEED + 1]):
        if k.lists[i, RESOURCE] == resource:
            return k.lists[i, UNITS]
    return np.int64(0)


@njit(**INNER)
def _of_resources(k: Rules, x: Board, r: int, s: int, first: int, last: int) -> int:
    """Users of online rooms and shared resources that must give way."""
    for i in range(k.asked[r, NEED], k.asked[r, NEED + 1]):
        f = k.lists[i, RESOURCE]
        over = x.used[f, s] + k.lists[i, UNITS] - k.units[f, s]
        if over <= 0:
            continue
        for n in range(first, last):
            if x.stand[x.scratch[n], SLOT] == s:
                over -= _units_of(k, x.scratch[n], f)
        while over > 0:
            best, score = -1, NEVER
            o = x.head[s]
            while o >= 0:
                uses = _units_of(k, o, f) > 0
                if uses and _movable(x, o) and not listed(x, first, last, o):
                    best, score = _cheapest(k, x, o, best, score)
                o = x.stand[o, NEXT]
            if best < 0:
                return -1
            x.scratch[last] = best
            last += 1
            over -= _units_of(k, best, f)
    return last


@njit(**INNER)
def in_the_way(k: Rules, x: Board, r: int, s: int, first: int) -> int:
    """Who must give way for unplaced ``r`` in ``s``, tables and ways not regarded.

    Listed in ``scratch`` from ``first``; the end of the list, -1 where it is not possible.
    """
    if not has_bit(k.base[r], s):
        return -1
    last = _of_persons(k, x, r, s, first)
    if last >= 0:
        last = _of_order(k, x, r, s, first, last)
    if last >= 0:
        last = _of_resources(k, x, r, s, first, last)
    return last


@njit(**INNER)
def at_table(k: Rules, x: Board, r: int, s: int, t: int, first: int, last: int) -> int:
    """Add to the list who must give way at a table and on the ways to and from it."""
    o = x.occupant[s, t]
    if o >= 0 and not listed(x, first, last, o):
        if not _movable(x, o):
            return -1
        x.scratch[last] = o
        last += 1
    if k.way.shape[0] == 0:
        return last
    for i in range(k.asked[r, PARTY], k.asked[r, PARTY + 1]):
        p = k.lists[i, 0]
        for v in range(k.times[s, FIRST], k.times[s, LAST] + 1):
            o = x.at[p, v]
            if o >= 0 and k.asked[o, CLS] >= 0 and too_far(k, v, x.stand[o, TABLE], s, t):
                if listed(x, first, last, o):
                    continue
                if not _movable(x, o):
                    return -1
                x.scratch[last] = o
                last += 1
    return last


@njit(**INNER)
def is_choice(k: Rules, r: int, s: int, t: int) -> bool:
    return has_bit(k.opened[s], t) and has_bit(k.choice[k.asked[r, CLS]], t)
