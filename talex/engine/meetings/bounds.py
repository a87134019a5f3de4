"""Upper bounds that are true whatever the solver did.

Weight and number of meetings are bounded by slot prices (see ``prices``); small problems have
theirs from the exact linear relaxation, larger ones from the primal-dual search. Both are
recomputed in whole numbers from the prices, so they are true even if a solver stopped early.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.arrays import common_slots, supplied_slots
from talex.engine.meetings.prices import THREADS, Market, Quote, find_prices, market, profits
from talex.engine.meetings.prices_exact import exact_prices
from talex.engine.meetings.problem import Integers, Mode, Problem
from talex.engine.meetings.solution import Bound, Prices
from talex.engine.meetings.tables import table_classes

#: Up to this many (request, slot) pairs the linear relaxation is solved to the end.
_EXACT_LIMIT = 12_000
_FLOAT = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Guide:
    """A bound on weight and persons, and the prices' advice to the search.

    Attributes:
        market: what the prices are of.
        weight: no timetable weighs more.
        persons: no timetable gives more persons 1, 2, ... meetings.
        prices: prove ``weight``.
        profit: (R, S) what each place of a request is worth less its prices.
        share: (R, S) how much of each place the relaxation gives to a request, about.
    """

    market: Market
    weight: float
    persons: tuple[int, ...]
    prices: Prices
    profit: NDArray[np.float32]
    share: NDArray[np.float32]


def possible_slots(problem: Problem) -> NDArray[np.bool_]:
    """(R, S) slots in which a request could stand if it were alone."""
    ok = common_slots(problem) & supplied_slots(problem)
    if problem.allowed is not None:
        ok &= problem.allowed
    held = np.flatnonzero(problem.fixed_slot >= 0)
    keep = np.zeros((held.size, problem.slots), np.bool_)
    keep[np.arange(held.size), problem.fixed_slot[held]] = True
    ok[held] &= keep
    onsite = problem.mode == Mode.ONSITE
    ok[~onsite] &= problem.online_capacity != 0
    cls, tables = table_classes(problem, 0)
    somewhere = tables.astype(np.float32) @ problem.table_available.astype(np.float32) > 0
    ok[onsite] &= somewhere[cls[onsite]]
    return ok


def _most_in(problem: Problem, columns: NDArray[np.intp]) -> NDArray[np.int64]:
    """(P,) most meetings in these slots by availability and pauses: earliest first is best."""
    most = np.zeros(problem.persons, np.int64)
    nothing = np.iinfo(np.int64).min // 4
    last = np.full(problem.persons, nothing)
    apart = (1 + problem.min_gap.astype(np.int64)) * problem.slot_minutes
    for s in columns:
        start = int(problem.slot_start[s])
        takes = problem.available[:, s] & (start - last >= apart)
        most += takes
        last = np.where(takes, start, last)
    return most


def _room(problem: Problem, days: Integers) -> NDArray[np.int64]:
    """(P,) most meetings of a person, by availability, pauses and the day's maximum."""
    room = np.zeros(problem.persons, np.int64)
    for day in days:
        most = _most_in(problem, np.flatnonzero(problem.slot_day == day))
        room += np.where(problem.max_per_day < 0, most, np.minimum(most, problem.max_per_day))
    return room


def _prices(
    m: Market,
    weight: _FLOAT,
    until: float,
    turns: int,
    halted: Callable[[], bool],
    threads: int = THREADS,
) -> Quote:
    if int(m.possible.sum()) <= _EXACT_LIMIT:
        found = exact_prices(m, weight, max(0.1, min(until - time.monotonic(), 30.0)))
        if found is not None:
            return found
    return find_prices(m, weight, turns=turns, until=until, halted=halted, threads=threads)


def _whole(weight: _FLOAT) -> bool:
    return bool((weight == np.round(weight)).all())


def guide(
    problem: Problem, until: float = math.inf, halted: Callable[[], bool] = lambda: False
) -> Guide:
    """The bounds on weight and persons, and what the search may learn from the prices.

    Args:
        problem: the problem.
        until: ``time.monotonic()`` at which to stop, about; the bound is true however soon.
        halted: asked often whether to stop now.
    """
    ok = possible_slots(problem)
    alive: NDArray[np.bool_] = np.asarray(ok.any(axis=1))
    persons = _persons_bound(problem, alive, np.unique(problem.slot_day))
    m = market(problem, ok)
    found = _prices(m, problem.weight, until, 600, halted)
    weight = float(math.floor(found.bound)) if _whole(problem.weight) else found.bound
    profit = profits(m, problem.weight, found)
    return Guide(m, weight, persons, found.prices, profit, found.share)


def full_bound(
    known: Guide,
    until: float = math.inf,
    halted: Callable[[], bool] = lambda: False,
    threads: int = THREADS,
) -> Bound:
    """All bounds: to what is known the number of meetings is added; arguments as of ``guide``."""
    problem = known.market.problem
    if (problem.weight == 1).all():
        number, prices = known.weight, known.prices
    else:
        ones = np.ones(problem.requests)
        found = _prices(known.market, ones, until, 200, halted, threads)
        number, prices = found.bound, found.prices
    return Bound(math.floor(number), known.weight, known.persons, known.prices, prices)


def bound(problem: Problem) -> Bound:
    """What no timetable can exceed, whatever its fairness.

    Args:
        problem: the problem.

    Returns:
        Bounds on the number of meetings, their weight, and the persons with at least k, with
        the prices that prove the first two.
    """
    return full_bound(guide(problem))


def _persons_bound(problem: Problem, alive: NDArray[np.bool_], days: Integers) -> tuple[int, ...]:
    """For each round k, persons with k possible requests and room for k meetings."""
    row = np.repeat(np.arange(problem.requests), np.diff(problem.party_ptr))
    wishes = np.bincount(problem.party_idx[alive[row]], minlength=problem.persons)
    reach = np.minimum(wishes, _room(problem, days))
    return tuple(int((reach >= k).sum()) for k in range(1, problem.rounds + 1))
