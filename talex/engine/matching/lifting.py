"""The search behind ``fairness.lift``: exchanges that lift the worst-off talent, one by one."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from .kernels import jit

__all__ = ["lift_all", "replace_seat"]

Number = int | np.int64  # what Numba makes no difference between


@jit
def _best_two(
    a: Number, first: NDArray[np.int64], order: NDArray[np.int64], held: NDArray[np.bool_]
) -> tuple[Number, Number, Number]:
    """The best and second best held edge of a talent, and the worst; -1 for none."""
    one, two, last = np.int64(-1), np.int64(-1), np.int64(-1)
    for at in range(first[a], first[a + 1]):
        e = order[at]
        if held[e]:
            if one < 0:
                one = e
            elif two < 0:
                two = e
            last = e
    return one, two, last


@jit
def replace_seat(seats: NDArray[np.int64], at: Number, old: Number, new: Number) -> None:
    """Put ``new`` where ``old`` sits, at or after ``at``."""
    while seats[at] != old:
        at += 1
    seats[at] = new


@jit
def lift_all(
    first: NDArray[np.int64],
    order: NDArray[np.int64],
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    level: NDArray[np.float64],
    scores: NDArray[np.floating],
    seat_first: NDArray[np.int64],
    seats: NDArray[np.int64],
    load: NDArray[np.int64],
    t_capacity: NDArray[np.int64],
    o_capacity: NDArray[np.int64],
    keep_openings: bool,
    work: int,
    held: NDArray[np.bool_],
) -> int:
    """Lift talents, the lowest level first, until none can be or ``work`` edges were looked at;
    how many lifts. ``seats`` and ``load`` are the held edges of each opening."""
    n, m = t_capacity.shape[0], o_capacity.shape[0]
    floor = np.full(n, -1, np.int64)  # the best held edge
    spare = np.full(n, -1, np.int64)  # the second best
    count = np.zeros(n, np.int64)
    waiting = [(0.0, np.int64(0)) for _ in range(0)]
    for i in range(n):
        for at in range(first[i], first[i + 1]):
            count[i] += held[order[at]]
        floor[i], spare[i], _ = _best_two(i, first, order, held)
        if floor[i] >= 0:
            waiting.append((level[floor[i]], np.int64(i)))
    heapify(waiting)
    fixed = np.zeros(n, np.bool_)
    seen = np.full(m, -1, np.int64)
    came = np.full(m, -1, np.int64)
    gave = np.full(n, -1, np.int64)
    queue = np.empty(n, np.int64)
    changed = np.empty(n, np.int64)
    lifted, mark = 0, 0
    while len(waiting) > 0 and work > 0:
        low, root = heappop(waiting)  # a talent and the level of its best
        if fixed[root] or level[floor[root]] != low:
            continue
        # What the root lets go of, if it is full, and where the path must then end.
        only = np.int64(-1)
        leaves: Number = np.int64(-1)
        if count[root] == t_capacity[root]:
            _, _, leaves = _best_two(root, first, order, held)
            if keep_openings and load[right[leaves]] == 1:
                only = np.int64(right[leaves])
        mark += 1
        gave[root] = leaves
        queue[0] = root
        head, tail = 0, 1
        end = np.int64(-1)
        drop: Number = np.int64(-1)
        while head < tail and end < 0:
            a = queue[head]
            head += 1
            for at in range(first[a], first[a + 1]):
                e = order[at]
                work -= 1
                if level[e] <= low:
                    break
                b = np.int64(right[e])
                if held[e] or o_capacity[b] == 0 or seen[b] == mark:
                    continue
                seen[b] = mark
                came[b] = e
                if leaves >= 0 and b == right[leaves]:
                    end, drop = b, np.int64(leaves)  # the seat that the root leaves
                    break
                if only < 0 and load[b] < o_capacity[b]:
                    end = b
                    break
                if only < 0:
                    for seat in range(seat_first[b], seat_first[b] + load[b]):
                        h = seats[seat]
                        c = np.int64(left[h])
                        extra = h != floor[c]
                        if c == root or not (
                            extra or (not fixed[c] and spare[c] >= 0 and level[spare[c]] > low)
                        ):
                            continue
                        if drop < 0 or scores[h] < scores[drop]:
                            end, drop = b, h
                    if end >= 0:
                        break
                for seat in range(seat_first[b], seat_first[b] + load[b]):
                    h = seats[seat]
                    c = np.int64(left[h])
                    if c != root and h == floor[c] and not fixed[c]:
                        gave[c] = h
                        queue[tail] = c
                        tail += 1
        if end < 0:
            fixed[root] = True
            continue
        lifted += 1
        many = 0
        if drop >= 0:
            held[drop] = False
            replace_seat(seats, seat_first[end], drop, came[end])
            if drop != leaves:
                count[left[drop]] -= 1
                changed[many] = left[drop]
                many += 1
        else:
            seats[seat_first[end] + load[end]] = came[end]
            load[end] += 1
        b = np.int64(end)
        while True:
            e = came[b]
            held[e] = True
            a = np.int64(left[e])
            changed[many] = a
            many += 1
            if a == root:
                break
            h = gave[a]
            held[h] = False
            b = np.int64(right[h])
            replace_seat(seats, seat_first[b], h, came[b])
        if leaves < 0:
            count[root] += 1
        elif drop != leaves:
            held[leaves] = False
            b = np.int64(right[leaves])
            load[b] -= 1
            last = seats[seat_first[b] + load[b]]
            if last != leaves:
                replace_seat(seats, seat_first[b], leaves, last)
        for at in range(many):
            a = changed[at]
            floor[a], spare[a], _ = _best_two(a, first, order, held)
            heappush(waiting, (level[floor[a]], a))
    return lifted
