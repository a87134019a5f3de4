"""Making room: who must move so that a meeting can be placed, and where they go; compiled.

An ejection chain (Glover 1996) that is searched by depth with a limit on the number of meetings
it moves, the limit growing (iterative deepening), so that the first one found moves few.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from talex.engine.meetings.kernel import ENTRY
from talex.engine.meetings.repair.board import (
    CLS,
    COST,
    HOME,
    I64,
    SLOT,
    STAMP,
    Board,
    Rules,
)
from talex.engine.meetings.repair.kernels import (
    CHAIN,
    INNER,
    LENGTH,
    LOGGING,
    NO_NEED,
    NO_TABLE,
    NODES,
    begin,
    place_directly,
    put,
    take,
    undo,
)
from talex.engine.meetings.repair.obstacles import (
    at_table,
    elsewhere,
    in_the_way,
    is_choice,
    listed,
)

# Columns of Board.frames.
_WHO, _STEP, _TABLE, _STAGE, _MARK, _LENGTH, _BASE, _HALL = 0, 1, 2, 3, 4, 5, 6, 7
# Stages of a frame: new; placed directly; tables that are free; tables that are taken.
_NEW, _DIRECT, _FREE, _TAKEN = 0, 1, 2, 3


@njit(**INNER)
def _slot_of(k: Rules, r: int, step: int) -> int:
    """Slots of ``r`` from where it stood outwards; may lie outside of the day's."""
    return max(k.asked[r, HOME], 0) + ((step + 1) // 2) * (1 if step % 2 == 1 else -1)


@njit(**INNER)
def _next_way(k: Rules, x: Board, depth: int, only: int, room: int) -> tuple[int, int, int]:
    """The next way to place the meeting of a frame: slot, table, end of those in the way.

    -1 as slot where there is none left. At most ``room`` may be in the way.
    """
    size = x.scratch.size // x.frames.shape[0]
    first = depth * size
    frame = x.frames[depth]
    r = frame[_WHO]
    steps = 1 if only >= 0 else 2 * k.times.shape[0]
    while frame[_STEP] < steps:
        s = only if only >= 0 else _slot_of(k, r, frame[_STEP])
        if not 0 <= s < k.times.shape[0]:
            frame[_STEP] += 1
            continue
        if frame[_TABLE] < 0:
            frame[_BASE] = in_the_way(k, x, r, s, first)
            frame[_TABLE], frame[_STAGE], frame[_HALL] = 0, _FREE, -1
        last = frame[_BASE]
        if last < 0 or last - first > room:
            frame[_STEP] += 1
            frame[_TABLE] = -1
            continue
        if k.asked[r, CLS] < 0:
            frame[_STEP] += 1
            frame[_TABLE] = -1
            return s, NO_NEED, last
        while frame[_TABLE] < k.hall.size:
            t = frame[_TABLE]
            frame[_TABLE] += 1
            o = x.occupant[s, t]
            if (o >= 0) == (frame[_STAGE] == _FREE) or not is_choice(k, r, s, t):
                continue
            if frame[_STAGE] == _FREE:
                # tables of one hall are alike, and all are where nobody has to walk
                hall = k.hall[t] if k.way.shape[0] > 0 else 0
                if hall == frame[_HALL]:
                    continue
                end = at_table(k, x, r, s, t, first, last)
                if end < 0 or end - first > room:
                    continue
                frame[_HALL] = hall
                return s, t, end
            if last - first >= room and not listed(x, first, last, o):
                continue
            end = at_table(k, x, r, s, t, first, last)
            if 0 <= end <= first + room:
                return s, t, end
        if frame[_STAGE] == _FREE and frame[_HALL] < 0:
            frame[_TABLE], frame[_STAGE] = 0, _TAKEN
        else:
            frame[_STEP] += 1
            frame[_TABLE] = -1
    return -1, -1, -1


@njit(**INNER)
def search(k: Rules, x: Board, r: int, only: int, left: int) -> int:
    """Place unplaced ``r``, moving at most ``left`` others that this chain did not move.

    Depth first over the ways to place it, and then those that had to give way. Where one of
    them finds a place directly, no other place is tried for it.

    Args:
        only: the slot ``r`` must have, -1 for any.

    Returns:
        Meetings moved for it, -1 where none was found and nothing was changed.
    """
    left = min(left, x.frames.shape[0] - 1)
    size = x.scratch.size // x.frames.shape[0]
    start = x.marks[LENGTH]
    x.frames[0, _WHO] = r
    x.frames[0, _STAGE] = _NEW
    number = 1
    depth = 0
    while depth >= 0:
        if depth == number:
            return number - 1
        frame = x.frames[depth]
        u = frame[_WHO]
        if frame[_STAGE] == _NEW:
            frame[_MARK], frame[_LENGTH] = x.marks[LENGTH], number
            frame[_STEP], frame[_TABLE], frame[_STAGE] = 0, -1, _FREE
            if (depth > 0 or only < 0) and place_directly(k, x, u):
                x.stand[u, STAMP] = x.marks[CHAIN]
                frame[_STAGE] = _DIRECT
                depth += 1
                if depth < number:
                    x.frames[depth, _STAGE] = _NEW
                continue
        else:
            undo(k, x, frame[_MARK])
            number = frame[_LENGTH]
        room = left - (number - 1)
        s, t, end = -1, -1, -1
        if frame[_STAGE] != _DIRECT and x.marks[NODES] >= 0 and (room > 0 or depth == 0):
            s, t, end = _next_way(k, x, depth, only if depth == 0 else -1, room)
        if s < 0:
            depth -= 1
            continue
        x.marks[NODES] -= 1
        first = depth * size
        # the last that may move must find a place by itself
        alone = end - first == 1 and room == 1 and number == depth + 1
        if alone and not elsewhere(k, x, x.scratch[first]):
            continue
        for i in range(first, end):
            take(k, x, x.scratch[i])
            x.frames[number, _WHO] = x.scratch[i]
            number += 1
        put(k, x, u, s, t)
        x.stand[u, STAMP] = x.marks[CHAIN]
        depth += 1
        if depth < number:
            x.frames[depth, _STAGE] = _NEW
    undo(k, x, start)
    return -1


@njit(**ENTRY)
def settle_all(k: Rules, x: Board, requests: I64, left: int, nodes: int) -> int:
    """Place requests one by one, each with chains that move at most ``left``; the number placed."""
    placed = 0
    for r in requests:
        if x.stand[r, SLOT] >= 0:
            continue
        for limit in range(left + 1):
            begin(x)
            x.marks[NODES] = nodes
            if search(k, x, r, -1, limit) >= 0:
                placed += 1
                break
    x.marks[LOGGING] = 0
    return placed


@njit(**INNER)
def _price(k: Rules, x: Board, first: int, last: int) -> Any:
    price = np.int64(0)
    for i in range(first, last):
        price += k.asked[x.scratch[i], COST]
    return price


@njit(**INNER)
def cheapest_in(k: Rules, x: Board, r: int, s: int, most: int) -> Any:
    """(table, price): where in a slot ``r`` puts out the least; the price ``most`` if nowhere."""
    last = in_the_way(k, x, r, s, 0)
    table = np.int64(NO_TABLE)
    if last < 0:
        return table, most
    price = _price(k, x, 0, last)
    if price >= most:
        return table, most
    if k.asked[r, CLS] < 0:
        return np.int64(NO_NEED), price
    best = most
    for t in range(k.hall.size):
        o = x.occupant[s, t]
        if not is_choice(k, r, s, t):
            continue
        if o >= 0 and price + k.asked[o, COST] >= best and not listed(x, 0, last, o):
            continue
        end = at_table(k, x, r, s, t, 0, last)
        if end >= 0:
            total = _price(k, x, 0, end)
            if total < best:
                table, best = np.int64(t), total
    return table, best


@njit(**INNER)
def cheapest_place(k: Rules, x: Board, r: int) -> Any:
    """(slot, table, price): where ``r`` could go at the least price of those it puts out."""
    best_s: Any = np.int64(-1)
    best_t: Any = np.int64(NO_TABLE)
    best: Any = k.asked[r, COST]
    for s in range(k.times.shape[0]):
        t, price = cheapest_in(k, x, r, s, best)
        if price < best:
            best_s, best_t, best = s, t, price
    return best_s, best_t, best


@njit(**ENTRY)
def exchange(k: Rules, x: Board, r: int, left: int, nodes: int, queue: I64) -> Any:
    """Place ``r`` instead of what costs less, and what was put out likewise, until none gains.

    Returns:
        What the loss fell by.
    """
    saved = np.int64(0)
    queue[0] = r
    waiting = 1
    while waiting > 0:
        waiting -= 1
        u = queue[waiting]
        begin(x)
        x.marks[NODES] = nodes
        done = False
        for limit in range(left + 1):
            if search(k, x, u, -1, limit) >= 0:
                saved += k.asked[u, COST]
                done = True
                break
        if done:
            continue
        begin(x)
        s, t, _ = cheapest_place(k, x, u)
        if s < 0:
            continue
        last = in_the_way(k, x, u, s, 0)
        if t >= 0:
            last = at_table(k, x, u, s, t, 0, last)
        if waiting + last > queue.size:
            continue
        for i in range(last):
            queue[waiting + i] = x.scratch[i]
            saved -= k.asked[x.scratch[i], COST]
        for i in range(last):
            take(k, x, queue[waiting + i])
        put(k, x, u, s, t)
        saved += k.asked[u, COST]
        waiting += last
    x.marks[LOGGING] = 0
    return saved
