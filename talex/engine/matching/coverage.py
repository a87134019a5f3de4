"""Who is reached by a matching and who is not, and why: counts over all pairs, without the pairs.

A hard term looks at few facts of a row (degree, levels of languages, ways of meeting), and many
rows agree in them. So pairs are counted between the distinct combinations, each with how often it
occurs: exact, and quick where there are few of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .problem import Component, Problem

__all__ = ["TERMS", "Coverage", "Reach", "Term", "Why", "coverage", "explain"]

#: A candidate that is wanted: among this many of the best of its row.
WANTED = 5
_BLOCK = 4_000_000  # pairs of combinations looked at together


class Term(StrEnum):
    """What can forbid a pair, in the order of the columns of ``excluded``."""

    DEGREE = "degree"
    LANGUAGE = "language"
    DATES = "dates"
    WAYS = "ways"  #: no way of meeting in common
    DECIDED = "decided"  #: told by the caller (``Problem.forbidden``)


TERMS: tuple[Term, ...] = tuple(Term)


class Why(StrEnum):
    """Why a row has no proposal. ``Term`` values stand beside these."""

    FULL = "full"  #: it has no room, so nothing is proposed
    NOBODY = "nobody"  #: the other side is empty
    FAR = "far"  #: admissible, but nothing is close enough
    TAKEN = "taken"  #: close enough, but what is close has no room left


@dataclass(frozen=True, slots=True)
class Reach:
    """One side, r rows.

    proposals: (r,) int64, pairs proposed.
    room: (r,) int64, its capacity.
    admissible: (r,) int64, rows of the other side that no term forbids.
    excluded: (r, T) int64, rows that this term forbids, columns as ``TERMS``; a pair that several
        forbid counts in each.
    alone: (r, T) int64, of these the ones that no other term forbids: what dropping it would win.
    best: (r,) float32, the highest score of a candidate; nan without any.
    wanted: (r,) int64, rows of the other side among whose five best candidates it is.
    """

    proposals: NDArray[np.int64]
    room: NDArray[np.int64]
    admissible: NDArray[np.int64]
    excluded: NDArray[np.int64]
    alone: NDArray[np.int64]
    best: NDArray[np.float32]
    wanted: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Both sides of a matching."""

    talents: Reach
    openings: Reach


def coverage(problem: Problem, candidates: csr_array, pairs: NDArray[np.integer]) -> Coverage:
    """Counts for every row of both sides.

    candidates: (n, m) CSR of scores, as ``Solution.candidates``; pairs: (P, 2), the proposals.
    Ties at the fifth best are all wanted. Memory: O(n T + m T + candidates) beside one block.
    """
    n, m = len(problem.talents), len(problem.openings)
    sides = _Counts(n), _Counts(m)
    _count_terms(problem, *sides)
    _count_decided(problem, *sides)
    pairs = np.asarray(pairs, np.int64).reshape(-1, 2)
    rows = np.repeat(np.arange(n), np.diff(candidates.indptr))
    columns, scores = candidates.indices.astype(np.int64), candidates.data
    wanted = (
        np.bincount(rows[_among_best(columns, scores, m)], minlength=n),
        np.bincount(columns[_among_best(rows, scores, n)], minlength=m),
    )
    found = []
    for at, (side, keys, problem_side) in enumerate(
        ((sides[0], rows, problem.talents), (sides[1], columns, problem.openings))
    ):
        best = np.full(side.size, -np.inf, np.float32)
        np.maximum.at(best, keys, scores)
        best[np.isinf(best)] = np.nan
        found.append(
            Reach(
                np.bincount(pairs[:, at], minlength=side.size),
                np.asarray(problem_side.capacity, np.int64),
                side.admissible,
                side.excluded,
                side.alone,
                best,
                wanted[at],
            )
        )
    return Coverage(*found)


def explain(reach: Reach, *, near: float, others: int) -> list[str]:
    """Why each row has no proposal: a value of ``Why`` or ``Term``, or '' where it has one.

    near: the least score that counts as close. others: rows of the other side. Where no pair is
    admissible, the term that excludes most; of equals the first of ``TERMS``.
    """
    told: list[str] = []
    for row in range(len(reach.room)):
        if reach.proposals[row]:
            told.append("")
        elif not reach.room[row]:
            told.append(Why.FULL)
        elif not others:
            told.append(Why.NOBODY)
        elif not reach.admissible[row]:
            told.append(TERMS[int(reach.excluded[row].argmax())])
        elif not reach.best[row] >= near:  # also where there is none
            told.append(Why.FAR)
        else:
            told.append(Why.TAKEN)
    return told


class _Counts:
    def __init__(self, size: int) -> None:
        self.size = size
        self.admissible = np.zeros(size, np.int64)
        self.excluded = np.zeros((size, len(TERMS)), np.int64)
        self.alone = np.zeros((size, len(TERMS)), np.int64)


