"""The fair mode: first everyone who can have a proposal gets one, then the worst-off are lifted.

``top_up`` follows augmenting paths (Berge 1957) and reaches the largest number of covered rows
the candidates and capacities allow. ``lift`` then raises the best proposal of the worst-off
talent as far as exchanges can, then of the next: the leximin of Rawls's difference principle, as
in the lexicographic bottleneck assignment (Burkard and Rendl 1991). Both give up stability.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from .deferred import capacities, deferred_acceptance, own_scores, row_orders
from .kernels import jit
from .lifting import lift_all, replace_seat

__all__ = ["fair", "lift", "top_up"]

#: What is not worth moving others for: less than that much of a score.
STEP = 0.05


@jit
def _seats(
    held: NDArray[np.bool_],
    b_of: NDArray[np.int32],
    first: NDArray[np.int64],
    load: NDArray[np.int64],
    seats: NDArray[np.int64],
) -> None:
    """Fill ``seats`` with the held edges of each b, from ``first[b]`` on, and count them."""
    for e in range(held.shape[0]):
        if held[e]:
            b = b_of[e]
            seats[first[b] + load[b]] = e
            load[b] += 1


@jit
def _augment(
    first: NDArray[np.int64],
    order: NDArray[np.int64],
    a_of: NDArray[np.int32],
    b_of: NDArray[np.int32],
    scores: NDArray[np.floating],
    seat_first: NDArray[np.int64],
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
    seats = np.empty(seat_first[-1], np.int64)
    _seats(held, b_of, seat_first, load_b, seats)
    for e in range(held.shape[0]):
        if held[e]:
            load_a[a_of[e]] += 1
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
        end, drop = np.int64(-1), np.int64(-1)
        many = 0
        while head < tail and end < 0:
            a = queue[head]
            head += 1
            for at in range(first[a], first[a + 1]):
                e = order[at]
                b = np.int64(b_of[e])
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
                for seat in range(seat_first[b], seat_first[b] + load_b[b]):
                    h = seats[seat]
                    if load_a[a_of[h]] > 1 and (drop < 0 or scores[h] < scores[drop]):
                        end, drop = b, h
                if end >= 0:
                    break
                for seat in range(seat_first[b], seat_first[b] + load_b[b]):
                    h = seats[seat]
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
            replace_seat(seats, seat_first[end], drop, came[end])
        else:
            seats[seat_first[end] + load_b[end]] = came[end]
            load_b[end] += 1
        b = end
        while True:
            e = came[b]
            held[e] = True
            a = np.int64(a_of[e])
            if a == root:
                break
            h = gave[a]
            held[h] = False
            b = np.int64(b_of[h])
            replace_seat(seats, seat_first[b], h, came[b])
        load_a[root] += 1
        covered += 1
    return covered


def _rows_of(indptr: NDArray[np.integer]) -> NDArray[np.int32]:
    return np.repeat(np.arange(len(indptr) - 1, dtype=np.int32), np.diff(indptr))


@jit
def _global(first: NDArray[np.int64], places: NDArray[np.int32], order: NDArray[np.int64]) -> None:
    for row in range(first.shape[0] - 1):
        for at in range(first[row], first[row + 1]):
            order[at] = first[row] + places[at]


def _best_first(
    indptr: NDArray[np.integer], indices: NDArray[np.integer], scores: NDArray[np.floating]
) -> NDArray[np.int64]:
    """(E,) edges by row, each row's best first."""
    places = np.empty(len(indices), np.int32)
    first, others = indptr.astype(np.int64), indices.astype(np.int32, copy=False)
    row_orders(0, len(indptr) - 1, first, others, scores, 0, places)
    order = np.empty(len(indices), np.int64)
    _global(first, places, order)
    return order


