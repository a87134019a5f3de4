"""An embedder that pulls texts towards the concepts they mention."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from .concepts import Concept, ConceptTable, cut
from .embedder import Embedder

__all__ = ["ConceptEmbedder"]


class ConceptEmbedder:
    """An embedder that pulls texts towards the concepts they mention.

    Each concept has a prototype: the mean, over languages, of the mean vector of its labels; it is
    made when a text first mentions the concept. A text becomes ``(1 - a) * vector + a * mean
    prototype``, scaled to length 1, where ``a = pull * share of its tokens that are labels``.
    Texts in two languages that mention the same concept so meet at the same point, whatever the
    encoder does with each language; texts that mention none keep their vector.
    """

    def __init__(
        self, base: Embedder, table: ConceptTable | None = None, *, pull: float = 0.5
    ) -> None:
        if not 0 <= pull <= 1:
            raise ValueError("pull must be between 0 and 1")
        self._base = base
        self._given = table
        self._pull = pull
        self._prototypes: dict[str, NDArray[np.float32]] = {}
        self._lock = threading.Lock()

    @property
    def _table(self) -> ConceptTable:
        return self._given or ConceptTable.default()

    @property
    def base(self) -> Embedder:
        """What the vectors are pulled from."""
        return self._base

    def over(self, base: Embedder) -> ConceptEmbedder:
        """The same over another base that gives the same vectors, such as a quicker one."""
        other = ConceptEmbedder(base, self._given, pull=self._pull)
        other._prototypes = self._prototypes
        return other

    @property
    def model_name(self) -> str:
        """The base model, the pull, and a fingerprint of the labels."""
        return f"{self._base.model_name}+concepts/{self._table.fingerprint}/{self._pull}"

    @property
    def dimension(self) -> int:
        return self._base.dimension

    def _learn(self, concepts: Iterable[Concept]) -> None:
        """Make the prototypes that are still missing, all in one call of the base model."""
        missing = {one.id: one for one in concepts if one.id not in self._prototypes}
        if not missing:
            return
        groups = [(key, labels) for key, one in missing.items() for labels in one.labels.values()]
        vectors = self._base.embed([label for _, labels in groups for label in labels])
        sums: dict[str, NDArray[np.float32]] = {}
        at = 0
        for key, labels in groups:
            mean = vectors[at : at + len(labels)].mean(axis=0)
            at += len(labels)
            sums[key] = sums.get(key, np.float32(0)) + mean
        made = {
            key: vector / max(float(np.linalg.norm(vector)), 1e-12) for key, vector in sums.items()
        }
        # Two threads may have made the same ones: both found the same vectors.
        with self._lock:
            self._prototypes = {**self._prototypes, **made}

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See :meth:`Embedder.embed`."""
        vectors = self._base.embed(texts)
        if not self._pull:
            return vectors
        table = self._table
        found = []
        for row, text in enumerate(texts):
            pieces = cut(text)
            mentions = table.find_cut(pieces)
            if mentions:
                found.append((row, len(pieces.folded), mentions))
        self._learn(mention.concept for _, _, mentions in found for mention in mentions)
        prototypes = self._prototypes
        for row, length, mentions in found:
            centre = np.zeros(self.dimension, dtype=np.float32)
            for mention in mentions:
                centre += prototypes[mention.concept.id] * (mention.end - mention.start)
            centre /= max(float(np.linalg.norm(centre)), 1e-12)
            share = self._pull * sum(one.end - one.start for one in mentions) / length
            mixed = (1 - share) * vectors[row] + share * centre
            vectors[row] = mixed / max(float(np.linalg.norm(mixed)), 1e-12)
        return vectors
