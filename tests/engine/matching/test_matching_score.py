from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talex.engine.matching import (
    COMPONENTS,
    Budget,
    Cancelled,
    Code,
    Component,
    Openings,
    Problem,
    Talents,
    Vocabulary,
    Weights,
    expected_parts,
    reasons,
    retrieve,
    score,
)
from tests.engine.matching.problems import random_problem

seeds = st.integers(0, 10_000)


def every_pair(problem: Problem) -> np.ndarray:
    n, m = len(problem.talents), len(problem.openings)
    return np.array([(i, j) for i in range(n) for j in range(m)], dtype=np.int64).reshape(-1, 2)


@settings(deadline=None, max_examples=25)
@given(seeds, st.booleans(), st.booleans())
def test_score_is_what_the_definitions_say(seed: int, rare: bool, hard: bool) -> None:
    problem = random_problem(seed, 6, 5, rare=rare, all_hard=hard)
    pairs = every_pair(problem)
    scored = score(problem, pairs)
    weights, neutral = problem.weights.vector(), problem.weights.neutral_vector()
    for at, (i, j) in enumerate(pairs):
        parts, admissible = expected_parts(problem, i, j)
        values = np.array([parts[part] for part in COMPONENTS])
        assert scored.admissible[at] == admissible
        assert np.array_equal(scored.known[at], ~np.isnan(values))
        values = np.where(np.isnan(values), neutral, values)
        assert np.allclose(scored.components[at], values, atol=1e-5)
        assert scored.scores[at] == pytest.approx(values @ weights if admissible else 0, abs=1e-5)
    assert ((scored.components >= 0) & (scored.components <= 1)).all()


@settings(deadline=None, max_examples=25)
@given(seeds, st.integers(1, 12), st.integers(1, 12), st.integers(1, 6))
def test_retrieval_is_the_exact_best_k_of_both_sides(seed: int, n: int, m: int, k: int) -> None:
    problem = random_problem(seed, n, m, k=k)
    found = retrieve(problem, Budget(memory_bytes=1, threads=2)).candidates
    pairs = every_pair(problem)
    scored = score(problem, pairs)
    grid = np.where(scored.admissible, scored.scores, -np.inf).reshape(n, m)
    stored = {(int(i), int(j)) for i, j in zip(*found.nonzero(), strict=True)}
    stored |= set(
        zip(np.repeat(np.arange(n), np.diff(found.indptr)).tolist(), found.indices, strict=True)
    )
    for lines, name in ((grid, 0), (grid.T, 1)):
        for at, line in enumerate(lines):
            mine = sorted(
                (line[pair[1 - name]] for pair in stored if pair[name] == at), reverse=True
            )
            best = sorted(line[np.isfinite(line)], reverse=True)[:k]
            assert len(mine) >= len(best)
            assert np.allclose(mine[: len(best)], best, atol=1e-5)
    assert all(np.isfinite(grid[pair]) for pair in stored)


@settings(deadline=None, max_examples=10)
@given(seeds)
def test_blocks_and_threads_change_nothing(seed: int) -> None:
    problem = random_problem(seed, 40, 30)
    one = retrieve(problem, Budget(memory_bytes=1, threads=1)).candidates
    other = retrieve(problem, Budget(threads=3)).candidates
    assert (one != other).nnz == 0
    assert np.array_equal(one.indices, other.indices)


def test_rows_and_columns_can_be_chosen() -> None:
    problem = random_problem(3, 10, 8)
    only = np.arange(8) % 2 == 0
    found = retrieve(problem, talents=np.array([2, 5]), openings=only).candidates
    assert found.nnz
    assert set(np.unique(np.repeat(np.arange(10), np.diff(found.indptr)))) <= {2, 5}
    assert only[found.indices].all()


def test_empty_sides() -> None:
    for n, m in ((0, 3), (3, 0), (0, 0)):
        found = retrieve(random_problem(0, n, m))
        assert found.complete
        assert found.candidates.shape == (n, m)
        assert found.candidates.nnz == 0


def test_ties_are_drawn_and_do_not_favour_the_first_rows() -> None:
    problem = random_problem(0, 200, 40, k=1)
    blank = replace(
        problem.talents,
        title_vectors=np.zeros((200, 4), np.float32),
        skill_vectors=np.zeros((200, 4), np.float32),
        skills=Vocabulary().encode([[]] * 200),
        regions=problem.talents.regions * 0,
        degree=np.full(200, -1, np.int8),
        years=np.full(200, np.nan, np.float32),
        languages=np.full((200, 2), -1, np.int8),
        starts=np.full(200, "NaT", "datetime64[D]"),
        ends=np.full(200, "NaT", "datetime64[D]"),
    )
    blank.regions.eliminate_zeros()
    blank.industries.data[:] = 0
    blank.industries.eliminate_zeros()
    found = retrieve(Problem(blank, problem.openings, k=1)).candidates
    assert len(np.unique(found.indices)) > 20
    again = retrieve(Problem(blank, problem.openings, k=1), Budget(seed=1)).candidates
    assert not np.array_equal(found.indices, again.indices)


def test_time_and_cancelling() -> None:
    problem = random_problem(1, 20, 20)
    assert not retrieve(problem, Budget(seconds=-1)).complete
    with pytest.raises(Cancelled):
        retrieve(problem, Budget(cancelled=lambda: True))
    shares: list[float] = []
    retrieve(problem, Budget(memory_bytes=1, progress=shares.append))
    assert shares == sorted(shares)
    assert shares[-1] == 1


