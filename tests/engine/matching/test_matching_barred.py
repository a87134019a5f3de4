"""Pairs the caller forbids, or that have no way of meeting in common, are never proposed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from talex.engine.matching import Problem, reasons, reasons_of_pairs, retrieve, score, solve, verify
from tests.engine.matching.problems import random_problem


def _with_bars(problem: Problem, seed: int) -> tuple[Problem, np.ndarray]:
    rng = np.random.default_rng(seed)
    n, m = len(problem.talents), len(problem.openings)
    bars = rng.random((n, m)) < 0.3
    ways = rng.integers(1, 4, n).astype(np.uint8), rng.integers(1, 4, m).astype(np.uint8)
    talents = replace(problem.talents, ways=ways[0])
    openings = replace(problem.openings, ways=ways[1])
    told = replace(problem, talents=talents, openings=openings, forbidden=csr_array(bars))
    apart = (ways[0][:, None] & ways[1][None, :]) == 0
    return told, bars | apart


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.integers(1, 25), st.integers(1, 25))
def test_barred_pairs_are_neither_candidates_nor_proposals(seed: int, n: int, m: int) -> None:
    problem, bars = _with_bars(random_problem(seed, n, m), seed)
    solution = solve(problem)
    candidates = solution.candidates.tocoo()
    assert not bars[candidates.row, candidates.col].any()
    assert not bars[solution.pairs[:, 0], solution.pairs[:, 1]].any()
    report = verify(problem, solution)
    assert report.ok, report.faults
    every = np.argwhere(np.ones((n, m), bool))
    scored = score(problem, every)
    assert not scored.admissible[bars[every[:, 0], every[:, 1]]].any()


def test_columns_that_are_chosen_are_barred_at_their_place() -> None:
    problem, bars = _with_bars(random_problem(5, 12, 10, k=10), 5)
    chosen = np.zeros(10, bool)
    chosen[[2, 5, 9]] = True
    found = retrieve(problem, openings=chosen).candidates.tocoo()
    free = retrieve(replace(problem, forbidden=None), openings=chosen).candidates.tocoo()
    got = set(zip(found.row.tolist(), found.col.tolist(), strict=True))
    expected = {
        (i, j) for i, j in zip(free.row.tolist(), free.col.tolist(), strict=True) if not bars[i, j]
    }
    assert got == expected
    assert len(got) < free.nnz


def test_verify_finds_a_barred_proposal() -> None:
    problem = random_problem(3, 20, 20)
    solution = solve(problem)
    i, j = solution.pairs[0]
    bars = csr_array((np.ones(1), ([i], [j])), shape=(20, 20))
    report = verify(replace(problem, forbidden=bars), solution)
    assert any("must not be proposed" in fault for fault in report.faults)


def test_forbidden_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="forbidden"):
        replace(random_problem(1, 4, 5), forbidden=csr_array((5, 4)))


def test_reasons_of_many_pairs_are_those_of_each() -> None:
    problem = random_problem(8, 15, 15)
    pairs = solve(problem).pairs
    assert list(reasons_of_pairs(problem, pairs)) == [
        reasons(problem, int(i), int(j)) for i, j in pairs
    ]
