"""Parts of a ``Problem`` that are made the same way again and again."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from talex.engine.meetings.problem import Integers


def combined_weight(first: ArrayLike, second: ArrayLike, share: float = 0.5) -> NDArray[np.float64]:
    """One weight from the wishes of both sides.

    The weighted geometric mean of both plus one, less one: a wish of 9 and one of 9 are worth
    9, a wish of 9 that the other side does not share (0) is worth 2.2. So a meeting that both
    want somewhat comes before one that a single side wants very much, and what nobody wants
    is worth nothing.

    Args:
        first: (R,) weight the first side gives, >= 0; 0 where it did not ask for the meeting.
        second: (R,) the same of the second side.
        share: say of the first side, 0 to 1.

    Raises:
        ValueError: if shapes differ, or a weight is negative or not finite, or the share is not
            between 0 and 1.
    """
    one, two = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if one.shape != two.shape or one.ndim != 1:
        raise ValueError(f"weights of both sides: {one.shape} and {two.shape}")
    for weight in (one, two):
        if not (np.isfinite(weight).all() and (weight >= 0).all()):
            raise ValueError("weights of both sides: finite and not negative")
    if not 0.0 <= share <= 1.0:
        raise ValueError("share: 0 to 1")
    mean = np.expm1(share * np.log1p(one) + (1.0 - share) * np.log1p(two))
    return np.asarray(mean, np.float64)


def lost_per_change(halls: int, slots: int = 1) -> Integers:
    """(H, H) ``hall_travel`` by which every change of hall costs the same number of slots."""
    travel = np.full((halls, halls), slots, np.int32)
    np.fill_diagonal(travel, 0)
    return travel
