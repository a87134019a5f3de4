from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from talex.engine.matching import (
    Budget,
    Cancelled,
    allocate,
    deferred_acceptance,
    solve,
    top_up,
    verify,
    verify_stable,
)
from tests.engine.matching.problems import random_problem


@st.composite
def markets(
    draw: st.DrawFn,
) -> tuple[csr_array, np.ndarray, np.ndarray, np.ndarray]:
    """Candidates with few distinct scores (so ties), scores of the openings, capacities."""
    n, m = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    edges = draw(st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, m - 1))))
    rows = np.array(sorted(edges), dtype=np.int64).reshape(-1, 2)
    scores = st.lists(st.integers(1, 4), min_size=len(rows), max_size=len(rows))
    data = np.array(draw(scores), dtype=np.float32)
    candidates = coo_array((data, (rows[:, 0], rows[:, 1])), shape=(n, m)).tocsr()
    capacity = [
        np.array(draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)))
        for count in (n, m)
    ]
    return candidates, np.array(draw(scores), dtype=float), capacity[0], capacity[1]


def pairs_of(candidates: csr_array, held: np.ndarray) -> np.ndarray:
    left = np.repeat(np.arange(candidates.shape[0]), np.diff(candidates.indptr))
    return np.column_stack([left[held], candidates.indices[held]])


def blocking(
    candidates: csr_array, theirs: np.ndarray, held: np.ndarray, t: np.ndarray, o: np.ndarray
) -> int:
    """Blocking pairs by the definition, one pair after the other."""
    left = np.repeat(np.arange(candidates.shape[0]), np.diff(candidates.indptr))
    right = candidates.indices
    count = 0
    for e in range(len(left)):
        if held[e] or not t[left[e]] or not o[right[e]]:
            continue
        mine = [candidates.data[x] for x in range(len(left)) if held[x] and left[x] == left[e]]
        others = [theirs[x] for x in range(len(left)) if held[x] and right[x] == right[e]]
        wants = len(mine) < t[left[e]] or min(mine) < candidates.data[e]
        wanted = len(others) < o[right[e]] or min(others) < theirs[e]
        count += wants and wanted
    return count


@settings(deadline=None, max_examples=200)
@given(markets(), st.integers(0, 5))
def test_deferred_acceptance_is_stable(market: tuple, seed: int) -> None:
    candidates, theirs, t, o = market
    held = deferred_acceptance(candidates, t, o, opening_scores=theirs, seed=seed)
    pairs = pairs_of(candidates, held)
    report = verify_stable(candidates, pairs, t, o, opening_scores=theirs)
    assert report.ok, report
    assert blocking(candidates, theirs, held, t, o) == 0


@settings(deadline=None, max_examples=200)
@given(markets(), st.randoms())
def test_verify_stable_counts_as_the_definition_does(market: tuple, random: Random) -> None:
    candidates, theirs, t, o = market
    held = np.array([random.random() for _ in candidates.data], float) < 0.4
    pairs = pairs_of(candidates, held)
    report = verify_stable(candidates, pairs, t, o, opening_scores=theirs)
    over = np.bincount(pairs[:, 0], minlength=len(t)) > t
    assert report.talents_over == over.sum()
    if not report.talents_over and not report.openings_over:
        assert report.blocking == blocking(candidates, theirs, held, t, o)


def test_verify_stable_finds_foreign_and_repeated_pairs() -> None:
    candidates = csr_array(np.array([[1.0, 0.0], [0.5, 0.2]]))
    report = verify_stable(candidates, np.array([[0, 0], [0, 0], [0, 1], [9, 9]]), [3, 3], [3, 3])
    assert report.repeated == 1
    assert report.not_candidates == 2
    assert not report.ok


def test_talents_get_the_best_stable_outcome() -> None:
    candidates = csr_array(np.array([[2.0, 1.0], [1.0, 2.0]]))
    held = deferred_acceptance(candidates, [1, 1], [1, 1], opening_scores=[1, 2, 2, 1])
    assert pairs_of(candidates, held).tolist() == [[0, 0], [1, 1]]


def most_covered(candidates: csr_array, t: np.ndarray, o: np.ndarray) -> int:
    """The largest number of talents with one opening each: seats as copies of their opening."""
    left = np.repeat(np.arange(candidates.shape[0]), np.diff(candidates.indptr))
    seats = np.concatenate([[0], np.cumsum(o)])
    rows, columns = [], []
    for i, j in zip(left, candidates.indices, strict=True):
        for seat in range(seats[j], seats[j + 1]):
            if t[i]:
                rows.append(i)
                columns.append(seat)
    graph = coo_array(
        (np.ones(len(rows)), (np.array(rows, int), np.array(columns, int))),
        shape=(candidates.shape[0], max(int(seats[-1]), 1)),
    ).tocsr()
    return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())


