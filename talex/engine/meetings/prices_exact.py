"""Slot prices of small problems, from the linear relaxation solved to the end by HiGHS."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from talex.engine.meetings.prices import ENDLESS, Market, Quote, quote


def exact_prices(m: Market, weight: NDArray[np.float64], seconds: float) -> Quote | None:
    """The prices of the relaxation's dual; None if HiGHS did not finish.

    Args:
        m: the market.
        weight: (R,) what each request counts.
        seconds: most wall time.
    """
    problem = m.problem
    request, slot = np.nonzero(m.possible)
    if request.size == 0:
        return None
    slots, persons = problem.slots, problem.persons
    days = int(m.day.max(initial=-1)) + 1
    column = np.arange(request.size)
    rows: list[NDArray[np.int64]] = []
    columns: list[NDArray[np.int64]] = []
    units: list[NDArray[np.float64]] = []

    def add(row: NDArray[np.int64], col: NDArray[np.int64], amount: NDArray[np.float64]) -> None:
        rows.append(row)
        columns.append(col)
        units.append(amount)

    count = np.diff(problem.party_ptr)[request]
    col = np.repeat(column, count)
    offset = np.arange(col.size) - np.repeat(np.cumsum(count) - count, count)
    person = problem.party_idx[problem.party_ptr[request[col]] + offset].astype(np.int64)
    at = slot[col]
    for v in range(slots):
        inside = (m.window_first[person, at] <= v) & (v <= at)
        add(person[inside] * slots + v, col[inside], np.ones(int(inside.sum())))
    base = persons * slots
    add(base + person * days + m.day[at], col, np.ones(col.size))
    base += persons * days
    count = np.diff(m.need_ptr)[request]
    col = np.repeat(column, count)
    offset = np.arange(col.size) - np.repeat(np.cumsum(count) - count, count)
    need = m.need_ptr[request[col]] + offset
    add(base + m.need_idx[need] * slots + slot[col], col, m.units[need].astype(float))
    base += m.shared_cap.size
    add(base + request, column, np.ones(column.size))
    limit = np.concatenate(
        [
            np.ones(persons * slots),
            np.repeat(np.where(problem.max_per_day < 0, ENDLESS, problem.max_per_day), days),
            m.shared_cap.ravel(),
            np.ones(problem.requests),
        ]
    )
    matrix = sparse.csr_array(
        (np.concatenate(units), (np.concatenate(rows), np.concatenate(columns))),
        shape=(limit.size, column.size),
    )
    # a row that cannot bind only slows the solver down
    binding = np.asarray(matrix.sum(axis=1)).ravel() > limit
    prices = np.zeros(limit.size)
    share = np.zeros((problem.requests, slots), np.float32)
    if binding.any():
        found = linprog(
            -weight[request],
            A_ub=matrix[binding],
            b_ub=limit[binding],
            bounds=(0, 1),
            method="highs",
            options={"time_limit": seconds},
        )
        marginals = getattr(getattr(found, "ineqlin", None), "marginals", None)
        if marginals is None or not np.isfinite(marginals).all():
            return None
        share[request, slot] = found.x
        prices[binding] = np.maximum(0.0, -np.asarray(marginals, np.float64))
    ends = np.cumsum([persons * slots, persons * days, m.shared_cap.size])
    return quote(
        m,
        weight,
        prices[: ends[0]].reshape(persons, slots),
        prices[ends[0] : ends[1]].reshape(persons, days),
        prices[ends[1] : ends[2]].reshape(m.shared_cap.shape),
        share,
    )
