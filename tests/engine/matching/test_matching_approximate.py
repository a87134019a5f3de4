from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from talex.engine.matching import (
    Budget,
    Cancelled,
    Problem,
    best_of_opening,
    best_of_talent,
    retrieve,
    score,
)
from talex.engine.matching.packed import pack
from tests.engine.matching.problems import random_problem

seeds = st.integers(0, 10_000)
LARGE = Budget(exact_pairs=0)
NUMBERS = {"t_years", "o_least", "o_most"}  # nan where unknown


def grid(problem: Problem) -> np.ndarray:
    """Scores of all pairs, -inf where not admissible."""
    shape = len(problem.talents), len(problem.openings)
    scored = score(problem, np.argwhere(np.ones(shape, bool)))
    return np.where(scored.admissible, scored.scores, -np.inf).reshape(shape)


def halved(problem: Problem) -> Problem:
    sides = (
        replace(
            side,
            title_vectors=side.title_vectors.astype(np.float16),
            skill_vectors=side.skill_vectors.astype(np.float16),
        )
        for side in (problem.talents, problem.openings)
    )
    talents, openings = sides
    return replace(problem, talents=talents, openings=openings)


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(1, 60), st.integers(1, 60), st.integers(1, 5), st.booleans())
def test_with_all_dimensions_the_search_is_exact(
    seed: int, n: int, m: int, k: int, hard: bool
) -> None:
    problem = random_problem(seed, n, m, k=k, all_hard=hard)
    rng = np.random.default_rng(seed)
    bars = csr_array((rng.random((n, m)) < 0.02).astype(float))
    problem = replace(problem, forbidden=bars, minimum_score=0.2)
    found = retrieve(problem, replace(LARGE, threads=2))
    assert found.complete
    assert found.recall is not None
    exact = retrieve(problem, Budget(exact_pairs=10**9))
    assert exact.recall is None
    scores = grid(problem)
    stored = np.zeros((n, m), bool)
    stored[np.repeat(np.arange(n), np.diff(found.candidates.indptr)), found.candidates.indices] = 1
    assert stored.sum() == found.candidates.nnz
    assert (scores[stored] >= 0.2 - 1e-6).all()
    left = np.repeat(np.arange(n), np.diff(found.candidates.indptr))
    assert np.allclose(found.candidates.data, scores[left, found.candidates.indices], atol=1e-5)
    for lines, marks in ((scores, stored), (scores.T, stored.T)):
        for line, mark in zip(lines, marks, strict=True):
            best = np.sort(line[line >= 0.2])[::-1][:k]
            assert np.allclose(np.sort(line[mark])[::-1][: len(best)], best, atol=1e-5)
    for value in (*found.recall.mean, *found.recall.worst_tenth):
        assert value == 1.0 or np.isnan(value)


@settings(deadline=None, max_examples=15)
@given(seeds, st.integers(1, 20), st.integers(1, 20), st.booleans())
def test_single_rows_are_those_of_all_pairs(seed: int, n: int, m: int, half: bool) -> None:
    problem = random_problem(seed, n, m, k=4)
    scores = grid(problem)
    if half:
        problem = halved(problem)
    for lines, of in ((scores, best_of_talent), (scores.T, best_of_opening)):
        for at, line in enumerate(lines):
            ids, found = of(problem, at)
            best = np.sort(line[np.isfinite(line)])[::-1][:4]
            assert np.allclose(found, best, atol=3e-3)
            assert np.allclose(line[ids], found, atol=3e-3)
            assert len(np.unique(ids)) == len(ids)


def test_packed_talents_serve_other_openings() -> None:
    one, other = random_problem(3, 30, 20), random_problem(4, 30, 25)
    mixed = replace(one, openings=other.openings, term_weights=None)
    again = pack(mixed, talents_of=pack(one))
    for name, array in pack(mixed)._asdict().items():
        assert np.array_equal(array, getattr(again, name), equal_nan=name in NUMBERS), name
    with pytest.raises(ValueError):
        pack(random_problem(0, 3, 2), talents_of=again)


def test_half_the_memory_gives_the_same_candidates() -> None:
    problem = random_problem(3, 40, 30)
    half = halved(problem)
    for budget in (Budget(), LARGE):
        one, other = (retrieve(given_, budget).candidates for given_ in (problem, half))
        assert np.allclose(
            np.sort(one.toarray(), axis=1)[:, -3:],
            np.sort(other.toarray(), axis=1)[:, -3:],
            atol=3e-3,
        )


def test_fewer_dimensions_lose_little_and_the_loss_is_told() -> None:
    problem = random_problem(4, 300, 200, k=10)
    rng = np.random.default_rng(0)
    # Vectors of 24 dimensions most of whose energy is in 8 of them.
    strength = np.where(np.arange(24) < 8, 1.0, 0.2)
    sides = []
    for side in (problem.talents, problem.openings):
        made = [rng.normal(size=(len(side), 24)) * strength for _ in range(2)]
        made = [(v / np.linalg.norm(v, axis=1, keepdims=True)).astype(np.float16) for v in made]
        sides.append(replace(side, title_vectors=made[0], skill_vectors=made[1]))
    problem = replace(problem, talents=sides[0], openings=sides[1])
    good = retrieve(problem, replace(LARGE, width=8, sampled=200)).recall
    bad = retrieve(problem, replace(LARGE, width=1, sampled=200)).recall
    assert good is not None
    assert bad is not None
    assert min(good.mean) > 0.97
    assert min(bad.mean) < min(good.mean)
    # Threads change nothing but which of equal scores stand at the end of a list.
    again, other = (
        retrieve(problem, replace(LARGE, width=8, threads=threads)).candidates for threads in (1, 3)
    )
    best = [np.sort(made.toarray(), axis=1)[:, -10:] for made in (again, other)]
    assert np.allclose(*best, atol=1e-5)


def test_a_large_search_ends_in_time_and_can_be_cancelled() -> None:
    problem = random_problem(1, 40, 40)
    assert not retrieve(problem, Budget(exact_pairs=0, seconds=-1)).complete
    with pytest.raises(Cancelled):
        retrieve(problem, Budget(exact_pairs=0, cancelled=lambda: True))
    shares: list[float] = []
    retrieve(problem, Budget(exact_pairs=0, progress=shares.append))
    assert shares == sorted(shares)
    assert shares[-1] == 1
