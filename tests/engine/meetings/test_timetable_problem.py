from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from talex.engine.meetings import Objective, combined_weight, lost_per_change
from tests.engine.meetings.timetable_makers import plain


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slot_start", [0, 10, 1440, 1460]),
        ("slot_start", [20, 0, 1440, 1460]),
        ("slot_day", [0, 0, 1]),
        ("slot_day", [1, 1, 0, 0]),
        ("slot_minutes", 0),
        ("available", np.ones((4, 3), np.bool_)),
        ("available", np.ones((4, 4))),
        ("max_per_day", [-2, 0, 0, 0]),
        ("min_gap", [-1, 0, 0, 0]),
        ("party_ptr", [0, 2, 2, 6]),
        ("party_ptr", [0, 2, 4, 5]),
        ("party_idx", [0, 1, 0, 2, 1, 4]),
        ("party_idx", [0, 0, 0, 2, 1, 3]),
        ("party_idx", [0.0, 1.0, 0.0, 2.0, 1.0, 3.0]),
        ("weight", [1.0, -1.0, 1.0]),
        ("weight", [1.0, np.nan, 1.0]),
        ("mode", [0, 1, 2]),
        ("fixed_slot", [4, -1, -1]),
        ("fixed_table", [-1, -1, 0]),
        ("online_capacity", [-2, 0, 0, 0]),
        ("table_hall", [-1, 0]),
        ("allowed", np.ones((3, 3), np.bool_)),
        ("fairness_rounds", 4),
        ("hall_travel", [[0, -1], [1, 0]]),
        ("hall_travel", [[1, 1], [1, 0]]),
        ("hall_travel", [[0, 1]]),
        ("hall_travel", [[0]]),
        ("precedence", [[0, 3]]),
        ("precedence", [[1, 1]]),
        ("precedence", [[0, 1, 2]]),
        ("resource_capacity", [[-2, 0, 0, 0]]),
        ("resource_capacity", [[1, 1, 1]]),
        ("request_resources_idx", [0]),
        ("objectives", (Objective.COMPACT, Objective.WEIGHT)),
        ("objectives", (Objective.IDLE,)),
        ("objectives", (Objective.WEIGHT, Objective.WEIGHT)),
    ],
)
def test_a_field_that_does_not_fit_is_named(field: str, value: Any) -> None:
    name = field.removesuffix("_ptr").removesuffix("_idx")
    with pytest.raises(ValueError, match=name):
        plain(**{field: value})


def test_a_problem_cannot_be_changed_nor_freezes_its_source() -> None:
    available = np.ones((4, 4), np.bool_)
    problem = plain(available=available)
    with pytest.raises(ValueError, match="read-only"):
        problem.available[0, 0] = False
    available[0, 0] = False
    assert problem.available[0, 0]


def test_units_of_a_resource_are_one_unless_given() -> None:
    needs = {"request_resources_ptr": [0, 1, 2, 2], "request_resources_idx": [0, 0]}
    problem = plain(resource_capacity=[[1, 2, -1, 0]], **needs)
    assert problem.resources == 1
    assert [problem.needs(r) for r in range(3)] == [[(0, 1)], [(0, 1)], []]
    problem = plain(resource_capacity=[[1, 2, -1, 0]], **needs, request_resources_units=[1, 2])
    assert problem.needs(1) == [(0, 2)]
    with pytest.raises(ValueError, match="request_resources_units"):
        plain(resource_capacity=[[1, 2, -1, 0]], **needs, request_resources_units=[1, 0])


def test_fairness_left_out_has_no_rounds() -> None:
    assert plain().rounds == 2
    assert plain(objectives=(Objective.WEIGHT,)).rounds == 0


def test_what_both_sides_want_comes_before_what_one_wants_much() -> None:
    weight = combined_weight([9.0, 9.0, 3.0, 0.0], [9.0, 0.0, 3.0, 0.0])
    assert weight == pytest.approx([9.0, 10**0.5 - 1, 3.0, 0.0])
    assert combined_weight([9.0], [0.0], share=1.0) == pytest.approx([9.0])
    with pytest.raises(ValueError, match="share"):
        combined_weight([1.0], [1.0], share=2.0)
    with pytest.raises(ValueError, match="both sides"):
        combined_weight([1.0], [-1.0])


def test_every_change_of_hall_costs_the_same() -> None:
    assert lost_per_change(2, 3).tolist() == [[0, 3], [3, 0]]
