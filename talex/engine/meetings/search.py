"""Construct: greedy insertion, in rounds of fairness or by shares, and given places; compiled."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from talex.engine.meetings.arrays import State, Static
from talex.engine.meetings.kernel import (
    LEAN,
    has_bit,
    lowest,
    open_word,
    place_word,
    put,
)
from talex.engine.meetings.places import (
    find_table,
    hall_table,
    has_place,
    in_order,
    insert,
    insert_at_once,
    supplied,
)

_ONE = np.uint64(1)
_ZERO = np.uint64(0)


@njit(**LEAN)
def construct(k: Static, x: State, order: NDArray[np.int64], below: int, deep: bool) -> int:
    """Insert requests in order if one of their persons has fewer than ``below`` meetings.

    If ``deep``, others may move to other tables for them.

    Returns the number placed.
    """
    placed = 0
    for r in order:
        if x.slot[r] >= 0:
            continue
        wanted = False
        for i in range(k.ptr[r], k.ptr[r + 1]):
            if x.total[k.idx[i]] < below:
                wanted = True
        if wanted and (insert(k, x, r) if deep else insert_at_once(k, x, r)):
            placed += 1
    return placed


@njit(**LEAN)
def construct_by_share(
    k: Static, x: State, order: NDArray[np.int64], share: NDArray[np.float32]
) -> int:
    """Insert requests in order, each where its share (R, S) is greatest of what is free.

    Returns the number placed.
    """
    placed = 0
    for r in order:
        if x.slot[r] >= 0:
            continue
        best, chosen = -np.inf, np.int64(-1)
        for w in range(k.base.shape[1]):
            word = place_word(k, x, r, w)
            while word != _ZERO:
                s = w * 64 + lowest(word)
                word &= word - _ONE
                worth = share[r, s]
                if worth > best and has_place(k, x, r, s):
                    best, chosen = worth, s
        if chosen >= 0:
            put(k, x, r, chosen, find_table(k, x, r, chosen))
            placed += 1
    return placed


@njit(**LEAN)
def seat(k: Static, x: State, order: NDArray[np.int64], slot: NDArray[np.int64]) -> int:
    """Put requests into given slots as far as they fit there. Returns the number placed."""
    placed = 0
    for r in order:
        s = slot[r]
        if s < 0 or x.slot[r] >= 0 or not has_bit(open_word(k, x, r, s >> 6), s):
            continue
        if not (in_order(k, x, r, s) and supplied(k, x, r, s)):
            continue
        t = find_table(k, x, r, s)
        if t != -1:
            put(k, x, r, s, t)
            placed += 1
    return placed


@njit(**LEAN)
def seat_in_halls(
    k: Static, x: State, order: NDArray[np.int64], slot: NDArray[np.int64], hall: NDArray[np.int64]
) -> int:
    """``seat`` for a timetable known to be seatable with these halls (-1 any).

    Who is in the way at a table of the hall is moved to another of its own hall.
    """
    placed = 0
    for r in order:
        s = slot[r]
        if s < 0 or x.slot[r] >= 0:
            continue
        t = hall_table(k, x, r, s, hall) if hall[r] >= 0 else find_table(k, x, r, s)
        if t != -1:
            put(k, x, r, s, t)
            placed += 1
    return placed
