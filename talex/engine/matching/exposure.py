"""How much of the attention of lists falls on whom, and on which group.

After Singh & Joachims, 'Fairness of Exposure in Rankings', KDD 2018: a place in a list gets the
attention ``1 / log2(1 + place)``; a group's exposure is the mean of its members', and it is set
against its merit (their 'disparate treatment'). Groups are input here and nowhere else: the score
does not know them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["GroupExposure", "compare", "exposure"]

_Z = 1.959964  # of the normal distribution, for 95 %


def exposure(
    pairs: NDArray[np.integer], scores: NDArray[np.floating], n: int
) -> NDArray[np.float64]:
    """(n,) attention of each talent over all lists, with mean 1 (0 where there is no list).

    pairs: (P, 2) talent and list; scores: (P,) by which each list is sorted, best first. Equal
    scores share the attention of their places.
    """
    found = np.zeros(n)
    pairs = np.asarray(pairs, np.int64).reshape(-1, 2)
    if not len(pairs):
        return found
    order = np.lexsort((-scores, pairs[:, 1]))
    lists, sorted_scores = pairs[order, 1], scores[order]
    new_list = np.r_[True, lists[1:] != lists[:-1]]
    starts = np.flatnonzero(new_list)
    place = np.arange(len(order)) - starts[np.cumsum(new_list) - 1] + 1
    attention = 1 / np.log2(1 + place)
    new_tie = new_list | np.r_[True, sorted_scores[1:] != sorted_scores[:-1]]
    tie = np.cumsum(new_tie) - 1
    shared = np.bincount(tie, attention) / np.bincount(tie)
    np.add.at(found, pairs[order, 0], shared[tie])
    return found * (n / found.sum())


@dataclass(frozen=True, slots=True)
class GroupExposure:
    """A group. ``low``, ``high``: 95 % interval of ``exposure`` (normal, from the spread within the
    group). ``treatment``: exposure for its merit, against that of all; nan without merit. Where
    ``suppressed``, nothing but the name is told."""

    group: str
    count: int | None
    exposure: float
    low: float
    high: float
    proposals: float
    reached: float
    merit: float
    treatment: float

    @property
    def suppressed(self) -> bool:
        return self.count is None


def compare(
    groups: Sequence[str],
    attention: NDArray[np.floating],
    proposals: NDArray[np.integer],
    merit: NDArray[np.floating],
    *,
    least: int = 10,
) -> list[GroupExposure]:
    """Groups by name, each of n talents in one: mean attention, proposals, share with a proposal.

    merit: (n,) what the score says of a talent at best, nan unknown. A group below ``least`` is
    suppressed; where that is one alone, the next smallest too, or it could be told from the sum.
    """
    names = np.asarray(groups, dtype=object)
    sizes = {name: int((names == name).sum()) for name in sorted(set(groups))}
    hidden = {name for name, size in sizes.items() if size < least}
    if len(hidden) == 1 and len(sizes) > 1:
        hidden.add(min((size, name) for name, size in sizes.items() if name not in hidden)[1])
    known = ~np.isnan(merit)
    everybody = float(merit[known].mean()) if known.any() else float("nan")
    found = []
    for name, size in sizes.items():
        if name in hidden:
            nothing = float("nan")
            found.append(GroupExposure(name, None, *[nothing] * 7))
            continue
        inside = names == name
        own = attention[inside]
        mean = float(own.mean())
        half = _Z * float(own.std(ddof=1)) / np.sqrt(size) if size > 1 else float("inf")
        worth = merit[inside & known]
        of = float(worth.mean()) if len(worth) else float("nan")
        found.append(
            GroupExposure(
                name,
                size,
                mean,
                max(0.0, mean - half),
                mean + half,
                float(proposals[inside].mean()),
                float((proposals[inside] > 0).mean()),
                of,
                mean / (of / everybody) if of > 0 else float("nan"),
            )
        )
    return found
