"""Construct, improve, prove, polish."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.arrays import State, Static, empty_state, layout
from talex.engine.meetings.bounds import Guide, full_bound, guide, possible_slots
from talex.engine.meetings.chains import note_weak, sweep
from talex.engine.meetings.clock import Clock
from talex.engine.meetings.exact import solve_exact
from talex.engine.meetings.first import ALL, first, heaviest_first, place
from talex.engine.meetings.polish import polish, recall, total_cost
from talex.engine.meetings.prices import find_prices, market
from talex.engine.meetings.problem import Objective, Problem
from talex.engine.meetings.reasons import reasons
from talex.engine.meetings.search import (
    construct,
    construct_by_share,
    seat,
    seat_in_halls,
)
from talex.engine.meetings.solution import Budget, Figures, Solution, Stop

_DEPTH = 6
#: Chains tried between two looks at the clock.
_CHUNK = 100
#: Meetings polished between two looks at the clock.
_POLISHED = 1000
#: Rounds over all unplaced requests that may bring next to nothing before the search settles.
_PATIENCE = 3
_POLISH_ROUNDS = 8
#: Share of the time that the bound may take.
_BOUND_SHARE = 0.35
#: Prices far above its weight keep a request from being tried, and those far above the cheapest
#: a slot: this many mean weights, doubled when a round brings next to nothing, up to the last.
_HOPE, _HOPE_LAST = 0.03, 8.0


def _deficit(problem: Problem, x: State, requests: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which requests have a person who lacks meetings for the rounds of fairness."""
    lacking = x.total < problem.rounds
    return np.logical_or.reduceat(lacking[problem.party_idx], problem.party_ptr[:-1])[requests]


def _improve(
    problem: Problem,
    k: Static,
    x: State,
    clock: Clock,
    share: float,
    profit: NDArray[np.float32],
    target: float,
) -> None:
    shuffle = np.random.default_rng(clock.budget.seed)
    possible = (k.base != 0).any(axis=1) & ~k.fixed
    best = profit.max(axis=1, initial=-np.inf)
    mean = float(problem.weight.mean()) or 1.0
    hope = _HOPE
    # first those the prices say are worth least where they stand
    rising = np.argsort(best, kind="stable").astype(np.int64)
    stale = 0
    while not clock.over(share):
        out = np.flatnonzero(possible & (x.slot < 0)).astype(np.int64)
        if out.size == 0:
            return
        needy = _deficit(problem, x, out)
        worth_it = needy | (best[out] > -hope * mean)
        out, needy = out[worth_it], needy[worth_it]
        order = np.concatenate([shuffle.permutation(out[needy]), shuffle.permutation(out[~needy])])
        won = 0.0
        for start in range(0, order.size, _CHUNK):
            chunk = order[start : start + _CHUNK]
            if clock.budget.iterations is not None:
                chunk = chunk[: clock.budget.iterations - clock.iterations]
            note_weak(k, x, rising)
            won += sweep(k, x, chunk, _DEPTH, profit, hope * mean)
            clock.iterations += chunk.size
            clock.tell(0.05 + 0.85 * clock.seconds / max(clock.budget.seconds, 1e-9))
            if float(problem.weight[x.slot >= 0].sum()) >= target:
                clock.stop = Stop.NEAR
            if clock.over(share):
                return
        if won > 2e-3 * order.size**0.5:
            stale = 0
        elif hope < _HOPE_LAST:
            hope *= 2
        else:
            stale += 1
            if stale >= _PATIENCE * (10 if order.size < 200 else 1):
                return


def _target(problem: Problem, clock: Clock, limit: Guide) -> float:
    """The weight at which to stop searching."""
    decides = problem.objectives[0] == Objective.WEIGHT or problem.rounds == 0
    if clock.budget.gap > 0 and decides:
        return (1.0 - clock.budget.gap) * limit.weight
    return float("inf")


def _settled_by(figures: Figures, limit: Guide) -> bool:
    """Whether a timetable reaches the bound in fairness and in weight."""
    return figures.persons == limit.persons and figures.weight >= limit.weight * (1 - 1e-9) - 1e-9


