"""Who a row is."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talex.participants.importing.cells import Cell
from talex.participants.importing.fingerprint import Occurrences, canonical, fingerprint

HEADINGS = ["姓名", "Abschluss", "years"]


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (HEADINGS, ["王明", "Diplom", 3]),
        (HEADINGS, [" 王明 ", "Diplom\n", "3"]),
        (HEADINGS, ["王 明", "Diplom", 3.0]),
        (HEADINGS, ["王明", "Ｄｉｐｌｏｍ", "３"]),
        (["years", "姓名 ", "ABSCHLUSS"], [3, "王明", "Diplom"]),
        ([*HEADINGS, "new"], ["王明", "Diplom", 3, None]),
        ([*HEADINGS, "new"], ["王明", "Diplom", 3, "-"]),
    ],
)
def test_the_same_row(headings: list[str], cells: list[Cell]) -> None:
    assert fingerprint(headings, cells) == fingerprint(HEADINGS, ["王明", "Diplom", "3"])


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (HEADINGS, ["王明", "diplom", "3"]),
        (HEADINGS, ["王明", "Diplom", "4"]),
        (HEADINGS, ["Diplom", "王明", "3"]),
        (HEADINGS, ["王明", "Diplom", None]),
        (["姓名", "Degree", "years"], ["王明", "Diplom", "3"]),
        (HEADINGS, ["王明", "Diplom", "3", "beyond the headings"]),
    ],
)
def test_another_row(headings: list[str], cells: list[Cell]) -> None:
    assert fingerprint(headings, cells) != fingerprint(HEADINGS, ["王明", "Diplom", "3"])


def test_days_and_midnights_are_one() -> None:
    assert canonical(datetime(2026, 3, 1)) == canonical(date(2026, 3, 1)) == canonical("2026-03-01")
    assert canonical(datetime(2026, 3, 1, 9)) != canonical(date(2026, 3, 1))


@given(st.lists(st.text(min_size=0, max_size=4), min_size=2, max_size=4))
def test_moving_a_sign_over_the_border_of_two_cells_makes_another_row(cells: list[str]) -> None:
    headings = ["a", "b", "c", "d"]
    joined: list[Cell] = ["".join(cells), *[""] * (len(cells) - 1)]
    same = [canonical(cell) for cell in joined] == [canonical(cell) for cell in cells]
    assert (fingerprint(headings, joined) == fingerprint(headings, cells)) is same


def test_occurrences_go_on_after_a_restart() -> None:
    one, other = fingerprint(["a"], ["1"]), fingerprint(["a"], ["2"])
    counter = Occurrences()
    assert [counter.number(row) for row in (one, other, one, one)] == [1, 1, 2, 3]
    again = Occurrences(counter.counts)
    assert again.number(one) == 4
    assert counter.number(one) == 4
