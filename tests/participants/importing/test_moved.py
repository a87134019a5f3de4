"""Cells that stand in a wrong column."""

from __future__ import annotations

import pytest

from talex.participants.importing.cells import Cell
from talex.participants.importing.fields import Target
from talex.participants.importing.moved import Moved, find_moved


@pytest.mark.parametrize(
    ("target", "cells", "expected"),
    [
        ("opening", {"experience_required": "['本科']", "degree_required": "[]"},
         [Moved("degree_required", "experience_required", "['本科']")]),
        ("opening", {"experience_required": "['本科']", "degree_required": "['英语熟练']"},
         [Moved("degree_required", "experience_required", "['本科']"),
          Moved("languages", "degree_required", "['英语熟练']")]),
        ("opening", {"experience_required": "3-5年", "degree_required": "1-2万/月", "pay": None},
         [Moved("pay", "degree_required", "1-2万/月")]),
        ("opening", {"experience_required": "本科", "degree_required": "硕士"}, []),
        ("opening", {"experience_required": "3-5年", "degree_required": "本科"}, []),
        ("opening", {"degree_required": "15000", "pay": None, "headcount": None}, []),
        ("opening", {"degree_required": "something else", "pay": None}, []),
        ("talent", {"email": "13800138000x", "phone": None}, []),
        ("talent", {"phone": "a@b.de", "email": ""}, [Moved("email", "phone", "a@b.de")]),
        ("organisation", {"size": "本科"}, []),
    ],
)  # fmt: skip
def test_moved(target: Target, cells: dict[str, Cell], expected: list[Moved]) -> None:
    assert find_moved(cells, target) == expected
