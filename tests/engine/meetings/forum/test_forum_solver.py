from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from talex.engine.meetings.forum import (
    Budget,
    Problem,
    Session,
    Status,
    bound,
    solve,
    solver,
    verify,
    worker,
)
from talex.engine.meetings.forum.bounds import domains
from talex.engine.meetings.forum.capacity import too_many
from tests.engine.meetings.forum.forum_makers import every_timetable, plain, problems

#: Three participants who each meet both others twice, in six slots.
TRIANGLE = plain([(0, 1), (1, 2), (2, 0)] * 2, slots=6)

#: Two pairs who must take turns, so that each of the four has a break; one slot to spare.
WOVEN = plain([(0, 1), (2, 3)] * 2, slots=5, precedences=((0, 1), (1, 2), (2, 3)))


@settings(max_examples=250, deadline=None)
@given(problems())
def test_the_answer_is_the_best_of_all_timetables(problem: Problem) -> None:
    costs = [cost for _, cost in every_timetable(problem)]
    solution = solve(problem)
    assert verify(problem, solution) == []
    assert solution.cost == min(costs, default=None)
    assert solution.status == (Status.OPTIMAL if costs else Status.INFEASIBLE)


@settings(max_examples=250, deadline=None)
@given(problems())
def test_no_timetable_falls_below_the_bound(problem: Problem) -> None:
    costs = [cost for _, cost in every_timetable(problem)]
    least = bound(problem)
    if least is None:
        assert not costs
    elif costs:
        assert least <= min(costs)


def test_the_bound_sees_what_one_participant_needs_alone() -> None:
    # Two meetings around a slot in which participant 0 cannot be met.
    problem = plain([(0, 1), (0, 2)], slots=3, forbidden=(frozenset({1}), frozenset(), frozenset()))
    assert bound(problem) == 1
    assert bound(replace(problem, spread=0)) is None
    parted = plain(
        [(0, 1), (0, 2)], slots=4, session=(Session.MORNING, Session.AFTERNOON), morning_slots=2
    )
    assert bound(parted) == 0


@pytest.mark.parametrize("processes", [1, 2])
def test_both_sides_of_the_search_come_to_the_same(
    processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solver, "ALONE", -1)
    solution = solve(WOVEN, Budget(seconds=60, processes=processes))
    assert (solution.status, solution.cost) == (Status.OPTIMAL, 4)
    assert verify(WOVEN, solution) == []
    full = replace(TRIANGLE, tables=1, slots=5)
    assert solve(full, Budget(seconds=60, processes=processes)).status == Status.INFEASIBLE


def test_children_end_with_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Watched(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *arguments: object, **named: object) -> None:
            super().__init__(*arguments, **named)  # type: ignore[call-overload]
            started.append(self)

    monkeypatch.setattr(solver, "ALONE", -1)
    monkeypatch.setattr(subprocess, "Popen", Watched)
    solve(WOVEN, Budget(seconds=60))
    assert len(started) >= 2
    assert all(child.returncode is not None for child in started)


def test_a_child_that_dies_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "worker.py"
    broken.write_text("raise SystemExit(3)")
    monkeypatch.setattr(solver, "ALONE", -1)
    monkeypatch.setattr(worker, "__file__", str(broken))
    with pytest.raises(RuntimeError, match="ended without an answer"):
        solve(WOVEN, Budget(seconds=60))


def test_the_same_seed_gives_the_same_timetable() -> None:
    answers = {solve(TRIANGLE, Budget(seed=4, processes=1)).slots for _ in range(3)}
    assert len(answers) == 1


def test_without_time_nothing_is_claimed() -> None:
    solution = solve(WOVEN, Budget(seconds=0))
    assert verify(WOVEN, solution) == []
    assert solution.status in (Status.UNKNOWN, Status.FEASIBLE)
    told = solve(WOVEN, Budget(seconds=60, cancelled=lambda: True))
    assert told.status in (Status.UNKNOWN, Status.FEASIBLE)


def test_a_longer_count_is_made_where_the_first_was_too_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solver, "HEADROOM", 1)
    assert bound(WOVEN) == 0
    assert solve(WOVEN).cost == 4


@settings(max_examples=100, deadline=None)
@given(problems())
def test_what_has_no_room_has_no_timetable(problem: Problem) -> None:
    where = domains(problem)
    if where is not None and too_many(problem, where):
        assert not list(every_timetable(problem))


def test_the_count_sees_that_an_afternoon_cannot_take_enough() -> None:
    # Two hubs with three meetings each for either part of the day; the afternoon has two slots,
    # so two of the six come to the morning, where two tables are taken by three morning meetings.
    hubs = [(0, person) for person in (2, 3, 4)] + [(1, person) for person in (5, 6, 7)]
    problem = plain(
        [*hubs, (8, 9), (10, 11), (12, 13)],
        slots=4,
        morning_slots=2,
        tables=2,
        session=(*[Session.ANY] * 6, *[Session.MORNING] * 3),
    )
    where = domains(problem)
    assert where is not None
    assert too_many(problem, where)
    assert not too_many(replace(problem, tables=3), where)
    assert solve(problem).status == Status.INFEASIBLE
