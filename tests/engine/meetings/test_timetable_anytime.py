"""Whatever the size, an answer comes when it was asked for."""

from __future__ import annotations

import time

import numpy as np
import pytest

from bench.meetings_scale import Row, growth
from bench.meetings_scale_instances import FAMILIES, Parameters, make
from talex.engine.meetings import Budget, Stop, solve, verify, warm_up


@pytest.mark.parametrize("family", FAMILIES)
def test_no_time_at_all_gives_a_whole_timetable_soon(family: str) -> None:
    problem = make(Parameters(family, 40_000, seed=9))
    warm_up()
    spent = time.process_time()  # not wall time: others may have the processors
    solution = solve(problem, Budget(seconds=0.0))
    assert time.process_time() - spent < 4.0
    assert solution.stop == Stop.TIME and solution.iterations == 0
    assert solution.figures.placed > 0.4 * problem.requests
    assert np.isfinite(solution.bound.weight)
    assert verify(problem, solution) == []


def test_cancelling_ends_the_bound_too() -> None:
    problem = make(Parameters("rich", 40_000, seed=9))
    warm_up()
    spent = time.process_time()
    solution = solve(problem, Budget(seconds=600.0, cancelled=lambda: True))
    assert time.process_time() - spent < 4.0
    assert solution.stop == Stop.CANCELLED
    assert verify(problem, solution) == []


def test_the_search_leaves_time_for_what_comes_after_it() -> None:
    problem = make(Parameters("rich", 20_000, seed=9))
    solution = solve(problem, Budget(seconds=4.0))
    assert solution.seconds < 8.0  # 4 on an idle machine
    assert solution.stop == Stop.TIME
    assert verify(problem, solution) == []


def test_growth_is_the_power_between_two_sizes() -> None:
    def row(method: str, requests: int, seconds: float) -> Row:
        numbers = dict.fromkeys(("persons", "tables", "placed", "peak_mb"), 1)
        return Row(
            instance="rich", seed=1, method=method, requests=requests, weight=1.0, bound=1.0,
            reached=1.0, persons_1=1, persons_2=1, seconds=seconds, cpu=1.0, load=0.0, note="",
            parameters="", **numbers,
        )  # fmt: skip

    rows = [row("talex", 1_000, 1.0), row("first-fit", 1_000, 9.0), row("talex", 10_000, 100.0)]
    (line,) = growth(rows)
    assert "from 1000 to 10000" in line and "power 2.00" in line and "CPU time by 0.00" in line
