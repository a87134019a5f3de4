from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings

from talex.engine.meetings import (
    Budget,
    Figures,
    Objective,
    Problem,
    Reason,
    Solution,
    Stop,
    barriers,
    bound,
    solve,
    verify,
)
from talex.engine.meetings.arrays import layout
from talex.engine.meetings.exact import solve_exact
from tests.engine.meetings.timetable_makers import brute_force, objectives, plain, problems

QUICK = Budget(seconds=60.0, iterations=300, exact_limit=0)
EXACT = Budget(seconds=60.0, iterations=300)
SOME = settings(max_examples=60, deadline=None)


def without_locks(problem: Problem) -> Problem:
    return replace(problem, fixed_slot=np.full(problem.requests, -1))


def reached(problem: Problem, solution: Solution) -> tuple[float, ...]:
    return objectives(problem, solution.figures.persons, solution.figures.weight)


@SOME
@given(problems())
def test_a_timetable_has_no_fault(problem: Problem) -> None:
    solution = solve(problem, QUICK)
    assert verify(problem, solution) == []
    limit = bound(problem)
    assert solution.figures.placed <= limit.placed
    assert solution.figures.weight <= limit.weight + 1e-6


@SOME
@given(problems(most_requests=5, most_slots=3))
def test_the_exact_way_is_the_best_there_is(problem: Problem) -> None:
    problem = without_locks(problem)
    solution = solve(problem, EXACT)
    assert verify(problem, solution) == []
    assert solution.proved and solution.stop == Stop.PROVED
    persons, weight = brute_force(problem)
    assert reached(problem, solution) == pytest.approx(objectives(problem, persons, weight))


@SOME
@given(problems(most_requests=5, most_slots=3))
def test_no_timetable_exceeds_the_bound(problem: Problem) -> None:
    problem = without_locks(problem)
    limit = bound(problem)
    _, most_weight = brute_force(replace(problem, fairness_rounds=0))
    _, most_placed = brute_force(
        replace(problem, fairness_rounds=0, weight=np.ones(problem.requests))
    )
    persons, _ = brute_force(problem)
    assert most_weight <= limit.weight + 1e-9
    assert most_placed <= limit.placed
    assert all(have <= most for have, most in zip(persons, limit.persons, strict=True))


@SOME
@given(problems())
def test_the_heuristic_is_never_better_than_the_proof(problem: Problem) -> None:
    heuristic, exact = solve(problem, QUICK), solve(problem, EXACT)
    assert verify(problem, exact) == []
    if exact.proved:
        assert reached(problem, heuristic) <= reached(problem, exact)


@settings(max_examples=20, deadline=None)
@given(problems())
def test_the_same_seed_gives_the_same_timetable(problem: Problem) -> None:
    for budget in (QUICK, EXACT):
        one, two = solve(problem, budget), solve(problem, budget)
        assert (one.slot == two.slot).all() and (one.table == two.table).all()


@SOME
@given(problems(), problems())
def test_a_warm_start_keeps_what_it_can(problem: Problem, _other: Problem) -> None:
    first = solve(problem, EXACT)
    again = solve(problem, EXACT, warm_start=first)
    assert verify(problem, again) == []
    assert reached(problem, again) >= reached(problem, first)
    if first.proved:
        assert again.figures.moved == 0


@pytest.mark.parametrize("tables", [(0, 1), (1, 0)])
def test_the_proof_keeps_who_sits_in_which_hall(tables: tuple[int, int]) -> None:
    """Of two meetings of one slot either may be in either hall: each stays where it was."""
    problem = Problem(
        slot_day=np.array([0, 0]),
        slot_start=np.array([0, 20]),
        slot_minutes=20,
        available=np.ones((4, 2), np.bool_),
        max_per_day=np.full(4, -1),
        party_ptr=np.array([0, 2, 4]),
        party_idx=np.array([0, 1, 2, 3]),
        weight=np.array([1.0, 1.0]),
        mode=np.array([0, 0]),
        table_available=np.ones((2, 2), np.bool_),
        table_hall=np.array([0, 1]),
        hall_travel=np.array([[0, 1], [1, 0]]),
    )
    warm = replace(
        solve(problem, EXACT), slot=np.array([1, 1], np.int32), table=np.array(tables, np.int32)
    )
    k = layout(problem, warm)
    start = warm.slot.astype(np.int64)
    found = solve_exact(k, problem.weight, start, 60.0, 0, lambda: False)
    assert found.slot.tolist() == [1, 1]
    assert found.hall.tolist() == list(tables)


