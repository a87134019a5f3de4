"""Placing, taking out and undoing, compiled. Every change of a ``State`` goes through here."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from talex.engine.meetings.arrays import UNLIMITED, State, Static

#: How kernels are compiled. What only kernels call needs no wrapper for Python, which with so
#: many arrays would take longer to compile than the kernel. And a kernel that makes no array of
#: its own counts no references: each call hands on some seventy arrays, and to count them took a
#: third of the time to compile.
ENTRY: dict[str, Any] = {"cache": True, "nogil": True, "no_cfunc_wrapper": True}
LEAN: dict[str, Any] = {**ENTRY, "_nrt": False}
INNER: dict[str, Any] = {**LEAN, "no_cpython_wrapper": True}

_ONE = np.uint64(1)
_ZERO = np.uint64(0)
# Index of the lowest set bit by a de Bruijn multiplication (Leiserson, Prokop, Randall 1998).
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_SHIFT = np.uint64(58)
_POSITION = np.zeros(64, np.int64)
for _bit in range(64):
    _POSITION[(((1 << _bit) * 0x03F79D71B4CB0A89) & (2**64 - 1)) >> 58] = _bit

PUT, TAKEN, MOVED_TABLE = 0, 1, 2
LENGTH, ON, CHAIN = 0, 1, 2


@njit(**INNER)
def lowest(word: np.uint64) -> int:
    """Index of the lowest set bit of a non-zero word."""
    low = word & (~word + _ONE)
    return _POSITION[np.int64((low * _DE_BRUIJN) >> _SHIFT)]


@njit(**INNER)
def rand(x: State) -> float:
    """Uniform in [0, 1): xorshift64* (Vigna 2016)."""
    word = x.rng[0]
    word ^= word >> np.uint64(12)
    word ^= word << np.uint64(25)
    word ^= word >> np.uint64(27)
    x.rng[0] = word
    return np.float64((word * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)) / 9007199254740992.0


@njit(**INNER)
def has_bit(word: np.uint64, bit: int) -> bool:
    return (word >> np.uint64(bit & 63)) & _ONE != _ZERO


@njit(**INNER)
def open_word(k: Static, x: State, r: int, w: int) -> np.uint64:
    """Word ``w`` of the slots in which all persons of ``r`` are free now."""
    word = k.base[r, w]
    for i in range(k.ptr[r], k.ptr[r + 1]):
        word &= x.free[k.idx[i], w]
    return word


@njit(**INNER)
def place_word(k: Static, x: State, r: int, w: int) -> np.uint64:
    """Of ``open_word`` the slots with a free table for ``r``, in whatever hall."""
    word = open_word(k, x, r, w)
    return word if k.cls[r] < 0 else word & x.class_open[k.cls[r], w]


@njit(**INNER)
def gain(k: Static, x: State, r: int) -> float:
    """What placing ``r`` adds to the objective."""
    rounds = k.bonus.size - 2
    worth = k.weight[r]
    for i in range(k.ptr[r], k.ptr[r + 1]):
        worth += k.bonus[min(x.total[k.idx[i]] + 1, rounds + 1)]
    return worth


@njit(**INNER)
def value(k: Static, x: State, r: int) -> float:
    """What the objective loses when placed ``r`` is taken out."""
    rounds = k.bonus.size - 2
    worth = k.weight[r]
    for i in range(k.ptr[r], k.ptr[r + 1]):
        worth += k.bonus[min(x.total[k.idx[i]], rounds + 1)]
    return worth


@njit(**INNER)
def refresh(k: Static, x: State, p: int) -> None:
    """Recompute the free slots of a person after a change."""
    words = k.avail.shape[1]
    for w in range(words):
        x.free[p, w] = k.avail[p, w]
    gap = k.gap_class[p]
    for w in range(words):
        busy = x.busy[p, w]
        while busy != _ZERO:
            s = w * 64 + lowest(busy)
            busy &= busy - _ONE
            for v in range(words):
                x.free[p, v] &= ~k.block[gap, s, v]
    for d in range(x.per_day.shape[1]):
        if x.per_day[p, d] >= k.cap[p]:
            for w in range(words):
                x.free[p, w] &= ~k.day_mask[d, w]


@njit(**INNER)
def _log(x: State, kind: int, r: int, s: int, t: int) -> None:
    if x.marks[ON] == 1:
        n = x.marks[LENGTH]
        x.journal[n, 0] = kind
        x.journal[n, 1] = r
        x.journal[n, 2] = s
        x.journal[n, 3] = t
        x.marks[LENGTH] = n + 1


@njit(**INNER)
def _count_table(k: Static, x: State, s: int, t: int, change: int) -> None:
    x.table_count[s] += change
    g, w, bit = k.group[t], s >> 6, _ONE << np.uint64(s & 63)
    x.group_left[g, s] += change
    x.kind_left[k.kind[t], s] += change
    if x.group_left[g, s] > 0:
        x.group_open[g, w] |= bit
    else:
        x.group_open[g, w] &= ~bit
    h = k.hall[t] if k.travel.shape[0] > 0 else -1
    for i in range(k.of_table_ptr[t], k.of_table_ptr[t + 1]):
        c = k.of_table_idx[i]
        if h >= 0:
            x.hall_left[c, h, s] += change
            if x.hall_left[c, h, s] > 0:
                x.hall_open[c, s] |= _ONE << np.uint64(h)
            else:
                x.hall_open[c, s] &= ~(_ONE << np.uint64(h))
        x.class_left[c, s] += change
        if x.class_left[c, s] > 0:
            x.class_open[c, w] |= bit
        else:
            x.class_open[c, w] &= ~bit


@njit(**INNER)
def _hold_table(k: Static, x: State, r: int, s: int, t: int) -> None:
    x.table[r] = t
    if t >= 0:
        x.occupant[s, t] = r
        x.table_free[s, t >> 6] &= ~(_ONE << np.uint64(t & 63))
        _count_table(k, x, s, t, -1)


@njit(**INNER)
def _leave_table(k: Static, x: State, r: int, s: int) -> None:
    t = x.table[r]
    if t >= 0:
        x.occupant[s, t] = -1
        x.table_free[s, t >> 6] |= _ONE << np.uint64(t & 63)
        _count_table(k, x, s, t, 1)
    x.table[r] = -1


@njit(**INNER)
def _hold_resources(k: Static, x: State, r: int, s: int) -> None:
    for j in range(k.need_ptr[r], k.need_ptr[r + 1]):
        q = k.need_idx[j]
        if k.supply[q, s] < UNLIMITED:
            x.left[q, s] -= k.need_units[j]
            x.holder[q, s, x.held[q, s]] = j
            x.place[j] = x.held[q, s]
            x.held[q, s] += 1


@njit(**INNER)
def _leave_resources(k: Static, x: State, r: int, s: int) -> None:
    for j in range(k.need_ptr[r], k.need_ptr[r + 1]):
        q = k.need_idx[j]
        if k.supply[q, s] < UNLIMITED:
            x.left[q, s] += k.need_units[j]
            x.held[q, s] -= 1
            last = x.holder[q, s, x.held[q, s]]
            x.holder[q, s, x.place[j]] = last
            x.place[last] = x.place[j]


@njit(**INNER)
def put(k: Static, x: State, r: int, s: int, t: int) -> None:
    """Place ``r``; the caller knows that it fits."""
    _log(x, PUT, r, s, t)
    x.slot[r] = s
    _hold_table(k, x, r, s, t)
    _hold_resources(k, x, r, s)
    for i in range(k.ptr[r], k.ptr[r + 1]):
        p = k.idx[i]
        x.at[p, s] = r
        x.busy[p, s >> 6] |= _ONE << np.uint64(s & 63)
        x.per_day[p, k.day[s]] += 1
        x.total[p] += 1
        refresh(k, x, p)


@njit(**INNER)
def take(k: Static, x: State, r: int) -> None:
    """Take ``r`` out of its slot."""
    s = x.slot[r]
    _log(x, TAKEN, r, s, x.table[r])
    _leave_table(k, x, r, s)
    _leave_resources(k, x, r, s)
    x.slot[r] = -1
    for i in range(k.ptr[r], k.ptr[r + 1]):
        p = k.idx[i]
        x.at[p, s] = -1
        x.busy[p, s >> 6] &= ~(_ONE << np.uint64(s & 63))
        x.per_day[p, k.day[s]] -= 1
        x.total[p] -= 1
        refresh(k, x, p)


@njit(**INNER)
def move_table(k: Static, x: State, r: int, t: int) -> None:
    """Give placed ``r`` another table, which is free, in its slot."""
    s = x.slot[r]
    _log(x, MOVED_TABLE, r, s, x.table[r])
    _leave_table(k, x, r, s)
    _hold_table(k, x, r, s, t)


@njit(**INNER)
def begin(x: State) -> None:
    """Start to keep a journal."""
    x.marks[LENGTH] = 0
    x.marks[ON] = 1


@njit(**INNER)
def undo(k: Static, x: State, length: int) -> None:
    """Undo down to a length of the journal, which stops being kept."""
    x.marks[ON] = 0
    while x.marks[LENGTH] > length:
        x.marks[LENGTH] -= 1
        n = x.marks[LENGTH]
        kind, r = x.journal[n, 0], x.journal[n, 1]
        s, t = x.journal[n, 2], x.journal[n, 3]
        if kind == PUT:
            take(k, x, r)
        elif kind == TAKEN:
            put(k, x, r, s, t)
        else:
            move_table(k, x, r, t)
