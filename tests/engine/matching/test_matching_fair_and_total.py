from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from bench.matching_allocation import assignment, flow, market, pairs_of, relaxed
from talex.engine.matching import (
    best_total,
    congestion,
    deferred_acceptance,
    fair,
    lift,
    top_up,
    total_bound,
    verify_fair,
)

Market = tuple[csr_array, np.ndarray, np.ndarray]


def made(seed: int, n: int, m: int, *, most: int = 3, talents_one: bool = False) -> Market:
    """Few candidates, distinct scores, capacities 0 to ``most``."""
    rng = np.random.default_rng(seed)
    rows = np.argwhere(rng.random((n, m)) < rng.uniform(0.2, 0.8))
    data = (1 + rng.permutation(len(rows))) / (len(rows) + 1)
    candidates = coo_array((data, (rows[:, 0], rows[:, 1])), shape=(n, m)).tocsr()
    t = np.ones(n, int) if talents_one else rng.integers(0, most + 1, n)
    return candidates, t, rng.integers(0, most + 1, m)


def largest(candidates: csr_array, t: np.ndarray, o: np.ndarray) -> int:
    """The largest number of talents with an opening each: its seats are copies of an opening."""
    copies = [np.full(o[j], j) for j in range(len(o))]
    seats = np.concatenate([*copies, np.zeros(1, int)])
    dense = candidates.toarray()[:, seats] * (t > 0)[:, None]
    dense[:, -1] = 0
    found = maximum_bipartite_matching(csr_array(dense), perm_type="column")
    return int((found >= 0).sum())


seeds = st.integers(0, 100_000)


@settings(deadline=None, max_examples=50)
@given(seeds, st.integers(1, 7), st.integers(1, 7))
def test_fair_covers_as_many_as_the_largest_matching(seed: int, n: int, m: int) -> None:
    candidates, t, o = made(seed, n, m)
    stable = deferred_acceptance(candidates, t, o)
    held = fair(candidates, stable, t, o)
    pairs = pairs_of(candidates, held)
    load = [np.bincount(pairs[:, side], minlength=size) for side, size in ((0, n), (1, m))]
    assert (load[0] <= t).all()
    assert (load[1] <= o).all()
    report = verify_fair(candidates, pairs, t, o)
    assert report.ok
    assert report.talents_covered == largest(candidates, t, o)
    assert report.openings_covered == largest(candidates.T.tocsr(), o, t)
    before = verify_fair(candidates, pairs_of(candidates, stable), t, o)
    assert before.ok == (
        before.talents_covered == report.talents_covered
        and before.openings_covered == report.openings_covered
    )
    # Nobody who could simply be given more is left with less.
    left = np.repeat(np.arange(n), np.diff(candidates.indptr))
    assert not (~held & (load[0] < t)[left] & (load[1] < o)[candidates.indices]).any()


def best_leximin(candidates: csr_array, covered: np.ndarray, o: np.ndarray) -> list[float]:
    """The greatest sorted list of one score for each covered talent, by trying everything."""
    rows = [range(candidates.indptr[i], candidates.indptr[i + 1]) for i in np.flatnonzero(covered)]
    best: list[float] = []
    for edges in product(*rows):
        chosen = np.array(edges, int)
        if (np.bincount(candidates.indices[chosen], minlength=len(o)) <= o).all():
            best = max(best, sorted(candidates.data[chosen].tolist()))
    return best


@settings(deadline=None, max_examples=50)
@given(seeds, st.integers(1, 5), st.integers(1, 5))
def test_lift_reaches_the_leximin_of_those_covered(seed: int, n: int, m: int) -> None:
    candidates, t, o = made(seed, n, m, talents_one=True)
    held = top_up(candidates, deferred_acceptance(candidates, t, o), t, o)
    lifted = lift(candidates, held, t, o, step=0, keep_openings=False)
    left = np.repeat(np.arange(n), np.diff(candidates.indptr))
    covered = np.bincount(left[held], minlength=n) > 0
    assert np.array_equal(np.bincount(left[lifted], minlength=n) > 0, covered)
    assert (np.bincount(candidates.indices[lifted], minlength=m) <= o).all()
    assert sorted(candidates.data[lifted].tolist()) == best_leximin(candidates, covered, o)


