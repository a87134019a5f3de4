"""The steps of the price search, compiled; see ``prices``."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from talex.engine.meetings.kernel import ENTRY

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]


@njit(**ENTRY, fastmath={"reassoc", "contract", "nsz"})
def ask(
    rows: tuple[int, int],
    party: tuple[IntArray, IntArray],
    needs: tuple[IntArray, IntArray, FloatArray],
    weight: FloatArray,
    possible: NDArray[np.bool_],
    charge: FloatArray,
    shared: FloatArray,
    step: FloatArray,
    x: FloatArray,
    ahead: FloatArray,
    used: NDArray[np.float64],
) -> float:
    """Requests move towards the slots that are worth their prices.

    Updates ``x`` (R, S), the share of each slot, by a projected step; writes ``ahead``, the
    extrapolation that persons answer to, and adds what shared rows are used to ``used``.

    Returns the sum of what the best slot leaves to each request at these prices.
    """
    ptr, idx = party
    need_ptr, need_idx, units = needs
    slots = x.shape[1]
    zero, one = np.float32(0), np.float32(1)
    left = np.empty(slots, np.float32)
    total = 0.0
    for r in range(rows[0], rows[1]):
        for s in range(slots):
            left[s] = weight[r]
        for i in range(ptr[r], ptr[r + 1]):
            p = idx[i]
            for s in range(slots):
                left[s] -= charge[p, s]
        for i in range(need_ptr[r], need_ptr[r + 1]):
            q, u = need_idx[i], units[i]
            for s in range(slots):
                left[s] -= u * shared[q, s]
        best, total_share, many = zero, zero, 0
        for s in range(slots):
            if possible[r, s]:
                best = max(best, left[s])
                left[s] = max(zero, x[r, s] + step[r] * left[s])
                total_share += left[s]
                many += left[s] > zero
            else:
                left[s] = zero
        total += best  # type: ignore[assignment]
        if total_share > one:
            # onto the simplex (Michelot 1986): cut by theta, drop those below, repeat
            theta = (total_share - one) / np.float32(many)
            for _ in range(slots):
                count, above = 0, zero
                for s in range(slots):
                    if left[s] > theta:
                        count += 1
                        above += left[s]
                if count == many or count == 0:
                    break
                many = count
                theta = (above - one) / np.float32(count)
            for s in range(slots):
                left[s] = max(zero, left[s] - theta)
        for s in range(slots):
            ahead[r, s] = left[s] + left[s] - x[r, s]
            x[r, s] = left[s]
        for i in range(need_ptr[r], need_ptr[r + 1]):
            q, u = need_idx[i], units[i]
            for s in range(slots):
                used[q, s] += u * ahead[r, s]
    return total


@njit(**ENTRY)
def answer(
    rows: tuple[int, int],
    of_person: tuple[IntArray, IntArray],
    window_first: NDArray[np.int64],
    day: IntArray,
    cap: FloatArray,
    ahead: FloatArray,
    step: FloatArray,
    day_step: FloatArray,
    price: FloatArray,
    day_price: FloatArray,
    charge: FloatArray,
    sums: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> None:
    """Persons raise prices of slots and days that are asked for too much, and lower others.

    ``window_first`` (P, S): the first slot whose stretch of ``1 + min_gap`` slots holds s.
    """
    ptr, idx = of_person
    slots = price.shape[1]
    days = day_price.shape[1]
    asked = np.empty(slots, np.float32)
    excess = np.empty(slots, np.float32)
    zero = np.float32(0)
    for p in range(rows[0], rows[1]):
        asked[:] = 0
        for i in range(ptr[p], ptr[p + 1]):
            r = idx[i]
            for s in range(slots):
                asked[s] += ahead[r, s]
        excess[:] = -1
        for s in range(slots):
            for v in range(window_first[p, s], s + 1):
                excess[v] += asked[s]
        for s in range(slots):
            price[p, s] = max(zero, price[p, s] + step[p, s] * excess[s])
            sums[0][p, s] += price[p, s]
        if cap[p] >= 0:
            for d in range(days):
                over = -cap[p]
                for s in range(slots):
                    if day[s] == d:
                        over += asked[s]
                day_price[p, d] = max(zero, day_price[p, d] + day_step[p, d] * over)
                sums[1][p, d] += day_price[p, d]
        for s in range(slots):
            paid = day_price[p, day[s]]
            for v in range(window_first[p, s], s + 1):
                paid += price[p, v]
            charge[p, s] = paid


@njit(**ENTRY)
def value_of(
    party: tuple[IntArray, IntArray],
    needs: tuple[IntArray, IntArray, IntArray],
    weight: IntArray,
    possible: NDArray[np.bool_],
    charge: IntArray,
    shared: IntArray,
) -> int:
    """Sum of what the best slot leaves to each request, in whole numbers."""
    ptr, idx = party
    need_ptr, need_idx, units = needs
    total = 0
    for r in range(weight.size):
        best = 0
        for s in range(possible.shape[1]):
            if possible[r, s]:
                left = weight[r]
                for i in range(ptr[r], ptr[r + 1]):
                    left -= charge[idx[i], s]
                for i in range(need_ptr[r], need_ptr[r + 1]):
                    left -= units[i] * shared[need_idx[i], s]
                best = max(best, left)
        total += best
    return total
