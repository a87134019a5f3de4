"""Single rows under the real score, exactly: what is new, and what a search has missed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .barred import barred
from .kernels import score_pairs
from .packed import Packed, pack
from .problem import COMPONENTS, Problem
from .screening import admissible_openings, admissible_talents, cosines

__all__ = ["Recall", "best_of_opening", "best_of_talent", "pair_scores", "recall_of"]

_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Recall:
    """Shares of the best k admissible that were found, on rows drawn by lot.

    mean, worst_tenth: of talents, then of openings; the second is the mean of the tenth of the
    sampled rows with the lowest shares. rows: how many of each side had an admissible pair.
    """

    mean: tuple[float, float]
    worst_tenth: tuple[float, float]
    rows: tuple[int, int]


def pair_scores(
    problem: Problem, packed: Packed, left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.float32]:
    """(E,) exact scores without their parts; -1 for a pair that a hard term or a bar forbids."""
    out = np.empty(len(left), np.float32)
    components = np.empty((min(_CHUNK, len(left)), len(COMPONENTS)), np.float32)
    known = np.empty(components.shape, np.bool_)
    talents, openings = problem.talents, problem.openings
    for at in range(0, len(left), _CHUNK):
        a, b = left[at : at + _CHUNK], right[at : at + _CHUNK]
        scores, size = out[at : at + _CHUNK], len(a)
        able = np.empty(size, np.bool_)
        titles = cosines(talents.title_vectors, openings.title_vectors, a, b)
        texts = cosines(talents.skill_vectors, openings.skill_vectors, a, b)
        score_pairs(packed, a, b, titles, texts, scores, components[:size], known[:size], able)
        scores[~able | barred(problem, a, b)] = -1
    return out


def _best(
    ids: NDArray[np.int64], scores: NDArray[np.float32], k: int, least: float
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    good = np.flatnonzero(scores >= max(least, 0))
    if len(good) > k:
        good = good[np.argpartition(-scores[good], k - 1)[:k]]
    good = good[np.argsort(-scores[good], kind="stable")]
    return ids[good], scores[good]


def best_of_opening(
    problem: Problem, opening: int, *, packed: Packed | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The k best talents of one opening with their scores, best first. Exact; O(n), a fraction of
    a second for a million talents, if ``packed`` (``pack(problem)``) is kept between calls."""
    packed = packed or pack(problem)
    able = np.zeros(len(problem.talents), np.bool_)
    admissible_talents(packed, np.array([opening], np.int64), able)
    ids = np.flatnonzero(able)
    scores = pair_scores(problem, packed, ids, np.full(len(ids), opening, np.int64))
    return _best(ids, scores, problem.k, problem.minimum_score)


def best_of_talent(
    problem: Problem, talent: int, *, packed: Packed | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The k best openings of one talent with their scores, best first. Exact; O(m)."""
    packed = packed or pack(problem)
    able = np.zeros(len(problem.openings), np.bool_)
    admissible_openings(packed, talent, able)
    ids = np.flatnonzero(able)
    scores = pair_scores(problem, packed, np.full(len(ids), talent, np.int64), ids)
    return _best(ids, scores, problem.k, problem.minimum_score)


def recall_of(
    problem: Problem, packed: Packed, candidates: csr_array, rows: int, seed: int
) -> Recall:
    """How many of the exact best k ``candidates`` hold, on ``rows`` rows of each side by lot.

    A candidate counts if its exact score is that of the k-th best or more, so that ties do not
    count as misses.
    """
    rng = np.random.default_rng(seed)
    n, m = candidates.shape
    chosen = [np.sort(rng.choice(size, min(rows, size), replace=False)) for size in (n, m)]
    # Of the openings' columns only the sampled ones are taken out of the candidates.
    wanted = np.zeros(m, np.bool_)
    wanted[chosen[1]] = True
    edges = np.flatnonzero(wanted[candidates.indices])
    in_column, column_scores = candidates.indices[edges], candidates.data[edges]
    shares: list[list[float]] = [[], []]
    for i in chosen[0].tolist():
        _, best = best_of_talent(problem, i, packed=packed)
        if len(best):
            mine = candidates.data[candidates.indptr[i] : candidates.indptr[i + 1]]
            shares[0].append(min(1.0, float((mine >= best[-1] - 1e-5).sum() / len(best))))
    for j in chosen[1].tolist():
        _, best = best_of_opening(problem, j, packed=packed)
        if len(best):
            mine = column_scores[in_column == j]
            shares[1].append(min(1.0, float((mine >= best[-1] - 1e-5).sum() / len(best))))
    means, worst = [], []
    for found in shares:
        found.sort()
        means.append(float(np.mean(found)) if found else float("nan"))
        tenth = found[: max(1, len(found) // 10)]
        worst.append(float(np.mean(tenth)) if tenth else float("nan"))
    return Recall((means[0], means[1]), (worst[0], worst[1]), (len(shares[0]), len(shares[1])))
