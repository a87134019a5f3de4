"""Construct and improve: greedy in rounds of fairness, then ejection chains, compiled.

An ejection chain (Glover 1996) puts a meeting where others must leave, places those elsewhere,
perhaps ejecting further ones, and keeps the best prefix of the whole if it does not lose.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from talex.engine.meetings.arrays import JOURNAL, KEEP, State, Static
from talex.engine.meetings.kernel import (
    CHAIN,
    ENTRY,
    INNER,
    LENGTH,
    begin,
    find_table,
    gain,
    has_bit,
    has_table,
    insert,
    lowest,
    open_word,
    put,
    rand,
    take,
    undo,
    value,
)

_ONE = np.uint64(1)
_ZERO = np.uint64(0)
_EPS = 1e-9
#: Occupants looked at when a slot has no table left and one must go.
_SAMPLE = 8
#: What it costs to move a meeting that can stand elsewhere: less than any weight worth having.
_MOVE = 1e-6


@njit(**ENTRY)
def construct(k: Static, x: State, order: NDArray[np.int64], below: int) -> int:
    """Insert requests in order if one of their persons has fewer than ``below`` meetings.

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
        if wanted and insert(k, x, r):
            placed += 1
    return placed


@njit(**ENTRY)
def seat(k: Static, x: State, order: NDArray[np.int64], slot: NDArray[np.int64]) -> int:
    """Put requests into given slots as far as they fit there. Returns the number placed."""
    placed = 0
    for r in order:
        s = slot[r]
        if s < 0 or x.slot[r] >= 0 or not has_bit(open_word(k, x, r, s >> 6), s):
            continue
        t = find_table(k, x, r, s)
        if t != -1:
            put(k, x, r, s, t)
            placed += 1
    return placed


@njit(**INNER)
def _kept(k: Static, x: State, r: int) -> float:
    """Extra worth of ``r`` standing where the warm start had it."""
    return KEEP if x.slot[r] >= 0 and x.slot[r] == k.warm_slot[r] else 0.0


@njit(**INNER)
def _cost(k: Static, x: State, e: int, avoid: int) -> float:
    """Estimate of what ejecting ``e`` loses; little if it could go elsewhere at once."""
    for w in range(k.base.shape[1]):
        word = open_word(k, x, e, w)
        while word != _ZERO:
            s = w * 64 + lowest(word)
            word &= word - _ONE
            if s != avoid and has_table(k, x, e, s):
                return _MOVE + _kept(k, x, e)
    return value(k, x, e) + _kept(k, x, e)


@njit(**INNER)
def _listed(x: State, n: int, e: int) -> bool:
    for i in range(n):  # noqa: SIM110 (a generator would have to be compiled)
        if x.eject[i] == e:
            return True
    return False


@njit(**INNER)
def _stuck(k: Static, x: State, e: int) -> bool:
    return k.fixed[e] or x.stamp[e] == x.marks[CHAIN]


@njit(**INNER)
def _eject_persons(k: Static, x: State, q: int, s: int) -> int:
    """List in ``x.eject`` who must leave so that the persons of ``q`` are free; -1 impossible."""
    n = 0
    d = k.day[s]
    for i in range(k.ptr[q], k.ptr[q + 1]):
        p = k.idx[i]
        leaving = 0
        for w in range(k.base.shape[1]):
            word = k.block[k.gap_class[p], s, w] & x.busy[p, w]
            while word != _ZERO:
                other = w * 64 + lowest(word)
                word &= word - _ONE
                e = x.at[p, other]
                if _stuck(k, x, e):
                    return -1
                if k.day[other] == d:
                    leaving += 1
                if not _listed(x, n, e):
                    x.eject[n] = e
                    n += 1
        if x.per_day[p, d] - leaving + 1 > k.cap[p]:
            best, chosen = np.inf, np.int64(-1)
            for other in range(k.day_ptr[d], k.day_ptr[d + 1]):
                e = x.at[p, other]
                if e >= 0 and not _stuck(k, x, e) and not _listed(x, n, e):
                    cost = _cost(k, x, e, s)
                    if cost < best:
                        best, chosen = cost, e
            if chosen < 0:
                return -1
            x.eject[n] = chosen
            n += 1
    return n