def crowd(seed: int, persons: int = 60, requests: int = 260, tables: int = 10) -> Problem:
    """More wishes than tables hold."""
    rng = np.random.default_rng(seed)
    guests = rng.integers(0, persons - 12, requests)
    hosts = rng.integers(persons - 12, persons, requests)
    return Problem(
        slot_day=np.repeat([0, 1], 8),
        slot_start=np.concatenate([np.arange(8), 100 + np.arange(8)]) * 20,
        slot_minutes=20,
        available=rng.random((persons, 16)) < 0.8,
        max_per_day=np.full(persons, 6),
        party_ptr=np.arange(requests + 1) * 2,
        party_idx=np.stack([guests, hosts], axis=1).ravel(),
        weight=rng.integers(1, 10, requests),
        mode=np.zeros(requests, np.int8),
        table_available=np.ones((tables, 16), np.bool_),
        table_hall=np.arange(tables) % 3,
    )


def test_an_absence_moves_few_others() -> None:
    problem = crowd(3)
    before = solve(problem, QUICK)
    available = problem.available.copy()
    ill = int(problem.party(int(np.flatnonzero(before.slot >= 0)[0]))[0])
    available[ill] = False
    changed = replace(problem, available=available)
    owner = np.repeat(np.arange(problem.requests), 2)
    theirs = owner[problem.party_idx == ill]
    lost = int((before.slot[theirs] >= 0).sum())
    after = solve(changed, QUICK, warm_start=before)
    assert lost > 0
    assert verify(changed, after) == []
    assert (after.reason[theirs] == Reason.NO_COMMON_TIME).all()
    calm = after.figures.moved
    restless = int((solve(changed, QUICK).slot != before.slot)[before.slot >= 0].sum())
    assert lost <= calm < restless


def test_locked_meetings_stay() -> None:
    problem = crowd(4)
    first = solve(problem, QUICK)
    locked = first.slot.copy()
    locked[::2] = -1
    again = solve(replace(problem, fixed_slot=locked), replace(QUICK, seed=9))
    assert (again.slot[locked >= 0] == locked[locked >= 0]).all()


def test_the_heavier_of_two_clashing_locks_stands() -> None:
    solution = solve(plain(fixed_slot=[1, 1, -1]), QUICK)
    assert solution.slot.tolist()[:2] == [-1, 1]
    assert solution.reason.tolist()[:2] == [Reason.FIXED_CLASH, Reason.PLACED]


def test_nobody_gets_a_second_meeting_before_all_have_one() -> None:
    # two seats in all: the heavy meeting is between two who could have another one
    problem = plain(
        slot_day=[0, 0],
        slot_start=[0, 20],
        available=np.ones((4, 2), np.bool_),
        table_available=np.ones((1, 2), np.bool_),
        table_hall=[0],
        party_idx=[0, 1, 0, 2, 1, 3],
        mode=[0, 0, 0],
        weight=[100.0, 1.0, 1.0],
    )
    for budget in (QUICK, EXACT):
        assert solve(problem, budget).figures.persons == (4, 0)
        assert solve(replace(problem, fairness_rounds=0), budget).figures.weight == 101.0


def test_each_reason_is_given() -> None:
    nobody = np.ones((4, 4), np.bool_)
    nobody[0] = False
    away = solve(plain(available=nobody), QUICK)
    assert away.reason.tolist() == [Reason.NO_COMMON_TIME, Reason.NO_COMMON_TIME, 0]
    forbidden = np.ones((3, 4), np.bool_)
    forbidden[1] = False
    assert solve(plain(allowed=forbidden), QUICK).reason[1] == Reason.NOT_ALLOWED
    shut = np.zeros((2, 4), np.bool_)
    assert solve(plain(table_available=shut), QUICK).reason[0] == Reason.NO_TABLE
    no_room = solve(plain(online_capacity=[0, 0, 0, 0]), QUICK)
    assert no_room.reason[2] == Reason.NO_ONLINE_ROOM
    once = np.zeros((4, 4), np.bool_)
    once[:, 0] = True
    assert solve(plain(available=once, mode=[1, 1, 1]), QUICK).reason[0] == Reason.PERSON_FULL

    full = solve(plain(max_per_day=[1, 1, 1, 1], slot_day=[0, 0, 0, 0]), QUICK)
    assert Reason.DAY_LIMIT in full.reason.tolist()
    interpreted = plain(
        resource_capacity=[[1, 0, 0, 0]],
        request_resources_ptr=[0, 1, 2, 3],
        request_resources_idx=[0, 0, 0],
    )
    dear = [Reason.NO_RESOURCE, Reason.NO_RESOURCE, Reason.PLACED]
    assert solve(interpreted, QUICK).reason.tolist() == dear
    # person 0 has two meetings side by side, each at the only table of another hall
    far = plain(
        available=np.array([[1, 1, 0, 0]] * 4, np.bool_),
        hall_travel=[[0, 1], [1, 0]],
        request_tables_ptr=[0, 1, 2, 2],
        request_tables_idx=[0, 1],
        mode=[0, 0, 1],
    )
    assert solve(far, QUICK).reason.tolist() == [Reason.TOO_FAR, 0, 0]
    early = plain(fixed_slot=[0, -1, -1], precedence=[[1, 0]])
    assert solve(early, QUICK).reason.tolist() == [0, Reason.ORDER, 0]


