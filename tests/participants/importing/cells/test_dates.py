"""Dates as people and spreadsheets write them."""
# Tables of cases; Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talex.participants.importing.cells import read_date, suggest_day_first
from talex.participants.importing.cells.base import Cell

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", "2026 年 3 月 1 日", "２０２６－０３－０１",
        "20260301", 20260301, "1.3.2026", "01.03.2026", "1. März 2026", "1 March 2026",
        "1st of March 2026", "March 1, 2026", "Mar 1 2026", "01-Mar-2026", "2026-03-01T09:30:00Z",
        "2026-03-01 09:30", "2026年3月1日 09:30", "['2026-03-01']", DAY, datetime(2026, 3, 1, 9, 30),
        "1.3.2026 09:30 Uhr", "2026-03-01（星期日）", "So, 1. März 2026",
        "20260301.0", "ab 01.03.2026", "from 2026-03-01", "2026-03-01起",
    ],
)  # fmt: skip
def test_plain_days(cell: Cell) -> None:
    read = read_date(cell)
    assert (read.value, read.understood, read.note) == (DAY, True, None)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (46082, "date_from_serial"), (46082.0, "date_from_serial"), ("46082", "date_from_serial"),
        (46082.75, "date_from_serial"), ("03/2026", "date_month_only"), ("2026-03", "date_month_only"),
        ("2026年3月", "date_month_only"), ("3.2026", "date_month_only"), (3.2026, "date_month_only"),
        ("März 2026", "date_month_only"), ("Mar 2026", "date_month_only"),
        ("202603", "date_month_only"), ("1.3.26", "date_two_digit_year"),
    ],
)  # fmt: skip
def test_assumptions_are_said(cell: Cell, code: str) -> None:
    read = read_date(cell)
    assert read.value == DAY
    assert read.note is not None and read.note.code == code


def test_day_or_month_first() -> None:
    unsaid = read_date("3/4/2026")
    assert unsaid.value == date(2026, 4, 3)
    assert unsaid.note is not None and unsaid.note.code == "date_ambiguous"
    assert "2026-03-04" in unsaid.note.message
    assert read_date("3/4/2026", day_first=False).value == date(2026, 3, 4)
    assert read_date("3/4/2026", day_first=True).note is None
    assert read_date("4/13/2026").value == read_date("13/4/2026").value == date(2026, 4, 13)
    assert read_date("5/5/2026").note is None
    assert read_date("3.4.2026", day_first=False).value == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("samples", "day_first"),
    [
        (["3/4/2026", "13/4/2026"], True), (["3/4/2026", "4/13/2026"], False),
        (["3/4/2026"], None), (["13/4/2026", "4/13/2026"], None), (["13.4.2026"], None), ([], None),
    ],
)  # fmt: skip
def test_a_column_tells_the_order(samples: list[Cell], day_first: bool | None) -> None:
    assert suggest_day_first(samples) is day_first


@pytest.mark.parametrize("cell", ["随时", "ab sofort", "immediately", "ASAP"])
def test_at_once(cell: str) -> None:
    read = read_date(cell)
    assert (read.value, read.understood) == (None, True)
    assert read.note is not None and read.note.code == "date_at_once"


@pytest.mark.parametrize(
    "cell",
    ["2026-02-30", "32.1.2026", "本科", "3-5年", 5, 0, -1, 1e300, 123456789, "tomorrow", "01.04.2026 - 30.06.2026", "3月1日", "Q1 2026", True,
     "2026-13-01", "99999999", "1/2", "13800138000", "²²²²", "٣"],
)  # fmt: skip
def test_no_dates(cell: Cell) -> None:
    read = read_date(cell)
    assert (read.value, read.understood) == (None, False)


@given(st.dates(date(1955, 1, 1), date(2100, 12, 31)))
def test_every_way_of_writing_gives_the_day_back(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.day}.{day.month}.{day.year}",
        f"{day:%Y%m%d}",
        f"{day.day} {day:%B} {day.year}",
        (day - date(1899, 12, 30)).days,
    ):
        assert read_date(text).value == day
