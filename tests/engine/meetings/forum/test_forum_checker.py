from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talex.engine.meetings.forum import Problem, Rule, Session, Solution, Status, verify
from tests.engine.meetings.forum.forum_makers import every_timetable, plain, problems

#: Participant 0 meets 1, 2 and 3; then 1 meets 2.
PROBLEM = plain([(0, 1), (0, 2), (0, 3), (1, 2)], slots=4, tables=2)
SLOTS = (0, 1, 2, 2)


def said(slots: tuple[int, ...], cost: int) -> Solution:
    return Solution(Status.OPTIMAL, cost, cost, slots, 0.0)


def rules(problem: Problem, solution: Solution) -> set[Rule]:
    return {violation.rule for violation in verify(problem, solution)}


def test_a_right_answer_has_no_fault() -> None:
    # Participant 1 meets in the slots 0 and 2: one break.
    assert rules(PROBLEM, said(SLOTS, 1)) == set()


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"tables": 1}, Rule.TABLES),
        ({"session": (Session.AFTERNOON, *[Session.ANY] * 3)}, Rule.SESSION),
        ({"session": (*[Session.ANY] * 3, Session.MORNING)}, Rule.SESSION),
        ({"forbidden": (frozenset({1}), *[frozenset()] * 3)}, Rule.FORBIDDEN),
        ({"fixed": (3, -1, -1, -1)}, Rule.FIXED),
        ({"precedences": ((1, 0),)}, Rule.PRECEDENCE),
        ({"precedences": ((2, 3),)}, Rule.PRECEDENCE),
        ({"spread": 0}, Rule.SPREAD),
    ],
)
def test_each_rule_is_seen_broken(fields: dict[str, Any], rule: Rule) -> None:
    assert rules(replace(PROBLEM, **fields), said(SLOTS, 1)) == {rule}


@pytest.mark.parametrize(
    ("solution", "rule"),
    [
        (said((0, 1, 2), 1), Rule.SHAPE),
        (said((0, 1, 2, 4), 1), Rule.SLOT),
        (said((0, 1, 2, -1), 1), Rule.SLOT),
        (said((0, 1, 1, 2), 1), Rule.TWICE),
        (said(SLOTS, 0), Rule.COST),
        (Solution(Status.OPTIMAL, 1, 0, SLOTS, 0.0), Rule.BOUND),
        (Solution(Status.FEASIBLE, 1, 1, SLOTS, 0.0), Rule.BOUND),
        (Solution(Status.FEASIBLE, 1, None, SLOTS, 0.0), Rule.BOUND),
        (Solution(Status.INFEASIBLE, 1, None, SLOTS, 0.0), Rule.BOUND),
        (Solution(Status.INFEASIBLE, None, 1, None, 0.0), Rule.BOUND),
        (Solution(Status.UNKNOWN, None, None, None, 0.0), Rule.BOUND),
        (Solution(Status.OPTIMAL, None, None, None, 0.0), Rule.BOUND),
    ],
)
def test_what_is_claimed_is_checked(solution: Solution, rule: Rule) -> None:
    assert rule in rules(PROBLEM, solution)


@settings(max_examples=150, deadline=None)
@given(problems(most_meetings=5, most_slots=4), st.data())
def test_slots_have_a_fault_exactly_where_they_are_no_timetable(
    problem: Problem, data: st.DataObject
) -> None:
    good = dict(every_timetable(problem))
    slot = st.integers(0, problem.slots - 1)
    slots = [data.draw(slot) for _ in problem.meetings]
    if good:
        slots = list(data.draw(st.sampled_from(sorted(good))))
        for moved in data.draw(
            st.sets(st.sampled_from(range(len(slots))), max_size=1) if slots else st.just(set())
        ):
            slots[moved] = data.draw(slot)
    cost = good.get(tuple(slots))
    faults = rules(problem, said(tuple(slots), cost or 0))
    assert bool(faults - {Rule.COST}) == (cost is None)
    if cost is not None:
        assert faults == set()
        assert rules(problem, said(tuple(slots), cost + 1)) == {Rule.COST}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"tables": -1}, "tables: must not be negative"),
        ({"slots": 1}, "morning_slots: more than there are slots"),
        ({"meetings": ((0, 0), (0, 2), (0, 3), (1, 2))}, "meetings: entry 0: needs two"),
        ({"meetings": ((0, 9), (0, 2), (0, 3), (1, 2))}, "meetings: entry 0: 9 is not in 0..3"),
        ({"session": (3, 3, 3, 7)}, "session: entry 3: unknown 7"),
        ({"session": (3,)}, "session: expected 4 entries"),
        ({"fixed": (-2, -1, -1, -1)}, "fixed: entry 0: -2"),
        ({"forbidden": (frozenset({4}), *[frozenset()] * 3)}, "forbidden: entry 0: 4"),
        ({"forbidden": ()}, "forbidden: expected 4 entries"),
        ({"precedences": ((0, 4),)}, "precedences: entry 0: 4"),
        ({"spread": -1}, "spread: must not be negative"),
    ],
)
def test_a_problem_that_cannot_be_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(PROBLEM, **fields)
