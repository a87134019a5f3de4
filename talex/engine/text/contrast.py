"""Language maps fitted by contrast: labels of one concept drawn together, those of others apart.

The closed form of :mod:`.mapping` only draws together. Here a batch holds two labels of each of
many concepts, in one language or in two, and each is to find its partner among the whole batch:
the symmetric InfoNCE loss (van den Oord, Li & Vinyals, 'Representation learning with contrastive
predictive coding', 2018), by Adam (Kingma & Ba, 2015) with a step that rises, then falls as a
cosine to nothing. The maps stay linear, so a text costs what it did before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .mapping import LanguageMap

__all__ = ["Schedule", "contrasted"]

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how hard is fitted.

    batch: concepts in a step. temperature: divides the cosines. rate: Adam's largest step.
    All chosen on the half of ESCO's and the taxonomy's concepts that was not fitted on.
    """

    steps: int = 300
    batch: int = 1_024
    temperature: float = 0.05
    rate: float = 5e-4
    warm: int = 30
    seed: int = 0


class _Pairs:
    """Draws two labels of each of many concepts; each language of a concept counts alike."""

    def __init__(
        self,
        concepts: NDArray[np.integer],
        languages: NDArray[np.integer],
        sources: NDArray[np.integer],
    ) -> None:
        order = np.lexsort((np.arange(len(concepts)), languages, concepts))
        self.rows = order
        by = concepts[order].astype(np.int64) * (int(languages.max()) + 1) + languages[order]
        _, self.group_at, self.group_size = np.unique(by, return_index=True, return_counts=True)
        owners = concepts[order][self.group_at]
        _, self.first, self.groups = np.unique(owners, return_index=True, return_counts=True)
        self.at = self.group_at[self.first]
        self.size = np.add.reduceat(self.group_size, self.first)
        self.able = np.flatnonzero(self.size > 1)
        source = sources[order][self.at[self.able]]
        _, inverse, count = np.unique(source, return_inverse=True, return_counts=True)
        chance = 1.0 / count[inverse]
        self.chance = chance / chance.sum()

    def draw(self, rng: np.random.Generator, batch: int) -> tuple[NDArray[np.int64], ...]:
        """Rows a and b, as many as the batch has concepts; a and b differ everywhere."""
        some = min(batch, len(self.able))
        picked = rng.choice(self.able, some, replace=False, p=self.chance)
        one, other = self._label(rng, picked), self._label(rng, picked)
        same = one == other
        shift = 1 + np.floor(rng.random(some) * (self.size[picked] - 1)).astype(np.int64)
        turned = self.at[picked] + (other - self.at[picked] + shift) % self.size[picked]
        return self.rows[one], self.rows[np.where(same, turned, other)]

    def _label(self, rng: np.random.Generator, picked: NDArray[np.integer]) -> NDArray[np.int64]:
        chosen = (rng.random(len(picked)) * self.groups[picked]).astype(np.int64)
        group = self.first[picked] + chosen
        within = (rng.random(len(picked)) * self.group_size[group]).astype(np.int64)
        return self.group_at[group] + within


def contrasted(
    start: LanguageMap,
    vectors: Matrix,
    concepts: NDArray[np.integer],
    languages: Sequence[str],
    sources: NDArray[np.integer],
    schedule: Schedule | None = None,
) -> LanguageMap:
    """``start`` moved until labels find their partners better; its means stay.

    vectors: (n, d) unit rows. concepts: (n,), which concept each is of. languages: n tags, all in
    ``start``. sources: (n,), the collection a concept is from; collections are drawn from alike,
    however large. Seeded: the same input gives the same maps, but for the rounding of BLAS.
    A step takes O(batch d² + batch² d).
    """
    plan = schedule or Schedule()
    rng = np.random.default_rng(plan.seed)
    names = sorted(start.maps)
    code = np.array([names.index(name) for name in languages])
    centred = vectors - np.stack([start.means[name] for name in names])[code]
    maps = np.stack([start.maps[name] for name in names]).astype(np.float32)
    pairs = _Pairs(np.asarray(concepts), code, np.asarray(sources))
    mean, square = np.zeros_like(maps), np.zeros_like(maps)
    for step in range(1, plan.steps + 1):
        sides = pairs.draw(rng, plan.batch)
        slope = _slope(maps, [(centred[rows], code[rows]) for rows in sides], plan.temperature)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope * slope
        rate = plan.rate * min(1.0, step / plan.warm)
        rate *= 0.5 * (1 + np.cos(np.pi * step / plan.steps))
        way = mean / (1 - 0.9**step)
        maps = maps - np.float32(rate) * way / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        maps = maps.astype(np.float32)
    return LanguageMap(dict(start.means), dict(zip(names, maps, strict=True)))


def _slope(
    maps: Matrix, sides: Sequence[tuple[Matrix, NDArray[np.integer]]], temperature: float
) -> Matrix:
    """The gradient of the loss by the maps; row i of one side belongs to row i of the other."""
    mapped: list[Matrix] = []
    lengths: list[Matrix] = []
    for vectors, code in sides:
        made = np.empty_like(vectors)
        for at, matrix in enumerate(maps):
            made[code == at] = vectors[code == at] @ matrix
        length = np.linalg.norm(made, axis=1, keepdims=True) + 1e-9
        mapped.append(made / length)
        lengths.append(length)
    one, other = mapped
    size = len(one)
    # Cosines lie between -1 and 1, so that no power of the shifted ones overflows.
    power = np.exp((one @ other.T - 1) / temperature)
    chance = power / power.sum(axis=1, keepdims=True) + power / power.sum(axis=0, keepdims=True)
    pull = (chance - 2 * np.eye(size, dtype=np.float32)) / (2 * size * temperature)
    slope = np.zeros_like(maps)
    for (vectors, code), own, length, toward in zip(
        sides, mapped, lengths, (pull @ other, pull.T @ one), strict=True
    ):
        # The length of a vector does not count: what points along it is taken away.
        tangent = (toward - own * (toward * own).sum(axis=1, keepdims=True)) / length
        for at in range(len(maps)):
            rows = code == at
            slope[at] += vectors[rows].T @ tangent[rows]
    return slope
