"""Checks the promise of the fair mode with code of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

__all__ = ["FairReport", "verify_fair"]


@dataclass(frozen=True, slots=True)
class FairReport:
    """What :func:`verify_fair` found.

    talents_covered, openings_covered: how many have a proposal. talents_missed, openings_missed:
    how many more of them the candidates and capacities would allow at least, 0 if and only if as
    many are covered as can be. worst: the lowest best proposal of a talent with one; nan for none.
    """

    talents_covered: int
    talents_missed: int
    openings_covered: int
    openings_missed: int
    worst: float

    @property
    def ok(self) -> bool:
        return not (self.talents_missed or self.openings_missed)


def verify_fair(
    candidates: csr_array,
    pairs: NDArray[np.integer],
    talent_capacity: ArrayLike,
    opening_capacity: ArrayLike,
) -> FairReport:
    """Whether as many on each side have a proposal as the candidates and capacities allow.

    By Berge's theorem (1957) that is so if and only if no alternating path leads from somebody
    without a proposal to a place that is free, or is held by somebody with a second proposal.
    Both sides can be at their largest together (Mendelsohn and Dulmage 1958). O(E).
    """
    pairs = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    room = (
        np.asarray(talent_capacity, dtype=np.int64),
        np.asarray(opening_capacity, dtype=np.int64),
    )
    load = [np.bincount(pairs[:, side], minlength=len(room[side])) for side in (0, 1)]
    missed = [
        _can_be_covered(graph, pairs[:, [side, 1 - side]], load[side], room[side], *other)
        for side, graph, other in (
            (0, candidates, (load[1], room[1])),
            (1, candidates.tocsc(), (load[0], room[0])),
        )
    ]
    best = np.full(len(room[0]), -np.inf)
    left = np.repeat(np.arange(len(room[0])), np.diff(candidates.indptr))
    keys = left * len(room[1]) + candidates.indices
    held = np.isin(keys, pairs[:, 0] * len(room[1]) + pairs[:, 1])
    np.maximum.at(best, left[held], candidates.data[held].astype(np.float64))
    worst = float(best[load[0] > 0].min()) if len(pairs) else float("nan")
    return FairReport(
        int((load[0] > 0).sum()), missed[0], int((load[1] > 0).sum()), missed[1], worst
    )


def _can_be_covered(
    graph: csr_array,
    pairs: NDArray[np.int64],
    load_a: NDArray[np.int64],
    room_a: NDArray[np.int64],
    load_b: NDArray[np.int64],
    room_b: NDArray[np.int64],
) -> int:
    """1 if somebody of side a without a pair could get one beside all others, else 0."""
    by_b = pairs[np.argsort(pairs[:, 1], kind="stable")]
    first = np.concatenate([[0], np.cumsum(np.bincount(by_b[:, 1], minlength=len(room_b)))])
    reached_a = (load_a == 0) & (room_a > 0)
    reached_b = room_b == 0
    front = np.flatnonzero(reached_a)
    while len(front):
        edges = _spans(graph.indptr[front], graph.indptr[front + 1])
        met = np.unique(graph.indices[edges])
        met = met[~reached_b[met]]
        reached_b[met] = True
        if (load_b[met] < room_b[met]).any():
            return 1
        holders = np.unique(by_b[_spans(first[met], first[met + 1]), 0])
        if (load_a[holders] > 1).any():
            return 1
        front = holders[~reached_a[holders]]
        reached_a[front] = True
    return 0


def _spans(starts: NDArray[np.integer], stops: NDArray[np.integer]) -> NDArray[np.int64]:
    """All numbers of the ranges start to stop-1, one after the other."""
    sizes = (stops - starts).astype(np.int64)
    total = int(sizes.sum())
    before = sizes.cumsum() - sizes
    return np.repeat(starts.astype(np.int64) - before, sizes) + np.arange(total)
