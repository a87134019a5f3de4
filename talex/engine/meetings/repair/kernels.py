"""Placing, taking out, undoing, and what is in the way; compiled.

Every change of a ``Board`` goes through ``put`` and ``take``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from talex.engine.meetings.kernel import ENTRY
from talex.engine.meetings.repair.board import (
    CAP,
    CLS,
    DAY,
    FIRST,
    FORMER,
    GAP,
    HOME,
    LAST,
    NEED,
    NEXT,
    ORDER,
    OTHER,
    PARTY,
    RESOURCE,
    SEAT,
    SLOT,
    STAMP,
    START,
    TABLE,
    UNITS,
    WHEN,
    Board,
    Rules,
)

#: What only kernels call needs no wrapper for Python, which takes longer to compile than it.
INNER: dict[str, Any] = {**ENTRY, "no_cpython_wrapper": True}

_ONE = np.uint64(1)
_ZERO = np.uint64(0)

# Fields of Board.marks.
LENGTH, LOGGING, CHAIN, NODES = 0, 1, 2, 3
PUT, TAKEN = 0, 1
#: What ``table_for`` answers where there is no table, and where none is needed.
NO_TABLE, NO_NEED = -1, -2


@njit(**INNER)
def has_bit(words: Any, bit: int) -> bool:
    return (words[bit >> 6] >> np.uint64(bit & 63)) & _ONE != _ZERO


@njit(**INNER)
def _set(words: Any, bit: int) -> None:
    words[bit >> 6] |= _ONE << np.uint64(bit & 63)


@njit(**INNER)
def _clear(words: Any, bit: int) -> None:
    words[bit >> 6] &= ~(_ONE << np.uint64(bit & 63))


@njit(**INNER)
def _refresh(k: Rules, x: Board, p: int) -> None:
    """Recompute the free slots of a person after a change."""
    words = k.avail.shape[1]
    for w in range(words):
        x.free[p, w] = k.avail[p, w]
    gap = k.person[p, GAP]
    for s in range(k.times.shape[0]):
        if x.at[p, s] >= 0:
            for w in range(words):
                x.free[p, w] &= ~k.block[gap, s, w]
    for d in range(x.per_day.shape[1]):
        if x.per_day[p, d] >= k.person[p, CAP]:
            for w in range(words):
                x.free[p, w] &= ~k.day_mask[d, w]


@njit(**INNER)
def _log(x: Board, kind: int, r: int, s: int, t: int) -> None:
    if x.marks[LOGGING] == 1:
        n = x.marks[LENGTH]
        x.journal[n, 0] = kind
        x.journal[n, 1] = r
        x.journal[n, 2] = s
        x.journal[n, 3] = t
        x.marks[LENGTH] = n + 1


@njit(**INNER)
def put(k: Rules, x: Board, r: int, s: int, t: int) -> None:
    """Place ``r``; the caller knows that it fits."""
    _log(x, PUT, r, s, t)
    x.stand[r, SLOT] = s
    x.stand[r, TABLE] = max(t, -1)
    if k.asked[r, CLS] >= 0:
        x.occupant[s, t] = r
        _clear(x.table_free[s], t)
        empty = True
        for v in range(x.table_free.shape[1]):
            empty &= x.table_free[s, v] == _ZERO
        if empty:
            _clear(x.holes, s)
    for i in range(k.asked[r, NEED], k.asked[r, NEED + 1]):
        x.used[k.lists[i, RESOURCE], s] += k.lists[i, UNITS]
    first = x.head[s]
    x.stand[r, NEXT] = first
    x.stand[r, FORMER] = -1
    if first >= 0:
        x.stand[first, FORMER] = r
    x.head[s] = r
    for i in range(k.asked[r, PARTY], k.asked[r, PARTY + 1]):
        p = k.lists[i, 0]
        x.at[p, s] = r
        x.per_day[p, k.times[s, DAY]] += 1
        _refresh(k, x, p)


@njit(**INNER)
def take(k: Rules, x: Board, r: int) -> None:
    """Take ``r`` out of its slot."""
    s, t = x.stand[r, SLOT], x.stand[r, TABLE]
    _log(x, TAKEN, r, s, t)
    x.stand[r, SLOT] = -1
    x.stand[r, TABLE] = -1
    if k.asked[r, CLS] >= 0:
        x.occupant[s, t] = -1
        _set(x.table_free[s], t)
        _set(x.holes, s)
    for i in range(k.asked[r, NEED], k.asked[r, NEED + 1]):
        x.used[k.lists[i, RESOURCE], s] -= k.lists[i, UNITS]
    later, former = x.stand[r, NEXT], x.stand[r, FORMER]
    if former >= 0:
        x.stand[former, NEXT] = later
    else:
        x.head[s] = later
    if later >= 0:
        x.stand[later, FORMER] = former
    for i in range(k.asked[r, PARTY], k.asked[r, PARTY + 1]):
        p = k.lists[i, 0]
        x.at[p, s] = -1
        x.per_day[p, k.times[s, DAY]] -= 1
        _refresh(k, x, p)


@njit(**INNER)
def undo(k: Rules, x: Board, length: int) -> None:
    """Undo down to a length of the journal."""
    x.marks[LOGGING] = 0
    while x.marks[LENGTH] > length:
        x.marks[LENGTH] -= 1
        n = x.marks[LENGTH]
        r = x.journal[n, 1]
        if x.journal[n, 0] == PUT:
            take(k, x, r)
            x.stand[r, STAMP] = 0
        else:
            put(k, x, r, x.journal[n, 2], x.journal[n, 3])
    x.marks[LOGGING] = 1


@njit(**INNER)
def begin(x: Board) -> None:
    """Start a chain: a new journal, nobody moved yet."""
    x.marks[LENGTH] = 0
    x.marks[LOGGING] = 1
    x.marks[CHAIN] += 1


@njit(**INNER)
def too_far(k: Rules, v: int, one: int, s: int, two: int) -> bool:
    """Whether a person cannot get from a table to another between two slots."""
    if k.way.shape[0] == 0:
        return False
    if v < s:
        return k.times[s, START] - k.times[v, START] < k.way[k.hall[one], k.hall[two]]
    return k.times[v, START] - k.times[s, START] < k.way[k.hall[two], k.hall[one]]


@njit(**INNER)
def reachable(k: Rules, x: Board, r: int, s: int, t: int) -> bool:
    """Whether all persons can walk to table ``t`` and on."""
    if k.way.shape[0] == 0:
        return True
    for i in range(k.asked[r, PARTY], k.asked[r, PARTY + 1]):
        p = k.lists[i, 0]
        for v in range(k.times[s, FIRST], k.times[s, LAST] + 1):
            o = x.at[p, v]
            if (
                o >= 0
                and o != r
                and k.asked[o, CLS] >= 0
                and too_far(k, v, x.stand[o, TABLE], s, t)
            ):
                return False
    return True


@njit(**INNER)
def in_order(k: Rules, x: Board, r: int, s: int) -> bool:
    """Whether what must be earlier and later than ``r`` is."""
    for i in range(k.asked[r, ORDER], k.asked[r, ORDER + 1]):
        at = x.stand[k.lists[i, OTHER], SLOT]
        if at >= 0 and (at - s) * k.lists[i, WHEN] <= 0:
            return False
    return True


@njit(**INNER)
def supplied(k: Rules, x: Board, r: int, s: int) -> bool:
    """Whether what it shares with others, online rooms among it, is there."""
    for i in range(k.asked[r, NEED], k.asked[r, NEED + 1]):
        f = k.lists[i, RESOURCE]
        if x.used[f, s] + k.lists[i, UNITS] > k.units[f, s]:
            return False
    return True


@njit(**INNER)
def is_open(k: Rules, x: Board, r: int, s: int) -> bool:
    """Whether all persons of ``r`` are free in ``s``, ways not regarded."""
    if not has_bit(k.base[r], s):
        return False
    for i in range(k.asked[r, PARTY], k.asked[r, PARTY + 1]):
        if not has_bit(x.free[k.lists[i, 0]], s):
            return False
    return True


@njit(**INNER)
def fits_at(k: Rules, x: Board, r: int, s: int, t: int) -> bool:
    """Whether unplaced ``r`` can stand exactly there now."""
    if not (is_open(k, x, r, s) and in_order(k, x, r, s) and supplied(k, x, r, s)):
        return False
    if k.asked[r, CLS] < 0:
        return True
    if t < 0 or not has_bit(x.table_free[s], t) or not has_bit(k.choice[k.asked[r, CLS]], t):
        return False
    return reachable(k, x, r, s, t)


@njit(**INNER)
def table_for(k: Rules, x: Board, r: int, s: int) -> int:
    """A free table for ``r`` in an open slot: its own of before, one nobody needs, any."""
    if not (in_order(k, x, r, s) and supplied(k, x, r, s)):
        return NO_TABLE
    c = k.asked[r, CLS]
    if c < 0:
        return NO_NEED
    home = k.asked[r, SEAT]
    if (
        home >= 0
        and k.asked[r, HOME] == s
        and has_bit(x.table_free[s], home)
        and has_bit(k.choice[c], home)
        and reachable(k, x, r, s, home)
    ):
        return home
    for common in (True, False):
        for v in range(k.choice.shape[1]):
            word = k.choice[c, v] & x.table_free[s, v]
            word &= k.choice[-1, v] if common else ~k.choice[-1, v]
            t = v * 64
            while word != _ZERO:
                if word & _ONE != _ZERO and reachable(k, x, r, s, t):
                    return t
                word >>= _ONE
                t += 1
    return NO_TABLE


@njit(**INNER)
def place_directly(k: Rules, x: Board, r: int) -> bool:
    """Place ``r`` where nobody is in the way, as near to where it was as can be."""
    slots = k.times.shape[0]
    words = k.base.shape[1]
    some = False
    for w in range(words):
        word = k.base[r, w]
        for i in range(k.asked[r, PARTY], k.asked[r, PARTY + 1]):
            word &= x.free[k.lists[i, 0], w]
        some |= (word & (x.holes[w] if k.asked[r, CLS] >= 0 else ~_ZERO)) != _ZERO
    if not some:
        return False
    home = max(k.asked[r, HOME], 0)
    for step in range(2 * slots):
        s = home + ((step + 1) // 2) * (1 if step % 2 == 1 else -1)
        if 0 <= s < slots and is_open(k, x, r, s):
            t = table_for(k, x, r, s)
            if t != NO_TABLE:
                put(k, x, r, s, t)
                return True
    return False
