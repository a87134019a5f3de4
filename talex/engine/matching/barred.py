"""Pairs that must not be proposed, whatever their score: told by the caller, pair by pair, or
because the two have no way of meeting in common."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .problem import Problem

__all__ = ["bar_block", "barred"]


def barred(
    problem: Problem, left: NDArray[np.integer], right: NDArray[np.integer]
) -> NDArray[np.bool_]:
    """(E,) which of the pairs ``left[e], right[e]`` must not be proposed."""
    found = np.zeros(len(left), np.bool_)
    ways = problem.talents.ways, problem.openings.ways
    if ways[0] is not None and ways[1] is not None:
        found |= (ways[0][left] & ways[1][right]) == 0
    if problem.forbidden is not None and problem.forbidden.nnz:
        found |= np.asarray(problem.forbidden[left, right]).ravel() != 0
    return found


def bar_block(
    problem: Problem,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    places: NDArray[np.int64],
    scores: NDArray[np.float32],
    value: np.float32,
) -> None:
    """Write ``value`` over barred pairs of a block of scores (b, c) of ``rows`` and ``columns``.

    places: (m,) the column of each opening in the block, -1 where it is not in it.
    """
    ways = problem.talents.ways, problem.openings.ways
    if ways[0] is not None and ways[1] is not None:
        scores[(ways[0][rows][:, None] & ways[1][columns][None, :]) == 0] = value
    bars = problem.forbidden
    if bars is not None:
        for at, row in enumerate(rows.tolist()):
            here = places[bars.indices[bars.indptr[row] : bars.indptr[row + 1]]]
            scores[at, here[here >= 0]] = value
