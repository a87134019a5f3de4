"""The counts of coverage against plain loops over all pairs, from the definitions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from talex.engine.matching import Component, Problem, Weights, solve
from talex.engine.matching.coverage import TERMS, WANTED, Reach, Term, Why, coverage, explain

from .problems import random_problem


def _failing(problem: Problem, i: int, j: int) -> set[Term]:
    talents, openings, hard = problem.talents, problem.openings, problem.weights.hard
    found = set()
    has, asked = talents.degree[i], openings.degree[j]
    if Component.DEGREE in hard and has >= 0 and asked >= 0 and has < asked:
        found.add(Term.DEGREE)
    if Component.LANGUAGE in hard and any(
        wanted > 0 and 0 <= level < wanted
        for level, wanted in zip(talents.languages[i], openings.languages[j], strict=True)
    ):
        found.add(Term.LANGUAGE)
    if Component.DATES in hard and (
        talents.starts[i] > openings.ends[j] or openings.starts[j] > talents.ends[i]
    ):
        found.add(Term.DATES)  # comparisons with NaT are False
    assert talents.ways is not None and openings.ways is not None
    if not talents.ways[i] & openings.ways[j]:
        found.add(Term.WAYS)
    if problem.forbidden is not None and problem.forbidden[i, j]:
        found.add(Term.DECIDED)
    return found


def _problem(seed: int) -> Problem:
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 30)), int(rng.integers(1, 20))
    problem = random_problem(seed, n, m)
    bars = csr_array((rng.random((n, m)) < 0.1).astype(np.int8))
    sides = [
        replace(side, ways=rng.integers(1, 4, len(side)).astype(np.uint8))
        for side in (problem.talents, problem.openings)
    ]
    hard = [frozenset(Component), frozenset([Component.DEGREE]), frozenset([Component.LANGUAGE])]
    weights = Weights(hard=frozenset(hard[seed % 3] & {Component.DEGREE, Component.LANGUAGE,
                                                       Component.DATES}))  # fmt: skip
    return replace(problem, talents=sides[0], openings=sides[1], forbidden=bars, weights=weights)


@pytest.mark.parametrize("seed", range(12))
def test_the_counts_are_those_of_all_pairs(seed: int) -> None:
    problem = _problem(seed)
    solution = solve(problem)
    found = coverage(problem, solution.candidates, solution.pairs)
    dense: dict[tuple[int, int], float] = {
        (int(i), int(j)): float(solution.candidates[i, j])
        for i, j in zip(*solution.candidates.nonzero(), strict=True)
    }
    n, m = len(problem.talents), len(problem.openings)
    for at, reach in enumerate((found.talents, found.openings)):
        for row in range((n, m)[at]):
            others = [(row, j) for j in range(m)] if at == 0 else [(i, row) for i in range(n)]
            fails = [_failing(problem, i, j) for i, j in others]
            assert reach.admissible[row] == sum(not one for one in fails)
            for column, term in enumerate(TERMS):
                assert reach.excluded[row, column] == sum(term in one for one in fails)
                assert reach.alone[row, column] == sum(one == {term} for one in fails)
            scores = [dense[pair] for pair in others if pair in dense]
            if scores:
                assert reach.best[row] == np.float32(max(scores))
            else:
                assert np.isnan(reach.best[row])
            assert reach.proposals[row] == (solution.pairs[:, at] == row).sum()
            wanting = 0
            for pair in others:
                if pair in dense:
                    rivals = [
                        score for other, score in dense.items() if other[1 - at] == pair[1 - at]
                    ]
                    wanting += sum(score > dense[pair] for score in rivals) < WANTED
            assert reach.wanted[row] == wanting


def _reach(**values: Any) -> Reach:
    none = np.zeros(1, np.int64)
    terms = np.zeros((1, len(TERMS)), np.int64)
    plain = {"proposals": none, "room": none + 1, "admissible": none, "excluded": terms,
             "alone": terms, "best": np.array([np.nan], np.float32), "wanted": none}  # fmt: skip
    return Reach(**{**plain, **values})


def test_why_somebody_has_no_proposal() -> None:
    one = np.ones(1, np.int64)

    def why(**values: Any) -> str:
        return explain(_reach(**values), near=0.5, others=3)[0]

    assert why(proposals=one) == ""
    assert why(room=one * 0) == Why.FULL
    assert why(excluded=np.array([[1, 3, 0, 2, 0]])) == Term.LANGUAGE
    assert why(excluded=np.array([[2, 2, 0, 2, 0]])) == Term.DEGREE
    assert why(admissible=one) == Why.FAR
    assert why(admissible=one, best=np.array([0.4], np.float32)) == Why.FAR
    assert why(admissible=one, best=np.array([0.5], np.float32)) == Why.TAKEN
    assert explain(_reach(), near=0.5, others=0) == [Why.NOBODY]
