"""The best k for every row of both sides under the real score: exact up to a size, block by block,
and past it nearly so (:mod:`.approximate`), with the recall measured."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from .approximate import search
from .barred import bar_block, barred
from .kernels import keep_best_columns, keep_best_rows, score_pairs, score_rows
from .packed import Packed, pack
from .problem import COMPONENTS, Budget, Problem
from .rows import Recall, recall_of
from .union import rescore, united

__all__ = [
    "Lists",
    "Retrieved",
    "Scored",
    "block_size",
    "retrieve",
    "scan",
    "score",
    "united_lists",
]

_LEAST = np.float32(-1.0)  # what the kernels write for a forbidden pair


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of E pairs.

    scores: (E,) float32, 0 to 1: ``components @ weights``; 0 where not admissible.
    components: (E, C) float32, 0 to 1, columns as ``COMPONENTS``; the neutral value where
        unknown.
    known: (E, C) bool, whether both sides said enough for that part.
    admissible: (E,) bool, False where a hard term is known to fail, or the pair is barred.
    """

    scores: NDArray[np.float32]
    components: NDArray[np.float32]
    known: NDArray[np.bool_]
    admissible: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Retrieved:
    """candidates: (n, m) CSR of float32 scores: for each pair that is among the k best of its
    talent or of its opening. complete: False if time ended before all talents were looked at.
    recall: what was found of the exact best k on sampled rows; None where every pair was scored."""

    candidates: csr_array
    complete: bool
    recall: Recall | None = None


def score(problem: Problem, pairs: NDArray[np.integer], *, packed: Packed | None = None) -> Scored:
    """Scores with their parts for ``pairs``, (E, 2) of talent and opening numbers.

    Raises ``IndexError`` for a number outside the sides.
    """
    pairs = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    n, m = len(problem.talents), len(problem.openings)
    if len(pairs) and (pairs.min() < 0 or pairs[:, 0].max() >= n or pairs[:, 1].max() >= m):
        raise IndexError("a pair names a row that does not exist")
    count = len(pairs)
    result = Scored(
        np.zeros(count, np.float32),
        np.zeros((count, len(COMPONENTS)), np.float32),
        np.zeros((count, len(COMPONENTS)), np.bool_),
        np.zeros(count, np.bool_),
    )
    packed = packed or pack(problem)
    chunk = 8_192  # two gathered blocks of vectors at a time, about 32 MB
    for at in range(0, count, chunk):
        here = slice(at, at + chunk)
        left, right = np.ascontiguousarray(pairs[here, 0]), np.ascontiguousarray(pairs[here, 1])
        score_pairs(
            packed,
            left,
            right,
            _cosines(problem.talents.title_vectors, problem.openings.title_vectors, left, right),
            _cosines(problem.talents.skill_vectors, problem.openings.skill_vectors, left, right),
            result.scores[here],
            result.components[here],
            result.known[here],
            result.admissible[here],
        )
        bars = barred(problem, left, right)
        result.scores[here][bars] = 0.0
        result.admissible[here][bars] = False
    return result


