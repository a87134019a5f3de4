"""Making room: who must move so that a meeting can be placed, and where they go; compiled.

An ejection chain (Glover 1996) that is searched by depth with a limit on the number of meetings
it moves, the limit growing (iterative deepening), so that the first one found moves few.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from talex.engine.meetings.repair.board import (
    APART,
    CAP,
    GAP,
    I64,
    NEXT,
    OTHER,
    RESOURCE,
    UNITS,
    WHEN,
    Board,
    Rules,
)
from talex.engine.meetings.repair.kernels import (
    CHAIN,
    ENTRY,
    INNER,
    LENGTH,
    LOGGING,
    NO_NEED,
    NO_TABLE,
    NODES,
    TAKEN,
    TOP,
    begin,
    fits_at,
    has_bit,
    in_order,
    is_open,
    place_directly,
    put,
    reachable,
    supplied,
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
            word &= x.free[p, w] | k.block[k.person[p, GAP], s, w] | k.day_mask[k.day[s], w]
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
            if o >= 0 and abs(k.start[v] - k.start[s]) < k.person[p, APART]:
                if not _movable(x, o):
                    return -1
                if not _listed(x, first, last, o):
                    x.scratch[last] = o
                    last += 1
    d = k.day[s]
    for i in range(k.ptr[r], k.ptr[r + 1]):
        p = k.idx[i]
        over = x.per_day[p, d] + 1 - k.person[p, CAP]
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
    for i in range(k.order_ptr[r], k.order_ptr[r + 1]):
        o = k.order[i, OTHER]
        at = x.slot[o]
        if at >= 0 and (at - s) * k.order[i, WHEN] <= 0 and not _listed(x, first, last, o):
            if not _movable(x, o):
                return -1
            x.scratch[last] = o
            last += 1
    return last


@njit(**INNER)
def _units_of(k: Rules, o: int, resource: int) -> int:
    for i in range(k.need_ptr[o], k.need_ptr[o + 1]):
        if k.need[i, RESOURCE] == resource:
            return k.need[i, UNITS]
    return np.int64(0)


@njit(**INNER)
def _of_resources(k: Rules, x: Board, r: int, s: int, first: int, last: int) -> int:
    """Users of online rooms and shared resources that must give way."""
    for i in range(k.need_ptr[r], k.need_ptr[r + 1]):
        f = k.need[i, RESOURCE]
        over = x.used[f, s] + k.need[i, UNITS] - k.units[f, s]
        if over <= 0:
            continue
        for n in range(first, last):
            if x.slot[x.scratch[n]] == s:
                over -= _units_of(k, x.scratch[n], f)
        while over > 0:
            best, score = -1, _NONE
            o = x.head[s]
            while o >= 0:
                uses = _units_of(k, o, f) > 0
                if uses and _movable(x, o) and not _listed(x, first, last, o):
                    best, score = _cheapest(k, x, o, best, score)
                o = x.link[o, NEXT]
            if best < 0:
                return -1
            x.scratch[last] = best
            last += 1
            over -= _units_of(k, best, f)
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
    x.marks[NODES] -= 1
    if x.marks[NODES] < 0:
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
        if 0 <= s < slots:
            used = settle_in(k, x, r, s, left, first)
            if used >= 0:
                return used
            if x.marks[NODES] < 0:
                return -1
    return -1


@njit(**INNER)
def settle_in(k: Rules, x: Board, r: int, s: int, left: int, first: int) -> int:
    """Place unplaced ``r`` in one slot; like ``settle``."""
    last = in_the_way(k, x, r, s, first)
    if last < 0 or last - first > left:
        return -1
    if k.cls[r] < 0:
        return _try(k, x, r, s, NO_NEED, first, last, left)
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
    if some:
        return -1
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
def cheapest_in(k: Rules, x: Board, r: int, s: int, most: int) -> tuple[int, int]:
    """(table, price): where in a slot ``r`` puts out the least; the price ``most`` if nowhere."""
    last = in_the_way(k, x, r, s, 0)
    table = np.int64(NO_TABLE)
    if last < 0:
        return table, most
    price = _price(k, x, 0, last)
    if price >= most:
        return table, most
    if k.cls[r] < 0:
        return np.int64(NO_NEED), price
    best = most
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
                table, best = np.int64(t), total
    return table, best


@njit(**INNER)
def cheapest_place(k: Rules, x: Board, r: int) -> tuple[int, int, int]:
    """(slot, table, price): where ``r`` could go at the least price of those it puts out."""
    best_s, best_t, best = np.int64(-1), np.int64(NO_TABLE), k.cost[r]
    for s in range(k.day.size):
        t, price = cheapest_in(k, x, r, s, best)
        if price < best:
            best_s, best_t, best = s, t, price
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
        if x.slot[r] < 0 and k.home_slot[r] >= 0:
            s, t = k.home_slot[r], k.home_table[r]
            if fits_at(k, x, r, s, t):
                put(k, x, r, s, t if k.cls[r] >= 0 else NO_NEED)
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
    put(k, x, r, s, t if k.cls[r] >= 0 else NO_NEED)


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
        if settle_in(k, x, r, s, limit, 0) >= 0:
            done = True
            break
        undo(k, x, 0)
        begin(x)
    lost = 0
    if not done:
        t, price = cheapest_in(k, x, r, s, _NONE)
        if price < _NONE:
            last = in_the_way(k, x, r, s, 0)
            if t >= 0:
                last = at_table(k, x, r, s, t, 0, last)
            for i in range(last):
                take(k, x, x.scratch[i])
            put(k, x, r, s, t)
            x.stamp[r] = x.marks[CHAIN]
            x.marks[TOP] = last
            done = True
            for i in range(last):
                x.marks[NODES] = nodes
                if settle(k, x, x.scratch[i], 1) < 0:
                    lost += 1
                    out[out.size - lost] = x.scratch[i]
    count = 0
    if done:
        out[0] = x.table[r]
        for n in range(x.marks[LENGTH]):
            o = x.journal[n, 1]
            if o != r and x.journal[n, 0] == TAKEN and x.slot[o] >= 0:
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
    if k.cls[r] < 0:
        return 0
    for t in range(k.hall.size):
        if (
            x.occupant[s, t] < 0
            and is_choice(k, r, s, t)
            and reachable(k, x, r, s, t)
        ):
            out[count] = t
            count += 1
    return count if count > 0 else -1
