"""Vectors of texts, each computed once: a table keyed by the text's hash and the model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from talex.core.clock import now
from talex.core.work import work
from talex.engine.text import Embedder
from talex.fair.models import TextVector

CHUNK = 1_000
#: How much of a text is looked at: the beginning says what it is about, and reading time grows
#: with the length.
MOST = 800

Told = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    del done, total


def key_of(text: str) -> str:
    """The hash under which a text's vector is kept; the text itself is not."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _half(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """As they will be read back, so that a first and a later run compute the same scores."""
    rows = vectors.astype("<f2").astype(np.float32)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length > 0, length, 1), np.float32)


def embedded(
    texts: Sequence[str],
    embedder: Embedder,
    *,
    subjects: Sequence[UUID | None] | None = None,
    told: Told = _silent,
) -> NDArray[np.float32]:
    """Unit vectors of texts, (n, dimension) float32; a blank text gives zeros.

    subjects: the person whose text each is, or None. told: called with (done, all) after each
    chunk, and may raise to stop; what was computed until then is kept. Memory beside the result:
    one chunk.
    """
    result = np.zeros((len(texts), embedder.dimension), np.float32)
    places: dict[str, list[int]] = {}
    for at, text in enumerate(texts):
        if text.strip():
            places.setdefault(key_of(text[:MOST]), []).append(at)
    keys, model = list(places), embedder.model_name
    for at in range(0, len(keys), CHUNK):
        here = keys[at : at + CHUNK]
        known = {
            key: np.frombuffer(bytes(vector), "<f2").astype(np.float32)
            for key, vector in TextVector.objects.filter(model=model, key__in=here).values_list(
                "key", "vector"
            )
        }
        new = [key for key in here if key not in known]
        if new:
            made = embedder.embed([texts[places[key][0]][:MOST] for key in new])
            halves = made.astype("<f2")
            known |= dict(zip(new, halves.astype(np.float32), strict=True))
            with work():
                TextVector.objects.bulk_create(
                    [
                        TextVector(
                            key=key,
                            model=model,
                            vector=half.tobytes(),
                            subject=subjects[places[key][0]] if subjects else None,
                            made_at=now(),
                        )
                        for key, half in zip(new, halves, strict=True)
                    ],
                    # Another run may have made the same meanwhile.
                    ignore_conflicts=True,
                    batch_size=100,
                )
        for key in here:
            result[places[key]] = known[key]
        told(at + len(here), len(keys))
    return _half(result)
