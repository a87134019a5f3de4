"""The best k of both sides for up to a million by a hundred thousand rows: nearly exact, measured.

Three things make it quick. Openings that ask for the same stand together, and only talents whom
one of them could take are multiplied with them. Vectors are multiplied in fewer dimensions, those
with most of the energy of both sides (principal components, uncentred: Pearson 1901). And only
pairs whose title, text and skills leave a chance are scored as a whole. What each row keeps, more
than k, is scored again with the whole vectors; so scores are exact, and only which pairs are found
is not. How many of the best were missed is measured on sampled rows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .packed import Packed
from .problem import COMPONENTS, Budget, Component, Problem
from .screening import Block, admissible_talents, drain, screen

__all__ = ["Kept", "search"]

_SAMPLE = 20_000  # rows a side from which the principal components are taken
_BLOCK = 512  # openings multiplied at a time, at most
_PAIRS = 1_000_000  # of a product


class Kept(NamedTuple):
    """What a search kept: (n, w) and (m, w) scores, about, and numbers of the other side; -1 for
    none. In no order. ``complete``: whether all blocks were looked at."""

    t_scores: NDArray[np.float32]
    t_ids: NDArray[np.int32]
    o_scores: NDArray[np.float32]
    o_ids: NDArray[np.int32]
    complete: bool


@dataclass(frozen=True, slots=True)
class _Shadow:
    """Both sides of one kind of vectors in few dimensions."""

    talents: NDArray[np.float32]
    openings: NDArray[np.float32]


def _shadow(a: NDArray[Any], b: NDArray[Any], width: int, rng: np.random.Generator) -> _Shadow:
    axes = None
    if a.shape[1] > width:
        moments = np.zeros((a.shape[1], a.shape[1]), np.float64)
        for side in (a, b):
            rows = np.sort(rng.choice(len(side), min(_SAMPLE, len(side)), replace=False))
            sample = side[rows].astype(np.float32)
            moments += (sample.T @ sample) / len(sample)
        axes = np.linalg.eigh(moments)[1][:, ::-1][:, :width].astype(np.float32)

    def turned(side: NDArray[Any]) -> NDArray[np.float32]:
        if axes is None:
            return np.ascontiguousarray(side, np.float32)
        out = np.empty((len(side), width), np.float32)
        for at in range(0, len(side), 16_384):
            out[at : at + 16_384] = side[at : at + 16_384].astype(np.float32) @ axes
        return out

    return _Shadow(turned(a), turned(b))


def _asked(problem: Problem) -> NDArray[np.int64]:
    """(m, q) what each opening asks for by its hard terms; openings with equal rows ask alike."""
    hard, side = problem.weights.hard, problem.openings
    columns: list[NDArray[Any]] = []
    if Component.LANGUAGE in hard:
        columns.extend(np.maximum(side.languages, 0).T)
    if Component.DEGREE in hard:
        columns.append(np.maximum(side.degree, 0))
    if Component.DATES in hard:
        columns.extend(v.astype("datetime64[D]").astype(np.int64) for v in (side.starts, side.ends))
    columns.append(np.zeros(len(side), np.int8))
    return np.column_stack([column.astype(np.int64) for column in columns])


def _groups(problem: Problem) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Blocks of openings, and where in it openings begin that ask for something else; and its
    end."""
    asked = _asked(problem)
    order = np.lexsort(asked.T[::-1])
    new = np.ones(len(order), np.bool_)
    new[1:] = (asked[order][1:] != asked[order][:-1]).any(axis=1)
    starts = np.flatnonzero(new)
    begin = 0
    for at, start in enumerate(starts):
        stop = int(starts[at + 1]) if at + 1 < len(starts) else len(order)
        # Small groups share a block with their neighbours, which ask for nearly the same.
        if stop - begin < _BLOCK // 8 and stop < len(order):
            continue
        for first in range(begin, stop, _BLOCK):
            block = np.arange(first, min(first + _BLOCK, stop))
            here = np.flatnonzero(new[block] | (block == first))
            yield order[block].astype(np.int64), np.append(here, len(block))
        begin = stop
        del start


def _block(
    packed: Packed,
    columns: NDArray[np.int64],
    starts: NDArray[np.int64],
    rest: NDArray[np.float32],
) -> Block:
    sizes = packed.o_term_ptr[columns + 1] - packed.o_term_ptr[columns]
    spans = np.repeat(packed.o_term_ptr[columns] - (sizes.cumsum() - sizes), sizes)
    at = spans + np.arange(sizes.sum())
    terms = packed.o_term_idx[at]
    order = np.argsort(terms, kind="stable")
    width = len(packed.post_ptr) - 1
    sums = packed.o_term_sum[columns]
    asks = sums > 0
    return Block(
        columns,
        starts,
        packed.o_title[columns].astype(np.float32),
        packed.o_text[columns].astype(np.float32),
        asks.astype(np.float32),
        np.divide(1, sums, out=np.zeros(len(sums)), where=asks).astype(np.float32),
        rest[columns],
        np.searchsorted(terms[order], np.arange(width + 1)).astype(np.int64),
        np.repeat(np.arange(len(columns), dtype=np.int32), sizes)[order],
        packed.o_term_val[at][order],
    )


