"""Why meetings have no place after a repair, and the figures of the new timetable."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from talex.engine.meetings.kernel import ENTRY
from talex.engine.meetings.problem import Mode, Problem
from talex.engine.meetings.repair.board import (
    APART,
    CAP,
    CLS,
    DAY,
    FIRST,
    I64,
    LAST,
    NEED,
    PARTY,
    RESOURCE,
    START,
    TABLE,
    UNITS,
    Board,
    Rules,
)
from talex.engine.meetings.repair.kernels import INNER, in_order, too_far
from talex.engine.meetings.solution import Bound, Figures, Reason

_ZERO, _ONE = np.uint64(0), np.uint64(1)

#: What can bar a slot, by bit; ``Reason`` says how a reason is made of them.
_DAY, _BUSY, _PLACE, _LACK, _FAR, _ORDER = 1, 2, 4, 8, 16, 32
_KINDS = (
    Reason.DAY_LIMIT,
    Reason.PERSON_FULL,
    Reason.NO_TABLE,
    Reason.NO_RESOURCE,
    Reason.TOO_FAR,
    Reason.ORDER,
)


@njit(**INNER)
def _in_reach(k: Rules, x: Board, r: int, s: int, t: int) -> bool:
    """Whether all persons can walk to ``t`` and on; who meets in the very slot is busy, not far."""
    if k.way.shape[0] == 0:
        return True
    for i in range(k.asked[r, PARTY], k.asked[r, PARTY + 1]):
        p = k.lists[i, 0]
        for v in range(k.times[s, FIRST], k.times[s, LAST] + 1):
            o = x.at[p, v]
            onsite = v != s and o >= 0 and k.asked[o, CLS] >= 0
            if onsite and too_far(k, v, x.stand[o, TABLE], s, t):
                return False
    return True


@njit(**ENTRY)
def barred(k: Rules, x: Board, rows: I64) -> NDArray[np.uint8]:
    """(N, S) what bars the slots of unplaced requests, apart from times they never had."""
    kinds = np.zeros((rows.size, k.times.shape[0]), np.uint8)
    for n in range(rows.size):
        r = rows[n]
        for s in range(k.times.shape[0]):
            bits = 0
            for i in range(k.asked[r, PARTY], k.asked[r, PARTY + 1]):
                p = k.lists[i, 0]
                if x.per_day[p, k.times[s, DAY]] >= k.person[p, CAP]:
                    bits |= _DAY
                for v in range(k.times[s, FIRST], k.times[s, LAST] + 1):
                    if (
                        x.at[p, v] >= 0
                        and abs(k.times[v, START] - k.times[s, START]) < k.person[p, APART]
                    ):
                        bits |= _BUSY
            for i in range(k.asked[r, NEED], k.asked[r, NEED + 1]):
                f = k.lists[i, RESOURCE]
                if x.used[f, s] + k.lists[i, UNITS] > k.units[f, s]:
                    bits |= _LACK if f > 0 else _PLACE
            if k.asked[r, CLS] >= 0:
                some, near = False, False
                for v in range(k.choice.shape[1]):
                    word = k.choice[k.asked[r, CLS], v] & x.table_free[s, v]
                    t = v * 64
                    while word != _ZERO and not near:
                        if word & _ONE != _ZERO:
                            some = True
                            near = _in_reach(k, x, r, s, t)
                        word >>= _ONE
                        t += 1
                if not some:
                    bits |= _PLACE
                elif not near:
                    bits |= _FAR
            if not in_order(k, x, r, s):
                bits |= _ORDER
            kinds[n, s] = bits
    return kinds


@cache
def _sets() -> list[tuple[int, int]]:
    """(mask, last kind) of the sets of kinds, small and early ones first."""
    numbers = range(len(_KINDS))
    return [
        (sum(1 << n for n in some), some[-1])
        for size in range(1, len(_KINDS) + 1)
        for some in combinations(numbers, size)
    ]


def reasons(problem: Problem, k: Rules, x: Board) -> NDArray[np.int8]:
    """(R,) of ``Reason``, where no unplaced request can be placed directly."""
    reason = np.zeros(problem.requests, np.int8)
    out = np.flatnonzero(x.slot < 0)
    if out.size == 0:
        return reason
    usable = problem.available & (problem.max_per_day != 0)[:, None]
    common = np.logical_and.reduceat(usable[problem.party_idx], problem.party_ptr[:-1], axis=0)[out]
    permitted = common if problem.allowed is None else common & problem.allowed[out]
    onsite = problem.mode[out] == Mode.ONSITE
    place = np.where(onsite, Reason.NO_TABLE, Reason.NO_ONLINE_ROOM)
    kinds = barred(k, x, out.astype(np.int64))
    last = np.full(out.size, -1)
    todo = np.arange(out.size)
    for mask, kind in _sets():
        done = (((kinds[todo] & mask) != 0) | ~permitted[todo]).all(axis=1)
        last[todo[done]] = kind
        todo = todo[~done]
        if todo.size == 0:
            break
    found = np.array(_KINDS)[last]
    found = np.where(found == Reason.NO_TABLE, place, found)
    somewhere, supplied = _ever(problem, k, out)
    ever = permitted & somewhere
    found = np.where((ever & supplied).any(axis=1), found, Reason.NO_RESOURCE)
    found = np.where(ever.any(axis=1), found, place)
    pinned = problem.fixed_slot[out] >= 0
    pinned |= (problem.fixed_table[out] >= 0) & ~ever.any(axis=1)
    found = np.where(pinned, Reason.FIXED_CLASH, found)
    found = np.where(permitted.any(axis=1), found, Reason.NOT_ALLOWED)
    found = np.where(common.any(axis=1), found, Reason.NO_COMMON_TIME)
    reason[out] = found
    return reason


def _ever(
    problem: Problem, k: Rules, rows: NDArray[np.intp]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(N, S) whether there is a place at all, and enough of each resource."""
    somewhere = np.zeros((rows.size, problem.slots), np.bool_)
    classes, which = np.unique(k.cls[rows], return_inverse=True)
    for n, c in enumerate(classes):
        if c < 0:
            row = problem.online_capacity != 0
        else:
            row = ((k.opened & k.choice[c][None, :]) != 0).any(axis=1)
        somewhere[which.reshape(-1) == n] = row
    supplied = np.ones((rows.size, problem.slots), np.bool_)
    for i in np.flatnonzero(np.diff(problem.request_resources_ptr)[rows]):
        for f, units in problem.needs(int(rows[i])):
            capacity = problem.resource_capacity[f]
            supplied[i] &= (capacity < 0) | (capacity >= units)
    return somewhere, supplied


