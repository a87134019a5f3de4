"""Two slots change places for some meetings, so that one more fits; compiled.

Meetings of two slots that share persons hang together (a Kempe chain; with two persons a meeting
it is a path). Where all of one such group go over to the other slot, nobody is in two places,
and who was in the way of another meeting no longer is. Groups may be longer than what an ejection
chain reaches step by step, since nothing has to be chosen on the way.
"""

from __future__ import annotations

from numba import njit

from talex.engine.meetings.kernel import ENTRY
from talex.engine.meetings.repair.board import (
    APART,
    FIRST,
    HELD,
    HOME,
    I64,
    LAST,
    PARTY,
    SEAT,
    SLOT,
    STAMP,
    START,
    TABLE,
    Board,
    Rules,
)
from talex.engine.meetings.repair.kernels import (
    CHAIN,
    INNER,
    LENGTH,
    LOGGING,
    NO_TABLE,
    begin,
    has_bit,
    is_open,
    put,
    table_for,
    take,
    undo,
)

#: Meetings of one group at most.
LONGEST = 40


@njit(**INNER)
def _join(x: Board, o: int, last: int, mark: int) -> int:
    """List a meeting that was not listed yet: the new end, -1 where it must stay."""
    if x.stand[o, STAMP] == mark:
        return last
    if x.stand[o, HELD] != 0 or last >= LONGEST:
        return -1
    x.stand[o, STAMP] = mark
    x.scratch[last] = o
    return last + 1


@njit(**INNER)
def _group(k: Rules, x: Board, r: int, a: int, b: int) -> int:
    """List who changes between two slots so that the persons of ``r`` are free in ``a``.

    Returns:
        Their number, -1 where it is not possible.
    """
    x.marks[CHAIN] += 1
    mark = x.marks[CHAIN]
    last = 0
    for i in range(k.asked[r, PARTY], k.asked[r, PARTY + 1]):
        p = k.lists[i, 0]
        for v in range(k.times[a, FIRST], k.times[a, LAST] + 1):
            o = x.at[p, v]
            if o >= 0 and abs(k.times[v, START] - k.times[a, START]) < k.person[p, APART]:
                last = _join(x, o, last, mark) if v == a else -1
                if last < 0:
                    return -1
    n = 0
    while n < last:
        o = x.scratch[n]
        n += 1
        to = b if x.stand[o, SLOT] == a else a
        if not has_bit(k.base[o], to):
            return -1
        for i in range(k.asked[o, PARTY], k.asked[o, PARTY + 1]):
            other = x.at[k.lists[i, 0], to]
            if other >= 0:
                last = _join(x, other, last, mark)
                if last < 0:
                    return -1
    for i in range(k.asked[r, PARTY], k.asked[r, PARTY + 1]):
        other = x.at[k.lists[i, 0], b]
        if other >= 0 and x.stand[other, STAMP] == mark:
            return -1
    return last


@njit(**INNER)
def _moves(k: Rules, x: Board, a: int, b: int, last: int) -> int:
    """How many more would have moved if the listed ones changed."""
    count = 0
    for n in range(last):
        o = x.scratch[n]
        s = x.stand[o, SLOT]
        home = k.asked[o, HOME]
        if home == s and k.asked[o, SEAT] == x.stand[o, TABLE]:
            count += 1
        elif home == (b if s == a else a):
            count -= 1
    return count


@njit(**INNER)
def _change(k: Rules, x: Board, r: int, a: int, b: int, last: int) -> bool:
    """Let the listed ones change and place ``r``; nothing is changed where that breaks a rule."""
    start = x.marks[LENGTH]
    for n in range(last):
        x.scratch[last + n] = b if x.stand[x.scratch[n], SLOT] == a else a
    for n in range(last):
        take(k, x, x.scratch[n])
    for n in range(last + 1):
        o, s = x.scratch[n], x.scratch[last + n]
        if n == last:
            o, s = r, a
        t = NO_TABLE
        if is_open(k, x, o, s):
            t = table_for(k, x, o, s)
        if t == NO_TABLE:
            undo(k, x, start)
            return False
        put(k, x, o, s, t)
    return True


@njit(**INNER)
def change(k: Rules, x: Board, r: int, most: int) -> int:
    """Place unplaced ``r`` by the group that moves the fewest, in a chain that was begun.

    Returns:
        How many more have moved, ``most`` + 1 where there is none of at most ``most``.
    """
    best = most + 1
    best_a, best_b = -1, -1
    for a in range(k.times.shape[0]):
        if not has_bit(k.base[r], a):
            continue
        for b in range(k.times.shape[0]):
            if b == a:
                continue
            last = _group(k, x, r, a, b)
            if last <= 0 or _moves(k, x, a, b, last) >= best:
                continue
            start = x.marks[LENGTH]
            moves = _moves(k, x, a, b, last)
            if _change(k, x, r, a, b, last):
                best, best_a, best_b = moves, a, b
                undo(k, x, start)
    if best_a >= 0:
        last = _group(k, x, r, best_a, best_b)
        _change(k, x, r, best_a, best_b, last)
    return best


@njit(**ENTRY)
def change_all(k: Rules, x: Board, requests: I64, most: int) -> int:
    """Place requests one by one by groups that move at most ``most``; the number placed."""
    placed = 0
    for r in requests:
        if x.stand[r, SLOT] >= 0:
            continue
        begin(x)
        if change(k, x, r, most) <= most:
            placed += 1
    x.marks[LOGGING] = 0
    return placed
