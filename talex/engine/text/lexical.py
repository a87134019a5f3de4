"""Texts compared by what they are spelled with: TF-IDF over character n-grams and over words.

Term frequency times smoothed inverse document frequency, rows of length 1 (Salton & Buckley,
'Term-weighting approaches in automatic text retrieval', 1988); character n-grams inside word
borders as in scikit-learn's ``char_wb``. Own code on SciPy's sparse arrays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .compounds import CompoundSplitter
from .concepts import cut
from .normalise import normalise

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Tfidf", "character_ngrams", "head_word", "word_terms"]

_ENDS = re.compile(r"[,(/]| [-–] ")
# Small words of English and German that end the part of a title which says what somebody is.
_SMALL = frozenset(("of", "in", "for", "and", "the", "to", "with", "at", "on", "by", "as", "or"))
_SMALL |= {"und", "für", "im", "der", "die", "das", "mit", "von", "am", "zu", "zur"}


def character_ngrams(text: str, shortest: int = 2, longest: int = 4) -> list[str]:
    """The n-grams of ``text``, normalised; each word is padded with a space on either side."""
    found: list[str] = []
    for word in normalise(text).split():
        padded = f" {word} "
        for size in range(shortest, longest + 1):
            found += [padded[at : at + size] for at in range(max(len(padded) - size + 1, 1))]
    return found


@lru_cache(maxsize=50_000)
def word_terms(text: str, language: str) -> tuple[str, ...]:
    """Folded words and single CJK characters; of German compounds the parts and the whole."""
    folded = cut(text).folded
    if not language.startswith("de"):
        return tuple(folded)
    split = CompoundSplitter.default().split
    found: list[str] = []
    for word in folded:
        parts = split(word)
        found += [*parts, word] if len(parts) > 1 else [word]
    return tuple(found)


def head_word(text: str, language: str) -> str:
    """The word that says what somebody is: the last one before a small word or a sign, of a German
    compound its last part. An empty string where there is none."""
    found = ""
    for word in cut(_ENDS.split(text, maxsplit=1)[0] or text).folded:
        if word in _SMALL and found:
            break
        found = word
    if found and language.startswith("de"):
        return CompoundSplitter.default().split(found)[-1]
    return found


class Tfidf:
    """Vectors of texts given as terms. Immutable after construction.

    rows: (n, v) float32, length 1, of the documents it was made of.
    idf: (v,), ``log((1 + n) / (1 + documents with the term)) + 1``.
    """

    def __init__(self, documents: Iterable[Sequence[str]]) -> None:
        self._vocabulary: dict[str, int] = {}
        counts = self._counted(documents, grow=True)
        seen = np.bincount(counts.indices, minlength=counts.shape[1])
        self.idf = (np.log((1 + counts.shape[0]) / (1 + seen)) + 1).astype(np.float32)
        self.rows = self._weighed(counts)

    def _counted(self, documents: Iterable[Sequence[str]], *, grow: bool = False) -> csr_array:
        known = self._vocabulary
        indices: list[int] = []
        data: list[int] = []
        ends = [0]
        for document in documents:
            counts: dict[int, int] = {}
            for term in document:
                at = known.setdefault(term, len(known)) if grow else known.get(term)
                if at is not None:
                    counts[at] = counts.get(at, 0) + 1
            indices += counts.keys()
            data += counts.values()
            ends.append(len(indices))
        arrays = np.array(data, np.float32), np.array(indices, np.int32), np.array(ends, np.int64)
        from scipy.sparse import csr_array  # half a second, not at every start

        return csr_array(arrays, shape=(len(ends) - 1, len(known)))

    def _weighed(self, counts: csr_array) -> csr_array:
        counts.data *= self.idf[counts.indices]
        return unit(counts)

    def vectors(self, documents: Iterable[Sequence[str]]) -> csr_array:
        """(n, v) rows of length 1; unknown terms are left out, a row without known ones is 0."""
        return self._weighed(self._counted(documents))

    def shares(self, documents: Sequence[Sequence[str]]) -> csr_array:
        """(n, v): what each distinct term has of its document's idf; a term that no document here
        knows weighs as the rarest, so a row sums to 1 only where all are known."""
        rows = self._counted([list(dict.fromkeys(document)) for document in documents])
        rows.data *= self.idf[rows.indices]
        rarest = float(self.idf.max(initial=1.0))
        total = np.asarray(rows.sum(axis=1)).ravel()
        unknown = [len(set(document)) for document in documents] - np.diff(rows.indptr)
        total = np.maximum(total + rarest * unknown, 1e-9).astype(np.float32)
        rows.data /= np.repeat(total, np.diff(rows.indptr))
        return rows


def unit(rows: csr_array) -> csr_array:
    """``rows`` scaled to length 1, in place; empty ones stay."""
    squares = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
    lengths: NDArray[np.float32] = np.sqrt(np.maximum(squares, 1e-18)).astype(np.float32)
    rows.data /= np.repeat(lengths, np.diff(rows.indptr))
    return rows
