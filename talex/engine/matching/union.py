"""From what a search kept to candidates: scored exactly, the best k of each row, as one matrix."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .kernels import jit_lean
from .packed import Packed
from .problem import Budget, Problem
from .rows import pair_scores

__all__ = ["rescore", "united"]

_ROWS = 1_024


def rescore(
    problem: Problem,
    packed: Packed,
    budget: Budget,
    scores: NDArray[np.float32],
    ids: NDArray[np.int32],
    *,
    turned: bool = False,
) -> None:
    """Write exact scores over those of kept lists (r, w), best first, the best k in front; what
    is no candidate gets -1. turned: rows are openings."""

    def part(at: int) -> None:
        here = slice(at, at + _ROWS)
        mine, found = ids[here], scores[here]
        real = mine >= 0
        rows = np.broadcast_to(np.arange(at, at + len(mine))[:, None], mine.shape)[real]
        others = mine[real].astype(np.int64)
        pairs = (others, rows) if turned else (rows, others)
        exact = pair_scores(problem, packed, *(np.ascontiguousarray(side) for side in pairs))
        exact[exact < problem.minimum_score] = -1
        found[:] = -1
        found[real] = exact
        lots = _lots(np.arange(at, at + len(mine))[:, None], mine, budget.seed)  # for equal scores
        order = np.lexsort((lots, -found), axis=1)
        found[:] = np.take_along_axis(found, order, axis=1)
        mine[:] = np.take_along_axis(mine, order, axis=1)
        mine[found < 0] = -1

    workers = budget.threads or len(os.sched_getaffinity(0))
    with ThreadPoolExecutor(workers) as pool:
        for at in range(0, len(ids), _ROWS * workers):
            budget.expired()  # raises if it was cancelled
            list(pool.map(part, range(at, min(at + _ROWS * workers, len(ids)), _ROWS)))


def _lots(rows: NDArray[np.integer], ids: NDArray[np.integer], seed: int) -> NDArray[np.uint64]:
    """A number drawn for each pair, whatever place it has in a list (SplitMix64's mixing)."""
    x = rows.astype(np.uint64) << np.uint64(32) | ids.astype(np.uint32).astype(np.uint64)
    x ^= np.uint64((seed * 0x9E3779B97F4A7C15) & (2**64 - 1))
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@jit_lean
def _merge(
    mine: NDArray[np.int32],
    scores: NDArray[np.float32],
    k: int,
    first: NDArray[np.int64],
    others: NDArray[np.int32],
    other_scores: NDArray[np.float32],
    indptr: NDArray[np.int64],
    indices: NDArray[np.int32],
    data: NDArray[np.float32],
    row_ids: NDArray[np.int32],
    row_scores: NDArray[np.float32],
    fill: bool,
) -> None:
    """Rows of the best k and of those whom openings named, sorted by opening, each once. Without
    ``fill`` only their sizes, into ``indptr``."""
    for i in range(mine.shape[0]):
        count = 0
        for at in range(k):
            if mine[i, at] >= 0:
                row_ids[count], row_scores[count] = mine[i, at], scores[i, at]
                count += 1
        for at in range(first[i], first[i + 1]):
            row_ids[count], row_scores[count] = others[at], other_scores[at]
            count += 1
        for at in range(1, count):
            who, worth, put = row_ids[at], row_scores[at], at
            while put > 0 and row_ids[put - 1] > who:
                row_ids[put], row_scores[put] = row_ids[put - 1], row_scores[put - 1]
                put -= 1
            row_ids[put], row_scores[put] = who, worth
        size = 0
        for at in range(count):
            if at == 0 or row_ids[at] != row_ids[at - 1]:
                if fill:
                    indices[indptr[i] + size] = row_ids[at]
                    data[indptr[i] + size] = row_scores[at]
                size += 1
        if not fill:
            indptr[i + 1] = indptr[i] + size


def united(
    shape: tuple[int, int],
    k: int,
    t_scores: NDArray[np.float32],
    t_ids: NDArray[np.int32],
    o_scores: NDArray[np.float32],
    o_ids: NDArray[np.int32],
) -> csr_array:
    """(n, m) CSR of each talent's first k and each opening's first k, from rescored lists."""
    n = shape[0]
    k_t, k_o = min(k, t_ids.shape[1]), min(k, o_ids.shape[1])
    left = o_ids[:, :k_o].ravel()
    real = np.flatnonzero(left >= 0)
    order = real[np.argsort(left[real], kind="stable")]
    others = (order // k_o).astype(np.int32)
    other_scores = o_scores[:, :k_o].ravel()[order]
    named = np.bincount(left[order], minlength=n)
    first = np.concatenate([[0], np.cumsum(named)]).astype(np.int64)
    most = k_t + int(named.max(initial=0))
    room = np.empty(most, np.int32), np.empty(most, np.float32)
    indptr = np.zeros(n + 1, np.int64)
    none = np.empty(0, np.int32), np.empty(0, np.float32)
    lists = (t_ids, t_scores, k_t, first, others, other_scores, indptr)
    _merge(*lists, *none, *room, False)
    indices, data = np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.float32)
    _merge(*lists, indices, data, *room, True)
    return csr_array((data, indices, indptr), shape=shape)
