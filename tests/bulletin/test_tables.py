"""Small numbers are kept back so that they cannot be worked out again."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from talex.bulletin.tables import SMALL, protect, table, value_label

columns = st.dictionaries(
    st.sampled_from(["", "a", "b", "c", "d", "e"]), st.integers(1, 30), max_size=6
)


def _table(split: dict[str, int]) -> object:
    return table("industry", {"x": sum(split.values())}, {"x": split}, ["x"])


def _possible(total: int, shown: list[int | None]) -> list[set[int]]:
    """For every hidden cell the values that fit what is shown (hidden cells are at least 1)."""
    hidden = [i for i, n in enumerate(shown) if n is None]
    left = total - sum(n for n in shown if n is not None)
    found: list[set[int]] = [set() for _ in hidden]
    for values in itertools.product(range(1, left + 1), repeat=len(hidden)) if hidden else ():
        if sum(values) == left:
            for place, value in zip(found, values, strict=True):
                place.add(value)
    return found


@given(columns)
def test_no_small_number_is_shown(split: dict[str, int]) -> None:
    found = protect(_table(split))  # type: ignore[arg-type]
    numbers = [line.numbers[0] for line in found.lines] + [found.totals[0]]
    assert all(n is None or n == 0 or n >= SMALL for n in numbers)


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9), max_size=4))
def test_no_hidden_number_can_be_worked_out(split: dict[str, int]) -> None:
    found = protect(_table(split))  # type: ignore[arg-type]
    if found.totals[0] is None:
        assert all(line.numbers[0] is None for line in found.lines)
        return
    shown = [line.numbers[0] for line in found.lines]
    for values in _possible(found.totals[0], shown):
        assert len(values) > 1


@given(columns)
def test_what_is_shown_is_true_and_large_tables_stay_whole(split: dict[str, int]) -> None:
    whole = _table(split)
    found = protect(whole)  # type: ignore[arg-type]
    for before, after in zip(whole.lines, found.lines, strict=True):  # type: ignore[attr-defined]
        assert after.numbers[0] in (None, before.numbers[0])
    if all(n >= SMALL for n in split.values()):
        assert found == whole
        assert not found.hides


def test_lines_are_ordered_and_worded() -> None:
    found = table(
        "degree_level",
        {"x": 6},
        {"x": {"bachelor": 1, "": 2, "doctorate": 3, "licence": 1}},
        ["x"],
    )
    assert [line.value for line in found.lines] == ["doctorate", "bachelor", "licence", ""]
    assert str(found.lines[0].label) == "Doctorate"
    assert str(found.lines[-1].label) == "Not stated"
    assert value_label("degree_level", "licence") == "licence"
    by_size = table("industry", {"x": 6}, {"x": {"b": 1, "a": 1, "c": 4}}, ["x"])
    assert [line.value for line in by_size.lines] == ["c", "a", "b"]