@settings(deadline=None, max_examples=300)
@given(markets())
def test_top_up_covers_as_many_as_can_be_and_uncovers_nobody(market: tuple) -> None:
    candidates, _, t, o = market
    before = deferred_acceptance(candidates, t, o)
    after = top_up(candidates, before, t, o)
    loads = []
    for held in (before, after):
        pairs = pairs_of(candidates, held)
        loads.append(
            (
                np.bincount(pairs[:, 0], minlength=len(t)),
                np.bincount(pairs[:, 1], minlength=len(o)),
            )
        )
    assert (loads[1][0] <= t).all()
    assert (loads[1][1] <= o).all()
    for side in (0, 1):
        assert not ((loads[0][side] > 0) & (loads[1][side] == 0)).any()
    assert (loads[1][0] > 0).sum() == most_covered(candidates, t, o)
    assert (loads[1][1] > 0).sum() == most_covered(candidates.T.tocsr(), o, t)


def test_allocate_takes_scores_and_capacities_of_the_call() -> None:
    problem = random_problem(0, 2, 2)
    candidates = csr_array(np.array([[0.9, 0.1], [0.8, 0.2]]))
    fair = allocate(problem, candidates, talent_capacity=[1, 1], opening_capacity=[1, 1])
    assert fair.tolist() == [[0, 0], [1, 1]]
    turned = allocate(problem, candidates, [0.1, 0.9, 0.8, 0.2], [1, 1], [1, 1])
    assert turned.tolist() == [[0, 1], [1, 0]]
    only = csr_array(np.array([[0.9, 0.1], [0.8, 0.0]]))
    stable = allocate(problem, only, None, [2, 1], [1, 1], mode="stable")
    assert stable.tolist() == [[0, 0], [0, 1]]
    assert allocate(problem, only, None, [2, 1], [1, 1]).tolist() == [[0, 1], [1, 0]]
    with pytest.raises(ValueError):
        allocate(problem, candidates, talent_capacity=[-1, 1], opening_capacity=[1, 1])


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(0, 14), st.integers(0, 14), st.integers(1, 4))
@example(1992, 12, 13, 1)  # lifting frees a seat that no candidate of the left-out talent is
def test_solutions_verify(seed: int, n: int, m: int, k: int) -> None:
    problem = random_problem(seed, n, m, k=k)
    solution = solve(problem, Budget(seed=seed))
    assert solution.complete
    report = verify(problem, solution)
    assert report.ok, report
    again = solve(problem, Budget(seed=seed))
    assert np.array_equal(solution.pairs, again.pairs)
    # Nobody who has nothing could be given a seat that is free, among all pairs and not only
    # among the candidates.
    t_load = np.bincount(solution.pairs[:, 0], minlength=n)
    o_load = np.bincount(solution.pairs[:, 1], minlength=m)
    everyone = solve(replace(problem, k=max(n, m, 1)), Budget(seed=seed)).candidates
    left = np.repeat(np.arange(n), np.diff(everyone.indptr))
    free = (t_load < problem.talents.capacity)[left]
    free &= (o_load < problem.openings.capacity)[everyone.indices]
    assert not (free & ((t_load == 0)[left] | (o_load == 0)[everyone.indices])).any()


def test_verify_refuses_what_was_tampered_with() -> None:
    problem = random_problem(5, 12, 10)
    good = solve(problem)
    assert verify(problem, good).ok
    assert len(good.pairs) > 3
    all_pairs = {(i, j) for i in range(12) for j in range(10)} - {
        (int(i), int(j)) for i, j in good.pairs
    }
    for broken in (
        replace(good, scores=good.scores + np.float32(0.1)),
        replace(good, components=1 - good.components),
        replace(good, pairs=np.vstack([good.pairs[1:2], good.pairs[1:]])),
        replace(good, pairs=good.pairs[1:]),
        replace(good, pairs=np.array([[99, 0]], np.int32)),
        replace(good, pairs=np.array(sorted(all_pairs), np.int32)),
        replace(good, stable_pairs=good.stable_pairs[1:]),
    ):
        assert not verify(problem, broken).ok


def test_out_of_time_is_said_and_cancelling_keeps_nothing() -> None:
    problem = random_problem(5, 12, 10)
    assert not solve(problem, Budget(seconds=-1)).complete
    with pytest.raises(Cancelled):
        solve(problem, Budget(cancelled=lambda: True))
