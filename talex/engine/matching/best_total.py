"""The greatest sum of scores under degree limits: a transportation problem.

An auction (Bertsekas, 'The auction algorithm', 1988; Bertsekas and Castañón, 'The auction
algorithm for the transportation problem', 1989): talents bid for their best opening at its
price, a full opening lets go of its lowest bid and asks what it was worth. Prices begin at 0 and
only rise, so an opening with a free seat has the price 0, and the prices prove how far the
result can be from the best: ``bound`` is the dual value, which anybody can recompute.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from .deferred import capacities, lists_of, own_scores
from .kernels import jit

__all__ = ["BestTotal", "best_total", "total_bound"]


@dataclass(frozen=True, slots=True)
class BestTotal:
    """held: (E,) bool, which candidates; total: the sum of their scores; bound: no allocation has
    more; prices: (m,) float64 a seat of each opening, which make the bound."""

    held: NDArray[np.bool_]
    total: float
    bound: float
    prices: NDArray[np.float64]


@jit
def _auction(
    indptr: NDArray[np.integer],
    indices: NDArray[np.integer],
    value: NDArray[np.floating],
    t_capacity: NDArray[np.int64],
    o_capacity: NDArray[np.int64],
    o_first: NDArray[np.int64],
    least: float,
    held: NDArray[np.bool_],
    price: NDArray[np.float64],
) -> int:
    """Bids until nobody wants to; how many. Every held pair is within ``least`` of the best its
    talent could have at the prices."""
    n = t_capacity.shape[0]
    edge = np.empty(o_first[-1], np.int64)
    whose = np.empty(o_first[-1], np.int64)
    bid = np.empty(o_first[-1], np.float64)
    size = np.zeros(o_capacity.shape[0], np.int64)
    holds = np.zeros(n, np.int64)
    # Who bids next: a ring, first come first served, so that no two talents bid in turn for long.
    ring = np.arange(n)
    waiting = np.ones(n, np.bool_)
    head, count, bids = 0, n, 0
    while count > 0:
        i = ring[head]
        head = (head + 1) % n
        count -= 1
        waiting[i] = False
        while holds[i] < t_capacity[i]:
            best, second, at = 0.0, 0.0, np.int64(-1)
            for e in range(indptr[i], indptr[i + 1]):
                j = indices[e]
                gain = value[e] - price[j]
                if gain <= second or held[e] or o_capacity[j] == 0:
                    continue
                if gain > best:
                    best, second, at = gain, best, np.int64(e)
                else:
                    second = gain
            if at < 0:
                break
            bids += 1
            j = np.int64(indices[at])
            first = o_first[j]
            offer = price[j] + best - second + least
            if size[j] < o_capacity[j]:
                place = size[j]
                size[j] += 1
                while place > 0:
                    up = (place - 1) // 2
                    if bid[first + up] <= offer:
                        break
                    edge[first + place], whose[first + place] = edge[first + up], whose[first + up]
                    bid[first + place] = bid[first + up]
                    place = up
            else:
                held[edge[first]] = False
                loser = whose[first]
                holds[loser] -= 1
                if not waiting[loser] and loser != i:
                    waiting[loser] = True
                    ring[(head + count) % n] = loser
                    count += 1
                place = np.int64(0)
                while True:
                    child = 2 * place + 1
                    if child >= size[j]:
                        break
                    if child + 1 < size[j] and bid[first + child + 1] < bid[first + child]:
                        child += 1
                    if bid[first + child] >= offer:
                        break
                    edge[first + place] = edge[first + child]
                    whose[first + place] = whose[first + child]
                    bid[first + place] = bid[first + child]
                    place = child
            edge[first + place], whose[first + place], bid[first + place] = at, i, offer
            held[at] = True
            holds[i] += 1
            if size[j] == o_capacity[j]:
                price[j] = max(price[j], bid[first])
    return bids


@jit
def _dual(
    indptr: NDArray[np.integer],
    indices: NDArray[np.integer],
    value: NDArray[np.floating],
    t_capacity: NDArray[np.int64],
    price: NDArray[np.float64],
) -> float:
    """Sum of each talent's largest gains at the prices, as many as it has room for."""
    most = 0
    for i in range(t_capacity.shape[0]):
        most = max(most, indptr[i + 1] - indptr[i])
    gains = np.empty(most)
    total = 0.0
    for i in range(t_capacity.shape[0]):
        base, count = indptr[i], indptr[i + 1] - indptr[i]
        for at in range(count):
            gains[at] = max(0.0, value[base + at] - price[indices[base + at]])
        if t_capacity[i] == 1 and count > 0:
            total += gains[:count].max()
        elif t_capacity[i] >= count:
            total += gains[:count].sum()
        elif t_capacity[i] > 0:
            total += np.sort(gains[:count])[count - t_capacity[i] :].sum()
    return total


def _seats(candidates: csr_array, opening_capacity: ArrayLike) -> NDArray[np.int64]:
    """Capacities, not above how many list the opening: more seats cannot be taken."""
    m = candidates.shape[1]
    listed = np.bincount(candidates.indices, minlength=m)
    return np.minimum(capacities(opening_capacity, m, "opening_capacity"), listed)


def total_bound(
    candidates: csr_array,
    talent_capacity: ArrayLike,
    opening_capacity: ArrayLike,
    prices: NDArray[np.floating],
) -> float:
    """What no allocation can exceed: for any prices of at least 0 the seats at their prices, and
    each talent's best gains at them (weak duality). Raises ``ValueError`` for negative prices."""
    n, m = candidates.shape
    price = np.asarray(prices, dtype=np.float64)
    if price.shape != (m,) or not (price >= 0).all():
        raise ValueError(f"prices must be {m} numbers of at least 0")
    mine = capacities(talent_capacity, n, "talent_capacity")
    scores = own_scores(candidates.data)
    gains = _dual(*lists_of(candidates), scores, mine, price)
    seats = _seats(candidates, opening_capacity)
    return float(gains + (seats * price).sum())


def best_total(
    candidates: csr_array,
    talent_capacity: ArrayLike,
    opening_capacity: ArrayLike,
    *,
    accuracy: float = 1e-4,
) -> BestTotal:
    """The candidates with the greatest sum of scores, within ``accuracy`` a proposal.

    The total is less than the best possible by at most ``accuracy`` times the proposals; in most
    cases by far less, which ``bound`` tells. Scores are of at least 0 to be taken. Time grows as
    the accuracy falls; memory O(E).
    """
    n, m = candidates.shape
    if not accuracy > 0:
        raise ValueError("accuracy must be above 0")
    scores = own_scores(candidates.data)
    if not np.isfinite(scores).all():
        raise ValueError("every score must be finite")
    t_capacity = capacities(talent_capacity, n, "talent_capacity")
    o_capacity = _seats(candidates, opening_capacity)
    o_first = np.concatenate([[0], np.cumsum(o_capacity)]).astype(np.int64)
    held, prices = np.zeros(len(scores), np.bool_), np.zeros(m)
    lists = (*lists_of(candidates), scores)
    _auction(*lists, t_capacity, o_capacity, o_first, accuracy, held, prices)
    bound = total_bound(candidates, t_capacity, o_capacity, prices)
    return BestTotal(held, float(scores[held].sum(dtype=np.float64)), bound, prices)
