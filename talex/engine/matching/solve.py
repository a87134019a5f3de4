"""The whole way: retrieve, allocate, top up, and widen for whoever is still without."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from .deferred import deferred_acceptance, left_of
from .fairness import fair as made_fair
from .fairness import top_up
from .packed import Packed, pack
from .problem import Budget, Problem
from .retrieve import retrieve, score

__all__ = ["Solution", "solve"]


@dataclass(frozen=True, slots=True)
class Solution:
    """The answer.

    pairs: (P, 2) int32, talent and opening, sorted: the proposals.
    scores, components: (P,) and (P, C) float32 of these pairs, see ``score``.
    stable_pairs: (S, 2) int32, the stable outcome before the fair top-up changed it.
    candidates: (n, m) CSR of scores: what each could be shown, and what the pairs are taken from.
    complete: False if time ended early; then some have no candidates.
    """

    pairs: NDArray[np.int32]
    scores: NDArray[np.float32]
    components: NDArray[np.float32]
    stable_pairs: NDArray[np.int32]
    candidates: csr_array
    complete: bool


def solve(problem: Problem, budget: Budget | None = None, *, fair: bool = True) -> Solution:
    """Candidates for everyone, and the proposals among them.

    With ``fair``, whoever has no proposal although an opening (a talent) with room is admissible
    gets candidates among those with room until none is left, so in a complete solution nobody
    without a proposal could simply be given one; then the worst-off are lifted (``fairness``).
    Deterministic for one machine, problem, and seed when no time limit strikes. Raises
    :class:`Cancelled`.
    """
    budget = budget or Budget()
    packed = pack(problem)
    main = replace(budget, progress=lambda share: budget.progress(0.9 * share))
    found = retrieve(problem, main, packed=packed)
    candidates, complete = found.candidates, found.complete
    mine, theirs = problem.talents.capacity, problem.openings.capacity
    while True:
        held = deferred_acceptance(candidates, mine, theirs, seed=budget.seed)
        stable = _pairs(candidates, held)
        if not fair:
            break
        held = top_up(candidates, held, mine, theirs)
        if not complete or budget.expired():
            complete = False
            break
        wider = _widen(problem, budget, candidates, held, packed)
        if wider is None:
            held = made_fair(candidates, held, mine, theirs, seed=budget.seed)
            # Lifting moves seats: one that is free now may be for somebody without a proposal.
            wider = _widen(problem, budget, candidates, held, packed)
        if wider is None:
            break
        candidates = wider
    pairs = _pairs(candidates, held)
    scored = score(problem, pairs, packed=packed)
    budget.progress(1.0)
    return Solution(pairs, scored.scores, scored.components, stable, candidates, complete)


def _pairs(candidates: csr_array, held: NDArray[np.bool_]) -> NDArray[np.int32]:
    edges = np.flatnonzero(held)
    pairs = np.column_stack([left_of(candidates, edges), candidates.indices[edges]])
    return pairs.astype(np.int32)


def _widen(
    problem: Problem,
    budget: Budget,
    candidates: csr_array,
    held: NDArray[np.bool_],
    packed: Packed,
) -> csr_array | None:
    """Candidates grown by pairs of a row without a proposal and one with room; None if none."""
    n, m = candidates.shape
    pairs = _pairs(candidates, held)
    t_load = np.bincount(pairs[:, 0], minlength=n)
    o_load = np.bincount(pairs[:, 1], minlength=m)
    t_room, o_room = t_load < problem.talents.capacity, o_load < problem.openings.capacity
    quiet = replace(budget, progress=lambda share: None)
    new = [
        retrieve(problem, quiet, talents=np.flatnonzero(talents), openings=openings, packed=packed)
        for talents, openings in (
            (t_room & (t_load == 0), o_room),
            (t_room, o_room & (o_load == 0)),
        )
    ]
    old = coo_array(candidates)
    keys = [old.row.astype(np.int64) * m + old.col]
    values = [old.data]
    for part in new:
        grown = coo_array(part.candidates)
        keys.append(grown.row.astype(np.int64) * m + grown.col)
        values.append(grown.data)
    every, at = np.unique(np.concatenate(keys), return_index=True)
    if len(every) == len(keys[0]):
        return None
    data = np.concatenate(values)[at]
    return coo_array((data, (every // m, every % m)), shape=(n, m)).tocsr()
