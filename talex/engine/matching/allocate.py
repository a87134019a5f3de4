"""Who is proposed to meet whom: stable, fair, or of the best total, and what is in demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from .best_total import best_total
from .deferred import capacities, deferred_acceptance, left_of, lists_of, own_scores, row_orders
from .fairness import STEP, fair, lift, top_up
from .kernels import jit
from .problem import Problem
from .stability import StabilityReport, verify_stable

__all__ = [
    "Congestion",
    "Mode",
    "StabilityReport",
    "allocate",
    "best_total",
    "congestion",
    "deferred_acceptance",
    "fair",
    "lift",
    "top_up",
    "verify_stable",
]

Mode = Literal["stable", "fair", "total"]


def allocate(
    problem: Problem,
    candidates: csr_array,
    scores: ArrayLike | None = None,
    talent_capacity: ArrayLike | None = None,
    opening_capacity: ArrayLike | None = None,
    *,
    mode: Mode = "fair",
    step: float = STEP,
    seed: int = 0,
) -> NDArray[np.int32]:
    """The proposed pairs, (P, 2) int32, by talent and then opening.

    candidates: (n, m) CSR; scores: (E,) in its storage order, its data if None; capacities: the
    problem's if None. mode: ``stable`` has no blocking pair (:func:`deferred_acceptance`);
    ``fair`` changes that outcome so that nobody who can have a proposal inside the candidates is
    left without, and then lifts the worst-off by whole levels of ``step``; ``total`` has the
    greatest sum of scores (:func:`best_total`).
    """
    if scores is not None:
        candidates = csr_array(
            (np.asarray(scores, np.float64), candidates.indices, candidates.indptr),
            shape=candidates.shape,
        )
    mine = problem.talents.capacity if talent_capacity is None else talent_capacity
    theirs = problem.openings.capacity if opening_capacity is None else opening_capacity
    if mode == "total":
        held = best_total(candidates, mine, theirs).held
    else:
        held = deferred_acceptance(candidates, mine, theirs, seed=seed)
        if mode == "fair":
            held = fair(candidates, held, mine, theirs, step=step, seed=seed)
    edges = np.flatnonzero(held)
    pairs = np.column_stack([left_of(candidates, edges), candidates.indices[edges]])
    return pairs.astype(np.int32)


@dataclass(frozen=True, slots=True)
class Congestion:
    """What is in demand. wanted: (m,) int64, how many talents have the opening among as many of
    their best candidates as they have room for; listed: (m,) how many have it among all their
    candidates; seats: (m,) what it can take."""

    wanted: NDArray[np.int64]
    listed: NDArray[np.int64]
    seats: NDArray[np.int64]

    @property
    def ratio(self) -> NDArray[np.float64]:
        """(m,) wanted a seat; 0 for an opening without a seat that nobody wants, else inf."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.nan_to_num(self.wanted / self.seats, nan=0.0, posinf=np.inf)


@jit
def _want(
    indptr: NDArray[np.integer],
    indices: NDArray[np.integer],
    order: NDArray[np.int32],
    room: NDArray[np.int64],
    wanted: NDArray[np.int64],
) -> None:
    for i in range(room.shape[0]):
        for at in range(indptr[i], min(indptr[i + 1], indptr[i] + room[i])):
            wanted[indices[indptr[i] + order[at]]] += 1


def congestion(
    candidates: csr_array, talent_capacity: ArrayLike, opening_capacity: ArrayLike, seed: int = 0
) -> Congestion:
    """How many want each opening, beside its seats, before anybody is allocated."""
    n, m = candidates.shape
    scores = own_scores(candidates.data)
    order = np.empty(len(scores), np.int32)
    lists = lists_of(candidates)
    row_orders(0, n, *lists, scores, seed, order)
    wanted = np.zeros(m, np.int64)
    room = capacities(talent_capacity, n, "talent_capacity")
    _want(*lists, order, room, wanted)
    listed = np.bincount(candidates.indices, minlength=m)
    return Congestion(wanted, listed, capacities(opening_capacity, m, "opening_capacity"))
