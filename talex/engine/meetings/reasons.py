"""Why meetings have no place: the smallest reason of each, found on the solver's state."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from talex.engine.meetings.arrays import (
    State,
    Static,
    common_slots,
    supplied_slots,
    unpack,
)
from talex.engine.meetings.kernel import (
    ENTRY,
    INNER,
)
from talex.engine.meetings.places import (
    has_table,
    in_order,
    supplied,
)
from talex.engine.meetings.problem import Mode, Problem
from talex.engine.meetings.solution import Reason

_ZERO = np.uint64(0)
#: The kinds in the order of their bits.
_KINDS = (
    Reason.DAY_LIMIT,
    Reason.PERSON_FULL,
    Reason.NO_TABLE,
    Reason.NO_RESOURCE,
    Reason.TOO_FAR,
    Reason.ORDER,
)
#: Every set of kinds, small ones first, among equals those with earlier kinds.
_SETS = [s for n in range(1, len(_KINDS) + 1) for s in combinations(range(len(_KINDS)), n)]
_MASKS = np.array([sum(1 << kind for kind in s) for s in _SETS], np.int64)
_LAST = np.array([s[-1] for s in _SETS], np.int64)


@njit(**INNER)
def _bars(k: Static, x: State, r: int, s: int) -> int:
    """Bits of the kinds that keep ``r`` out of ``s``."""
    bits = 0
    for i in range(k.ptr[r], k.ptr[r + 1]):
        p = k.idx[i]
        if x.per_day[p, k.day[s]] >= k.cap[p]:
            bits |= 1
        for w in range(k.base.shape[1]):
            if k.block[k.gap_class[p], s, w] & x.busy[p, w] != _ZERO:
                bits |= 2
    if k.cls[r] >= 0:
        if x.class_left[k.cls[r], s] == 0:
            bits |= 4
        elif not has_table(k, x, r, s):
            bits |= 16
    if not supplied(k, x, r, s):
        bits |= 8
    if not in_order(k, x, r, s):
        bits |= 32
    return bits


@njit(**ENTRY)
def smallest(
    k: Static,
    x: State,
    rows: NDArray[np.int64],
    permitted: NDArray[np.bool_],
    masks: NDArray[np.int64],
) -> NDArray[np.int64]:
    """(N,) index of the first mask that bars all permitted slots of each row; -1 if none does."""
    found = np.full(rows.size, -1, np.int64)
    bars = np.zeros(permitted.shape[1], np.int64)
    for n in range(rows.size):
        count = 0
        for s in range(permitted.shape[1]):
            if permitted[n, s]:
                bars[count] = _bars(k, x, rows[n], s)
                count += 1
        for m in range(masks.size):
            all_barred = True
            for i in range(count):
                if bars[i] & masks[m] == 0:
                    all_barred = False
                    break
            if all_barred:
                found[n] = m
                break
    return found


def reasons(problem: Problem, k: Static, x: State) -> NDArray[np.int8]:
    """(R,) of ``Reason`` for a finished state: no unplaced request can be placed directly."""
    reason = np.zeros(problem.requests, np.int8)
    out = np.flatnonzero(x.slot < 0).astype(np.int64)
    if out.size == 0:
        return reason
    common = common_slots(problem)[out]
    permitted = common if problem.allowed is None else common & problem.allowed[out]
    tables = k.hall.size
    opened = unpack(k.table_avail, tables).astype(np.float32)
    somewhere = unpack(k.class_mask, tables).astype(np.float32) @ opened.T > 0
    place = permitted.copy()
    needs = k.cls[out] >= 0
    place[needs] &= somewhere[k.cls[out][needs]]
    ever = place & supplied_slots(problem)[out]
    found = smallest(k, x, out, permitted, _MASKS)
    no_place = np.where(problem.mode[out] == Mode.ONSITE, Reason.NO_TABLE, Reason.NO_ONLINE_ROOM)
    result = np.array(_KINDS)[_LAST[found]]
    result = np.where(result == Reason.NO_TABLE, no_place, result)
    result = np.where(ever.any(axis=1), result, Reason.NO_RESOURCE)
    result = np.where(place.any(axis=1), result, no_place)
    pinned = problem.fixed_slot[out] >= 0
    pinned |= (problem.fixed_table[out] >= 0) & ~place.any(axis=1)
    result = np.where(pinned, Reason.FIXED_CLASH, result)
    result = np.where(permitted.any(axis=1), result, Reason.NOT_ALLOWED)
    result = np.where(common.any(axis=1), result, Reason.NO_COMMON_TIME)
    reason[out] = result
    return reason
