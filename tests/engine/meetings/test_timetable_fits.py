from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from talex.engine.meetings import Budget, Fault, Problem, barriers, fits, solve, verify
from tests.engine.meetings.timetable_makers import plain, problems

QUICK = Budget(seconds=60.0, iterations=50, exact_limit=0)
HARD = set(Fault) - {Fault.WRONG_REASON, Fault.FIGURES, Fault.BOUND}


@settings(max_examples=60, deadline=None)
@given(problems(most_requests=6, most_slots=4))
def test_exactly_the_places_without_a_fault_are_offered(problem: Problem) -> None:
    solution = solve(problem, QUICK)
    assert not {v.fault for v in verify(problem, solution)} & HARD
    for r in range(problem.requests):
        offered = {
            (fit.slot, t)
            for fit in fits(problem, solution, r)
            for t in (fit.tables.tolist() if problem.mode[r] == 0 else [-1])
        }
        possible = set()
        for s in range(problem.slots):
            for t in range(problem.tables) if problem.mode[r] == 0 else [-1]:
                slot, table = solution.slot.copy(), solution.table.copy()
                slot[r], table[r] = s, t
                moved = replace(solution, slot=slot, table=table)
                # a lock elsewhere may be dropped for another reason than this move
                concerned = [v for v in verify(problem, moved) if v.fault in HARD]
                if not [v for v in concerned if v.fault != Fault.FIXED_DROPPED]:
                    possible.add((s, t))
        free = {s for s, kinds in barriers(problem, solution, r).items() if not kinds}
        assert free == {s for s, _ in offered} - {int(solution.slot[r])}
        assert offered == possible - {(int(solution.slot[r]), int(solution.table[r]))}


def test_an_unknown_request_is_an_error() -> None:
    problem = plain()
    solution = solve(problem, QUICK)
    with pytest.raises(IndexError):
        fits(problem, solution, 3)
    assert fits(problem, solution, 0)
    assert all(fit.tables.dtype == np.int32 for fit in fits(problem, solution, 0))
