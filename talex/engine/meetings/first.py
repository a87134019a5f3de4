"""The first timetable: the better of two simple ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.arrays import State, Static, empty_state
from talex.engine.meetings.clock import Clock
from talex.engine.meetings.problem import Objective, Problem
from talex.engine.meetings.search import construct, construct_by_share, seat

#: Requests placed between two looks at the clock.
_PORTION = 2000
#: Share of the time after which tables are no longer moved to make room.
_UNTIL = 0.6
#: More meetings than anybody has.
ALL = 2**62


def place(
    k: Static,
    x: State,
    order: NDArray[np.int64],
    below: int,
    clock: Clock,
    until: float = _UNTIL,
) -> None:
    """``construct`` in portions; after a share of the time only what fits at once."""
    for start in range(0, order.size, _PORTION):
        construct(k, x, order[start : start + _PORTION], below, not clock.late(until))


def heaviest_first(problem: Problem) -> NDArray[np.int64]:
    """(R,) requests by falling weight."""
    return np.argsort(-problem.weight, kind="stable").astype(np.int64)


def by_weight(problem: Problem, k: Static, x: State, clock: Clock) -> None:
    """Fixed meetings, those of the warm start, then greedily in rounds, heaviest first."""
    order = _standing(problem, k, x)
    if problem.objectives[0] == Objective.FAIRNESS:
        wishes = np.bincount(problem.party_idx, minlength=problem.persons)
        scarce = np.minimum.reduceat(wishes[problem.party_idx], problem.party_ptr[:-1])
        by_need = np.lexsort((-problem.weight, scarce)).astype(np.int64)
        for level in range(1, problem.rounds + 1):
            place(k, x, by_need, level, clock)
    place(k, x, order, ALL, clock)


def by_shares(
    problem: Problem, k: Static, x: State, clock: Clock, share: NDArray[np.float32]
) -> None:
    """As the linear relaxation has it: the surest first, each in the slot it has most of."""
    order = _standing(problem, k, x)
    surest = np.argsort(-share.max(axis=1), kind="stable").astype(np.int64)
    for start in range(0, surest.size, _PORTION):
        if clock.late(_UNTIL):
            break
        construct_by_share(k, x, surest[start : start + _PORTION], share)
    place(k, x, order, ALL, clock)


def _standing(problem: Problem, k: Static, x: State) -> NDArray[np.int64]:
    order = heaviest_first(problem)
    seat(k, x, order[k.fixed[order]], problem.fixed_slot.astype(np.int64))
    seat(k, x, order, k.warm_slot)
    return order


def first(problem: Problem, k: Static, clock: Clock, share: NDArray[np.float32]) -> State:
    """The better of two first timetables, or the plain one where shares say little."""
    x = empty_state(k, clock.budget.seed)
    by_weight(problem, k, x, clock)
    fair = problem.objectives[0] == Objective.FAIRNESS and problem.rounds > 0
    if (k.warm_slot >= 0).any() or fair or clock.late(_UNTIL / 2):
        return x
    other = empty_state(k, clock.budget.seed)
    by_shares(problem, k, other, clock, share)
    return other if _weight(problem, other) > _weight(problem, x) else x


def _weight(problem: Problem, x: State) -> float:
    return float(problem.weight[x.slot >= 0].sum())