@settings(deadline=None, max_examples=50)
@given(seeds, st.integers(1, 7), st.integers(1, 7), st.sampled_from([0.0, 0.1, 0.3]))
def test_lift_leaves_nobody_alone_and_lowers_no_worst(
    seed: int, n: int, m: int, step: float
) -> None:
    candidates, t, o = made(seed, n, m)
    held = top_up(candidates, deferred_acceptance(candidates, t, o), t, o)
    lifted = lift(candidates, held, t, o, step=step)
    before, after = (
        verify_fair(candidates, pairs_of(candidates, here), t, o) for here in (held, lifted)
    )
    assert after.ok
    assert (after.talents_covered, after.openings_covered) == (
        before.talents_covered,
        before.openings_covered,
    )
    assert not after.worst < before.worst - step
    pairs = pairs_of(candidates, lifted)
    assert (np.bincount(pairs[:, 0], minlength=n) <= t).all()
    assert (np.bincount(pairs[:, 1], minlength=m) <= o).all()


def test_the_worst_off_is_lifted_and_the_measure_of_work_stops_it() -> None:
    candidates = csr_array(np.array([[0.9, 0.8], [0.7, 0.1]]))
    held = np.array([True, False, False, True])
    lifted = lift(candidates, held, [1, 1], [1, 1])
    assert pairs_of(candidates, lifted).tolist() == [[0, 1], [1, 0]]
    assert np.array_equal(lift(candidates, held, [1, 1], [1, 1], work=0), held)


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(1, 8), st.integers(1, 8))
def test_best_total_is_within_its_accuracy_and_its_bound(seed: int, n: int, m: int) -> None:
    candidates, t, o = made(seed, n, m)
    found = best_total(candidates, t, o, accuracy=1e-6)
    pairs = pairs_of(candidates, found.held)
    assert (np.bincount(pairs[:, 0], minlength=n) <= t).all()
    assert (np.bincount(pairs[:, 1], minlength=m) <= o).all()
    left = np.repeat(np.arange(n), np.diff(candidates.indptr))
    best = 0.0
    if candidates.nnz:
        limits = np.zeros((n + m, candidates.nnz))
        limits[left, np.arange(candidates.nnz)] = 1
        limits[n + candidates.indices, np.arange(candidates.nnz)] = 1
        b = np.concatenate([t, o])
        best = -linprog(-candidates.data, A_ub=limits, b_ub=b, bounds=(0, 1)).fun
    assert found.total == pytest.approx(candidates.data[found.held].sum())
    assert best - 1e-6 * (len(pairs) + 1) <= found.total <= best + 1e-9
    assert found.bound >= best - 1e-9
    assert found.bound == pytest.approx(total_bound(candidates, t, o, found.prices))
    with pytest.raises(ValueError):
        total_bound(candidates, t, o, found.prices - 1)


def test_the_peers_of_the_bench_agree_on_the_best_total() -> None:
    given_ = market(300, 25, 6, 3)
    ours = best_total(given_.candidates, given_.talents, given_.openings, accuracy=1e-7).total
    for peer in (flow, assignment, relaxed):
        assert peer(given_) == pytest.approx(ours, abs=1e-2)


def test_congestion_counts_the_best_of_each_list() -> None:
    candidates = csr_array(np.array([[0.9, 0.8, 0.7], [0.9, 0.0, 0.0], [0.2, 0.3, 0.0]]))
    found = congestion(candidates, [2, 1, 1], [1, 4, 0])
    assert found.wanted.tolist() == [2, 2, 0]
    assert found.listed.tolist() == [3, 2, 1]
    assert found.ratio.tolist() == [2.0, 0.5, 0.0]


def test_ties_are_drawn_and_the_seed_decides() -> None:
    candidates = csr_array(np.ones((60, 1)))
    winners = {
        int(pairs_of(candidates, deferred_acceptance(candidates, [1] * 60, [1], seed=seed))[0, 0])
        for seed in range(40)
    }
    assert len(winners) > 10