def _figures(problem: Problem, k: Static, x: State) -> Figures:
    placed = x.slot >= 0
    idle, changes, squares = total_cost(k, x)
    before = k.warm_slot >= 0
    moved = before & ((x.slot != k.warm_slot) | (_tables(problem, x) != k.warm_table))
    return Figures(
        placed=int(placed.sum()),
        weight=float(problem.weight[placed].sum()),
        persons=tuple(int((x.total >= n).sum()) for n in range(1, problem.rounds + 1)),
        idle=int(idle),
        hall_changes=int(changes),
        moved=int(moved.sum()),
        imbalance=int(squares),
    )


def _tables(problem: Problem, x: State) -> NDArray[np.int32]:
    """(R,) tables, online rooms left out."""
    return np.where((x.table >= 0) & (x.table < problem.tables), x.table, -1).astype(np.int32)


def _prove(problem: Problem, k: Static, x: State, clock: Clock) -> tuple[State, bool]:
    """CP-SAT from the present timetable; (state, proved)."""
    left = clock.budget.seconds - clock.seconds
    if left < 0.2 or clock.cancelled():
        return x, False

    def poll() -> bool:
        clock.tell(0.25 + 0.65 * clock.seconds / max(clock.budget.seconds, 1e-9))
        return clock.cancelled()

    exact = solve_exact(
        k, problem.weight, x.slot, left, clock.budget.seed, poll, problem.objectives
    )
    better = empty_state(k, clock.budget.seed + 1)
    # those that stay take their old tables before others do
    order = np.argsort(exact.slot != k.warm_slot, kind="stable").astype(np.int64)
    wanted = int((exact.slot >= 0).sum())
    # a seating exists for what CP-SAT chose, and augmenting paths find it
    if (exact.hall >= 0).any():
        placed = seat_in_halls(k, better, order, exact.slot, exact.hall)
    else:
        placed = seat(k, better, order, exact.slot)
    if placed < wanted:
        raise AssertionError("the exact model seated meetings that the kernel cannot")
    return better, exact.proved


def _compact(problem: Problem, k: Static, x: State, clock: Clock) -> None:
    """Third objective; keeps who is placed."""
    shuffle = np.random.default_rng(clock.budget.seed + 1)
    if not k.calm.any():
        return
    if (k.warm_slot >= 0).any():
        recall(k, x, np.flatnonzero(x.slot >= 0).astype(np.int64))
    for _ in range(_POLISH_ROUNDS):
        order = shuffle.permutation(np.flatnonzero(x.slot >= 0)).astype(np.int64)
        saved = 0
        for start in range(0, order.size, _POLISHED):
            if clock.late(1.0):
                return
            saved += polish(k, x, order[start : start + _POLISHED])
        if saved <= order.size // 1000:
            return


@cache
def warm_up() -> None:
    """Compile the kernels, or load them from Numba's cache; ``solve`` does it when needed.

    On a machine that never ran them this takes 20 to 45 seconds of one core, more where others
    use it; later far less than a second. Who knows beforehand that a timetable will be made may
    call it meanwhile in another process (``python -m talex.engine.meetings.warming``): Numba's
    cache on disk serves all. The time is not taken from a budget.
    """
    tiny = Problem(
        slot_day=np.array([0, 0]),
        slot_start=np.array([0, 20]),
        slot_minutes=20,
        available=np.ones((2, 2), np.bool_),
        max_per_day=np.array([-1, -1]),
        party_ptr=np.array([0, 2]),
        party_idx=np.array([0, 1]),
        weight=np.array([1.0]),
        mode=np.array([0]),
        table_available=np.ones((1, 2), np.bool_),
        table_hall=np.array([0]),
    )
    k = layout(tiny)
    x = empty_state(k, 0)
    only = np.zeros(1, np.int64)
    note_weak(k, x, only)
    sweep(k, x, only, _DEPTH, np.zeros((1, 2), np.float32), 0.0)
    seat(k, x, only, only)
    construct(k, x, only, 1, True)
    construct_by_share(k, x, only, np.zeros((1, 2), np.float32))
    find_prices(market(tiny, possible_slots(tiny)), tiny.weight, turns=1)
    reasons(tiny, k, empty_state(k, 0))
    polish(k, x, only)
    recall(k, x, only)
    total_cost(k, x)