def _cosines(
    a: NDArray[np.float32],
    b: NDArray[np.float32],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> NDArray[np.float32]:
    return np.einsum(
        "ij,ij->i", a[left].astype(np.float32, copy=False), b[right].astype(np.float32, copy=False)
    )


def retrieve(
    problem: Problem,
    budget: Budget | None = None,
    *,
    talents: NDArray[np.integer] | None = None,
    openings: NDArray[np.bool_] | None = None,
    packed: Packed | None = None,
) -> Retrieved:
    """The k best openings of each talent and the k best talents of each opening.

    Exact up to ``budget.exact_pairs`` pairs, or where rows are chosen: every pair is scored, in
    blocks of talents that fit ``budget.memory_bytes``; the time is O(n m), the memory O((n + m) k)
    beside the blocks. Past that nearly exact, with ``recall`` measured. Ties are decided by lot
    from ``budget.seed``. talents: only these rows; openings: (m,) only where True.
    """
    budget = budget or Budget()
    packed = packed or pack(problem)
    if talents is None and openings is None:
        sides = len(problem.talents), len(problem.openings)
        if sides[0] * sides[1] > budget.exact_pairs:
            return _large(problem, packed, budget)
    n, m = len(problem.talents), len(problem.openings)
    rows = np.arange(n) if talents is None else np.unique(np.asarray(talents, dtype=np.int64))
    columns = np.arange(m) if openings is None else np.flatnonzero(openings)
    if not len(rows) or not len(columns):
        return Retrieved(csr_array((n, m), dtype=np.float32), True)
    best, other, complete = scan(problem, budget, packed, rows, columns)
    return Retrieved(united_lists(problem, packed, rows, columns, best, other), complete)


def block_size(budget: Budget, columns: int) -> int:
    """Talents multiplied at a time: three blocks of float32, two of cosines, one of scores."""
    return max(1, min(256, budget.memory_bytes // (12 * max(columns, 1))))


def scan(
    problem: Problem,
    budget: Budget,
    packed: Packed,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
) -> tuple[Lists, Lists, bool]:
    """Score every pair of ``rows`` and ``columns``: the lists of the k best of each row, then of
    each column, and whether time sufficed."""
    n, m = len(problem.talents), len(problem.openings)
    # A whole side is not copied.
    o_titles, o_texts = problem.openings.title_vectors, problem.openings.skill_vectors
    if len(columns) < m:
        o_titles, o_texts = o_titles[columns], o_texts[columns]
    o_titles = o_titles.astype(np.float32, copy=False)
    o_texts = o_texts.astype(np.float32, copy=False)
    best = _lists(len(rows), min(problem.k, len(columns)))
    other = _lists(len(columns), min(problem.k, n))
    workers = budget.threads or len(os.sched_getaffinity(0))
    size = block_size(budget, len(columns))
    complete = True
    least, seed = problem.minimum_score, budget.seed
    places = np.full(m, -1, np.int64)
    places[columns] = np.arange(len(columns))
    with ThreadPoolExecutor(workers) as pool:
        for at in range(0, len(rows), size):
            if budget.expired():
                complete = False
                break
            here = rows[at : at + size]
            block = _Block(
                here,
                problem.talents.title_vectors[here].astype(np.float32, copy=False) @ o_titles.T,
                problem.talents.skill_vectors[here].astype(np.float32, copy=False) @ o_texts.T,
                np.empty((len(here), len(columns)), np.float32),
            )
            mine = tuple(array[at : at + size] for array in best)

            def by_row(
                cut: slice, block: _Block = block, mine: tuple[NDArray[Any], ...] = mine
            ) -> None:
                titles, texts, scores = block.titles[cut], block.texts[cut], block.scores[cut]
                score_rows(packed, block.rows[cut], columns, titles, texts, scores)
                bar_block(problem, block.rows[cut], columns, places, scores, _LEAST)
                lists = (array[cut] for array in mine)
                keep_best_rows(scores, block.rows[cut], columns, least, seed, *lists)

            def by_column(cut: slice, block: _Block = block) -> None:
                span = (cut.start, cut.stop, least, seed)
                keep_best_columns(block.scores, block.rows, columns, *span, *other)

            # Each thread writes rows, then lists of columns, of its own.
            list(pool.map(by_row, _cuts(len(here), workers)))
            list(pool.map(by_column, _cuts(len(columns), workers)))
            budget.progress(min(1.0, (at + len(here)) / len(rows)))
    return best, other, complete


def _large(problem: Problem, packed: Packed, budget: Budget) -> Retrieved:
    """Search in fewer dimensions, score what was kept exactly, measure what was missed."""

    def told(low: float, high: float) -> Budget:
        return replace(budget, progress=lambda part: budget.progress(low + (high - low) * part))

    keep = max(problem.k + 30, round(1.5 * problem.k))
    kept = search(problem, packed, told(0, 0.8), budget.width, keep)
    rescore(problem, packed, budget, kept.t_scores, kept.t_ids)
    budget.progress(0.95)
    rescore(problem, packed, budget, kept.o_scores, kept.o_ids, turned=True)
    shape = len(problem.talents), len(problem.openings)
    candidates = united(shape, problem.k, *kept[:4])
    complete = kept.complete
    del kept
    recall = recall_of(problem, packed, candidates, budget.sampled, budget.seed)
    budget.progress(1.0)
    return Retrieved(candidates, complete, recall)


class _Block(NamedTuple):
    rows: NDArray[np.int64]
    titles: NDArray[np.float32]
    texts: NDArray[np.float32]
    scores: NDArray[np.float32]


Lists = tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int64]]


def _lists(count: int, k: int) -> Lists:
    """Empty lists of the k best: score, row, lot."""
    return (
        np.full((count, k), _LEAST, np.float32),
        np.full((count, k), -1, np.int32),
        np.full((count, k), np.iinfo(np.int64).max, np.int64),
    )


def _cuts(count: int, workers: int) -> list[slice]:
    edges = np.linspace(0, count, min(workers, count) + 1).astype(int)
    return [slice(int(a), int(b)) for a, b in pairwise(edges)]


def united_lists(
    problem: Problem,
    packed: Packed,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    best: Lists,
    other: Lists,
) -> csr_array:
    n, m = len(problem.talents), len(problem.openings)
    left = np.concatenate([np.repeat(rows, best[1].shape[1]), other[1].ravel().astype(np.int64)])
    right = np.concatenate(
        [best[1].ravel().astype(np.int64), np.repeat(columns, other[1].shape[1])]
    )
    real = (left >= 0) & (right >= 0)
    keys = np.unique(left[real] * m + right[real])
    pairs = np.column_stack([keys // m, keys % m])
    scores = score(problem, pairs, packed=packed).scores
    # Through COO: a score of exactly 0 stays a stored candidate.
    return coo_array((scores, (pairs[:, 0], pairs[:, 1])), shape=(n, m)).tocsr()