@SOME
@given(problems())
def test_the_reason_is_the_smallest_set_of_what_bars_all_slots(problem: Problem) -> None:
    problem = without_locks(problem)
    solution = solve(problem, QUICK)
    kinds = [
        Reason.DAY_LIMIT,
        Reason.PERSON_FULL,
        Reason.NO_TABLE,
        Reason.NO_ONLINE_ROOM,
        Reason.NO_RESOURCE,
        Reason.TOO_FAR,
        Reason.ORDER,
    ]
    for r in np.flatnonzero(np.isin(solution.reason, (Reason.DAY_LIMIT, Reason.TOO_FAR))):
        barred = barriers(problem, solution, int(r))
        assert barred and all(barred.values())
        sets = (s for n in range(1, 7) for s in combinations(kinds, n))
        least = next(s for s in sets if all(set(s) & set(b) for b in barred.values()))
        assert solution.reason[r] == least[-1]


def test_two_sides_of_a_walk_are_regarded_online_in_between() -> None:
    # hall 0, then online, then hall 1: two slots lost are one too few
    problem = plain(
        slot_day=[0, 0, 0],
        slot_start=[0, 20, 40],
        available=np.ones((4, 3), np.bool_),
        party_idx=[0, 1, 0, 2, 0, 3],
        table_available=np.ones((2, 3), np.bool_),
        hall_travel=[[0, 2], [2, 0]],
        request_tables_ptr=[0, 1, 2, 2],
        request_tables_idx=[0, 1],
    )
    for budget in (QUICK, EXACT):
        solution = solve(problem, budget)
        assert verify(problem, solution) == []
        assert solution.figures.weight == 5.0
        near = replace(problem, hall_travel=[[0, 1], [1, 0]])
        assert solve(near, budget).figures.weight == 6.0


def test_later_objectives_are_followed_in_their_order() -> None:
    def outcome(*later: Objective) -> Figures:
        order = (Objective.FAIRNESS, Objective.WEIGHT, *later)
        return solve(replace(crowd(7, requests=120), objectives=order), QUICK).figures

    plain_one = outcome()
    assert outcome(Objective.IDLE).idle < plain_one.idle
    assert outcome(Objective.HALL_CHANGES).hall_changes < plain_one.hall_changes
    assert outcome(Objective.BALANCE).imbalance < plain_one.imbalance


def test_others_change_table_for_one_who_needs_it() -> None:
    # both tables are open to the first two, only table 0 to the third: all fit in one slot
    once = np.ones((6, 1), np.bool_)
    problem = Problem(
        slot_day=[0],
        slot_start=[0],
        slot_minutes=20,
        available=once,
        max_per_day=np.full(6, -1),
        party_ptr=[0, 2, 4, 6],
        party_idx=[0, 1, 2, 3, 4, 5],
        weight=[9.0, 5.0, 1.0],
        mode=[0, 0, 0],
        table_available=np.ones((3, 1), np.bool_),
        table_hall=[0, 0, 0],
        request_tables_ptr=[0, 2, 4, 5],
        request_tables_idx=[0, 1, 1, 2, 1],
    )
    solution = solve(problem, QUICK)
    assert solution.table.tolist() == [0, 2, 1]


def test_cancelling_returns_a_whole_timetable() -> None:
    problem = crowd(5)
    told: list[float] = []
    budget = Budget(seconds=60.0, progress=told.append, cancelled=lambda: True)
    solution = solve(problem, budget)
    assert solution.stop == Stop.CANCELLED and not solution.proved
    assert solution.figures.placed > 0
    assert verify(problem, solution) == []
    assert told == sorted(told) and told[-1] == 1.0


def test_the_search_beats_its_own_start() -> None:
    problem = crowd(6, tables=6)
    start = solve(problem, replace(QUICK, iterations=0))
    searched = solve(problem, replace(QUICK, iterations=3000))
    assert start.stop == Stop.ITERATIONS and searched.iterations > 0
    assert reached(problem, searched) > reached(problem, start)


def test_a_warm_start_of_another_size_is_refused() -> None:
    solution = solve(crowd(1), QUICK)
    with pytest.raises(ValueError, match="warm_start"):
        solve(plain(), QUICK, warm_start=solution)