def _facts(problem: Problem) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What the hard terms look at, (n, F) and (m, F): degree, ways, dates, levels."""
    hard = problem.weights.hard
    found = []
    for side in (problem.talents, problem.openings):
        dates = [side.starts, side.ends] if Component.DATES in hard else []
        ways = side.ways if side.ways is not None else np.full(len(side), 255, np.uint8)
        whole: list[NDArray[Any]] = [side.degree, ways]
        whole += [one.astype("datetime64[D]").astype(np.int64) for one in dates]
        levels = side.languages if Component.LANGUAGE in hard else side.languages[:, :0]
        found.append(np.column_stack([*whole, levels]).astype(np.int64))
    return found[0], found[1]


def _misfits(problem: Problem, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(T - 1, ...): which term forbids a pair; a, b: (..., F) rows of ``_facts``, broadcast."""
    hard = problem.weights.hard
    never = np.zeros(np.broadcast_shapes(a.shape, b.shape)[:-1], np.bool_)
    degree = (a[..., 0] >= 0) & (b[..., 0] >= 0) & (a[..., 0] < b[..., 0])
    ways = (a[..., 1] & b[..., 1]) == 0
    first, dates = 2, never
    if Component.DATES in hard:
        nat, first = np.iinfo(np.int64).min, 4
        late = (a[..., 2] != nat) & (b[..., 3] != nat) & (a[..., 2] > b[..., 3])
        early = (b[..., 2] != nat) & (a[..., 3] != nat) & (b[..., 2] > a[..., 3])
        dates = late | early
    language = never.copy()
    for at in range(first, a.shape[-1]):
        has, asked = a[..., at], b[..., at]
        language |= (has >= 0) & (asked > 0) & (has < asked)
    return np.stack([degree if Component.DEGREE in hard else never, language, dates, ways])


def _count_terms(problem: Problem, talents: _Counts, openings: _Counts) -> None:
    facts = _facts(problem)
    (mine, t_of, t_often), (theirs, o_of, o_often) = (
        np.unique(one, axis=0, return_inverse=True, return_counts=True) for one in facts
    )
    t_of, o_of = t_of.ravel(), o_of.ravel()
    ours, others = _Counts(len(mine)), _Counts(len(theirs))
    size = max(1, _BLOCK // max(1, len(mine)))
    for at in range(0, len(theirs), size):
        here = slice(at, at + size)
        fails = _misfits(problem, mine[:, None], theirs[None, here])
        count = fails.sum(axis=0)
        often = o_often[here]
        free = count == 0
        ours.admissible += free @ often
        others.admissible[here] += t_often @ free
        for term, failed in enumerate(fails):
            only = failed & (count == 1)
            ours.excluded[:, term] += failed @ often
            ours.alone[:, term] += only @ often
            others.excluded[here, term] += t_often @ failed
            others.alone[here, term] += t_often @ only
    for side, small, of in ((talents, ours, t_of), (openings, others, o_of)):
        side.admissible += small.admissible[of]
        side.excluded += small.excluded[of]
        side.alone += small.alone[of]


def _count_decided(problem: Problem, talents: _Counts, openings: _Counts) -> None:
    """Pairs that the caller forbids leave the counts of the others."""
    bars = problem.forbidden
    if bars is None or not bars.nnz:
        return
    facts = _facts(problem)
    step = max(1, _BLOCK // max(1, int(np.diff(bars.indptr).max())))
    for start in range(0, bars.shape[0], step):
        some = bars[start : start + step]
        left = np.repeat(np.arange(some.shape[0]), np.diff(some.indptr)) + start
        keys = np.unique(left * bars.shape[1] + some.indices.astype(np.int64))
        pairs = (keys // bars.shape[1], keys % bars.shape[1])
        fails = _misfits(problem, facts[0][pairs[0]], facts[1][pairs[1]])
        for side, rows in zip((talents, openings), pairs, strict=True):
            _leave_out(side, rows, fails)


def _leave_out(side: _Counts, rows: NDArray[np.int64], fails: NDArray[np.bool_]) -> None:
    """Take forbidden pairs from the counts of a side; fails: (T - 1, E) of each pair."""
    size, last = len(side.admissible), len(TERMS) - 1
    count = fails.sum(axis=0)
    side.excluded[:, last] += np.bincount(rows, minlength=size)
    free = np.bincount(rows[count == 0], minlength=size)
    side.alone[:, last] += free
    side.admissible -= free
    for term in range(last):
        only = fails[term] & (count == 1)
        side.alone[:, term] -= np.bincount(rows[only], minlength=size)


def _among_best(
    keys: NDArray[np.int64], scores: NDArray[np.float32], size: int
) -> NDArray[np.bool_]:
    """(E,) whether fewer than ``WANTED`` entries of the same key score higher."""
    order = np.lexsort((-scores, keys))
    sorted_keys, sorted_scores = keys[order], scores[order]
    starts = np.searchsorted(sorted_keys, np.arange(size))
    counts = np.bincount(keys, minlength=size)
    limit = np.full(size, -np.inf, np.float32)
    many = counts > WANTED
    limit[many] = sorted_scores[starts[many] + WANTED - 1]
    return np.asarray(scores >= limit[keys])
