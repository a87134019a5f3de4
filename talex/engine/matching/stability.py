"""Counts blocking pairs over all candidates. Shares no code with the solver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from .kernels import jit

__all__ = ["StabilityReport", "verify_stable"]


@dataclass(frozen=True, slots=True)
class StabilityReport:
    """What :func:`verify_stable` counted. ``examples``: up to ten blocking (talent, opening)."""

    not_candidates: int
    repeated: int
    talents_over: int
    openings_over: int
    blocking: int
    examples: tuple[tuple[int, int], ...]

    @property
    def ok(self) -> bool:
        return not (
            self.not_candidates
            or self.repeated
            or self.talents_over
            or self.openings_over
            or self.blocking
        )


@jit
def _worst_held(
    indptr: NDArray[np.integer],
    indices: NDArray[np.integer],
    mine: NDArray[np.floating],
    theirs: NDArray[np.floating],
    first: NDArray[np.int64],
    partner: NDArray[np.int64],
    worst: tuple[NDArray[np.float64], NDArray[np.float64]],
    load: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> int:
    """Fill the worst score held and the number held on each side; how many pairs were found."""
    mark = np.full(worst[1].shape[0], -1, np.int64)
    found = 0
    for i in range(worst[0].shape[0]):
        if first[i] == first[i + 1]:
            continue
        for at in range(first[i], first[i + 1]):
            mark[partner[at]] = i
        for e in range(indptr[i], indptr[i + 1]):
            j = indices[e]
            if mark[j] == i:
                found += 1
                load[0][i] += 1
                load[1][j] += 1
                worst[0][i] = min(worst[0][i], mine[e])
                worst[1][j] = min(worst[1][j], theirs[e])
    return found


@jit
def _blocking(
    indptr: NDArray[np.integer],
    indices: NDArray[np.integer],
    mine: NDArray[np.floating],
    theirs: NDArray[np.floating],
    first: NDArray[np.int64],
    partner: NDArray[np.int64],
    worst: tuple[NDArray[np.float64], NDArray[np.float64]],
    examples: NDArray[np.int64],
) -> int:
    """How many candidates are not held and better for both than the worst each holds."""
    mark = np.full(worst[1].shape[0], -1, np.int64)
    count = 0
    for i in range(worst[0].shape[0]):
        for at in range(first[i], first[i + 1]):
            mark[partner[at]] = i
        least = worst[0][i]
        for e in range(indptr[i], indptr[i + 1]):
            j = indices[e]
            if mine[e] > least and theirs[e] > worst[1][j] and mark[j] != i:
                if count < examples.shape[0]:
                    examples[count, 0], examples[count, 1] = i, j
                count += 1
    return count


def verify_stable(
    candidates: csr_array,
    pairs: NDArray[np.integer],
    talent_capacity: ArrayLike,
    opening_capacity: ArrayLike,
    *,
    opening_scores: ArrayLike | None = None,
) -> StabilityReport:
    """Whether ``pairs`` keep the capacities and no candidate pair blocks them.

    A pair blocks if it is not proposed and each of the two has room or holds somebody with a
    strictly lower score. Every stored candidate is looked at, each pair stored once. O(E).
    """
    n, m = candidates.shape
    mine = np.asarray(candidates.data)
    theirs = mine if opening_scores is None else np.asarray(opening_scores)
    given = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    outside = (given < 0).any(axis=1) | (given[:, 0] >= n) | (given[:, 1] >= m)
    keys = np.unique(given[~outside, 0] * m + given[~outside, 1])
    repeated = len(given) - int(outside.sum()) - len(keys)
    first = np.concatenate([[0], np.cumsum(np.bincount(keys // max(m, 1), minlength=n))])
    indptr = np.ascontiguousarray(candidates.indptr, np.int64)
    indices = np.ascontiguousarray(candidates.indices, np.int32)
    lists = (indptr, indices, mine, theirs, first.astype(np.int64))
    partner = keys % max(m, 1)
    worst = np.full(n, np.inf), np.full(m, np.inf)
    load = np.zeros(n, np.int64), np.zeros(m, np.int64)
    found = _worst_held(*lists, partner, worst, load)
    over = []
    for least, held, capacity in zip(worst, load, (talent_capacity, opening_capacity), strict=True):
        room = np.asarray(capacity, dtype=np.int64)
        least[held < room] = -np.inf
        least[room == 0] = np.inf
        over.append(int((held > room).sum()))
    examples = np.zeros((10, 2), np.int64)
    count = _blocking(*lists, partner, worst, examples)
    told = tuple((int(i), int(j)) for i, j in examples[:count])
    unknown = int(outside.sum()) + len(keys) - found
    return StabilityReport(unknown, repeated, over[0], over[1], count, told)
