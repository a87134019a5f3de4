"""Making room: who must move so that a meeting can be placed, and where they go; compiled.

An ejection chain (Glover 1996) that is searched by depth with a limit on the number of meetings
it moves, the limit growing (iterative deepening), so that the first one found moves few.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from talex.engine.meetings.repair.board import I64, Board, Rules
from talex.engine.meetings.repair.kernels import (
    CHAIN,
    ENTRY,
    INNER,
    LENGTH,
    LOGGING,
    NO_NEED,
    NO_TABLE,
    NODES,
    TOP,
    begin,
    fits_at,
    has_bit,
    place_directly,
    put,
    table_for,
    take,
    too_far,
    undo,
)

_ZERO = np.uint64(0)
_NONE = np.int64(2**62)


@njit(**INNER)
def _movable(x: Board, o: int) -> bool:
    return not x.held[o] and x.stamp[o] != x.marks[CHAIN]


@njit(**INNER)
def _listed(x: Board, first: int, last: int, o: int) -> bool:
    for i in range(first, last):
        if x.scratch[i] == o:
            return True
    return False


@njit(**INNER)
def elsewhere(k: Rules, x: Board, o: int) -> bool:
    """Whether placed ``o`` may find another place directly. False is sure, True is not."""
    s = x.slot[o]
    some = False
    for w in range(k.base.shape[1]):
        word = k.base[o, w]
        for i in range(k.ptr[o], k.ptr[o + 1]):
            p = k.idx[i]
            word &= x.free[p, w] | k.block[k.gap[p], s, w] | k.day_mask[k.day[s], w]
        if k.cls[o] >= 0:
            word &= x.holes[w]
        some |= word != _ZERO
    return some


@njit(**INNER)
def _cheapest(k: Rules, x: Board, o: int, best: int, score: int) -> tuple[int, int]:
    """The better of ``best`` and ``o`` to be taken out: one that finds a place, then light."""
    mine = k.cost[o] + (0 if elsewhere(k, x, o) else _NONE // 2)
    return (o, mine) if mine < score else (best, score)


@njit(**INNER)
def _of_persons(k: Rules, x: Board, r: int, s: int, first: int) -> int:
    """Meetings of the persons of ``r`` in the way in slot ``s``, listed from ``first``: the end.

    -1 where one of them cannot be moved.
    """
    last = first
    for i in range(k.ptr[r], k.ptr[r + 1]):
        p = k.idx[i]
        for v in range(k.near[s, 0], k.near[s, 1] + 1):
            o = x.at[p, v]
            if o >= 0 and abs(k.start[v] - k.start[s]) < k.apart[p]:
                if not _movable(x, o):
                    return -1
                if not _listed(x, first, last, o):
                    x.scratch[last] = o
                    last += 1
    d = k.day[s]
    for i in range(k.ptr[r], k.ptr[r + 1]):
        p = k.idx[i]
        over = x.per_day[p, d] + 1 - k.cap[p]
        if over <= 0:
            continue
        for v in range(k.day.size):
            o = x.at[p, v]
            if o >= 0 and k.day[v] == d and _listed(x, first, last, o):
                over -= 1
        while over > 0:
            best, score = -1, _NONE
            for v in range(k.day.size):
                o = x.at[p, v]
                if o >= 0 and k.day[v] == d and _movable(x, o) and not _listed(x, first, last, o):
                    best, score = _cheapest(k, x, o, best, score)
            if best < 0:
                return -1
            x.scratch[last] = best
            last += 1
            over -= 1
    return last


@njit(**INNER)
def _of_order(k: Rules, x: Board, r: int, s: int, first: int, last: int) -> int:
    for i in range(k.later_ptr[r], k.later_ptr[r + 1]):
        o = k.later_idx[i]
        if x.slot[o] >= 0 and x.slot[o] <= s and not _listed(x, first, last, o):
            if not _movable(x, o):
                return -1
            x.scratch[last] = o
            last += 1
    for i in range(k.sooner_ptr[r], k.sooner_ptr[r + 1]):
        o = k.sooner_idx[i]
        if x.slot[o] >= s and not _listed(x, first, last, o):
            if not _movable(x, o):
                return -1
            x.scratch[last] = o
            last += 1
    return last


@njit(**INNER)
def _units_of(k: Rules, o: int, resource: int) -> int:
    for i in range(k.need_ptr[o], k.need_ptr[o + 1]):
        if k.need_idx[i] == resource:
            return k.need_units[i]
    return 0


@njit(**INNER)
def _of_resources(k: Rules, x: Board, r: int, s: int, first: int, last: int) -> int:
    """Users of online rooms (resource -1) and shared resources that must give way."""
    rows = k.need_ptr[r + 1] - k.need_ptr[r]
    for j in range(-1, rows):
        if j < 0:
            if k.cls[r] >= 0:
                continue
            over = x.used_online[s] + 1 - k.online[s]
        else:
            i = k.need_ptr[r] + j
            over = x.used_units[k.need_idx[i], s] + k.need_units[i] - k.units[k.need_idx[i], s]
        if over <= 0:
            continue
        f = -1 if j < 0 else k.need_idx[k.need_ptr[r] + j]
        for n in range(first, last):
            o = x.scratch[n]
            if x.slot[o] == s:
                if f < 0:
                    over -= 1 if k.cls[o] < 0 else 0
                else:
                    over -= _units_of(k, o, f)
        while over > 0:
            best, score = -1, _NONE
            o = x.head[s]
            while o >= 0:
                uses = k.cls[o] < 0 if f < 0 else _units_of(k, o, f) > 0
                if uses and _movable(x, o) and not _listed(x, first, last, o):
                    best, score = _cheapest(k, x, o, best, score)
                o = x.after[o]
            if best < 0:
                return -1
            x.scratch[last] = best
            last += 1
            over -= 1 if f < 0 else _units_of(k, best, f)
    return last


@njit(**INNER)
def in_the_way(k: Rules, x: Board, r: int, s: int, first: int) -> int:
    """Who must give way for unplaced ``r`` in ``s``, tables and ways not regarded.

    Listed in ``scratch`` from ``first``; the end of the list, -1 where it is not possible.
    """
    if not has_bit(k.base[r], s):
        return -1
    last = _of_persons(k, x, r, s, first)
    if last >= 0:
        last = _of_order(k, x, r, s, first, last)
    if last >= 0:
        last = _of_resources(k, x, r, s, first, last)
    return last


@njit(**INNER)
def at_table(k: Rules, x: Board, r: int, s: int, t: int, first: int, last: int) -> int:
    """Add to the list who must give way at a table and on the ways to and from it."""
    o = x.occupant[s, t]
    if o >= 0 and not _listed(x, first, last, o):
        if not _movable(x, o):
            return -1
        x.scratch[last] = o
        last += 1
    if k.way.shape[0] == 0:
        return last
    for i in range(k.ptr[r], k.ptr[r + 1]):
        p = k.idx[i]
        for v in range(k.near[s, 0], k.near[s, 1] + 1):
            o = x.at[p, v]
            if o >= 0 and k.cls[o] >= 0 and too_far(k, v, x.table[o], s, t):
                if _listed(x, first, last, o):
                    continue
                if not _movable(x, o):
                    return -1
                x.scratch[last] = o
                last += 1
    return last


@njit(**INNER)
def is_choice(k: Rules, r: int, s: int, t: int) -> bool:
    return has_bit(k.opened[s], t) and has_bit(k.choice[k.cls[r]], t)


@njit(**INNER)
def _try(k: Rules, x: Board, r: int, s: int, t: int, first: int, last: int, left: int) -> int:
    """Place ``r`` instead of those listed and settle them; meetings moved, -1 none possible."""
    number = last - first
    if number > left:
        return -1
    if number == 1 and left == 1 and not elsewhere(k, x, x.scratch[first]):
        return -1
    mark = x.marks[LENGTH]
    if mark + 4 * (left + 2) >= x.journal.shape[0]:
        return -1
    top = x.marks[TOP]
    for i in range(first, last):
        take(k, x, x.scratch[i])
    put(k, x, r, s, t)
    x.stamp[r] = x.marks[CHAIN]
    x.marks[TOP] = last
    used = number
    for i in range(first, last):
        more = settle(k, x, x.scratch[i], left - used)
        if more < 0:
            undo(k, x, mark)
            x.marks[TOP] = top
            return -1
        used += more
    x.marks[TOP] = top
    return used


@njit(**INNER)
def settle(k: Rules, x: Board, r: int, left: int) -> int:
    """Place unplaced ``r``, moving at most ``left`` others that this chain did not move.

    Returns:
        Meetings moved for it, -1 where none was found.
    """
    x.marks[NODES] -= 1
    if x.marks[NODES] < 0:
        return -1
    if place_directly(k, x, r):
        x.stamp[r] = x.marks[CHAIN]
        return 0
    if left <= 0:
        return -1
    slots = k.day.size
    home = max(k.home_slot[r], 0)
    first = x.marks[TOP]
    if first + 4 * slots + 64 > x.scratch.size:
        return -1
    for step in range(2 * slots):
        s = home + ((step + 1) // 2) * (1 if step % 2 == 1 else -1)
        if not 0 <= s < slots:
            continue
        last = in_the_way(k, x, r, s, first)
        if last < 0 or last - first > left:
            continue
        if k.cls[r] < 0:
            used = _try(k, x, r, s, NO_NEED, first, last, left)
            if used >= 0:
                return used
            continue
        hall = np.int64(-1)
        some = False
        for t in range(k.hall.size):
            if x.occupant[s, t] >= 0 or not is_choice(k, r, s, t) or k.hall[t] == hall:
                continue
            if some and k.way.shape[0] == 0:
                break
            # tables of one hall are alike
            hall = k.hall[t]
            end = at_table(k, x, r, s, t, first, last)
            if end < 0:
                continue
            some = True
            used = _try(k, x, r, s, t, first, end, left)
            if used >= 0:
                return used
            if x.marks[NODES] < 0:
                return -1
        if some:
            continue
        for t in range(k.hall.size):
            o = x.occupant[s, t]
            if o < 0 or not is_choice(k, r, s, t):
                continue
            if last - first == left and not _listed(x, first, last, o):
                continue
            end = at_table(k, x, r, s, t, first, last)
            if end < 0:
                continue
            used = _try(k, x, r, s, t, first, end, left)
            if used >= 0:
                return used
            if x.marks[NODES] < 0:
                return -1
    return -1


@njit(**ENTRY)
def settle_all(k: Rules, x: Board, requests: I64, left: int, nodes: int) -> int:
    """Place requests one by one, each with chains that move at most ``left``; the number placed."""
    placed = 0
    for r in requests:
        if x.slot[r] >= 0:
            continue
        for limit in range(left + 1):
            begin(x)
            x.marks[NODES] = nodes
            if settle(k, x, r, limit) >= 0:
                placed += 1
                break
    x.marks[LOGGING] = 0
    return placed


@njit(**INNER)
def _price(k: Rules, x: Board, first: int, last: int) -> int:
    price = np.int64(0)
    for i in range(first, last):
        price += k.cost[x.scratch[i]]
    return price


@njit(**INNER)
def cheapest_place(k: Rules, x: Board, r: int) -> tuple[int, int, int]:
    """(slot, table, price): where ``r`` could go at the least price of those it puts out."""
    best_s, best_t, best = np.int64(-1), np.int64(-1), k.cost[r]
    for s in range(k.day.size):
        last = in_the_way(k, x, r, s, 0)
        if last < 0:
            continue
        price = _price(k, x, 0, last)
        if price >= best:
            continue
        if k.cls[r] < 0:
            best_s, best_t, best = s, np.int64(NO_NEED), price
            continue
        for t in range(k.hall.size):
            o = x.occupant[s, t]
            if not is_choice(k, r, s, t):
                continue
            if o >= 0 and price + k.cost[o] >= best and not _listed(x, 0, last, o):
                continue
            end = at_table(k, x, r, s, t, 0, last)
            if end >= 0:
                total = _price(k, x, 0, end)
                if total < best:
                    best_s, best_t, best = s, np.int64(t), total
    return best_s, best_t, best


@njit(**ENTRY)
def exchange(k: Rules, x: Board, r: int, left: int, nodes: int, queue: I64) -> int:
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
            if settle(k, x, u, limit) >= 0:
                saved += k.cost[u]
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
            saved -= k.cost[x.scratch[i]]
        for i in range(last):
            take(k, x, queue[waiting + i])
        put(k, x, u, s, t)
        saved += k.cost[u]
        waiting += last
    x.marks[LOGGING] = 0
    return saved


@njit(**ENTRY)
def go_home(k: Rules, x: Board, requests: I64) -> int:
    """Put those back to where they were that can be; the number put back."""
    count = 0
    x.marks[LOGGING] = 0
    for r in requests:
        s, t = k.home_slot[r], k.home_table[r]
        if s < 0 or x.held[r] or (x.slot[r] == s and x.table[r] == t):
            continue
        was_s, was_t = x.slot[r], x.table[r]
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
        if x.slot[r] < 0 and place_directly(k, x, r):
            count += 1
    return count


@njit(**ENTRY)
def seat_at(k: Rules, x: Board, r: int, s: int, t: int) -> bool:
    """Place ``r`` exactly there, or at any table for -1, if it fits."""
    x.marks[LOGGING] = 0
    if t < 0 and k.cls[r] >= 0:
        if not fits_without_table(k, x, r, s):
            return False
        t = table_for(k, x, r, s)
        if t == NO_TABLE:
            return False
    elif not fits_at(k, x, r, s, t):
        return False
    put(k, x, r, s, t)
    return True


@njit(**INNER)
def fits_without_table(k: Rules, x: Board, r: int, s: int) -> bool:
    if not has_bit(k.base[r], s):
        return False
    for i in range(k.ptr[r], k.ptr[r + 1]):
        if not has_bit(x.free[k.idx[i]], s):
            return False
    return True


@njit(**ENTRY)
def take_out(k: Rules, x: Board, r: int) -> None:
    """Take ``r`` out of its slot."""
    x.marks[LOGGING] = 0
    take(k, x, r)
