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
    CLS,
    COST,
    DAY,
    FIRST,
    GAP,
    HELD,
    HOME,
    I64,
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
    return x.stand[o, HELD] == 0 and x.stand[o, STAMP] != x.marks[CHAIN]


@njit(**INNER)
def _listed(x: Board, first: int, last: int, o: int) -> bool:
    for i in range(first, last):
        if x.scratch[i] == o:
            return True
    return False


@njit(**INNER)
def elsewhere(k: Rules, x: Board, o: int) -> bool:
    """Whether placed ``o`` may find another place directly. False is sure, True is not."""
    s = x.stand[o, SLOT]
    some = False
    for w in range(k.base.shape[1]):
        word = k.base[o, w]
        for i in range(k.asked[o, PARTY], k.asked[o, PARTY + 1]):
            p = k.lists[i, 0]
            word &= x.free[p, w] | k.block[k.person[p, GAP], s, w] | k.day_mask[k.times[s, DAY], w]
        if k.asked[o, CLS] >= 0:
            word &= x.holes[w]
        some |= word != _ZERO
    return some


@njit(**INNER)
def _cheapest(k: Rules, x: Board, o: int, best: int, score: int) -> tuple[int, int]:
    """The better of ``best`` and ``o`` to be taken out: one that finds a place, then light."""
    mine = k.asked[o, COST] + (0 if elsewhere(k, x, o) else _NONE // 2)
    return (o, mine) if mine < score else (best, score)


@njit(**INNER)
def _of_persons(k: Rules, x: Board, r: int, s: int, first: int) -> int:
    """Meetings of the persons of ``r`` in the way in slot ``s``, listed from ``first``: the end.

    -1 where one of them cannot be moved.
    """
    last = first
    for i in range(k.asked[r, PARTY], k.asked[r, PARTY + 1]):
        p = k.lists[i, 0]
        for v in range(k.times[s, FIRST], k.times[s, LAST] + 1):
            o = x.at[p, v]
            if o >= 0 and abs(k.times[v, START] - k.times[s, START]) < k.person[p, APART]:
                if not _movable(x, o):
                    return -1
                if not _listed(x, first, last, o):
                    x.scratch[last] = o
                    last += 1
    d = k.times[s, DAY]
    for i in range(k.asked[r, PARTY], k.asked[r, PARTY + 1]):
        p = k.lists[i, 0]
        over = x.per_day[p, d] + 1 - k.person[p, CAP]
        if over <= 0:
            continue
        for v in range(k.times.shape[0]):
            o = x.at[p, v]
            if o >= 0 and k.times[v, DAY] == d and _listed(x, first, last, o):
                over -= 1
        while over > 0:
            best, score = -1, _NONE
            for v in range(k.times.shape[0]):
                o = x.at[p, v]
                if o >= 0 and k.times[v, DAY] == d and _movable(x, o) and not _listed(x, first, last, o):
                    best, score = _cheapest(k, x, o, best, score)
            if best < 0:
                return -1
            x.scratch[last] = best
            last += 1
            over -= 1
    return last


@njit(**INNER)
def _of_order(k: Rules, x: Board, r: int, s: int, first: int, last: int) -> int:
    for i in range(k.asked[r, ORDER], k.asked[r, ORDER + 1]):
        o = k.lists[i, OTHER]
        at = x.stand[o, SLOT]
        if at >= 0 and (at - s) * k.lists[i, WHEN] <= 0 and not _listed(x, first, last, o):
            if not _movable(x, o):
                return -1
            x.scratch[last] = o
            last += 1
    return last


@njit(**INNER)
def _units_of(k: Rules, o: int, resource: int) -> int:
    for i in range(k.asked[o, NEED], k.asked[o, NEED + 1]):
        if k.lists[i, RESOURCE] == resource:
            return k.lists[i, UNITS]
    return np.int64(0)


@njit(**INNER)
def _of_resources(k: Rules, x: Board, r: int, s: int, first: int, last: int) -> int:
    """Users of online rooms and shared resources that must give way."""
    for i in range(k.asked[r, NEED], k.asked[r, NEED + 1]):
        f = k.lists[i, RESOURCE]
        over = x.used[f, s] + k.lists[i, UNITS] - k.units[f, s]
        if over <= 0:
            continue
        for n in range(first, last):
            if x.stand[x.scratch[n], SLOT] == s:
                over -= _units_of(k, x.scratch[n], f)
        while over > 0:
            best, score = -1, _NONE
            o = x.head[s]
            while o >= 0:
                uses = _units_of(k, o, f) > 0
                if uses and _movable(x, o) and not _listed(x, first, last, o):
                    best, score = _cheapest(k, x, o, best, score)
                o = x.stand[o, NEXT]
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
    for i in range(k.asked[r, PARTY], k.asked[r, PARTY + 1]):
        p = k.lists[i, 0]
        for v in range(k.times[s, FIRST], k.times[s, LAST] + 1):
            o = x.at[p, v]
            if o >= 0 and k.asked[o, CLS] >= 0 and too_far(k, v, x.stand[o, TABLE], s, t):
                if _listed(x, first, last, o):
                    continue
                if not _movable(x, o):
                    return -1
                x.scratch[last] = o
                last += 1
    return last


@njit(**INNER)
def is_choice(k: Rules, r: int, s: int, t: int) -> bool:
    return has_bit(k.opened[s], t) and has_bit(k.choice[k.asked[r, CLS]], t)


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
            if last - first >= room and not _listed(x, first, last, o):
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
        if end - first == 1 and room == 1 and number == depth + 1:
            if not elsewhere(k, x, x.scratch[first]):
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
def _price(k: Rules, x: Board, first: int, last: int) -> int:
    price = np.int64(0)
    for i in range(first, last):
        price += k.asked[x.scratch[i], COST]
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
    if k.asked[r, CLS] < 0:
        return np.int64(NO_NEED), price
    best = most
    for t in range(k.hall.size):
        o = x.occupant[s, t]
        if not is_choice(k, r, s, t):
            continue
        if o >= 0 and price + k.asked[o, COST] >= best and not _listed(x, 0, last, o):
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
    best_s, best_t, best = np.int64(-1), np.int64(NO_TABLE), k.asked[r, COST]
    for s in range(k.times.shape[0]):
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
        t, price = cheapest_in(k, x, r, s, _NONE)
        if price < _NONE:
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
        if (
            x.occupant[s, t] < 0
            and is_choice(k, r, s, t)
            and reachable(k, x, r, s, t)
        ):
            out[count] = t
            count += 1
    return count if count > 0 else -1
