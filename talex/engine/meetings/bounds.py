"""An upper bound that is cheap and true.

The linear relaxation in which slots of a day are one: each person's meetings of a day and each
day's seats are limited, nothing else. Whatever dual prices the LP solver returns, the bound is
recomputed from them clipped at zero, so it is true even if the solver stopped early
(weak duality: prices y >= 0 give  sum(y * limits) + sum over requests of max(0, best day's
weight minus prices)).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from talex.engine.meetings.arrays import common_slots
from talex.engine.meetings.problem import Integers, Mode, Problem
from talex.engine.meetings.solution import Bound

#: Above this many (request, day) pairs the LP takes too long beside the search itself.
_LP_LIMIT = 400_000
_FLOAT = NDArray[np.float64]


def _possible(problem: Problem) -> NDArray[np.bool_]:
    """(R, S) slots in which a request could stand if it were alone."""
    ok = common_slots(problem)
    if problem.allowed is not None:
        ok &= problem.allowed
    held = np.flatnonzero(problem.fixed_slot >= 0)
    keep = np.zeros((held.size, problem.slots), np.bool_)
    keep[np.arange(held.size), problem.fixed_slot[held]] = True
    ok[held] &= keep
    onsite = problem.mode == Mode.ONSITE
    ok[~onsite] &= problem.online_capacity != 0
    ok[onsite] &= problem.table_available.any(axis=0)
    special = onsite & ((np.diff(problem.request_tables_ptr) > 0) | (problem.fixed_table >= 0))
    for request in np.flatnonzero(special):
        ok[request] &= problem.table_available[problem.tables_of(int(request))].any(axis=0)
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


def _limits(problem: Problem, days: Integers) -> tuple[_FLOAT, _FLOAT, _FLOAT]:
    """(P, D) meetings of a person, (D,) seats on site, (D,) rooms online."""
    person = np.zeros((problem.persons, days.size))
    seats, rooms = np.zeros(days.size), np.zeros(days.size)
    unlimited = problem.requests
    per_slot = np.where(problem.online_capacity < 0, unlimited, problem.online_capacity)
    for d, day in enumerate(days):
        columns = np.flatnonzero(problem.slot_day == day)
        most = _most_in(problem, columns)
        person[:, d] = np.where(
            problem.max_per_day < 0, most, np.minimum(most, problem.max_per_day)
        )
        seats[d] = problem.table_available[:, columns].sum()
        rooms[d] = min(int(per_slot[columns].astype(np.int64).sum()), unlimited)
    return person, seats, rooms


def _by_prices(
    weight: _FLOAT,
    matrix: sparse.csc_array,
    limit: _FLOAT,
    request: NDArray[np.intp],
    prices: _FLOAT,
) -> float:
    """The bound that prices >= 0 prove; ``request`` tells whose each column is."""
    reduced = weight[request] - matrix.T @ prices
    best = np.zeros(weight.size)
    np.maximum.at(best, request, reduced)
    return float(limit @ prices + best.sum())


def bound(problem: Problem) -> Bound:
    """What no timetable can exceed, whatever its fairness.

    Args:
        problem: the problem.

    Returns:
        Bounds on the number of meetings, their weight, and the persons with at least k.
    """
    ok = _possible(problem)
    days, day = np.unique(problem.slot_day, return_inverse=True)
    on_day = np.zeros((problem.requests, days.size), np.bool_)
    for d in range(days.size):
        on_day[:, d] = ok[:, day == d].any(axis=1)
    alive: NDArray[np.bool_] = np.asarray(on_day.any(axis=1))
    persons = _persons_bound(problem, ok, alive, days)
    if not alive.any():
        return Bound(0, 0.0, persons)
    person_limit, seats, rooms = _limits(problem, days)
    request, column_day = np.nonzero(on_day)
    columns = np.arange(request.size)

    # rows: each person's days, then seats per day, rooms per day, each request at most once
    counts = np.diff(problem.party_ptr)[request]
    entry_column = np.repeat(columns, counts)
    offset = np.arange(entry_column.size) - np.repeat(np.cumsum(counts) - counts, counts)
    entry_person = problem.party_idx[problem.party_ptr[request[entry_column]] + offset]
    person_row = entry_person.astype(np.int64) * days.size + column_day[entry_column]
    persons_rows = problem.persons * days.size
    online = problem.mode[request] == Mode.ONLINE
    place_row = persons_rows + np.where(online, days.size, 0) + column_day
    rows = np.concatenate([person_row, place_row])
    cols = np.concatenate([entry_column, columns])
    limit = np.concatenate([person_limit.ravel(), seats, rooms])
    matrix = sparse.csc_array((np.ones(rows.size), (rows, cols)), shape=(limit.size, request.size))
    # a row that cannot bind only slows the solver down
    binding = np.asarray(matrix.sum(axis=1)).ravel() > limit
    matrix, limit = matrix[binding].tocsc(), limit[binding]
    once = sparse.csr_array(
        (np.ones(request.size), (request, columns)), shape=(problem.requests, request.size)
    )

    def best(weight: _FLOAT) -> float:
        plain = float(weight[alive].sum())
        if limit.size == 0 or request.size > _LP_LIMIT:
            return min(plain, _seat_bound(problem, weight, alive, seats, rooms))
        used = once[alive]
        found = linprog(
            -weight[request],
            A_ub=sparse.vstack([matrix, used], format="csc"),
            b_ub=np.concatenate([limit, np.ones(used.shape[0])]),
            bounds=(0, None),
            method="highs-ipm",
            options={"time_limit": 30.0},
        )
        marginals = getattr(getattr(found, "ineqlin", None), "marginals", None)
        # interior point: several times quicker here than the simplex method
        if marginals is None or not np.isfinite(marginals).all():
            return min(plain, _seat_bound(problem, weight, alive, seats, rooms))
        prices = np.maximum(0.0, -np.asarray(marginals, np.float64)[: limit.size])
        proved = _by_prices(weight, matrix, limit, request, prices)
        return min(plain, proved)

    number = best(np.ones(problem.requests))
    return Bound(math.floor(number + 1e-6), best(problem.weight), persons)


def _seat_bound(
    problem: Problem, weight: _FLOAT, alive: NDArray[np.bool_], seats: _FLOAT, rooms: _FLOAT
) -> float:
    """The heaviest requests that the seats hold, persons not regarded."""
    total = 0.0
    for mode, limit in ((Mode.ONSITE, seats.sum()), (Mode.ONLINE, rooms.sum())):
        those = np.sort(weight[alive & (problem.mode == mode)])[::-1]
        total += float(those[: int(limit)].sum())
    return total


def _persons_bound(
    problem: Problem, ok: NDArray[np.bool_], alive: NDArray[np.bool_], days: Integers
) -> tuple[int, ...]:
    """For each round k, persons with k possible requests and room for k meetings."""
    row = np.repeat(np.arange(problem.requests), np.diff(problem.party_ptr))
    wishes = np.bincount(problem.party_idx[alive[row]], minlength=problem.persons)
    room, _, _ = _limits(problem, days)
    reach = np.minimum(wishes, room.sum(axis=1))
    return tuple(int((reach >= k).sum()) for k in range(1, problem.fairness_rounds + 1))
