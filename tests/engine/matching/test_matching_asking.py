"""Questions: worth what an exhaustive reckoning says, and nothing where nothing can change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from talex.engine.matching import COMPONENTS, Component, Problem, id_sets, questions, score
from talex.engine.matching.asking import said, take
from talex.engine.matching.problem import Weights
from talex.engine.matching.vocabulary import SkillSets
from tests.engine.matching.problems import random_problem


def emptied(problem: Problem, row: int) -> Problem:
    """The same with a talent who says nothing at all."""
    talents = problem.talents
    rows = np.arange(len(talents)) != row
    n = len(talents)

    def blank(values: np.ndarray, nothing: object) -> np.ndarray:
        changed = values.copy()
        changed[row] = nothing
        return changed

    def without(matrix: object) -> object:
        kept = matrix.tolil()  # type: ignore[attr-defined]
        kept[row] = 0
        found = kept.tocsr()
        found.eliminate_zeros()
        return found

    assert rows.sum() == n - 1
    return replace(
        problem,
        talents=replace(
            talents,
            title_vectors=blank(talents.title_vectors, 0),
            skill_vectors=blank(talents.skill_vectors, 0),
            skills=SkillSets(without(talents.skills.written), without(talents.skills.terms)),
            regions=without(talents.regions),
            industries=without(talents.industries),
            starts=blank(talents.starts, np.datetime64("NaT")),
            ends=blank(talents.ends, np.datetime64("NaT")),
            degree=blank(talents.degree, -1),
            years=blank(talents.years, np.nan),
            languages=blank(talents.languages, -1),
        ),
    )


def slow_gain(problem: Problem, row: int, part: Component, k: int) -> float:
    """One question's worth by really giving each other talent's answer and scoring anew."""
    column = COMPONENTS.index(part)
    m = len(problem.openings)
    pairs = np.array([[row, j] for j in range(m)])
    before = score(problem, pairs).scores.astype(float)
    rises = []
    for donor in np.flatnonzero(said(problem.talents)[:, column]):
        if donor == row:
            continue
        after = score(problem, pairs)
        given = score(problem, np.array([[donor, j] for j in range(m)]))
        parts = after.components.astype(float)
        parts[:, column] = given.components[:, column]
        scores = parts @ problem.weights.vector()
        order = np.argsort(-before, kind="stable")[:k]
        rises.append((np.sort(scores)[-k:].sum() - scores[order].sum()) / k)
    return float(np.mean(rises))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_question_is_worth_what_answers_really_change(seed: int) -> None:
    problem = random_problem(seed, 12, 9, all_hard=False)
    # One part of a full talent is taken away: then the ranking before has no ties.
    column = COMPONENTS.index(Component.REGION)
    row = int(np.flatnonzero(said(problem.talents).sum(axis=1) >= 6)[0])
    regions = [[1, 2], [0], [3], [4], [0, 4], [2], [1], [3, 2], [0, 1], [2, 4], [1, 4], [3]]
    regions[row] = []
    problem = replace(problem, talents=replace(problem.talents, regions=id_sets(regions, 5)))
    found = questions(problem, row, count=9, k=3, samples=11, parts=[Component.REGION])
    expected = slow_gain(problem, row, Component.REGION, 3)
    got = found[0].gain if found else 0.0
    assert got == pytest.approx(expected if expected >= 1e-4 else 0.0, abs=1e-6)
    assert not said(problem.talents)[row, column]


def test_the_questions_follow_the_openings() -> None:
    """Where openings differ in the place alone, the place is asked for; in the degree, that."""
    base = emptied(random_problem(5, 30, 20, all_hard=False), 0)
    openings = take(base.openings, [0] * 20)  # twenty times the same opening
    places = replace(openings, regions=id_sets([[j % 5] for j in range(20)], 5))
    asked = questions(replace(base, openings=places, forbidden=None), 0, k=4)
    assert [one.component for one in asked] == [Component.REGION]
    assert asked[0].gain > 0.01 and 1 < asked[0].moved <= 4
    degrees = replace(openings, degree=np.array([j % 5 for j in range(20)], np.int8))
    asked = questions(replace(base, openings=degrees), 0, k=4)
    assert [one.component for one in asked] == [Component.DEGREE]
    # Twenty times the same: whatever is answered, the order stays.
    assert questions(replace(base, openings=openings), 0, k=4) == []


def test_answers_come_from_the_openings_where_nobody_else_gave_one() -> None:
    base = emptied(random_problem(7, 1, 25, all_hard=False), 0)
    asked = questions(base, 0, count=9)
    assert asked and {one.component for one in asked} <= set(COMPONENTS)
    assert len({one.component for one in asked}) == len(asked)


@pytest.mark.parametrize("side", ["talent", "opening"])
@pytest.mark.parametrize("seed", range(4))
def test_only_what_is_unknown_is_asked_and_gains_are_positive(seed: int, side: str) -> None:
    problem = random_problem(seed, 25, 18)
    own = said(problem.talents if side == "talent" else problem.openings)
    for row in range(6):
        found = questions(problem, row, side=side, count=9, seed=seed)  # type: ignore[arg-type]
        known = {COMPONENTS[c] for c in np.flatnonzero(own[row])}
        assert not known & {one.component for one in found}
        assert all(one.gain > 0 and 0 <= one.moved <= 10 for one in found)
        again = questions(problem, row, side=side, count=9, seed=seed)  # type: ignore[arg-type]
        assert found == again
    with pytest.raises(IndexError):
        questions(problem, 25, side=side)  # type: ignore[arg-type]


def test_a_failing_hard_term_counts() -> None:
    """An answer that forbids openings is worth knowing, though its part weighs nothing."""
    base = emptied(random_problem(5, 30, 20, all_hard=False), 0)
    openings = take(base.openings, [0] * 20)
    openings = replace(openings, degree=np.array([4 * (j % 2) for j in range(20)], np.int8))
    talents = replace(
        base.talents, degree=np.array([-1] + [1] * 29, np.int8)
    )  # fmt: skip
    light = Weights(
        weights={Component.TITLE: 1.0, Component.DEGREE: 0.0}, hard=frozenset({Component.DEGREE})
    )
    problem = replace(base, openings=openings, talents=talents, weights=light)
    (asked,) = questions(problem, 0, k=10)
    assert asked.component == Component.DEGREE and asked.gain > 0.1
