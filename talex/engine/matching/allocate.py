"""Who is proposed to meet whom: deferred acceptance with capacities, then a fair top-up.

Deferred acceptance: Gale and Shapley, 'College Admissions and the Stability of Marriage' (1962),
many to many with responsive preferences (Roth, 'Stability and Polarization of Interests in Job
Matching', 1984): the outcome has no blocking pair. The top-up follows augmenting paths (Berge
1957) and reaches the largest number of covered rows the candidates and capacities allow; it gives
up stability where someone would otherwise have no proposal at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from .kernels import jit
from .problem import Problem

__all__ = ["StabilityReport", "allocate", "deferred_acceptance", "top_up", "verify_stable"]


def _edges(candidates: csr_array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(E,) talents and openings of the stored entries, in storage order."""
    left = np.repeat(np.arange(candidates.shape[0]), np.diff(candidates.indptr))
    return left.astype(np.int64), candidates.indices.astype(np.int64)


def _capacities(values: ArrayLike, count: int, name: str) -> NDArray[np.int64]:
    array = np.asarray(values, dtype=np.int64)
    if array.shape != (count,) or (array < 0).any():
        raise ValueError(f"{name} must be {count} numbers of at least 0")
    return array


def _orders(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    talent_scores: NDArray[np.float64],
    opening_scores: NDArray[np.float64],
    seed: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Edges by talent, each talent's best first; and each edge's place in its opening's order."""
    lots = np.random.default_rng(seed).permutation(len(left))
    by_talent = np.lexsort((lots, -talent_scores, left))
    place = np.empty(len(left), dtype=np.int64)
    place[np.lexsort((lots, -opening_scores, right))] = np.arange(len(left))
    return by_talent.astype(np.int64), place


@jit
def _propose(
    first: NDArray[np.int64],
    by_talent: NDArray[np.int64],
    right: NDArray[np.int64],
    place: NDArray[np.int64],
    left: NDArray[np.int64],
    t_capacity: NDArray[np.int64],
    o_first: NDArray[np.int64],
    o_capacity: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Talents propose down their lists; an opening holds its best in a heap, worst on top."""
    n, edges = t_capacity.shape[0], right.shape[0]
    held = np.zeros(edges, np.bool_)
    heap = np.empty(o_first[-1], np.int64)  # edges, the worst (highest place) on top
    size = np.zeros(o_capacity.shape[0], np.int64)
    nxt = first[:-1].copy()
    holds = np.zeros(n, np.int64)
    stack = np.arange(n - 1, -1, -1)
    waiting = np.ones(n, np.bool_)
    top = n
    while top > 0:
        top -= 1
        i = stack[top]
        waiting[i] = False
        while holds[i] < t_capacity[i] and nxt[i] < first[i + 1]:
            e = by_talent[nxt[i]]
            nxt[i] += 1
            j = right[e]
            if o_capacity[j] == 0:
                continue
            base = o_first[j]
            if size[j] < o_capacity[j]:
                at = int(size[j])
                size[j] += 1
                while at > 0:
                    up = (at - 1) // 2
                    if place[heap[base + up]] >= place[e]:
                        break
                    heap[base + at] = heap[base + up]
                    at = up
                heap[base + at] = e
            else:
                worst = heap[base]
                if place[worst] <= place[e]:
                    continue
                held[worst] = False
                loser = left[worst]
                holds[loser] -= 1
                if not waiting[loser] and loser != i:
                    waiting[loser] = True
                    stack[top] = loser
                    top += 1
                at = 0
                while True:
                    child = 2 * at + 1
                    if child >= size[j]:
                        break
                    if (
                        child + 1 < size[j]
                        and place[heap[base + child + 1]] > place[heap[base + child]]
                    ):
                        child += 1
                    if place[heap[base + child]] <= place[e]:
                        break
                    heap[base + at] = heap[base + child]
                    at = child
                heap[base + at] = e
            held[e] = True
            holds[i] += 1
    return held


def deferred_acceptance(
    candidates: csr_array,
    talent_capacity: ArrayLike,
    opening_capacity: ArrayLike,
    *,
    opening_scores: ArrayLike | None = None,
    seed: int = 0,
) -> NDArray[np.bool_]:
    """Which stored candidates are held, (E,) bool: stable, and best for talents.

    ``candidates.data`` are the talents' scores (higher is better); ``opening_scores`` (E,) those
    of the openings, the same if None. Equal scores are put in order by lot from ``seed``. Time
    O(E log E), memory O(E).
    """
    left, right = _edges(candidates)
    n, m = candidates.shape
    mine = candidates.data.astype(np.float64)
    theirs = mine if opening_scores is None else np.asarray(opening_scores, dtype=np.float64)
    if theirs.shape != mine.shape or np.isnan(mine).any() or np.isnan(theirs).any():
        raise ValueError("every candidate needs one score a side, and none may be nan")
    by_talent, place = _orders(left, right, mine, theirs, seed)
    o_capacity = np.minimum(
        _capacities(opening_capacity, m, "opening_capacity"), np.bincount(right, minlength=m)
    )
    held = _propose(
        candidates.indptr.astype(np.int64),
        by_talent,
        right,
        place,
        left,
        _capacities(talent_capacity, n, "talent_capacity"),
        np.concatenate([[0], np.cumsum(o_capacity)]).astype(np.int64),
        o_capacity,
    )
    return held


@jit
def _augment(
    first: NDArray[np.int64],
    order: NDArray[np.int64],
    a_of: NDArray[np.int64],
    b_of: NDArray[np.int64],
    b_first: NDArray[np.int64],
    b_edges: NDArray[np.int64],
    a_capacity: NDArray[np.int64],
    b_capacity: NDArray[np.int64],
    held: NDArray[np.bool_],
) -> int:
    """Cover every row of side a that can be, by paths that uncover nobody on side a.

    A path gives an uncovered row ``a`` an edge to ``b``. A full ``b`` lets go of a row that has
    another edge, or of one that finds another ``b`` in the same way. The side b keeps the number
    of its edges on the path (or gains one at its end), so nobody there is uncovered either.
    What a failed search visited can be on no later path, so it stays closed: O(E) for all
    failures together.
    """
    n, m = a_capacity.shape[0], b_capacity.shape[0]
    load_a, load_b = np.zeros(n, np.int64), np.zeros(m, np.int64)
    for e in range(held.shape[0]):
        if held[e]:
            load_a[a_of[e]] += 1
            load_b[b_of[e]] += 1
    closed = np.zeros(m, np.bool_)
    seen = np.zeros(m, np.int64)
    came = np.full(m, -1, np.int64)  # the edge by which b was reached
    gave = np.full(n, -1, np.int64)  # the edge a would let go of on the path
    queue = np.empty(n, np.int64)
    visited = np.empty(m, np.int64)
    covered, mark = 0, 0
    for root in range(n):
        if load_a[root] > 0 or a_capacity[root] == 0:
            continue
        mark += 1
        gave[root] = -1
        queue[0] = root
        head, tail = 0, 1
        end, drop = -1, -1
        many = 0
        while head < tail and end < 0:
            a = queue[head]
            head += 1
            for at in range(first[a], first[a + 1]):
                e = order[at]
                b = b_of[e]
                if held[e] or b_capacity[b] == 0 or closed[b] or seen[b] == mark:
                    continue
                seen[b] = mark
                visited[many] = b
                many += 1
                came[b] = e
                if load_b[b] < b_capacity[b]:
                    end = b
                    break
                # The held edge of b that is worst for it and whose row has another one.
                for back in range(b_first[b + 1] - 1, b_first[b] - 1, -1):
                    h = b_edges[back]
                    if held[h] and load_a[a_of[h]] > 1:
                        end, drop = b, h
                        break
                if end >= 0:
                    break
                for back in range(b_first[b], b_first[b + 1]):
                    h = b_edges[back]
                    if held[h]:
                        gave[a_of[h]] = h
                        queue[tail] = a_of[h]
                        tail += 1
        if end < 0:
            for at in range(many):
                closed[visited[at]] = True
            continue
        if drop >= 0:
            held[drop] = False
            load_a[a_of[drop]] -= 1
        else:
            load_b[end] += 1
        b = end
        while True:
            e = came[b]
            held[e] = True
            a = a_of[e]
            if a == root:
                break
            held[gave[a]] = False
            b = b_of[gave[a]]
        load_a[root] += 1
        covered += 1
    return covered


def top_up(
    candidates: csr_array,
    held: NDArray[np.bool_],
    talent_capacity: ArrayLike,
    opening_capacity: ArrayLike,
) -> NDArray[np.bool_]:
    """``held`` changed so that as many talents as possible, then as many openings as possible,
    have at least one; whoever had one keeps one. Only candidates are used."""
    left, right = _edges(candidates)
    n, m = candidates.shape
    held = held.copy()
    score = candidates.data.astype(np.float64)
    t_capacity = _capacities(talent_capacity, n, "talent_capacity")
    o_capacity = _capacities(opening_capacity, m, "opening_capacity")
    t_first = candidates.indptr.astype(np.int64)
    o_first = np.concatenate([[0], np.cumsum(np.bincount(right, minlength=m))]).astype(np.int64)
    by_talent = np.lexsort((-score, left)).astype(np.int64)
    by_opening = np.lexsort((-score, right)).astype(np.int64)
    _augment(t_first, by_talent, left, right, o_first, by_opening, t_capacity, o_capacity, held)
    _augment(o_first, by_opening, right, left, t_first, by_talent, o_capacity, t_capacity, held)
    return held


def allocate(
    problem: Problem,
    candidates: csr_array,
    scores: ArrayLike | None = None,
    talent_capacity: ArrayLike | None = None,
    opening_capacity: ArrayLike | None = None,
    *,
    fair: bool = True,
    seed: int = 0,
) -> NDArray[np.int32]:
    """The proposed pairs, (P, 2) int32, by talent and then opening.

    candidates: (n, m) CSR; scores: (E,) in its storage order, its data if None; capacities: the
    problem's if None. With ``fair`` the stable outcome is topped up, so that nobody who can have
    a proposal inside the candidates is left without; without it the outcome is stable.
    """
    if scores is not None:
        candidates = csr_array(
            (np.asarray(scores, np.float64), candidates.indices, candidates.indptr),
            shape=candidates.shape,
        )
    mine = problem.talents.capacity if talent_capacity is None else talent_capacity
    theirs = problem.openings.capacity if opening_capacity is None else opening_capacity
    held = deferred_acceptance(candidates, mine, theirs, seed=seed)
    if fair:
        held = top_up(candidates, held, mine, theirs)
    left, right = _edges(candidates)
    return np.column_stack([left[held], right[held]]).astype(np.int32)


@dataclass(frozen=True, slots=True)
class StabilityReport:
    """What :func:`verify_stable` counted. ``examples``: up to ten blocking (talent, opening)."""

    not_candidates: int
    repeated: int
    talents_over: int
    openings_over: int
    blocking: int
    examples: tuple[tuple[int, int], ...]

    @property
    def ok(self) -> bool:
        return not (
            self.not_candidates
            or self.repeated
            or self.talents_over
            or self.openings_over
            or self.blocking
        )


def verify_stable(
    candidates: csr_array,
    pairs: NDArray[np.integer],
    talent_capacity: ArrayLike,
    opening_capacity: ArrayLike,
    *,
    opening_scores: ArrayLike | None = None,
) -> StabilityReport:
    """Whether ``pairs`` keep the capacities and no candidate pair blocks them.

    A pair blocks if it is not proposed and each of the two has room or holds somebody with a
    strictly lower score. Shares no code with the solver; O(E).
    """
    n, m = candidates.shape
    left = np.repeat(np.arange(n), np.diff(candidates.indptr))
    right = np.asarray(candidates.indices, dtype=np.int64)
    mine = np.asarray(candidates.data, dtype=np.float64)
    theirs = mine if opening_scores is None else np.asarray(opening_scores, dtype=np.float64)
    pairs = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    outside = (pairs < 0).any(axis=1) | (pairs[:, 0] >= n) | (pairs[:, 1] >= m)
    keys, wanted = left * m + right, pairs[~outside, 0] * m + pairs[~outside, 1]
    unknown = int(outside.sum()) + int((~np.isin(wanted, keys)).sum())
    repeated = len(wanted) - len(np.unique(wanted))
    matched = np.isin(keys, wanted)

    def threshold(
        who: NDArray[np.int64], scores: NDArray[np.float64], capacity: ArrayLike, count: int
    ) -> tuple[NDArray[np.float64], int]:
        room = np.asarray(capacity, dtype=np.int64)
        load = np.bincount(who[matched], minlength=count)
        worst = np.full(count, np.inf)
        np.minimum.at(worst, who[matched], scores[matched])
        worst[load < room] = -np.inf
        worst[room == 0] = np.inf
        return worst, int((load > room).sum())

    t_worst, t_over = threshold(left, mine, talent_capacity, n)
    o_worst, o_over = threshold(right, theirs, opening_capacity, m)
    blocks = ~matched & (mine > t_worst[left]) & (theirs > o_worst[right])
    examples = tuple((int(left[e]), int(right[e])) for e in np.flatnonzero(blocks)[:10])
    return StabilityReport(unknown, repeated, t_over, o_over, int(blocks.sum()), examples)
