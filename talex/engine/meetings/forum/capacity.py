"""Whether people and tables have room for all meetings at all: a count that clauses cannot see.

A slot has a price for a table and one for each participant in it. Whoever pays for every place
there is pays for the tables and once for each participant and slot; each meeting costs at least
the cheapest of its slots. If the meetings together cost more than all places, they do not fit.
A linear programme finds prices; they are rounded to whole numbers and the sums are taken
exactly, so that a rounding error can lose a proof but not make one.
"""

from __future__ import annotations

import numpy as np

from talex.engine.meetings.forum.problem import Problem

#: Prices are whole multiples of one part in so many.
PARTS = 1_000_000


def too_many(problem: Problem, where: list[set[int]]) -> bool:
    """Whether it is proved that not all meetings can be held. ``where``: see ``bounds.domains``."""
    if not problem.meetings:
        return False
    prices = _prices(problem, where)
    if prices is None:
        return False
    table, person = prices
    places = problem.tables * sum(table) + sum(map(sum, person))
    meetings = sum(
        min(table[s] + person[one][s] + person[other][s] for s in where[number])
        for number, (one, other) in enumerate(problem.meetings)
    )
    return meetings > places


def _prices(problem: Problem, where: list[set[int]]) -> tuple[list[int], list[list[int]]] | None:
    """Prices of tables and participants in each slot: the duals of placing all that can be."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix

    count, slots = len(problem.meetings), problem.slots
    meeting = np.repeat(np.arange(count), [len(options) for options in where])
    slot = np.concatenate([sorted(options) for options in where])
    pair = np.array(problem.meetings)
    rows = [
        meeting,
        count + slot,
        *(count + slots + pair[meeting, side] * slots + slot for side in (0, 1)),
    ]
    most = np.ones(count + slots + problem.participants * slots)
    most[count : count + slots] = problem.tables
    matrix = csr_matrix(
        (np.ones(4 * slot.size), (np.concatenate(rows), np.tile(np.arange(slot.size), 4))),
        shape=(most.size, slot.size),
    )
    answer = linprog(-np.ones(slot.size), A_ub=matrix, b_ub=most, method="highs")
    if answer.status != 0 or -answer.fun > count - 1e-4:
        return None
    prices = np.maximum(0, np.round(-answer.ineqlin.marginals * PARTS)).astype(np.int64)
    person = prices[count + slots :].reshape(problem.participants, slots)
    return prices[count : count + slots].tolist(), person.tolist()
