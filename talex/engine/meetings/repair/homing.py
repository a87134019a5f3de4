"""Back home: moved meetings that could be where they were if others that moved went elsewhere.

Compiled. What has moved already may move again at no cost, so a meeting is put back at its place,
who is there by now is placed anew, and what came of it is kept where fewer have moved.
"""

from __future__ import annotations

from numba import njit

from talex.engine.meetings.kernel import ENTRY
from talex.engine.meetings.repair.board import (
    CLS,
    HELD,
    HOME,
    I64,
    SEAT,
    SLOT,
    STAMP,
    TABLE,
    Board,
    Rules,
)
from talex.engine.meetings.repair.chains import search
from talex.engine.meetings.repair.kernels import (
    CHAIN,
    INNER,
    LENGTH,
    LOGGING,
    NO_NEED,
    NODES,
    TAKEN,
    begin,
    has_bit,
    put,
    take,
    undo,
)
from talex.engine.meetings.repair.obstacles import at_table, in_the_way, is_choice
from talex.engine.meetings.repair.swaps import change

#: What a meeting moved weighs against one that left its slot.
_MOVED = 1024
#: Others that may be put out of one place.
_OUT = 4


@njit(**INNER)
def away(k: Rules, r: int, s: int, t: int) -> int:
    """What it costs that ``r`` stands there and not where it stood."""
    home = k.asked[r, HOME]
    if home < 0 or s < 0 or (s == home and t == k.asked[r, SEAT]):
        return 0
    return _MOVED + (1 if s != home else 0)


@njit(**INNER)
def difference(k: Rules, x: Board, start: int) -> int:
    """By how much more was moved since the journal had a length; ``2**40`` where one is out."""
    more = 0
    for n in range(start, x.marks[LENGTH]):
        r = x.journal[n, 1]
        first = True
        for m in range(start, n):
            first = first and x.journal[m, 1] != r
        if not first:
            continue
        s, t = -1, -1
        if x.journal[n, 0] == TAKEN:
            s, t = x.journal[n, 2], x.journal[n, 3]
        if x.stand[r, SLOT] < 0:
            return 2**40
        more += away(k, r, x.stand[r, SLOT], x.stand[r, TABLE]) - away(k, r, s, t)
    return more


@njit(**INNER)
def settle(k: Rules, x: Board, r: int, left: int, nodes: int, most: int) -> bool:
    """Place ``r`` within a chain that was begun."""
    for limit in range(left + 1):
        x.marks[NODES] = nodes
        if search(k, x, r, -1, limit) >= 0:
            return True
    return change(k, x, r, most) <= most


@njit(**INNER)
def _home(k: Rules, x: Board, r: int, out: I64) -> int:
    """Put ``r`` where it was and list in ``out`` who had to leave: their number, -1 if barred."""
    s, t = k.asked[r, HOME], k.asked[r, SEAT]
    if not has_bit(k.base[r], s):
        return -1
    take(k, x, r)
    last = in_the_way(k, x, r, s, 0)
    if last >= 0 and k.asked[r, CLS] >= 0:
        last = at_table(k, x, r, s, t, 0, last) if is_choice(k, r, s, t) else -1
    if last < 0 or last > _OUT:
        return -1
    for i in range(last):
        out[i] = x.scratch[i]
    for i in range(last):
        take(k, x, out[i])
    put(k, x, r, s, t if k.asked[r, CLS] >= 0 else NO_NEED)
    x.stand[r, STAMP] = x.marks[CHAIN]
    return last


@njit(**ENTRY)
def bring_home(k: Rules, x: Board, requests: I64, out: I64, left: int, nodes: int) -> int:
    """Put requests back home one by one, where fewer are moved for it; the number put back.

    Args:
        out: (N,) scratch of at least four.
        left: others that a chain may move for each that has to leave.
        nodes: steps that may be tried for each chain.
    """
    count = 0
    for r in requests:
        s, t = k.asked[r, HOME], k.asked[r, SEAT]
        if s < 0 or x.stand[r, HELD] != 0 or x.stand[r, SLOT] < 0:
            continue
        if x.stand[r, SLOT] == s and x.stand[r, TABLE] == t:
            continue
        begin(x)
        number = _home(k, x, r, out)
        good = number >= 0
        for i in range(number):
            good = good and (x.stand[out[i], SLOT] >= 0 or settle(k, x, out[i], left, nodes, 0))
        if good and difference(k, x, 0) < 0:
            count += 1
        else:
            undo(k, x, 0)
    x.marks[LOGGING] = 0
    return count
