"""Where a meeting can stand: order, resources, halls in reach, and a table; compiled."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from talex.engine.meetings.arrays import State, Static
from talex.engine.meetings.kernel import (
    INNER,
    has_bit,
    lowest,
    move_table,
    open_word,
    place_word,
    put,
    rand,
)

_ONE = np.uint64(1)
_ZERO = np.uint64(0)
#: Occupants who must walk are asked one by one for another table; no more than these.
_STEPS = 2048


@njit(**INNER)
def in_order(k: Static, x: State, r: int, s: int) -> bool:
    """Whether ``s`` lies between those that must come before ``r`` and those after it."""
    for i in range(k.before_ptr[r], k.before_ptr[r + 1]):
        if x.slot[k.before_idx[i]] >= s:
            return False
    for i in range(k.after_ptr[r], k.after_ptr[r + 1]):
        other = x.slot[k.after_idx[i]]
        if other >= 0 and other <= s:
            return False
    return True


@njit(**INNER)
def supplied(k: Static, x: State, r: int, s: int) -> bool:
    """Whether enough of what ``r`` needs is left in ``s``."""
    for j in range(k.need_ptr[r], k.need_ptr[r + 1]):
        if x.left[k.need_idx[j], s] < k.need_units[j]:
            return False
    return True


@njit(**INNER)
def far_halls(k: Static, x: State, r: int, s: int, gone: int) -> np.uint64:
    """Bits of the halls that somebody of ``r`` cannot be in at ``s``, for meetings around it.

    The first ``gone`` meetings of ``x.eject`` are not regarded.
    """
    far = _ZERO
    halls = k.travel.shape[0]
    for i in range(k.ptr[r], k.ptr[r + 1]):
        p = k.idx[i]
        for v in range(k.near[s, 0], k.near[s, 1] + 1):
            o = x.at[p, v]
            if o < 0 or v == s or o == r or x.table[o] < 0:
                continue
            there = k.hall[x.table[o]]
            leaving = False
            for n in range(gone):
                if x.eject[n] == o:
                    leaving = True
            if there < 0 or leaving:
                continue
            for h in range(halls):
                lost = k.travel[there, h] if v < s else k.travel[h, there]
                if lost > k.room[v, s]:
                    far |= _ONE << np.uint64(h)
    return far


@njit(**INNER)
def within(k: Static, word: np.uint64, far: np.uint64, v: int) -> np.uint64:
    """Word ``v`` of tables without those of halls out of reach."""
    while far != _ZERO:
        h = lowest(far)
        far &= far - _ONE
        word &= ~k.hall_mask[h, v]
    return word


@njit(**INNER)
def near_table(k: Static, t: int, far: np.uint64) -> bool:
    return far == _ZERO or k.hall[t] < 0 or not has_bit(far, k.hall[t])


@njit(**INNER)
def near_kind(k: Static, n: int, far: np.uint64) -> bool:
    return far == _ZERO or k.kind_hall[n] < 0 or not has_bit(far, k.kind_hall[n])


@njit(**INNER)
def walks(k: Static, x: State, r: int, s: int) -> np.uint64:
    """``far_halls`` where anybody must walk at all."""
    return far_halls(k, x, r, s, 0) if k.cls[r] >= 0 and k.walking[k.cls[r]] else _ZERO


@njit(**INNER)
def has_table(k: Static, x: State, r: int, s: int) -> bool:
    """Whether a table (or online room) in reach is free for ``r`` in ``s``."""
    c = k.cls[r]
    if c < 0:
        return True
    if x.class_left[c, s] == 0:
        return False
    far = walks(k, x, r, s)
    if far == _ZERO:
        return True
    return x.hall_open[c, s] & ~far != _ZERO


@njit(**INNER)
def has_place(k: Static, x: State, r: int, s: int) -> bool:
    """Whether ``r`` can stand in ``s`` at once, its persons being free there."""
    return in_order(k, x, r, s) and supplied(k, x, r, s) and has_table(k, x, r, s)


@njit(**INNER)
def _neighbour_hall(k: Static, x: State, p: int, s: int, step: int) -> int:
    """Hall of the person's nearest on-site meeting of the day, before or after ``s``; or -1."""
    d = k.day[s]
    other = s + step
    while k.day_ptr[d] <= other < k.day_ptr[d + 1]:
        r = x.at[p, other]
        if r >= 0 and x.table[r] >= 0 and k.hall[x.table[r]] >= 0:
            return k.hall[x.table[r]]
        other += step
    return -1


