"""Every kind of fault is made on purpose, and must be found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from talex.engine.meetings import (
    Bound,
    Budget,
    Fault,
    Figures,
    Problem,
    Reason,
    Solution,
    Stop,
    bound,
    solve,
    verify,
)
from talex.engine.meetings.bounds import possible_slots
from talex.engine.meetings.checker_prices import proved_by_prices
from talex.engine.meetings.prices import find_prices, market
from talex.engine.meetings.prices_exact import exact_prices
from tests.engine.meetings.timetable_makers import plain, problems


def answer(slot: list[int], table: list[int], reason: list[int] | None = None) -> Solution:
    """A timetable written by hand; its figures are not right, on purpose."""
    why = reason or [Reason.PLACED if s >= 0 else Reason.PERSON_FULL for s in slot]
    return Solution(
        slot=np.array(slot, np.int32),
        table=np.array(table, np.int32),
        reason=np.array(why, np.int8),
        figures=Figures(0, 0.0, (0, 0), 0, 0, 0),
        bound=Bound(9, 99.0, (9, 9)),
        proved=False,
        stop=Stop.SETTLED,
        iterations=0,
        seconds=0.0,
    )


def faults(problem: Problem, solution: Solution) -> set[Fault]:
    return {v.fault for v in verify(problem, solution)} - {Fault.FIGURES}


GOOD = ([0, 1, 2], [0, 0, -1])


def away(person: int, slot: int) -> Any:
    available = np.ones((4, 4), np.bool_)
    available[person, slot] = False
    return available


@pytest.mark.parametrize(
    ("changes", "slot", "table", "fault"),
    [
        ({}, [0, 0, 2], [0, 1, -1], Fault.PERSON_TWICE),
        ({"party_idx": [0, 1, 2, 3, 1, 3]}, [0, 0, 2], [0, 0, -1], Fault.TABLE_TWICE),
        ({"available": away(1, 0)}, *GOOD, Fault.PERSON_AWAY),
        (
            {"table_available": np.array([[0, 1, 1, 1], [1, 1, 1, 1]], np.bool_)},
            *GOOD,
            Fault.TABLE_AWAY,
        ),
        ({"max_per_day": [1, -1, -1, -1]}, *GOOD, Fault.DAY_FULL),
        ({"min_gap": [1, 0, 0, 0]}, *GOOD, Fault.PAUSE),
        ({}, [0, 1, 2], [0, -1, -1], Fault.MODE),
        ({}, [0, 1, 2], [0, 0, 1], Fault.MODE),
        (
            {"request_tables_ptr": [0, 1, 1, 1], "request_tables_idx": [1]},
            *GOOD,
            Fault.TABLE_NOT_ALLOWED,
        ),
        (
            {"allowed": np.array([[0, 1, 1, 1], [1] * 4, [1] * 4], np.bool_)},
            *GOOD,
            Fault.SLOT_NOT_ALLOWED,
        ),
        ({"fixed_slot": [3, -1, -1]}, *GOOD, Fault.FIXED_MOVED),
        ({"fixed_table": [1, -1, -1]}, *GOOD, Fault.FIXED_MOVED),
        ({"fixed_slot": [3, -1, -1]}, [-1, 1, 2], [-1, 0, -1], Fault.FIXED_DROPPED),
        ({"online_capacity": [9, 9, 0, 9]}, *GOOD, Fault.ONLINE_CAPACITY),
        ({"hall_travel": [[0, 1], [1, 0]]}, [0, 1, 2], [0, 1, -1], Fault.WALKING),
        ({"precedence": [[1, 0]]}, *GOOD, Fault.ORDER),
        (
            {
                "resource_capacity": [[9, 1, 9, 9]],
                "request_resources_ptr": [0, 0, 1, 1],
                "request_resources_idx": [0],
                "request_resources_units": [2],
            },
            *GOOD,
            Fault.RESOURCE,
        ),
        ({}, [0, 1, -1], [0, 0, -1], Fault.WRONG_REASON),
        ({}, [0, 1, 4], [0, 0, -1], Fault.SHAPE),
        ({}, [0, 1], [0, 0], Fault.SHAPE),
    ],
)
def test_a_fault_is_found(
    changes: dict[str, Any], slot: list[int], table: list[int], fault: Fault
) -> None:
    assert faults(plain(), answer(*GOOD)) == set()
    found = faults(plain(**changes), answer(slot, table))
    # who is wrongly left out is also given a wrong reason
    assert fault in found and found <= {fault, Fault.WRONG_REASON}


@pytest.mark.parametrize("reason", [r for r in Reason if r != Reason.NO_COMMON_TIME])
def test_a_wrong_reason_is_found(reason: Reason) -> None:
    problem = plain(available=np.array([[0] * 4, [1] * 4, [1] * 4, [1] * 4], np.bool_))
    right = answer([-1, -1, 2], [-1, -1, -1], [1, 1, 0])
    assert faults(problem, right) == set()
    wrong = answer([-1, -1, 2], [-1, -1, -1], [reason, 1, 0])
    assert faults(problem, wrong) == {Fault.WRONG_REASON}


def test_a_meeting_said_to_have_no_common_time_has_none() -> None:
    # one slot only: person 0 is busy there, which is no lack of common time
    only = np.zeros((4, 4), np.bool_)
    only[:, 0] = True
    problem = plain(available=only, mode=[1, 1, 1])
    said = [Reason.NO_COMMON_TIME, 0, 0]
    bad = answer([-1, 0, 0], [-1, -1, -1], [int(r) for r in said])
    assert faults(problem, bad) == {Fault.WRONG_REASON}
    good = answer([-1, 0, 0], [-1, -1, -1], [Reason.PERSON_FULL, 0, 0])
    assert faults(problem, good) == set()


@settings(max_examples=60, deadline=None)
@given(problems())
def test_figures_and_bounds_are_counted_again(problem: Problem) -> None:
    solution = solve(problem, Budget(seconds=60.0, iterations=50, exact_limit=0))
    assert verify(problem, solution) == []
    figures = replace(solution.figures, placed=solution.figures.placed + 1)
    assert {v.fault for v in verify(problem, replace(solution, figures=figures))} == {Fault.FIGURES}
    if solution.figures.placed:
        limit = replace(solution.bound, placed=solution.figures.placed - 1)
        assert {v.fault for v in verify(problem, replace(solution, bound=limit))} == {Fault.BOUND}


@settings(max_examples=60, deadline=None)
@given(problems())
def test_taking_any_meeting_out_is_noticed(problem: Problem) -> None:
    solution = solve(problem, Budget(seconds=60.0, iterations=50, exact_limit=0))
    for r in np.flatnonzero(solution.slot >= 0):
        slot, table = solution.slot.copy(), solution.table.copy()
        reason = solution.reason.copy()
        slot[r] = table[r] = -1
        reason[r] = Reason.PERSON_FULL
        broken = replace(solution, slot=slot, table=table, reason=reason)
        found = {v.fault for v in verify(problem, broken)}
        assert found & {Fault.WRONG_REASON, Fault.FIXED_DROPPED}


@settings(max_examples=40, deadline=None)
@given(problems())
def test_prices_prove_the_bound_or_are_refused(problem: Problem) -> None:
    limit = bound(problem)
    solution = replace(
        solve(problem, Budget(seconds=60.0, iterations=9, exact_limit=0)), bound=limit
    )
    assert verify(problem, solution) == []
    assert limit.prices is not None
    beyond = replace(limit, weight=limit.weight / 2 - 1)
    assert {v.fault for v in verify(problem, replace(solution, bound=beyond))} == {Fault.BOUND}
    person = limit.prices.person.copy()
    person[0, 0] = -1
    negative = replace(limit, prices=replace(limit.prices, person=person))
    assert {v.fault for v in verify(problem, replace(solution, bound=negative))} == {Fault.BOUND}


def test_what_has_no_limit_has_no_price() -> None:
    problem = plain()
    limit = bound(problem)
    assert limit.prices is not None
    free = replace(limit.prices, online=limit.prices.online + 1)
    solution = replace(solve(problem), bound=replace(limit, prices=free))
    assert {v.fault for v in verify(problem, solution)} == {Fault.BOUND}


def test_the_search_for_prices_comes_close_to_the_relaxation() -> None:
    rng = np.random.default_rng(5)
    requests, persons = 300, 60
    pairs = [rng.choice(persons, 2, replace=False) for _ in range(requests)]
    problem = Problem(
        slot_day=np.repeat([0, 1], 6),
        slot_start=np.concatenate([np.arange(6), 100 + np.arange(6)]) * 20,
        slot_minutes=20,
        available=rng.random((persons, 12)) < 0.7,
        max_per_day=np.where(rng.random(persons) < 0.5, 3, -1),
        min_gap=(rng.random(persons) < 0.3).astype(int),
        party_ptr=np.arange(requests + 1) * 2,
        party_idx=np.concatenate(pairs),
        weight=rng.random(requests),
        mode=(rng.random(requests) < 0.2).astype(int),
        table_available=np.ones((9, 12), np.bool_),
        table_hall=np.zeros(9, int),
        online_capacity=np.full(12, 2),
        resource_capacity=np.full((1, 12), 3),
        request_resources_ptr=np.arange(requests + 1),
        request_resources_idx=np.zeros(requests, int),
    )
    where = market(problem, possible_slots(problem))
    exact = exact_prices(where, problem.weight, 60.0)
    assert exact is not None
    for found in (find_prices(where, problem.weight), exact):
        proved = proved_by_prices(problem, found.prices, problem.weight)
        assert proved is not None and proved <= found.bound
        assert exact.bound * (1 - 1e-6) <= found.bound <= exact.bound * 1.005
    assert exact.bound < 0.9 * problem.weight.sum()
