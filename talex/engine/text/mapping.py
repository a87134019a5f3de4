"""A linear map for each language that brings labels of one concept together.

The encoder puts a Chinese, an English and a German label of one concept near each other, not in
one place, and some directions of its space tell languages and wordings apart rather than meanings.
For each language the map is the identity plus a ridge regression (Hoerl & Kennard, 'Ridge
regression', Technometrics 1970) from a label's vector to the way from there to its concept's
centre, the mean over languages of the mean of its labels: a closed form, no steps, no seed. Mapping
languages onto each other linearly follows Mikolov, Le & Sutskever, 'Exploiting similarities among
languages for machine translation' (2013).

``map.npz`` starts from this closed form and is then fitted by contrast (:mod:`.contrast`), on the
labels of the taxonomy in this package and of ESCO (European Commission), and on nothing else:
:mod:`.fitting` says how.

The weight of the ridge was chosen by two-fold cross-validation over concepts of the taxonomy (mean
reciprocal rank of preferred labels among those of the half that was left out, six directions: .790
without, .812 with 0.3; 0.1 and 1 gave .811).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .embedder import Embedder
from .language import language_of

__all__ = ["LanguageMap", "MappedEmbedder", "fit"]

RIDGE = 0.3
FILE = "map.npz"


@dataclass(frozen=True)
class LanguageMap:
    """For each language a mean, shape (d,), and a map, shape (d, d): ``(x - mean) @ map``.

    A text in another language takes the mean of all means and maps.
    """

    means: dict[str, NDArray[np.float32]]
    maps: dict[str, NDArray[np.float32]]

    @classmethod
    @lru_cache(maxsize=1)
    def default(cls) -> LanguageMap:
        """The one that ships with the package."""
        with as_file(files(__package__).joinpath(FILE)) as path:
            return cls.read(path)

    @classmethod
    def read(cls, path: Path) -> LanguageMap:
        with np.load(path, allow_pickle=False) as stored:
            names = [str(name) for name in stored["languages"]]
            return cls(
                dict(zip(names, stored["means"].astype(np.float32), strict=True)),
                dict(zip(names, stored["maps"].astype(np.float32), strict=True)),
            )

    def write(self, path: Path) -> None:
        """Half precision, which moves no vector by more than a thousandth of its length."""
        names = sorted(self.maps)
        np.savez_compressed(
            path,
            languages=np.array(names),
            means=np.stack([self.means[name] for name in names]).astype(np.float16),
            maps=np.stack([self.maps[name] for name in names]).astype(np.float16),
        )

    @cached_property
    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for name in sorted(self.maps):
            digest.update(name.encode())
            digest.update(self.means[name].astype(np.float16).tobytes())
            digest.update(self.maps[name].astype(np.float16).tobytes())
        return digest.hexdigest()[:12]

    @cached_property
    def _others(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        means, maps = list(self.means.values()), list(self.maps.values())
        return np.mean(means, axis=0), np.mean(maps, axis=0)

    def apply(self, vectors: NDArray[np.float32], languages: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (n, d), each mapped by its language's map; rows of zeros stay."""
        mapped = np.zeros_like(vectors)
        known = np.array([name if name in self.maps else "" for name in languages])
        some = vectors.any(axis=1)
        for name in set(known.tolist()):
            rows = np.flatnonzero((known == name) & some)
            mean, matrix = (self.means[name], self.maps[name]) if name else self._others
            mapped[rows] = (vectors[rows] - mean) @ matrix
        lengths = np.linalg.norm(mapped, axis=1, keepdims=True)
        return np.ascontiguousarray(mapped / np.maximum(lengths, 1e-12), dtype=np.float32)


def fit(
    vectors: NDArray[np.float32],
    concepts: NDArray[np.integer],
    languages: Sequence[str],
    ridge: float = RIDGE,
) -> LanguageMap:
    """The map of labelled vectors.

    vectors: (n, d), unit rows. concepts: (n,), which concept each is of. languages: n tags.
    ridge: weight against the mean variance of a direction; larger stays nearer to the encoder.
    Time is O(n d² + d³) a language.
    """
    if ridge <= 0:
        raise ValueError("ridge must be positive")
    names = np.asarray(languages)
    wide = vectors.astype(np.float64)
    centred = np.empty_like(wide)
    means = {str(name): wide[names == name].mean(axis=0) for name in sorted(set(languages))}
    for name, mean in means.items():
        centred[names == name] = wide[names == name] - mean
    centres = _centres(centred, concepts, names)
    maps = {}
    for name in means:
        own = names == name
        own_vectors, way = centred[own], centres[own] - centred[own]
        gram = own_vectors.T @ own_vectors
        weight = ridge * np.trace(gram) / len(gram)
        step = np.linalg.solve(gram + weight * np.eye(len(gram)), own_vectors.T @ way)
        maps[name] = (np.eye(len(gram)) + step).astype(np.float32)
    return LanguageMap({name: mean.astype(np.float32) for name, mean in means.items()}, maps)


def _centres(
    vectors: NDArray[np.float64], concepts: NDArray[np.integer], names: NDArray[np.str_]
) -> NDArray[np.float64]:
    """For each row its concept's centre: every language counts once, however many labels it has."""
    total = np.zeros((int(concepts.max()) + 1, vectors.shape[1]))
    count = np.zeros(len(total))
    for name in sorted(set(names.tolist())):
        own = names == name
        sums = np.zeros_like(total)
        np.add.at(sums, concepts[own], vectors[own])
        number = np.bincount(concepts[own], minlength=len(total))
        there = number > 0
        total[there] += sums[there] / number[there, None]
        count += there
    return (total / np.maximum(count, 1)[:, None])[concepts]


class MappedEmbedder:
    """An embedder whose vectors go through a map by the language of each text."""

    def __init__(self, base: Embedder, mapping: LanguageMap | None = None) -> None:
        self._base, self._given = base, mapping

    @property
    def _mapping(self) -> LanguageMap:
        return self._given or LanguageMap.default()

    @property
    def model_name(self) -> str:
        return f"{self._base.model_name}+map/{self._mapping.fingerprint}"

    @property
    def dimension(self) -> int:
        return self._base.dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See :meth:`Embedder.embed`."""
        languages = [language_of(text[:200]) for text in texts]
        return self._mapping.apply(self._base.embed(texts), languages)
