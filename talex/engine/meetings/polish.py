"""Later objectives: few idle gaps, few changes of hall, even load; who meets whom stays.

Every move keeps the set of placed meetings, so fairness and weight stay as they are. Meetings
that stand where a warm start had them, and fixed ones, are not moved.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from talex.engine.meetings.arrays import State, Static
from talex.engine.meetings.kernel import (
    INNER,
    LEAN,
    begin,
    has_bit,
    lowest,
    move_table,
    open_word,
    put,
    rand,
    take,
    undo,
)
from talex.engine.meetings.places import (
    direct_table,
    has_place,
    in_order,
    near_table,
    supplied,
    walks,
)

_ZERO = np.uint64(0)
_ONE = np.uint64(1)
_TRIES = 6


@njit(**INNER)
def day_cost(k: Static, x: State, p: int, d: int) -> tuple[int, int]:
    """(idle slots, hall changes) of a person on a day."""
    idle, waiting, changes = 0, 0, 0
    seen = False
    hall = -1
    for s in range(k.day_ptr[d], k.day_ptr[d + 1]):
        r = x.at[p, s]
        if r < 0:
            if seen and has_bit(k.avail[p, s >> 6], s):
                waiting += 1
            continue
        idle += waiting
        waiting = 0
        seen = True
        t = x.table[r]
        if t >= 0 and k.hall[t] >= 0:
            if hall >= 0 and hall != k.hall[t]:
                changes += 1
            hall = k.hall[t]
    return idle, changes


@njit(**LEAN)
def total_cost(k: Static, x: State) -> tuple[int, int, int]:
    """(idle slots, hall changes, sum of squared daily loads) of everybody."""
    idle, changes, squares = 0, 0, 0
    for p in range(k.cap.size):
        for d in range(k.day_ptr.size - 1):
            squares += x.per_day[p, d] ** 2
            if x.per_day[p, d] > 1:
                i, c = day_cost(k, x, p, d)
                idle += i
                changes += c
    return idle, changes, squares


@njit(**INNER)
def _weighed(k: Static, x: State, p: int, d: int) -> int:
    idle, changes = day_cost(k, x, p, d)
    return k.calm[0] * idle + k.calm[1] * changes + k.calm[2] * x.per_day[p, d] ** 2


@njit(**INNER)
def _party_cost(k: Static, x: State, r: int, one: int, two: int) -> int:
    cost = 0
    for i in range(k.ptr[r], k.ptr[r + 1]):
        p = k.idx[i]
        cost += _weighed(k, x, p, one)
        if two != one:
            cost += _weighed(k, x, p, two)
    return cost


@njit(**INNER)
def _settled(k: Static, x: State, r: int) -> bool:
    return k.fixed[r] or (x.slot[r] == k.warm_slot[r] and x.table[r] == k.warm_table[r])


@njit(**INNER)
def _relocate(k: Static, x: State, r: int) -> int:
    """Move ``r`` to the best free slot; returns what was saved."""
    here = x.slot[r]
    best, chosen = 0, np.int64(-1)
    for w in range(k.base.shape[1]):
        word = k.base[r, w]
        while word != _ZERO:
            s = w * 64 + lowest(word)
            word &= word - _ONE
            before = _party_cost(k, x, r, k.day[here], k.day[s])
            begin(x)
            take(k, x, r)
            if has_bit(open_word(k, x, r, s >> 6), s) and has_place(k, x, r, s):
                put(k, x, r, s, direct_table(k, x, r, s))
                saved = before - _party_cost(k, x, r, k.day[here], k.day[s])
                if saved > best:
                    best, chosen = saved, s
            undo(k, x, np.int64(0))
    if chosen < 0:
        return 0
    before = _party_cost(k, x, r, k.day[here], k.day[chosen])
    take(k, x, r)
    put(k, x, r, chosen, direct_table(k, x, r, chosen))
    return before - _party_cost(k, x, r, k.day[here], k.day[chosen])


@njit(**INNER)
def _seats(k: Static, r: int, t: int) -> bool:
    return has_bit(k.class_mask[k.cls[r], t >> 6], t)


@njit(**INNER)
def _fits_at(k: Static, x: State, r: int, s: int, t: int) -> bool:
    """Whether ``r`` can stand in ``s`` at a table known to be free and allowed."""
    return (
        has_bit(open_word(k, x, r, s >> 6), s)
        and in_order(k, x, r, s)
        and supplied(k, x, r, s)
        and near_table(k, t, walks(k, x, r, s))
    )


@njit(**INNER)
def _exchange(k: Static, x: State, r: int, o: int) -> int:
    """Exchange the places (slot and table) of two seated meetings if that saves anything."""
    s, t = x.slot[r], x.table[r]
    s2, t2 = x.slot[o], x.table[o]
    if not (_seats(k, r, t2) and _seats(k, o, t)):
        return 0
    if not (has_bit(k.base[r, s2 >> 6], s2) and has_bit(k.base[o, s >> 6], s)):
        return 0
    one, two = k.day[s], k.day[s2]
    before = _party_cost(k, x, r, one, two) + _party_cost(k, x, o, one, two)
    begin(x)
    take(k, x, r)
    take(k, x, o)
    if _fits_at(k, x, r, s2, t2):
        put(k, x, r, s2, t2)
        if _fits_at(k, x, o, s, t):
            put(k, x, o, s, t)
            after = _party_cost(k, x, r, one, two) + _party_cost(k, x, o, one, two)
            if after < before:
                x.marks[1] = 0
                return before - after
    undo(k, x, np.int64(0))
    return 0


@njit(**INNER)
def _random_occupant(k: Static, x: State, r: int, s: int) -> int:
    c = k.cls[r]
    size = k.class_ptr[c + 1] - k.class_ptr[c]
    t = k.class_idx[k.class_ptr[c] + np.int64(rand(x) * size)]
    o = x.occupant[s, t]
    return -1 if o == r or o < 0 or _settled(k, x, o) else o


@njit(**LEAN)
def polish(k: Static, x: State, requests: NDArray[np.int64]) -> int:
    """One pass over placed requests; returns how much idle time and hall changes it saved."""
    saved = 0
    for r in requests:
        if x.slot[r] < 0 or _settled(k, x, r):
            continue
        s = x.slot[r]
        if _party_cost(k, x, r, k.day[s], k.day[s]) == 0:
            continue
        saved += _relocate(k, x, r)
        t = x.table[r]
        if t < 0:
            continue
        s = x.slot[r]
        for _ in range(_TRIES):
            o = _random_occupant(k, x, r, s)
            if o >= 0:
                saved += _exchange(k, x, r, o)
        c = k.cls[r]
        for j in range(min(_TRIES, k.class_ptr[c + 1] - k.class_ptr[c])):
            size = k.class_ptr[c + 1] - k.class_ptr[c]
            at = j if size <= _TRIES else np.int64(rand(x) * size)
            other = k.class_idx[k.class_ptr[c] + at]
            if has_bit(x.table_free[s, other >> 6], other) and near_table(
                k, other, walks(k, x, r, s)
            ):
                before = _party_cost(k, x, r, k.day[s], k.day[s])
                t = x.table[r]
                move_table(k, x, r, other)
                won = before - _party_cost(k, x, r, k.day[s], k.day[s])
                if won > 0:
                    saved += won
                else:
                    move_table(k, x, r, t)
        # a busy neighbour slot: exchange with somebody seated there
        for i in range(k.ptr[r], k.ptr[r + 1]):
            p = k.idx[i]
            d = k.day[x.slot[r]]
            for other_slot in range(k.day_ptr[d], k.day_ptr[d + 1]):
                if x.at[p, other_slot] < 0 and has_bit(k.base[r, other_slot >> 6], other_slot):
                    o = _random_occupant(k, x, r, other_slot)
                    if o >= 0:
                        saved += _exchange(k, x, r, o)
    return saved


@njit(**LEAN)
def recall(k: Static, x: State, requests: NDArray[np.int64]) -> int:
    """Move placed meetings back to their place in the warm start where that is free now."""
    back = 0
    for r in requests:
        s, t = k.warm_slot[r], k.warm_table[r]
        if s < 0 or x.slot[r] < 0 or k.fixed[r] or _settled(k, x, r):
            continue
        begin(x)
        take(k, x, r)
        fits = has_bit(open_word(k, x, r, s >> 6), s) and has_place(k, x, r, s)
        if fits:
            put(k, x, r, s, direct_table(k, x, r, s))
            if k.cls[r] >= 0 and t >= 0 and x.table[r] != t and k.hall[x.table[r]] >= 0:
                fits = False
        if fits:
            x.marks[1] = 0
            back += 1
        else:
            undo(k, x, np.int64(0))
    return back