def _first_seats(
    of: NDArray[np.integer], capacity: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Capacities cut to what there is to hold, and where each row's seats begin."""
    least = np.minimum(capacity, np.bincount(of, minlength=len(capacity)))
    return least, np.concatenate([[0], np.cumsum(least)]).astype(np.int64)


def top_up(
    candidates: csr_array,
    held: NDArray[np.bool_],
    talent_capacity: ArrayLike,
    opening_capacity: ArrayLike,
) -> NDArray[np.bool_]:
    """``held`` changed so that as many talents as possible, then as many openings as possible,
    have at least one; whoever had one keeps one. Only candidates are used."""
    n, m = candidates.shape
    held = held.copy()
    scores = own_scores(candidates.data)
    left, right = _rows_of(candidates.indptr), candidates.indices.astype(np.int32, copy=False)
    t_capacity, t_seats = _first_seats(left, capacities(talent_capacity, n, "talent_capacity"))
    o_capacity, o_seats = _first_seats(right, capacities(opening_capacity, m, "opening_capacity"))
    first = candidates.indptr.astype(np.int64)
    order = _best_first(candidates.indptr, candidates.indices, scores)
    _augment(first, order, left, right, scores, o_seats, t_capacity, o_capacity, held)
    alone = np.bincount(right[held], minlength=m) == 0
    if not (alone & (o_capacity > 0)).any():
        return held
    del order
    # The other way round: candidates grouped by opening, each with its number in storage order.
    by_opening = csr_array(
        (np.arange(len(scores), dtype=np.int64), candidates.indices, candidates.indptr),
        shape=candidates.shape,
    ).tocsc()
    edges = by_opening.data
    order = edges[_best_first(by_opening.indptr, by_opening.indices, scores[edges])]
    first = by_opening.indptr.astype(np.int64)
    _augment(first, order, right, left, scores, t_seats, o_capacity, t_capacity, held)
    return held


def lift(
    candidates: csr_array,
    held: NDArray[np.bool_],
    talent_capacity: ArrayLike,
    opening_capacity: ArrayLike,
    *,
    step: float = STEP,
    keep_openings: bool = True,
    work: int | None = None,
) -> NDArray[np.bool_]:
    """``held`` changed so that the talents with the worst best proposal get a better one.

    The worst-off come first. A talent is lifted to a higher level (scores in steps of ``step``; 0
    makes each score a level) by exchanges that bring nobody to or below the level it leaves, and
    that leave nobody without: neither talents nor, with ``keep_openings``, openings. Who cannot
    be lifted keeps what it has. With step 0, distinct scores and ``keep_openings`` False the
    sorted best proposals are the lexicographically greatest possible for the covered talents;
    with a step the worst level is, without ``keep_openings``, as high as can be.
    work: the most candidates looked at, 100 for each if None; what is left is not lifted further.
    """
    n, m = candidates.shape
    scores = own_scores(candidates.data)
    left, right = _rows_of(candidates.indptr), candidates.indices.astype(np.int32, copy=False)
    t_capacity = capacities(talent_capacity, n, "talent_capacity")
    o_capacity, o_seats = _first_seats(right, capacities(opening_capacity, m, "opening_capacity"))
    levels = np.floor(scores / step) if step else scores
    held = held.copy()
    seats, load = np.empty(o_seats[-1], np.int64), np.zeros(m, np.int64)
    _seats(held, right, o_seats, load, seats)
    order = _best_first(candidates.indptr, candidates.indices, scores)
    lift_all(
        candidates.indptr.astype(np.int64), order, left, right, levels.astype(np.float64),
        scores, o_seats, seats, load, t_capacity, o_capacity, keep_openings,
        100 * len(scores) if work is None else work, held,
    )  # fmt: skip
    return held


def fair(
    candidates: csr_array,
    held: NDArray[np.bool_],
    talent_capacity: ArrayLike,
    opening_capacity: ArrayLike,
    *,
    step: float = STEP,
    seed: int = 0,
) -> NDArray[np.bool_]:
    """A stable outcome made fair: covered (:func:`top_up`), lifted (:func:`lift`), and the seats
    that this left free given by deferred acceptance among those who have room."""
    n, m = candidates.shape
    held = top_up(candidates, held, talent_capacity, opening_capacity)
    held = lift(candidates, held, talent_capacity, opening_capacity, step=step)
    t_load = np.diff(np.concatenate([[0], np.cumsum(held)])[candidates.indptr])
    o_load = np.bincount(candidates.indices[held], minlength=m)
    rest = deferred_acceptance(
        candidates,
        capacities(talent_capacity, n, "talent_capacity") - t_load,
        capacities(opening_capacity, m, "opening_capacity") - o_load,
        seed=seed,
        kept=held,
    )
    return held | rest
