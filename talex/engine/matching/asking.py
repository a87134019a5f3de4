"""What to ask somebody who has said little: the questions whose answers help most.

A row with unknown parts has a ranking of the other side that rests on neutral values. An answer
moves scores, and with them who stands on top. What a question is worth is the *expected value of
information* (Howard, 1966): by how much the mean score of the k on top rises, over what people
answer, when the ranking follows the answer instead of staying as it is. A question that shifts all
scores alike is worth nothing, however heavy its weight; so is one that no row of the other side
cares about. Answers are drawn from the others of the same side who gave one; where nobody did, from
what the other side says of that part (a talent who has just what an opening asks for).

Scores are sums of parts, so an answer replaces one column of the parts; hard terms are looked at
again. Questions are chosen greedily, each by what it adds to those before it: the value of a set is
monotone, and an answer may make another question idle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .barred import barred
from .packed import pack
from .problem import COMPONENTS, Component, Openings, Problem, Talents
from .retrieve import score
from .vocabulary import SkillSets

__all__ = ["Question", "questions", "said", "take"]

#: Below this an answer is not worth the asking (in points of a score of 0 to 1).
TELLING = 1e-4
Side = Literal["talent", "opening"]
_LANGUAGE = COMPONENTS.index(Component.LANGUAGE)
_DEGREE = COMPONENTS.index(Component.DEGREE)
_DATES = COMPONENTS.index(Component.DATES)


@dataclass(frozen=True, slots=True)
class Question:
    """Ask for ``component``.

    gain: expected rise of the mean score of the k on top, 0 to 1, beyond the questions before.
    moved: expected number of the k that were not on top before this answer and those before it.
    """

    component: Component
    gain: float
    moved: float


def said(side: Talents | Openings) -> NDArray[np.bool_]:
    """(n, C) whether each row says anything of each part, columns as ``COMPONENTS``."""

    def filled(matrix: Any) -> NDArray[np.bool_]:
        return np.asarray(np.diff(matrix.indptr) > 0)

    if isinstance(side, Talents):
        years, languages = ~np.isnan(side.years), (side.languages >= 0).any(axis=1)
    else:
        years = ~(np.isnan(side.years_min) & np.isnan(side.years_max))
        languages = (side.languages > 0).any(axis=1)
    columns: dict[Component, NDArray[np.bool_]] = {
        Component.TITLE: np.asarray(side.title_vectors.any(axis=1)),
        Component.SKILLS: filled(side.skills.terms),
        Component.SKILL_TEXT: np.asarray(side.skill_vectors.any(axis=1)),
        Component.DEGREE: side.degree >= 0,
        Component.EXPERIENCE: years,
        Component.LANGUAGE: np.asarray(languages),
        Component.REGION: filled(side.regions),
        Component.INDUSTRY: filled(side.industries),
        Component.DATES: ~(np.isnat(side.starts) | np.isnat(side.ends)),
    }
    return np.stack([columns[part] for part in COMPONENTS], axis=1)


def _shared(side: Talents | Openings, rows: NDArray[np.intp]) -> dict[str, Any]:
    return {
        "title_vectors": side.title_vectors[rows],
        "skill_vectors": side.skill_vectors[rows],
        "skills": SkillSets(side.skills.written[rows], side.skills.terms[rows]),
        "regions": side.regions[rows],
        "industries": side.industries[rows],
        "starts": side.starts[rows],
        "ends": side.ends[rows],
        "capacity": side.capacity[rows],
        "degree": side.degree[rows],
        "ways": None if side.ways is None else side.ways[rows],
    }


def take(side: Talents | Openings, rows: Sequence[int] | NDArray[np.intp]) -> Any:
    """Some rows of a side, in the order given."""
    at = np.asarray(rows, np.intp)
    if isinstance(side, Talents):
        return Talents(
            **_shared(side, at), years=side.years[at], languages=side.languages[at]
        )  # fmt: skip
    return Openings(
        **_shared(side, at),
        years_min=side.years_min[at],
        years_max=side.years_max[at],
        languages=side.languages[at],
    )


def _mirrored(side: Talents | Openings, rows: NDArray[np.intp]) -> Any:
    """Rows of one side as if they stood on the other: who has just what is asked for."""
    shared = _shared(side, rows)
    if isinstance(side, Openings):
        years = np.where(np.isnan(side.years_min), side.years_max, side.years_min)[rows]
        levels = np.where(side.languages > 0, side.languages, -1)[rows].astype(np.int8)
        return Talents(**shared, years=years.astype(np.float32), languages=levels)
    return Openings(
        **shared,
        years_min=side.years[rows],
        years_max=np.full(len(rows), np.nan, np.float32),
        languages=np.maximum(side.languages, 0)[rows],
    )


@dataclass(frozen=True)
class _Answers:
    """Rows that answer: their parts against every row of the other side.

    parts: (D, M, C) values; fails: (D, M, C) hard terms that are known to fail; says: (D, C).
    """

    parts: NDArray[np.float32]
    fails: NDArray[np.bool_]
    says: NDArray[np.bool_]


def _answers(problem: Problem, mine: Any, others: Any) -> _Answers:
    """Every row of ``mine`` against every row of ``others``, whichever of them are talents."""
    as_talent = isinstance(mine, Talents)
    talents, openings = (mine, others) if as_talent else (others, mine)
    count, width = len(mine), len(others)
    small = Problem(
        talents, openings, weights=problem.weights, term_weights=problem.term_weights
    )  # fmt: skip
    first = np.repeat(np.arange(count), width)
    second = np.tile(np.arange(width), count)
    pairs = np.stack([first, second] if as_talent else [second, first], axis=1)
    scored = score(small, pairs, packed=pack(small))
    shape = (count, width, len(COMPONENTS))
    parts, known = scored.components.reshape(shape), scored.known.reshape(shape)
    fails = np.zeros(shape, np.bool_)
    hard = problem.weights.hard
    if Component.DEGREE in hard:
        fails[..., _DEGREE] = known[..., _DEGREE] & (parts[..., _DEGREE] < 1.0)
    if Component.DATES in hard:
        fails[..., _DATES] = known[..., _DATES] & (parts[..., _DATES] == 0.0)
    if Component.LANGUAGE in hard:
        has, asked = talents.languages[pairs[:, 0]], openings.languages[pairs[:, 1]]
        fails[..., _LANGUAGE] = ((has >= 0) & (has < asked)).any(axis=1).reshape(shape[:2])
    return _Answers(parts, fails, said(mine))


def _top(scores: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """(..., M) how much each row is on top, summing to k: rows that tie for the last places
    share them, so that no order of rows counts."""
    edge = np.partition(scores, -k, axis=-1)[..., -k, None]
    above = scores > edge
    ties = scores == edge
    left = k - above.sum(axis=-1, keepdims=True)
    return np.asarray(above + ties * (left / ties.sum(axis=-1, keepdims=True)))


def questions(
    problem: Problem,
    row: int,
    *,
    side: Side = "talent",
    count: int = 3,
    k: int = 10,
    samples: int = 32,
    others: int = 1000,
    parts: Sequence[Component] = COMPONENTS,
    seed: int = 0,
) -> list[Question]:
    """The questions that help a row most, the best first; fewer than ``count`` where fewer help.

    row: of the talents, or with ``side`` "opening" of the openings. k: how many on top are looked
    at. samples: answers drawn. others: of the other side at most so many are looked at, by lot.
    parts: what can be asked at all. Time: ``others`` * (answering rows, at most ``samples`` a
    part) scores; memory ``samples`` * ``others`` float64 a question.
    Raises ``IndexError`` for a row that does not exist.
    """
    mine: Any
    theirs: Any
    mine, theirs = problem.talents, problem.openings
    if side == "opening":
        mine, theirs = theirs, mine
    if not 0 <= row < len(mine):
        raise IndexError(f"there is no {side} {row}")
    rng = np.random.default_rng(seed)
    columns = _allowed(problem, row, side, len(theirs))
    if len(columns) > others:
        columns = np.sort(rng.choice(columns, others, replace=False))
    if not len(columns):
        return []
    theirs = take(theirs, columns)
    own = _answers(problem, take(mine, [row]), theirs)
    unknown = [c for c in range(len(COMPONENTS)) if not own.says[0, c] and COMPONENTS[c] in parts]
    donors = _donors(problem, mine, theirs, row, unknown, samples, rng)
    drawn = {c: _draw(found, samples, rng) for c, found in donors.items()}
    k = min(k, len(columns))
    weights = problem.weights.vector()
    draws = _Draws(own, drawn, weights, samples)
    start = _top(draws.scores([])[:1], k)[0]
    chosen: list[int] = []
    result: list[Question] = []
    worth = 0.0
    while len(result) < count:
        found = [
            (*_worth(draws.scores([*chosen, c]), start, k), c) for c in drawn if c not in chosen
        ]
        if not found:
            break
        value, moved, best = max(found, key=lambda one: (one[0], -one[2]))
        if value - worth < TELLING:
            break
        result.append(Question(COMPONENTS[best], value - worth, moved))
        chosen.append(best)
        worth = value
    return result


def _allowed(problem: Problem, row: int, side: Side, count: int) -> NDArray[np.intp]:
    """The rows of the other side that may be proposed to this one at all."""
    every = np.arange(count)
    same = np.full(count, row)
    bars = barred(problem, same, every) if side == "talent" else barred(problem, every, same)
    return np.flatnonzero(~bars)


def _donors(
    problem: Problem,
    mine: Any,
    theirs: Any,
    row: int,
    unknown: list[int],
    samples: int,
    rng: np.random.Generator,
) -> dict[int, _Answers]:
    """For each unknown part the rows that answer it; without a part that nobody speaks of."""
    says, asked = said(mine), said(theirs)
    says[row] = False
    found: dict[int, _Answers] = {}
    for c in unknown:
        rows, source = np.flatnonzero(says[:, c]), mine
        if not len(rows):
            rows, source = np.flatnonzero(asked[:, c]), theirs
        if not len(rows):
            continue
        if len(rows) > samples:
            rows = np.sort(rng.choice(rows, samples, replace=False))
        people = take(mine, rows) if source is mine else _mirrored(theirs, rows)
        found[c] = _answers(problem, people, theirs)
    return found


def _draw(found: _Answers, samples: int, rng: np.random.Generator) -> _Answers:
    """``samples`` answering rows, each as often as any other (by lot where they do not come out
    even)."""
    count = len(found.parts)
    order = np.concatenate([rng.permutation(count) for _ in range(-(-samples // count))])[:samples]
    return _Answers(found.parts[order], found.fails[order], found.says[order])


@dataclass(frozen=True)
class _Draws:
    """The same draws for every question, so that questions are compared on the same people."""

    own: _Answers
    drawn: dict[int, _Answers]
    weights: NDArray[np.float64]
    samples: int

    def scores(self, asked: Sequence[int]) -> NDArray[np.float64]:
        """(samples, M) scores once these parts are answered; 0 where a hard term fails."""
        parts = self.own.parts[0].astype(np.float64)
        total = np.tile(parts @ self.weights, (self.samples, 1))
        failed = np.tile(self.own.fails[0].any(axis=1), (self.samples, 1))
        for c in asked:
            answers = self.drawn[c]
            total += self.weights[c] * (answers.parts[:, :, c] - parts[:, c])
            failed |= answers.fails[:, :, c]
        # Rounded, so that what is equal but for the order of summing ties.
        return np.asarray(np.where(failed, 0.0, np.round(total, 9)))


def _worth(scores: NDArray[np.float64], start: NDArray[np.float64], k: int) -> tuple[float, float]:
    """By how much the top k beat those of before, and how many of them are new: means."""
    best = _top(scores, k)
    rise = (scores * (best - start)).sum(axis=1) / k
    moved = k - np.minimum(best, start).sum(axis=1)
    return float(rise.mean()), float(moved.mean())
