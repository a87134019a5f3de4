"""Deferred acceptance with capacities and ties on both sides, for lists of many millions.

Gale and Shapley, 'College Admissions and the Stability of Marriage' (1962), many to many with
responsive preferences (Roth, 'Stability and Polarization of Interests in Job Matching', 1984):
the outcome has no blocking pair. Ties are put in order by lot.

Nothing is sorted as a whole: the candidates are grouped by talent already, so each talent's few
are sorted alone, and an opening only ever compares a proposal with the worst it holds.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from .kernels import jit

__all__ = ["capacities", "deferred_acceptance", "left_of", "lists_of", "own_scores", "row_orders"]

_RUN = 12  # rows are sorted by insertion in runs of that many, then merged


def capacities(values: ArrayLike, count: int, name: str) -> NDArray[np.int64]:
    """``values`` as int64; raises ``ValueError`` for another length or a negative one."""
    array = np.asarray(values, dtype=np.int64)
    if array.shape != (count,) or (array < 0).any():
        raise ValueError(f"{name} must be {count} numbers of at least 0")
    return array


def own_scores(values: ArrayLike) -> NDArray[Any]:
    """(E,) contiguous float32 or float64, without a copy where it is one of them."""
    array = np.ascontiguousarray(values)
    if array.dtype not in (np.float32, np.float64):
        array = array.astype(np.float64)
    return array


def lists_of(candidates: csr_array) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """(n + 1,) and (E,) where rows begin and their openings, of the types the kernels take."""
    indptr = np.ascontiguousarray(candidates.indptr, np.int64)
    return indptr, np.ascontiguousarray(candidates.indices, np.int32)


def left_of(candidates: csr_array, edges: NDArray[np.integer]) -> NDArray[np.int64]:
    """The talents of stored candidates, by their numbers in storage order."""
    return np.searchsorted(candidates.indptr, edges, side="right") - 1


@jit
def _lot(talent: int, opening: int, seed: int) -> np.uint64:
    """The lot of a pair: SplitMix64 (Steele, Lea and Flood 2014) of seed and pair."""
    x = np.uint64(talent) << np.uint64(32) | np.uint64(opening)
    x ^= np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15)
    x += np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@jit
def _before(one: float, lot: np.uint64, other: float, other_lot: np.uint64) -> bool:
    return bool(one > other or (one == other and lot < other_lot))


@jit
def row_orders(
    start: int,
    stop: int,
    indptr: NDArray[np.integer],
    indices: NDArray[np.integer],
    scores: NDArray[np.floating],
    seed: int,
    order: NDArray[np.int32],
) -> None:
    """For rows start to stop-1, the places inside each row, best first, into ``order`` (E,)."""
    most = 0
    for i in range(start, stop):
        most = max(most, indptr[i + 1] - indptr[i])
    lots = np.empty(most, np.uint64)
    other = np.empty(most, np.int32)
    for i in range(start, stop):
        base, count = indptr[i], indptr[i + 1] - indptr[i]
        mine, row = scores[base : base + count], order[base : base + count]
        for at in range(count):
            lots[at] = _lot(i, indices[base + at], seed)
        for begin in range(0, count, _RUN):
            for at in range(begin, min(begin + _RUN, count)):
                put = at
                while put > begin and _before(
                    mine[at], lots[at], mine[row[put - 1]], lots[row[put - 1]]
                ):
                    row[put] = row[put - 1]
                    put -= 1
                row[put] = at
        width = _RUN
        while width < count:
            for begin in range(0, count, 2 * width):
                middle, end = min(begin + width, count), min(begin + 2 * width, count)
                a, b = begin, middle
                for at in range(begin, end):
                    if a < middle and (
                        b == end
                        or not _before(mine[row[b]], lots[row[b]], mine[row[a]], lots[row[a]])
                    ):
                        other[at] = row[a]
                        a += 1
                    else:
                        other[at] = row[b]
                        b += 1
            row[:] = other[:count]
            width *= 2


@jit
def _propose(
    indptr: NDArray[np.integer],
    indices: NDArray[np.integer],
    order: NDArray[np.int32],
    theirs: NDArray[np.floating],
    t_capacity: NDArray[np.int64],
    o_capacity: NDArray[np.int64],
    o_first: NDArray[np.int64],
    seed: int,
    held: NDArray[np.bool_],
) -> None:
    """Talents propose down their lists; an opening holds its best in a heap, worst on top."""
    n = t_capacity.shape[0]
    edge = np.empty(o_first[-1], np.int64)
    whose = np.empty(o_first[-1], np.int32)
    worth = np.empty(o_first[-1], theirs.dtype)
    drawn = np.empty(o_first[-1], np.uint64)
    size = np.zeros(o_capacity.shape[0], np.int64)
    upto = np.zeros(n, np.int32)
    holds = np.zeros(n, np.int64)
    stack = np.arange(n - 1, -1, -1).astype(np.int32)
    waiting = np.ones(n, np.bool_)
    top = n
    while top > 0:
        top -= 1
        i = int(stack[top])
        waiting[i] = False
        base, count = indptr[i], indptr[i + 1] - indptr[i]
        while holds[i] < t_capacity[i] and upto[i] < count:
            e = base + order[base + upto[i]]
            upto[i] += 1
            j = indices[e]
            if o_capacity[j] == 0 or held[e]:
                continue
            first, score, lot = o_first[j], theirs[e], _lot(i, j, seed)
            if size[j] < o_capacity[j]:
                at = size[j]
                size[j] += 1
                while at > 0:
                    up = (at - 1) // 2
                    if not _before(worth[first + up], drawn[first + up], score, lot):
                        break
                    edge[first + at], whose[first + at] = edge[first + up], whose[first + up]
                    worth[first + at], drawn[first + at] = worth[first + up], drawn[first + up]
                    at = up
            else:
                if not _before(score, lot, worth[first], drawn[first]):
                    continue
                held[edge[first]] = False
                loser = int(whose[first])
                holds[loser] -= 1
                if not waiting[loser] and loser != i:
                    waiting[loser] = True
                    stack[top] = loser
                    top += 1
                at = np.int64(0)
                while True:
                    child = 2 * at + 1
                    if child >= size[j]:
                        break
                    one, two = first + child, first + child + 1
                    if child + 1 < size[j] and _before(
                        worth[one], drawn[one], worth[two], drawn[two]
                    ):
                        child, one = child + 1, two
                    if not _before(score, lot, worth[one], drawn[one]):
                        break
                    edge[first + at], whose[first + at] = edge[one], whose[one]
                    worth[first + at], drawn[first + at] = worth[one], drawn[one]
                    at = child
            edge[first + at], whose[first + at] = e, i
            worth[first + at], drawn[first + at] = score, lot
            held[e] = True
            holds[i] += 1


def deferred_acceptance(
    candidates: csr_array,
    talent_capacity: ArrayLike,
    opening_capacity: ArrayLike,
    *,
    opening_scores: ArrayLike | None = None,
    seed: int = 0,
    kept: NDArray[np.bool_] | None = None,
) -> NDArray[np.bool_]:
    """Which stored candidates are held, (E,) bool: stable, and best for talents.

    ``candidates.data`` are the talents' scores (higher is better); ``opening_scores`` (E,) those
    of the openings, the same if None. Equal scores are put in order by lot from ``seed``. What is
    ``kept`` (E,) stays held beside the capacities, which are then what is left of them. Time
    O(E log(longest list)) at most, memory 5 bytes a candidate and 30 a row or seat.
    """
    n, m = candidates.shape
    mine = own_scores(candidates.data)
    theirs = mine if opening_scores is None else own_scores(opening_scores)
    if theirs.shape != mine.shape or np.isnan(mine).any() or np.isnan(theirs).any():
        raise ValueError("every candidate needs one score a side, and none may be nan")
    t_capacity = capacities(talent_capacity, n, "talent_capacity")
    seats = np.minimum(
        capacities(opening_capacity, m, "opening_capacity"),
        np.bincount(candidates.indices, minlength=m),
    )
    indptr, indices = lists_of(candidates)
    order = np.empty(len(mine), np.int32)
    workers = len(os.sched_getaffinity(0))
    cuts = np.linspace(0, n, workers + 1).astype(np.int64).tolist()
    with ThreadPoolExecutor(workers) as pool:
        list(
            pool.map(
                lambda at: row_orders(cuts[at], cuts[at + 1], indptr, indices, mine, seed, order),
                range(workers),
            )
        )
    held = np.zeros(len(mine), np.bool_) if kept is None else kept.copy()
    o_first = np.concatenate([[0], np.cumsum(seats)]).astype(np.int64)
    _propose(indptr, indices, order, theirs, t_capacity, seats, o_first, seed, held)
    return held