@njit(**INNER)
def direct_table(k: Static, x: State, r: int, s: int) -> int:
    """A free table for ``r`` in ``s``: -1 none, -2 none needed.

    Preferred in this order: that of the warm start, one in a hall where a person of the meeting
    is just before or after, one that no restricted request wants, any.
    """
    c = k.cls[r]
    if c < 0:
        return -2
    if x.class_left[c, s] == 0:
        return -1
    far = walks(k, x, r, s)
    warm = k.warm_table[r]
    if (
        warm >= 0
        and k.warm_slot[r] == s
        and near_table(k, warm, far)
        and has_bit(x.table_free[s, warm >> 6] & k.class_mask[c, warm >> 6], warm)
    ):
        return warm
    words = k.class_mask.shape[1]
    for i in range(k.ptr[r], k.ptr[r + 1]):
        for step in (np.int64(-1), np.int64(1)):
            hall = _neighbour_hall(k, x, k.idx[i], s, step)
            if hall >= 0:
                for v in range(words):
                    word = k.class_mask[c, v] & x.table_free[s, v] & k.hall_mask[hall, v]
                    word = within(k, word, far, v)
                    if word != _ZERO:
                        return v * 64 + lowest(word)
    for v in range(words):
        word = within(k, k.class_mask[c, v] & x.table_free[s, v] & k.unclaimed[v], far, v)
        if word != _ZERO:
            return v * 64 + lowest(word)
    for v in range(words):
        word = within(k, k.class_mask[c, v] & x.table_free[s, v], far, v)
        if word != _ZERO:
            return v * 64 + lowest(word)
    return -1


@njit(**INNER)
def _free_of_kind(k: Static, x: State, n: int, s: int) -> int:
    """A free table of kind ``n``, which has one in ``s``."""
    for i in range(k.kind_ptr[n], k.kind_ptr[n + 1]):
        t = k.kind_idx[i]
        if has_bit(x.table_free[s, t >> 6], t):
            return t
    return -1


@njit(**INNER)
def _shift(k: Static, x: State, n: int, s: int) -> int:
    """Move those in ``x.parent`` one kind on, the last to a free table of ``n``; what gets free."""
    t = _free_of_kind(k, x, n, s)
    while x.parent[n] >= 0:
        o = x.parent[n]
        gone = x.table[o]
        move_table(k, x, o, t)
        t, n = gone, k.kind[gone]
    return t


@njit(**INNER)
def augmented_table(k: Static, x: State, r: int, s: int) -> int:
    """A table for ``r`` in ``s``, moving others to other tables of the slot if need be; -1 none.

    An augmenting path by breadth (Berge 1957), over kinds of tables: it fails only if the
    present meetings of the slot together with ``r`` cannot be seated at all (or, where people
    walk, after many steps). Moving a table never bars another meeting of the same slot: nobody
    is in two of them.
    """
    c = k.cls[r]
    if c < 0:
        return -2
    if x.group_left[k.class_group[c], s] == 0 or (
        # all that could make room are of this very class and stay where they are
        x.class_left[c, s] == 0 and k.class_mask.shape[0] == 1
    ):
        return -1
    kinds = k.kind_hall.size
    parent, queue = x.parent, x.queue
    parent[:kinds] = -2
    x.seen[:] = 0
    steps = 0
    head, tail = 0, 0
    far = walks(k, x, r, s)
    for j in range(k.class_kind_ptr[c], k.class_kind_ptr[c + 1]):
        n = k.class_kind_idx[j]
        if near_kind(k, n, far):
            parent[n] = -1
            if x.kind_left[n, s] > 0:
                return _free_of_kind(k, x, n, s)
            queue[tail] = n
            tail += 1
    while head < tail:
        n = queue[head]
        head += 1
        for i in range(k.kind_ptr[n], k.kind_ptr[n + 1]):
            o = x.occupant[s, k.kind_idx[i]]
            if o < 0:
                continue
            oc = k.cls[o]
            if k.class_kind_ptr[oc + 1] - k.class_kind_ptr[oc] <= 1 or x.seen[oc] == 1:
                continue
            far = walks(k, x, o, s)
            if far == _ZERO:
                # all kinds of the class are reached by this one
                x.seen[oc] = 1
            else:
                steps += 1
                if steps > _STEPS:
                    return -1
            for j in range(k.class_kind_ptr[oc], k.class_kind_ptr[oc + 1]):
                m = k.class_kind_idx[j]
                if parent[m] == -2 and near_kind(k, m, far):
                    parent[m] = o
                    if x.kind_left[m, s] > 0:
                        return _shift(k, x, m, s)
                    queue[tail] = m
                    tail += 1
    return -1


