"""Improve by ejection chains, compiled.

An ejection chain (Glover 1996) puts a meeting where others must leave, places those elsewhere,
perhaps ejecting further ones, and keeps the best prefix of the whole if it does not lose.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from talex.engine.meetings.arrays import JOURNAL, KEEP, WEAK, State, Static
from talex.engine.meetings.kernel import (
    CHAIN,
    ENTRY,
    INNER,
    LEAN,
    LENGTH,
    begin,
    gain,
    has_bit,
    lowest,
    open_word,
    put,
    rand,
    take,
    undo,
    value,
)
from talex.engine.meetings.places import (
    far_halls,
    find_table,
    has_place,
    insert,
    near_table,
)

_ONE = np.uint64(1)
_ZERO = np.uint64(0)
_EPS = 1e-9
#: Occupants looked at when a slot has no table left and one must go.
_SAMPLE = 8
#: What it costs to move a meeting that can stand elsewhere: less than any weight worth having.
_MOVE = 1e-6


@njit(**INNER)
def _kept(k: Static, x: State, r: int) -> float:
    """Extra worth of ``r`` standing where the warm start had it."""
    return KEEP if x.slot[r] >= 0 and x.slot[r] == k.warm_slot[r] else 0.0


@njit(**INNER)
def _weakest(k: Static, x: State, c: int, s: int, but: int) -> float:
    """What the least worthy meeting of the class in a slot is worth, as far as remembered."""
    for j in range(WEAK):
        e = x.weak[c, s, j]
        if e < 0:
            break
        if x.slot[e] == s and e != but and x.stamp[e] != x.marks[CHAIN]:
            return value(k, x, e)
    return np.inf


@njit(**INNER)
def _cost(k: Static, x: State, e: int, avoid: int) -> float:
    """Estimate of what ejecting ``e`` loses.

    Little if it could go elsewhere at once; else what must leave for it where its persons are
    free, or ``e`` itself.
    """
    worth = value(k, x, e)
    c = k.cls[e]
    for w in range(k.base.shape[1]):
        word = open_word(k, x, e, w)
        now = word if c < 0 else word & x.class_open[c, w]
        while now != _ZERO:
            s = w * 64 + lowest(now)
            now &= now - _ONE
            if s != avoid and has_place(k, x, e, s):
                return _MOVE + _kept(k, x, e)
        while word != _ZERO and c >= 0:
            s = w * 64 + lowest(word)
            word &= word - _ONE
            if s != avoid:
                worth = min(worth, 2 * _MOVE + _weakest(k, x, c, s, e))
    return worth + _kept(k, x, e)


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
def _add(k: Static, x: State, n: int, e: int) -> int:
    """Add ``e`` to ``x.eject`` unless it stands there; -1 if it cannot leave."""
    if _listed(x, n, e):
        return n
    if _stuck(k, x, e):
        return -1
    x.eject[n] = e
    return n + 1


@njit(**INNER)
def _eject_order(k: Static, x: State, q: int, s: int, n: int) -> int:
    """Add to ``x.eject`` who stands on the wrong side of ``q`` in ``s``; -1 impossible."""
    for i in range(k.before_ptr[q], k.before_ptr[q + 1]):
        e = k.before_idx[i]
        if n >= 0 and x.slot[e] >= s:
            n = _add(k, x, n, e)
    for i in range(k.after_ptr[q], k.after_ptr[q + 1]):
        e = k.after_idx[i]
        if n >= 0 and 0 <= x.slot[e] <= s:
            n = _add(k, x, n, e)
    return n


@njit(**INNER)
def _eject_resources(k: Static, x: State, q: int, s: int, n: int) -> int:
    """Add to ``x.eject`` whose units ``q`` needs in ``s``; -1 impossible."""
    for j in range(k.need_ptr[q], k.need_ptr[q + 1]):
        which = k.need_idx[j]
        left = x.left[which, s]
        for i in range(n):
            e = x.eject[i]
            if x.slot[e] == s:
                for other in range(k.need_ptr[e], k.need_ptr[e + 1]):
                    if k.need_idx[other] == which:
                        left += k.need_units[other]
        while left < k.need_units[j]:
            size = x.held[which, s]
            best, chosen = np.inf, np.int64(-1)
            for i in range(min(size, _SAMPLE)):
                at = i if size <= _SAMPLE else np.int64(rand(x) * size)
                need = x.holder[which, s, at]
                e = k.need_owner[need]
                if not _stuck(k, x, e) and not _listed(x, n, e):
                    cost = _cost(k, x, e, s)
                    if cost < best:
                        best, chosen = cost, need
            if chosen < 0:
                return -1
            x.eject[n] = k.need_owner[chosen]
            left += k.need_units[chosen]
            n += 1
    return n


@njit(**INNER)
def _eject_table(k: Static, x: State, q: int, s: int, n: int) -> int:
    """Add to ``x.eject`` somebody whose table ``q`` can take in ``s``; -1 impossible."""
    c = k.cls[q]
    if c < 0:
        return n
    far = _ZERO
    if k.walking[c]:
        far = far_halls(k, x, q, s, n)
    if far == _ZERO and x.class_left[c, s] > 0:
        return n
    if x.hall_open[c, s] & ~far != _ZERO:
        return n
    for i in range(n):
        e = x.eject[i]
        if x.slot[e] == s and x.table[e] >= 0:
            t = x.table[e]
            if has_bit(k.class_mask[c, t >> 6], t) and near_table(k, t, far):
                return n
    first, size = k.class_ptr[c], k.class_ptr[c + 1] - k.class_ptr[c]
    tries = min(size, _SAMPLE)
    best, chosen = np.inf, np.int64(-1)
    weak = 0
    if size > _SAMPLE:
        for j in range(WEAK):
            e = x.weak[c, s, j]
            if e < 0 or weak >= _SAMPLE // 2:
                break
            if x.slot[e] != s or x.table[e] < 0 or _stuck(k, x, e):
                continue
            if near_table(k, x.table[e], far):
                weak += 1
                cost = _cost(k, x, e, s)
                if cost < best:
                    best, chosen = cost, e
    for j in range(tries - weak):
        at = j if size <= _SAMPLE else np.int64(rand(x) * size)
        t = k.class_idx[first + at]
        e = x.occupant[s, t]
        if e >= 0 and not _stuck(k, x, e) and near_table(k, t, far):
            cost = _cost(k, x, e, s)
            if cost < best:
                best, chosen = cost, e
    if chosen < 0:
        return -1
    x.eject[n] = chosen
    return n + 1


@njit(**INNER)
def _best_ejection(
    k: Static, x: State, q: int, profit: NDArray[np.float32], slack: float
) -> tuple[np.int64, int]:
    """The slot where placing ``q`` costs least, its list in ``x.eject_best``: (slot, length)."""
    best, chosen, length = np.inf, np.int64(-1), 0
    least = profit[q, 0] - slack
    for s in range(1, profit.shape[1]):  # max() counts references
        least = max(least, profit[q, s] - slack)
    for w in range(k.base.shape[1]):
        word = k.base[q, w]
        while word != _ZERO:
            s = w * 64 + lowest(word)
            word &= word - _ONE
            if profit[q, s] < least:
                continue
            n = _eject_persons(k, x, q, s)
            cost = 1e-7 * rand(x)
            for i in range(n):
                cost += _cost(k, x, x.eject[i], s)
            if cost - KEEP >= best:
                continue
            known = n
            if n >= 0:
                n = _eject_order(k, x, q, s, n)
            if n >= 0:
                n = _eject_resources(k, x, q, s, n)
            if n >= 0:
                n = _eject_table(k, x, q, s, n)
            if n < 0:
                continue
            for i in range(known, n):
                cost += _cost(k, x, x.eject[i], s)
            if k.warm_slot[q] == s:
                cost -= KEEP
            if cost < best:
                best, chosen, length = cost, s, n
                for i in range(n):
                    x.eject_best[i] = x.eject[i]
    return chosen, length


@njit(**INNER)
def chain(
    k: Static, x: State, r: int, depth: int, profit: NDArray[np.float32], slack: float
) -> float:
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
        s, n = _best_ejection(k, x, q, profit, slack)
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
def note_weak(k: Static, x: State, rising: NDArray[np.int64]) -> None:
    """Remember the first of these requests in each slot and class as those that may go."""
    x.weak[:] = -1
    number = np.zeros(x.weak.shape[:2], np.int64)
    for r in rising:
        c, s = k.cls[r], x.slot[r]
        if s >= 0 and c >= 0 and number[c, s] < WEAK and not k.fixed[r]:
            x.weak[c, s, number[c, s]] = r
            number[c, s] += 1


@njit(**LEAN)
def sweep(
    k: Static,
    x: State,
    requests: NDArray[np.int64],
    depth: int,
    profit: NDArray[np.float32],
    slack: float,
) -> float:
    """A chain for each of the requests that has no place; returns what was won."""
    won = 0.0
    for r in requests:
        if x.slot[r] < 0:
            worth = gain(k, x, r)
            if insert(k, x, r):
                won += worth
            else:
                won += chain(k, x, r, depth, profit, slack)
    return won
