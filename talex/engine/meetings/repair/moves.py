"""What is asked of the compiled board from outside, one meeting or many at a time."""

from __future__ import annotations

import numpy as np
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
from talex.engine.meetings.repair.chains import (
    cheapest_in,
    search,
)
from talex.engine.meetings.repair.kernels import (
    CHAIN,
    LENGTH,
    LOGGING,
    NO_NEED,
    NO_TABLE,
    NODES,
    TAKEN,
    begin,
    fits_at,
    in_order,
    is_open,
    place_directly,
    put,
    reachable,
    supplied,
    table_for,
    take,
    undo,
)
from talex.engine.meetings.repair.obstacles import (
    NEVER,
    at_table,
    elsewhere,
    in_the_way,
    is_choice,
)


@njit(**ENTRY)
def go_home(k: Rules, x: Board, requests: I64) -> int:
    """Put those back to where they were that can be; the number put back."""
    count = 0
    x.marks[LOGGING] = 0
    for r in requests:
        s, t = k.asked[r, HOME], k.asked[r, SEAT]
        if s < 0 or x.stand[r, HELD] != 0 or (x.stand[r, SLOT] == s and x.stand[r, TABLE] == t):
            continue
        was_s, was_t = x.stand[r, SLOT], x.stand[r, TABLE]
        if was_s >= 0:
            take(k, x, r)
        if fits_at(k, x, r, s, t):
            put(k, x, r, s, t)
            count += 1
        elif was_s >= 0:
            put(k, x, r, was_s, was_t)
    return count


@njit(**ENTRY)
def fill(k: Rules, x: Board, requests: I64) -> int:
    """Place those that fit without moving anybody, in their order; the number placed."""
    count = 0
    x.marks[LOGGING] = 0
    for r in requests:
        if x.stand[r, SLOT] < 0 and place_directly(k, x, r):
            count += 1
    return count


@njit(**ENTRY)
def seat_at(k: Rules, x: Board, r: int, s: int, t: int) -> bool:
    """Place ``r`` exactly there, or at any table for -1, if it fits."""
    x.marks[LOGGING] = 0
    if t < 0 and k.asked[r, CLS] >= 0:
        if not is_open(k, x, r, s):
            return False
        t = table_for(k, x, r, s)
        if t == NO_TABLE:
            return False
    elif not fits_at(k, x, r, s, t):
        return False
    put(k, x, r, s, t)
    return True


@njit(**ENTRY)
def seat_fixed(k: Rules, x: Board, requests: I64, slots: I64, tables: I64) -> int:
    """Place and hold requests exactly there, in their order; the number up to one that fails.

    Args:
        slots, tables: (R,) of every request; one on site without a table fails.
    """
    x.marks[LOGGING] = 0
    for i in range(requests.size):
        r = requests[i]
        if not fits_at(k, x, r, slots[r], tables[r]):
            return i
        put(k, x, r, slots[r], tables[r] if k.asked[r, CLS] >= 0 else NO_NEED)
        x.stand[r, HELD] = 1
    return int(requests.size)


@njit(**ENTRY)
def take_out(k: Rules, x: Board, r: int) -> None:
    """Take ``r`` out of its slot."""
    x.marks[LOGGING] = 0
    take(k, x, r)


@njit(**ENTRY)
def seat_home(k: Rules, x: Board, requests: I64) -> int:
    """Place those that can stand where they were, in their order; the number placed."""
    count = 0
    x.marks[LOGGING] = 0
    for r in requests:
        if x.stand[r, SLOT] < 0 and k.asked[r, HOME] >= 0:
            s, t = k.asked[r, HOME], k.asked[r, SEAT]
            if fits_at(k, x, r, s, t):
                put(k, x, r, s, t if k.asked[r, CLS] >= 0 else NO_NEED)
                count += 1
    return count


@njit(**ENTRY)
def have_elsewhere(k: Rules, x: Board, requests: I64) -> I64:
    """1 for those that may find another place directly, 0 for those that surely do not."""
    found = np.zeros(requests.size, np.int64)
    for i in range(requests.size):
        found[i] = 1 if elsewhere(k, x, requests[i]) else 0
    return found


@njit(**ENTRY)
def put_at(k: Rules, x: Board, r: int, s: int, t: int) -> None:
    """Place ``r`` where it is known to fit."""
    x.marks[LOGGING] = 0
    put(k, x, r, s, t if k.asked[r, CLS] >= 0 else NO_NEED)


@njit(**ENTRY)
def consider(k: Rules, x: Board, r: int, s: int, left: int, nodes: int, out: I64) -> int:
    """What placing unplaced ``r`` in a slot would do. The board is as before when it returns.

    Args:
        out: (N,) takes the table, the number of meetings moved, that of meetings put out, and
            then those meetings.

    Returns:
        1 where it is possible, 0 where not.
    """
    begin(x)
    done = False
    for limit in range(left + 1):
        x.marks[NODES] = nodes
        if search(k, x, r, s, limit) >= 0:
            done = True
            break
        undo(k, x, 0)
        begin(x)
    lost = 0
    if not done:
        t, price = cheapest_in(k, x, r, s, NEVER)
        if price < NEVER:
            last = in_the_way(k, x, r, s, 0)
            if t >= 0:
                last = at_table(k, x, r, s, t, 0, last)
            for i in range(last):
                take(k, x, x.scratch[i])
            put(k, x, r, s, t)
            x.stand[r, STAMP] = x.marks[CHAIN]
            done = True
            for i in range(last):
                # a chain of its own uses the scratch: keep the names
                out[3 + i] = x.scratch[i]
            for i in range(last):
                x.marks[NODES] = nodes
                if search(k, x, out[3 + i], -1, 1) < 0:
                    lost += 1
                    out[out.size - lost] = out[3 + i]
    count = 0
    if done:
        out[0] = x.stand[r, TABLE]
        for n in range(x.marks[LENGTH]):
            o = x.journal[n, 1]
            if o != r and x.journal[n, 0] == TAKEN and x.stand[o, SLOT] >= 0:
                out[3 + count] = o
                count += 1
        for i in range(lost):
            out[3 + count + i] = out[out.size - 1 - i]
        out[1] = count
        out[2] = lost
    undo(k, x, 0)
    x.marks[LOGGING] = 0
    return 1 if done else 0


@njit(**ENTRY)
def free_tables(k: Rules, x: Board, r: int, s: int, out: I64) -> int:
    """The free tables that unplaced ``r`` could have in a slot where all else fits; how many."""
    count = 0
    if not (is_open(k, x, r, s) and in_order(k, x, r, s) and supplied(k, x, r, s)):
        return -1
    if k.asked[r, CLS] < 0:
        return 0
    for t in range(k.hall.size):
        if x.occupant[s, t] < 0 and is_choice(k, r, s, t) and reachable(k, x, r, s, t):
            out[count] = t
            count += 1
    return count if count > 0 else -1