@njit(**INNER)
def hall_table(k: Static, x: State, r: int, s: int, hall: NDArray[np.int64]) -> int:
    """A table for ``r`` in its hall, moving others of the slot within theirs; -1 none.

    An augmenting path by breadth, as in ``augmented_table``; for small problems.
    """
    parent, queue = x.parent, x.queue
    parent[:] = -2
    head, tail = 0, 0
    c = k.cls[r]
    for j in range(k.class_ptr[c], k.class_ptr[c + 1]):
        t = k.class_idx[j]
        if has_bit(k.table_avail[s, t >> 6], t) and k.hall[t] == hall[r]:
            parent[t] = -1
            queue[tail] = t
            tail += 1
    while head < tail:
        t = queue[head]
        head += 1
        o = x.occupant[s, t]
        if o < 0:
            while parent[t] >= 0:
                before = parent[t]
                move_table(k, x, x.occupant[s, before], t)
                t = before
            return t
        oc = k.cls[o]
        for j in range(k.class_ptr[oc], k.class_ptr[oc + 1]):
            u = k.class_idx[j]
            if (
                parent[u] == -2
                and has_bit(k.table_avail[s, u >> 6], u)
                and (hall[o] < 0 or k.hall[u] == hall[o])
            ):
                parent[u] = t
                queue[tail] = u
                tail += 1
    return -1


@njit(**INNER)
def find_table(k: Static, x: State, r: int, s: int) -> int:
    """A free table, or one freed by moving others within the slot; -1 none, -2 none needed."""
    t = direct_table(k, x, r, s)
    return augmented_table(k, x, r, s) if t == -1 else t


@njit(**INNER)
def _attraction(k: Static, x: State, r: int, s: int) -> float:
    """How good a slot is for ``r``: where it was, beside other meetings, tables left."""
    score = 0.5 * rand(x)
    if k.warm_slot[r] == s:
        score += 1000.0
    if x.table_count.size and k.hall.size:
        score += 2.0 * x.table_count[s] / k.hall.size
    d = k.day[s]
    for i in range(k.ptr[r], k.ptr[r + 1]):
        p = k.idx[i]
        if s > k.day_ptr[d] and x.at[p, s - 1] >= 0:
            score += 1.0
        if s + 1 < k.day_ptr[d + 1] and x.at[p, s + 1] >= 0:
            score += 1.0
    return score


@njit(**INNER)
def insert_at_once(k: Static, x: State, r: int) -> bool:
    """Place ``r`` where nobody else must move, if there is such a place."""
    best, chosen = -1.0, np.int64(-1)
    words = k.base.shape[1]
    for w in range(words):
        word = place_word(k, x, r, w)
        while word != _ZERO:
            s = w * 64 + lowest(word)
            word &= word - _ONE
            if has_place(k, x, r, s):
                score = _attraction(k, x, r, s)
                if score > best:
                    best, chosen = score, s
    if chosen >= 0:
        put(k, x, r, chosen, direct_table(k, x, r, chosen))
        return True
    return False


@njit(**INNER)
def insert(k: Static, x: State, r: int) -> bool:
    """Place ``r`` where nobody else must leave a slot, if there is such a place."""
    if insert_at_once(k, x, r):
        return True
    if k.cls[r] < 0:
        return False
    group = k.class_group[k.cls[r]]
    for w in range(k.base.shape[1]):
        word = open_word(k, x, r, w) & x.group_open[group, w]
        while word != _ZERO:
            s = w * 64 + lowest(word)
            word &= word - _ONE
            if not (in_order(k, x, r, s) and supplied(k, x, r, s)):
                continue
            t = augmented_table(k, x, r, s)
            if t != -1:
                put(k, x, r, s, t)
                return True
    return False
