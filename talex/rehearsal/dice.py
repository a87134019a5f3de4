"""Seeded chance that gives the same rolls on every machine and Python version.

Python promises that `random.Random(text).random()` repeats for the same text across versions;
it does not promise this for `choice`, `sample` or `shuffle`. So every draw here is made from
`random()` alone. A die is cut for each record from its own path (`Dice("1", "city", 7, "talent",
42)`), therefore any record can be made again without making those before it: the province is
streamed and a duplicate can look at its original.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Draws for one record; the path names the record, equal paths give equal draws."""

    __slots__ = ("_roll",)

    def __init__(self, *path: object) -> None:
        self._roll = random.Random("/".join(str(part) for part in path)).random

    def unit(self) -> float:
        """A number in [0, 1)."""
        return self._roll()

    def chance(self, probability: float) -> bool:
        return self._roll() < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._roll() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        return items[int(self._roll() * len(items))]

    def weighted(self, items: Sequence[tuple[T, float]]) -> T:
        """One of (item, weight) pairs; weights need not sum to one."""
        at = self._roll() * sum(weight for _, weight in items)
        for item, weight in items:
            at -= weight
            if at < 0:
                return item
        return items[-1][0]

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """Up to `count` different items, in drawn order (partial Fisher-Yates)."""
        pool = list(items)
        count = min(count, len(pool))
        for at in range(count):
            other = at + int(self._roll() * (len(pool) - at))
            pool[at], pool[other] = pool[other], pool[at]
        return pool[:count]

    def bell(self, mean: float, spread: float) -> float:
        """Roughly normal: twelve units summed, so no logarithm can differ by platform."""
        return mean + spread * (sum(self._roll() for _ in range(12)) - 6.0)

    def skewed(self, low: int, high: int, rolls: int = 2) -> int:
        """A whole number from low to high: the least of several rolls (small is likelier)."""
        return low + int(min(self._roll() for _ in range(rolls)) * (high - low + 1))