@settings(deadline=None, max_examples=25)
@given(seeds, st.booleans())
def test_reasons_sum_to_the_score(seed: int, hard: bool) -> None:
    problem = random_problem(seed, 4, 4, all_hard=hard)
    for i, j in every_pair(problem):
        told = reasons(problem, i, j)
        total = score(problem, np.array([[i, j]])).scores[0]
        assert sum(reason.weight for reason in told) == pytest.approx(total, abs=1e-5)
        assert {reason.component for reason in told} == set(COMPONENTS)
        for reason in told:
            assert (reason.fits is None) == reason.code.endswith("unknown")
            assert (reason.fits is None) == ("missing" in reason.params) or "skills" in reason.code
            assert ("gain" in reason.params) == (reason.fits is False)
            if reason.code.endswith("_unknown"):
                assert reason.params["missing"]


def one_pair(**talent: object) -> tuple[Problem, Vocabulary]:
    words = Vocabulary()
    base = random_problem(0, 1, 1)
    asked = words.encode([["数据分析", "welding", "量子退火算法"]])
    has = words.encode([["Data Analysis", "量子退火"]])
    talents = replace(
        base.talents,
        skills=has,
        degree=np.array([3], np.int8),
        years=np.array([2], np.float32),
        languages=np.array([[4, -1]], np.int8),
        starts=np.array(["2026-03-01"], "datetime64[D]"),
        ends=np.array(["2026-03-05"], "datetime64[D]"),
        **talent,  # type: ignore[arg-type]
    )
    openings = replace(
        base.openings,
        skills=asked,
        degree=np.array([4], np.int8),
        years_min=np.array([3], np.float32),
        years_max=np.array([5], np.float32),
        languages=np.array([[3, 2]], np.int8),
        starts=np.array(["2026-03-04"], "datetime64[D]"),
        ends=np.array(["2026-03-09"], "datetime64[D]"),
    )
    return Problem(talents, openings), words


def test_reasons_name_words_of_both_sides_and_what_is_missing() -> None:
    problem, words = one_pair()
    told = {reason.component: reason for reason in reasons(problem, 0, 0, words)}
    skills = told[Component.SKILLS]
    assert skills.code is Code.SKILLS_MATCHED
    matched = {(mine, asked): strength for mine, asked, strength in skills.params["matched"]}
    assert matched["Data Analysis", "数据分析"] == 1
    assert 0.2 < matched["量子退火", "量子退火算法"] < 1
    assert skills.params["missing"] == ["welding"]
    degree = told[Component.DEGREE]
    assert degree.code is Code.DEGREE_BELOW
    assert {"has": 3, "wanted": 4, "hard": True}.items() <= degree.params.items()
    open_to_all = replace(problem, weights=Weights(hard=frozenset()))
    free = score(open_to_all, np.array([[0, 0]])).scores[0]
    rise = problem.weights.vector()[COMPONENTS.index(Component.DEGREE)] * 0.6
    assert degree.params["gain"] == pytest.approx(free + rise, abs=1e-5)
    assert told[Component.EXPERIENCE].code is Code.EXPERIENCE_BELOW
    language = told[Component.LANGUAGE]
    assert language.code is Code.LANGUAGE_MET
    assert language.params["languages"] == [(0, 4, 3)]
    assert language.params["unsaid"] == [(1, 2)]
    assert told[Component.DATES].code is Code.DATES_MEET
    assert told[Component.DATES].params["talent"] == ("2026-03-01", "2026-03-05")


def test_a_talent_is_not_told_to_complete_languages_that_nobody_asks_for() -> None:
    problem, words = one_pair()

    def language(has: list[int], asked: list[int]) -> dict[str, object]:
        changed = Problem(
            replace(problem.talents, languages=np.array([has], np.int8)),
            replace(problem.openings, languages=np.array([asked], np.int8)),
        )
        told = {reason.component: reason for reason in reasons(changed, 0, 0, words)}
        assert told[Component.LANGUAGE].code is Code.LANGUAGE_UNKNOWN
        return told[Component.LANGUAGE].params

    assert language([6, 5], [0, 0])["missing"] == ["opening"]
    assert language([-1, -1], [0, 0])["missing"] == ["opening"]
    silent = language([6, -1], [0, 2])
    assert silent["missing"] == ["talent"] and silent["unsaid"] == [(1, 2)]
    # Also where the talent names only languages that no opening asks for.
    assert language([-1, -1], [0, 2])["unsaid"] == [(1, 2)]


def test_nothing_that_must_not_count_has_a_field() -> None:
    names = {field.name for side in (Talents, Openings) for field in fields(side)}
    assert not names & {"name", "names", "sex", "gender", "age", "birth", "nationality", "photo"}


@pytest.mark.parametrize(
    "make",
    [
        lambda p: replace(p, k=0),
        lambda p: replace(p, term_weights=np.ones(1, np.float32)),
        lambda p: replace(p, talents=replace(p.talents, degree=np.zeros(3, np.int8))),
        lambda p: replace(p, talents=replace(p.talents, title_vectors=p.talents.title_vectors * 2)),
        lambda p: replace(p, talents=replace(p.talents, capacity=np.full(6, -1, np.int32))),
        lambda p: replace(p, talents=replace(p.talents, languages=np.zeros((6, 3), np.int8))),
        lambda p: Weights(weights={Component.TITLE: -1.0}),
        lambda p: Weights(weights={}),
        lambda p: Weights(hard=frozenset({Component.TITLE})),
        lambda p: Weights(title_range=(0.5, 0.5)),
    ],
)
def test_a_faulty_problem_is_refused(make: object) -> None:
    problem = random_problem(0, 6, 5)
    with pytest.raises(ValueError):
        make(problem)  # type: ignore[operator]


def test_a_pair_that_does_not_exist_is_refused() -> None:
    problem = random_problem(0, 2, 2)
    for pair in ((2, 0), (0, 2), (-1, 0)):
        with pytest.raises(IndexError):
            score(problem, np.array([pair]))