def solve(
    problem: Problem, budget: Budget | None = None, warm_start: Solution | None = None
) -> Solution:
    """Make a timetable.

    Objectives, each before the next, in the order of ``problem.objectives``; by default:

    1. Fairness, in rounds: with F = ``problem.fairness_rounds``, first the number of persons
       with at least one meeting, then the number with at least two, ... up to F. Every person
       counts alike, whichever side they are on. Nobody's second meeting is worth a first of
       somebody else.
    2. Total weight of placed meetings.
    3. With a warm start, few moved meetings. (In the heuristic a gain in weight below a
       thousandth of the largest weight does not justify moving a meeting.)
    4. What else ``objectives`` names, by local search only.

    Fixed meetings come before everything. If two of them clash, the heavier one stands.
    Problems of up to ``budget.exact_limit`` placeable requests go to CP-SAT as well, which
    proves fairness and weight (``Solution.proved``) when time allows. Larger ones are solved by
    a greedy construction in rounds and ejection chains, which the prices of the bound guide.

    Args:
        problem: what is to be placed.
        budget: time, seed, and functions to be told of progress and to ask for cancellation;
            30 seconds by default.
        warm_start: a timetable of the same requests, in the same order, to stay close to; only
            ``slot`` and ``table`` are read.

    Returns:
        The best timetable found. Every unplaced meeting has a reason, and none of them could be
        placed without moving another.

    Raises:
        ValueError: if the warm start is of another number of requests, slots or tables.
    """
    warm_up()
    clock = Clock(budget or Budget(), problem.requests)
    if warm_start is not None:
        _check_warm(problem, warm_start)
    limit = guide(problem, clock.at(_BOUND_SHARE), clock.cancelled)
    # how many can be placed at most is found beside the search, which does not need it
    with ThreadPoolExecutor(1) as beside:
        number = beside.submit(full_bound, limit, clock.at(1.0), clock.halted.is_set, 1)
        try:
            k = layout(problem, warm_start)
            x, proved = _search(problem, k, clock, limit)
        except BaseException:
            clock.halted.set()
            raise
        order = heaviest_first(problem)
        place(k, x, order[~k.fixed[order]], ALL, clock, 1.0)
        figures = _figures(problem, k, x)
        reason = reasons(problem, k, x)
        bound = number.result()
    clock.tell(1.0)
    stop = Stop.PROVED if proved else clock.stop
    if stop is None:
        stop = Stop.TIME if clock.late(1.0) else Stop.SETTLED
    return Solution(
        slot=x.slot.astype(np.int32),
        table=_tables(problem, x),
        reason=reason,
        figures=figures,
        bound=bound,
        proved=proved,
        stop=stop,
        iterations=clock.iterations,
        seconds=clock.seconds,
    )


def _search(problem: Problem, k: Static, clock: Clock, limit: Guide) -> tuple[State, bool]:
    """Construct, improve, prove, polish: (state, proved)."""
    clock.tell(0.02)
    if problem.requests == 0:
        return empty_state(k, clock.budget.seed), True
    x = first(problem, k, clock, limit.share)
    clock.tell(0.05)
    small = int((k.base != 0).any(axis=1).sum()) <= clock.budget.exact_limit
    # a small problem leaves most of the time to the proof
    share = 0.2 if small else 0.9 if k.calm.any() else 1.0
    _improve(problem, k, x, clock, share, limit.profit, _target(problem, clock, limit))
    figures = _figures(problem, k, x)
    proved = _settled_by(figures, limit)
    settled = proved and figures.moved == 0
    if small and not settled and clock.stop not in (Stop.CANCELLED, Stop.NEAR):
        clock.stop = None if clock.stop == Stop.TIME else clock.stop
        x, shown = _prove(problem, k, x, clock)
        proved = proved or shown
    _compact(problem, k, x, clock)
    return x, proved


def _check_warm(problem: Problem, warm: Solution) -> None:
    for name, array, most in (
        ("slot", warm.slot, problem.slots),
        ("table", warm.table, problem.tables),
    ):
        if array.shape != (problem.requests,):
            raise ValueError(f"warm_start.{name}: expected {problem.requests} requests")
        if array.size and (array.min() < -1 or array.max() >= most):
            raise ValueError(f"warm_start.{name}: entries must lie in -1..{most - 1}")
