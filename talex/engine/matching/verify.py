"""Checks a solution with code of its own: nothing here is shared with the solver's kernels."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .fair_report import verify_fair
from .problem import COMPONENTS, Component, Problem
from .solve import Solution
from .stability import StabilityReport, verify_stable

__all__ = ["Report", "expected_parts", "verify"]


@dataclass(frozen=True, slots=True)
class Report:
    """Faults found; each is a sentence with the first row concerned. ``ok`` if there is none.

    without_proposal: (talents, openings) that have room and candidates, yet no proposal; in a
    fair and complete solution every candidate of such a row is full.
    """

    faults: tuple[str, ...]
    stability: StabilityReport
    without_proposal: tuple[int, int] = field(default=(0, 0))

    @property
    def ok(self) -> bool:
        return not self.faults and self.stability.ok


def _row(matrix: csr_array, at: int) -> dict[int, float]:
    here = slice(matrix.indptr[at], matrix.indptr[at + 1])
    return dict(zip(matrix.indices[here].tolist(), matrix.data[here].tolist(), strict=True))


def _near(a: NDArray[np.float32], b: NDArray[np.float32], ends: tuple[float, float]) -> float:
    if not a.any() or not b.any():
        return np.nan
    cosine = float(np.dot(a.astype(np.float64), b.astype(np.float64)))
    return float(np.clip((cosine - ends[0]) / (ends[1] - ends[0]), 0, 1))


def _common(a: dict[int, float], b: dict[int, float]) -> float:
    return float(bool(a.keys() & b.keys())) if a and b else np.nan


def expected_parts(problem: Problem, i: int, j: int) -> tuple[dict[Component, float], bool]:
    """The parts of one pair, nan where unknown, and whether the pair is admissible: plain
    Python from the definitions in the docstrings, to compare the kernels with."""
    talents, openings, weights = problem.talents, problem.openings, problem.weights
    parts = dict.fromkeys(COMPONENTS, float("nan"))
    parts[Component.TITLE] = _near(
        talents.title_vectors[i], openings.title_vectors[j], weights.title_range
    )
    parts[Component.SKILL_TEXT] = _near(
        talents.skill_vectors[i], openings.skill_vectors[j], weights.skill_range
    )
    has, asked = _row(talents.skills.terms, i), _row(openings.skills.terms, j)
    if has and asked:
        told = {
            term: 1.0 if problem.term_weights is None else float(problem.term_weights[term])
            for term in asked
        }
        met = sum(told[term] * min(share, has.get(term, 0.0)) for term, share in asked.items())
        parts[Component.SKILLS] = met / sum(told[term] * share for term, share in asked.items())
    fails = set()
    degree, least = int(talents.degree[i]), int(openings.degree[j])
    if degree >= 0 and least >= 0:
        parts[Component.DEGREE] = {True: 1.0}.get(degree >= least, 0.4 * (least - degree == 1))
        if degree < least:
            fails.add(Component.DEGREE)
    years = float(talents.years[i])
    low, high = float(openings.years_min[j]), float(openings.years_max[j])
    if not np.isnan(years) and not (np.isnan(low) and np.isnan(high)):
        parts[Component.EXPERIENCE] = 1.0
        if years < low:
            parts[Component.EXPERIENCE] = max(0.0, years / low)
        elif years > high:
            parts[Component.EXPERIENCE] = max(0.5, 1 - (years - high) / 20)
    levels = [
        (int(level), int(wanted))
        for level, wanted in zip(talents.languages[i], openings.languages[j], strict=True)
        if wanted > 0 and level >= 0
    ]
    if levels:
        parts[Component.LANGUAGE] = float(
            np.mean([min(1.0, level / wanted) for level, wanted in levels])
        )
        if any(level < wanted for level, wanted in levels):
            fails.add(Component.LANGUAGE)
    parts[Component.REGION] = _common(_row(talents.regions, i), _row(openings.regions, j))
    parts[Component.INDUSTRY] = _common(_row(talents.industries, i), _row(openings.industries, j))
    order = [
        None if np.isnat(start) or np.isnat(end) else bool(start <= end)
        for start, end in (
            (talents.starts[i], openings.ends[j]),
            (openings.starts[j], talents.ends[i]),
        )
    ]
    if False in order:
        parts[Component.DATES] = 0.0
        fails.add(Component.DATES)
    elif order == [True, True]:
        parts[Component.DATES] = 1.0
    return parts, not (fails & weights.hard)


def verify(problem: Problem, solution: Solution, *, fair: bool = True) -> Report:
    """Capacities, hard terms, scores and parts recomputed, order and repetition, stability of
    ``stable_pairs``, and, with ``fair``, that nobody is without who had a candidate with room, and
    that as many have one as the largest matching covers.
    """
    n, m = len(problem.talents), len(problem.openings)
    pairs = np.asarray(solution.pairs, dtype=np.int64).reshape(-1, 2)
    stability = verify_stable(
        solution.candidates,
        solution.stable_pairs,
        problem.talents.capacity,
        problem.openings.capacity,
    )
    inside = (
        (pairs >= 0).all(axis=1) & (pairs[:, 0] < n) & (pairs[:, 1] < m)
        if len(pairs)
        else np.ones(0, bool)
    )
    if not inside.all():
        return Report((f"pair {pairs[~inside][0].tolist()} names no row",), stability)
    faults = []
    if len(np.unique(pairs, axis=0)) != len(pairs):
        faults.append("a pair is proposed twice")
    loads = []
    for name, side, column in (("talent", problem.talents, 0), ("opening", problem.openings, 1)):
        load = np.bincount(pairs[:, column], minlength=len(side))
        loads.append(load)
        over = np.flatnonzero(load > side.capacity)
        if len(over):
            at = int(over[0])
            faults.append(f"{name} {at} has {load[at]} proposals, capacity {side.capacity[at]}")
    ways = problem.talents.ways, problem.openings.ways
    for i, j in pairs.tolist():
        apart = ways[0] is not None and ways[1] is not None and not int(ways[0][i] & ways[1][j])
        told = problem.forbidden is not None and j in _row(problem.forbidden, i)
        if apart or told:
            faults.append(f"talent {i} and opening {j} must not be proposed")
            break
    weights, neutral = problem.weights.vector(), problem.weights.neutral_vector()
    if solution.scores.shape != (len(pairs),) or solution.components.shape != (
        len(pairs),
        len(COMPONENTS),
    ):
        return Report((*faults, "scores or components do not fit the pairs"), stability)
    for at, (i, j) in enumerate(pairs.tolist()):
        parts, admissible = expected_parts(problem, i, j)
        if not admissible:
            faults.append(f"talent {i} and opening {j}: a hard term fails")
            break
        values = np.array([parts[part] for part in COMPONENTS])
        values = np.where(np.isnan(values), neutral, values)
        if not np.allclose(solution.components[at], values, atol=1e-3):
            faults.append(f"talent {i} and opening {j}: the components are not {values.round(4)}")
            break
        if abs(float(solution.scores[at]) - float(values @ weights)) > 1e-3:
            faults.append(f"talent {i} and opening {j}: the score is not {values @ weights:.4f}")
            break
    left = np.repeat(np.arange(n), np.diff(solution.candidates.indptr))
    right = solution.candidates.indices
    t_alone = (loads[0] == 0) & (problem.talents.capacity > 0)
    o_alone = (loads[1] == 0) & (problem.openings.capacity > 0)
    easy = (t_alone[left] & (loads[1] < problem.openings.capacity)[right]) | (
        o_alone[right] & (loads[0] < problem.talents.capacity)[left]
    )
    if fair and easy.any():
        at = int(np.flatnonzero(easy)[0])
        faults.append(f"talent {left[at]} and opening {right[at]} have room and one has nobody")
    if fair:
        given = verify_fair(
            solution.candidates, pairs, problem.talents.capacity, problem.openings.capacity
        )
        for name, missed in (
            ("talent", given.talents_missed),
            ("opening", given.openings_missed),
        ):
            if missed:
                faults.append(f"one {name} more could have a proposal beside all who have one")
    alone = (
        int((t_alone & (np.diff(solution.candidates.indptr) > 0)).sum()),
        int((o_alone & (np.bincount(right, minlength=m) > 0)).sum()),
    )
    return Report(tuple(faults), stability, alone)