def figures(problem: Problem, slot: I64, table: I64, moved: int) -> Figures:
    """The objectives reached."""
    placed = slot >= 0
    owner = np.repeat(np.arange(problem.requests), np.diff(problem.party_ptr))
    theirs = placed[owner]
    request, person = owner[theirs], problem.party_idx[theirs].astype(np.int64)
    by_time = np.lexsort((slot[request], person))
    request, person = request[by_time], person[by_time]
    days, day = np.unique(problem.slot_day, return_inverse=True)
    key = person * days.size + day[slot[request]]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    count = np.diff(first, append=key.size)
    last = first + count - 1
    there = np.zeros((problem.persons, problem.slots + 1), np.int64)
    np.cumsum(problem.available, axis=1, out=there[:, 1:])
    who, at = person[first], slot[request]
    span = there[who, at[last] + 1] - there[who, at[first]]
    onsite = table[request] >= 0
    hall, sits = problem.table_hall[table[request[onsite]]], key[onsite]
    changes = (sits[1:] == sits[:-1]) & (hall[1:] != hall[:-1])
    meetings = np.bincount(person, minlength=problem.persons)
    return Figures(
        placed=int(placed.sum()),
        weight=float(problem.weight[placed].sum()),
        persons=tuple(int((meetings >= n).sum()) for n in range(1, problem.rounds + 1)),
        idle=int(span.sum()) - int(key.size),
        hall_changes=int(changes.sum()),
        moved=moved,
        imbalance=int((count**2).sum()),
    )


def plain_bound(problem: Problem, k: Rules) -> Bound:
    """What nothing can exceed, without a solver: every request that has a time and a place."""
    alive = (k.base != 0).any(axis=1)
    owner = np.repeat(np.arange(problem.requests), np.diff(problem.party_ptr))
    wishes = np.bincount(problem.party_idx[alive[owner]], minlength=problem.persons)
    rounds = range(1, problem.rounds + 1)
    return Bound(
        placed=int(alive.sum()),
        weight=float(problem.weight[alive].sum()),
        persons=tuple(int((wishes >= n).sum()) for n in rounds),
    )