def _terms(packed: Packed) -> NDArray[np.float32]:
    """Closeness as a line of the cosine, neutral values, weights: title, text; then skills."""
    parts = [COMPONENTS.index(c) for c in (Component.TITLE, Component.SKILL_TEXT, Component.SKILLS)]
    lines = [v for low, high in packed.ranges for v in (1 / (high - low), -low / (high - low))]
    values = [*lines, *packed.neutral[parts], *packed.weight[parts]]
    return np.array(values, dtype=np.float32)


def _most_of_rest(packed: Packed, problem: Problem) -> NDArray[np.float32]:
    """(m,) the most that the parts beside title, text and skills can give an opening."""
    m = len(problem.openings)
    total = np.zeros(m)
    unknown = {
        Component.REGION: np.diff(packed.o_region_ptr) == 0,
        Component.INDUSTRY: np.diff(packed.o_trade_ptr) == 0,
        Component.DEGREE: packed.o_degree < 0,
        Component.LANGUAGE: ~(packed.o_levels > 0).any(axis=1),
        Component.EXPERIENCE: np.isnan(packed.o_least) & np.isnan(packed.o_most),
        Component.DATES: np.zeros(m, np.bool_),
    }
    for part, nothing in unknown.items():
        at = COMPONENTS.index(part)
        total += packed.weight[at] * np.where(nothing, packed.neutral[at], 1.0)
    return (total + 1e-6).astype(np.float32)


def search(problem: Problem, packed: Packed, budget: Budget, width: int, keep: int) -> Kept:
    """The best ``keep`` of every row, by cosines in ``width`` dimensions of each kind of vectors.

    Memory: 8 ``width`` bytes a row and 8 ``keep`` bytes a row, beside the problem. Barred pairs
    are not looked at here, but when the kept are scored.
    """
    n, m = len(problem.talents), len(problem.openings)
    rng = np.random.default_rng(budget.seed)
    title, text = (
        _shadow(getattr(problem.talents, kind), getattr(problem.openings, kind), width, rng)
        for kind in ("title_vectors", "skill_vectors")
    )
    least = np.float32(-1)
    t_scores, t_ids = np.full((n, keep), least), np.full((n, keep), -1, np.int32)
    o_scores, o_ids = np.full((m, keep), least), np.full((m, keep), -1, np.int32)
    terms, rest = _terms(packed), _most_of_rest(packed, problem)
    workers = budget.threads or len(os.sched_getaffinity(0))
    done = 0
    with ThreadPoolExecutor(workers) as pool:
        for columns, starts in _groups(problem):
            if budget.expired():
                return Kept(t_scores, t_ids, o_scores, o_ids, False)
            block = _block(packed, columns, starts, rest)
            able = np.zeros(n, np.bool_)
            cuts = np.linspace(0, n, workers + 1).astype(int)
            marks = [able[cuts[w] : cuts[w + 1]] for w in range(workers)]
            parts = [_from(packed, int(cuts[w])) for w in range(workers)]
            list(pool.map(admissible_talents, parts, [columns[starts[:-1]]] * workers, marks))
            rows = np.flatnonzero(able)
            heaps = [
                (
                    np.full((len(columns), keep), least),
                    np.full((len(columns), keep), -1, np.int32),
                    *np.zeros((3, len(columns)), np.float32),
                )
                for _ in range(workers)
            ]
            o_title, o_text = title.openings[columns].T, text.openings[columns].T
            size = max(1, _PAIRS // len(columns))
            for at in range(0, len(rows), size):
                here = rows[at : at + size]
                titles, texts = title.talents[here] @ o_title, text.talents[here] @ o_text
                edges = np.linspace(0, len(here), workers + 1).astype(int)

                cuts_here = [slice(edges[w], edges[w + 1]) for w in range(workers)]
                jobs = [
                    (packed, here[cut], block, titles[cut], texts[cut], terms,
                     problem.minimum_score, t_scores, t_ids, *heap)
                    for cut, heap in zip(cuts_here, heaps, strict=True)
                ]  # fmt: skip
                list(pool.map(lambda job: screen(*job), jobs))
            for other in heaps[1:]:
                drain(*other[:2], *heaps[0][:2])
            o_scores[columns], o_ids[columns] = heaps[0][:2]
            done += len(columns)
            budget.progress(done / m)
    return Kept(t_scores, t_ids, o_scores, o_ids, True)


def _from(packed: Packed, start: int) -> Packed:
    """The hard terms of talents from ``start`` on, for a thread of its own."""
    return packed._replace(
        t_degree=packed.t_degree[start:],
        t_levels=packed.t_levels[start:],
        t_start=packed.t_start[start:],
        t_end=packed.t_end[start:],
    )
