from __future__ import annotations

from typing import Any

import numpy as np
import pytest

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
