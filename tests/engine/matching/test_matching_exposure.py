"""Exposure against the definition, worked out list by list; suppression of small groups."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest

from talex.engine.matching.exposure import compare, exposure


@pytest.mark.parametrize("seed", range(5))
def test_exposure_is_that_of_each_list(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = 12, 7
    pairs = np.argwhere(rng.random((n, m)) < 0.4)
    scores = rng.integers(0, 4, len(pairs)) / 4  # with ties
    expected = np.zeros(n)
    for one in range(m):
        here = [
            (score, talent) for (talent, of), score in zip(pairs, scores, strict=True) if of == one
        ]
        for score, talent in here:
            above = sum(other > score for other, _t in here)
            ties = sum(other == score for other, _t in here)
            places = range(above + 1, above + ties + 1)
            expected[talent] += sum(1 / log2(1 + place) for place in places) / ties
    expected *= n / expected.sum()
    np.testing.assert_allclose(exposure(pairs, scores, n), expected)


def test_nobody_listed_has_no_exposure() -> None:
    assert not exposure(np.zeros((0, 2), int), np.zeros(0), 3).any()


def test_groups_are_compared_with_their_merit() -> None:
    groups = ["a"] * 20 + ["b"] * 20
    attention = np.r_[np.full(20, 1.5), np.full(20, 0.5)]
    proposals = np.r_[np.full(20, 3), np.zeros(20, int)]
    merit = np.r_[np.full(20, 0.6), np.full(20, 0.6)]
    a, b = compare(groups, attention, proposals, merit)
    assert (a.exposure, a.proposals, a.reached, a.treatment) == (1.5, 3, 1, pytest.approx(1.5))
    assert (b.exposure, b.reached, b.treatment) == (0.5, 0, pytest.approx(0.5))
    assert (a.low, a.high) == (1.5, 1.5)
    spread = compare(["a"] * 50, np.tile([0.0, 2.0], 25), np.ones(50, int), np.full(50, np.nan))[0]
    half = 1.959964 * np.std(np.tile([0.0, 2.0], 25), ddof=1) / 50**0.5
    assert (spread.low, spread.high) == (pytest.approx(1 - half), pytest.approx(1 + half))
    assert np.isnan(spread.treatment)


def test_small_groups_are_not_told_nor_to_be_worked_out() -> None:
    groups = ["a"] * 30 + ["b"] * 12 + ["c"] * 9
    told = compare(groups, np.ones(51), np.ones(51, int), np.ones(51))
    # With b told, c would be what is left of the sum.
    assert [one.suppressed for one in told] == [False, True, True]
    assert all(np.isnan(one.exposure) for one in told[1:])
    two = compare(["a"] * 30 + ["b"] * 9 + ["c"] * 9, np.ones(48), np.ones(48, int), np.ones(48))
    assert [one.suppressed for one in two] == [False, True, True]