@njit(**INNER)
def _eject_table(k: Static, x: State, q: int, s: int, n: int) -> int:
    """Add to ``x.eject`` somebody whose table ``q`` can take in ``s``; -1 impossible."""
    c = k.cls[q]
    if has_table(k, x, q, s):
        return n
    for i in range(n):
        e = x.eject[i]
        if x.slot[e] == s and x.table[e] >= 0:
            t = x.table[e]
            if has_bit(k.class_mask[c, t >> 6], t):
                return n
    first, size = k.class_ptr[c], k.class_ptr[c + 1] - k.class_ptr[c]
    tries = min(size, _SAMPLE)
    best, chosen = np.inf, np.int64(-1)
    for j in range(tries):
        at = j if size <= _SAMPLE else np.int64(rand(x) * size)
        e = x.occupant[s, k.class_idx[first + at]]
        if e >= 0 and not _stuck(k, x, e):
            cost = _cost(k, x, e, s)
            if cost < best:
                best, chosen = cost, e
    if chosen < 0:
        return -1
    x.eject[n] = chosen
    return n + 1


@njit(**INNER)
def _best_ejection(k: Static, x: State, q: int) -> tuple[np.int64, int]:
    """The slot where placing ``q`` costs least, its list in ``x.eject_best``: (slot, length)."""
    best, chosen, length = np.inf, np.int64(-1), 0
    for w in range(k.base.shape[1]):
        word = k.base[q, w]
        while word != _ZERO:
            s = w * 64 + lowest(word)
            word &= word - _ONE
            n = _eject_persons(k, x, q, s)
            if n >= 0:
                n = _eject_table(k, x, q, s, n)
            if n < 0:
                continue
            cost = 1e-7 * rand(x)
            for i in range(n):
                cost += _cost(k, x, x.eject[i], s)
            if k.warm_slot[q] == s:
                cost -= KEEP
            if cost < best:
                best, chosen, length = cost, s, n
                x.eject_best[:n] = x.eject[:n]
    return chosen, length


@njit(**INNER)
def chain(k: Static, x: State, r: int, depth: int) -> float:
    """Try to place ``r`` by an ejection chain; returns what the objective won (0 if undone)."""
    begin(x)
    x.marks[CHAIN] += 1
    delta, best, best_length = 0.0, 0.0, np.int64(0)
    x.pending[0] = r
    waiting = 1
    for _ in range(depth):
        if waiting == 0 or x.marks[LENGTH] > JOURNAL // 2:
            break
        # the most valuable of those without a place
        pick, top = 0, -1.0
        for i in range(waiting):
            worth = gain(k, x, x.pending[i])
            if worth > top:
                top, pick = worth, i
        # not even placing all that wait without further loss would win
        if delta + top * waiting < best - _EPS:
            break
        q = x.pending[pick]
        waiting -= 1
        x.pending[pick] = x.pending[waiting]
        s, n = _best_ejection(k, x, q)
        if s < 0:
            continue
        out = waiting
        for i in range(n):
            e = x.eject_best[i]
            delta -= value(k, x, e) + _kept(k, x, e)
            take(k, x, e)
            x.pending[waiting] = e
            waiting += 1
        t = find_table(k, x, q, s)
        if t == -1:
            break
        delta += gain(k, x, q)
        put(k, x, q, s, t)
        delta += _kept(k, x, q)
        x.stamp[q] = x.marks[CHAIN]
        i = out
        while i < waiting:
            e = x.pending[i]
            worth = gain(k, x, e)
            if insert(k, x, e):
                delta += worth + _kept(k, x, e)
                waiting -= 1
                x.pending[i] = x.pending[waiting]
            else:
                i += 1
        # A level chain is kept half of the time: it wanders over the plateau.
        if delta > best + _EPS or (
            best < _EPS and delta > -_EPS and best_length == 0 and rand(x) < 0.5
        ):
            best, best_length = max(delta, best), x.marks[LENGTH]
    undo(k, x, best_length)
    return best


@njit(**ENTRY)
def sweep(k: Static, x: State, requests: NDArray[np.int64], depth: int) -> float:
    """A chain for each of the requests that has no place; returns what was won."""
    won = 0.0
    for r in requests:
        if x.slot[r] < 0:
            worth = gain(k, x, r)
            if insert(k, x, r):
                won += worth
            else:
                won += chain(k, x, r, depth)
    return won
