"""Concepts ranked for a text, each once and by all its labels: several kinds of evidence, fused.

An encoder knows that a *Fleischer* is a butcher but takes a tyre fitter for a tyre maker; letters
know the second and not the first. :class:`ConceptRanker` measures both for every concept and adds
what it measured by weights that were fitted (:mod:`.fusion`). It needs no judged pairs of the texts
it will see, and serves the shipped taxonomy, an organiser's terms and ESCO alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .concepts import Concept, cut
from .embedder import Embedder
from .fusion import Fusion
from .language import language_of
from .lexical import Tfidf, character_ngrams, head_word, unit, word_terms
from .titles import plain_title

__all__ = ["ConceptRanker", "Evidence", "Ranked", "commonest_language", "label_keys", "likelihoods"]

Floats = NDArray[np.float32]


class Evidence(IntEnum):
    """What is measured of a text and a concept; columns of :meth:`ConceptRanker.features`.

    Cosines of TF-IDF rows lie in [0, 1], those of vectors in [-1, 1].
    """

    CHARACTERS_BEST = 0  # character n-grams: the nearest label
    CHARACTERS_ALL = 1  # ... and the sum of all labels
    WORDS_BEST = 2  # words and parts of compounds: the nearest label
    COVERAGE = 3  # the share of the text's rare words that stand in some label
    VECTOR_BEST = 4  # the encoder: the nearest label
    VECTOR_ALL = 5  # ... and the sum of all labels
    VECTOR_THREE = 6  # ... and the mean of the nearest three
    VECTOR_ELSEWHERE = 7  # ... and the nearest in another language than the text's
    HEAD = 8  # 1 where a label has the same head word
    EXACT = 9  # 1 where a label is the same but for case, number and gender


@dataclass(frozen=True, slots=True)
class Ranked:
    """``score`` orders the concepts of one text; it is no probability."""

    concept: Concept
    score: float


def label_keys(label: str) -> frozenset[str]:
    """By what a label is the same as another: both halves of ``Bäcker/Bäckerin`` too."""
    halves = [label, *label.split("/")]
    return frozenset(key for half in halves if (key := " ".join(cut(half).folded)))


class ConceptRanker:
    """Ranks ``concepts`` for texts. Immutable after construction; safe for any number of threads.

    embedder: whose vectors are compared; the product's where none is given.
    fusion: the weights; those of the package where none are given.
    languages: only labels in these; all where not given.

    Concepts without a label are never near. Making one takes about 0.5 ms a label, of which most
    is the encoder; a text takes about 10 ms for the 54,000 labels of ESCO's occupations.
    """

    def __init__(
        self,
        concepts: Sequence[Concept],
        embedder: Embedder | None = None,
        fusion: Fusion | None = None,
        *,
        languages: Sequence[str] | None = None,
    ) -> None:
        if embedder is None:
            from . import default_embedder

            embedder = default_embedder()
        self.concepts = tuple(concepts)
        self._embedder, self._given = embedder, fusion
        rows = [
            (at, language, label)
            for at, concept in enumerate(self.concepts)
            for language, labels in concept.labels.items()
            if languages is None or language in languages
            for label in labels
        ]
        self.labels = [label for _, _, label in rows]
        self.languages = np.array([language for _, language, _ in rows], dtype=np.str_)
        # The labels of a concept stand together: label ``i`` belongs to ``owners[i]``.
        self.owners = np.array([at for at, _, _ in rows], dtype=np.int64)
        self._labelled, self._starts = np.unique(self.owners, return_index=True)
        self._ends = np.append(self._starts[1:], len(rows))
        plain = [plain_title(label, language) for _, language, label in rows]
        self._characters = Tfidf(map(character_ngrams, plain))
        self._words = Tfidf(
            word_terms(label, language)
            for label, language in zip(plain, self.languages, strict=True)
        )
        self._vectors = embedder.embed(self.labels)
        self._add_sums()
        self._heads = self._index(
            [{head_word(one, name)} for one, name in zip(plain, self.languages, strict=True)]
        )
        self._keys = self._index([label_keys(label) for label in plain])

    def _add_sums(self) -> None:
        from scipy.sparse import csr_array  # half a second, not at every start

        count = len(self.labels)
        ones = np.ones(count, np.float32), (self.owners, np.arange(count))
        adding = csr_array(ones, shape=(len(self.concepts), count))
        self._character_sums = unit(csr_array(adding @ self._characters.rows))
        self._bags = csr_array(adding @ self._words.rows)
        self._bags.data[:] = 1
        sums = np.asarray(adding @ self._vectors)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        self._vector_sums = (sums / np.maximum(lengths, 1e-9)).astype(np.float32)

    def _index(self, keys: Sequence[set[str] | frozenset[str]]) -> dict[str, list[int]]:
        """Key -> labels that have it."""
        found: dict[str, list[int]] = {}
        for at, mine in enumerate(keys):
            for key in mine:
                if key:
                    found.setdefault(key, []).append(at)
        return found

    def labels_of(self, concept: int) -> NDArray[np.int64]:
        """The rows of the labels of the concept in this place."""
        return np.arange(*np.searchsorted(self.owners, [concept, concept + 1]))

    def with_key(self, key: str) -> list[int]:
        """The rows of the labels with this key (:func:`label_keys`)."""
        return self._keys.get(key, [])

    def features(
        self,
        texts: Sequence[str],
        language: str | None = None,
        kept: Sequence[tuple[int, NDArray[np.int64]]] | None = None,
        block: int = 128,
    ) -> Iterator[tuple[slice, Floats]]:
        """Blocks of texts and their evidence, shape (texts, concepts, kinds of evidence).

        language: BCP 47, of all texts; the commonest of them where it is not given.
        kept: for each text a concept and the rows of its labels that are to count, the others
            being hidden: what fusing is fitted with.
        """
        language = language or commonest_language(texts)
        made = _Texts(self, [plain_title(text, language) for text in texts], language)
        for at in range(0, len(texts), block):
            part = slice(at, min(at + block, len(texts)))
            yield part, made.block(part, None if kept is None else kept[part])

    def scores(self, texts: Sequence[str], language: str | None = None) -> Floats:
        """(texts, concepts): higher is likelier; comparable within a row only."""
        language = language or commonest_language(texts)
        weights = (self._given or Fusion.default()).weights_for(language, self.knows(language))
        found = np.zeros((len(texts), len(self.concepts)), np.float32)
        for part, evidence in self.features(texts, language):
            found[part] = evidence @ weights
        return found

    def knows(self, language: str) -> bool:
        """Whether any concept has labels in ``language``."""
        return bool((self.languages == language.partition("-")[0]).any())

    def rank(self, text: str, count: int = 10, language: str | None = None) -> list[Ranked]:
        """The ``count`` likeliest concepts, the likeliest first; equals in the given order."""
        scores = self.scores([text], language)[0]
        order = np.argsort(-scores, kind="stable")[:count]
        return [Ranked(self.concepts[at], float(scores[at])) for at in order]


def commonest_language(texts: Sequence[str]) -> str:
    """The language that most of ``texts`` are in; ``und`` for none."""
    counts = Counter(map(language_of, texts))
    return counts.most_common(1)[0][0] if counts else "und"


def likelihoods(scores: Floats) -> Floats:
    """Rows of :meth:`ConceptRanker.scores` as the likelihoods that the weights are fitted for."""
    power = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(power / power.sum(axis=1, keepdims=True))


class _Texts:
    """Texts of one language, ready to be compared with the labels of a ranker."""

    def __init__(self, ranker: ConceptRanker, plain: Sequence[str], language: str) -> None:
        self.ranker = ranker
        terms = [word_terms(text, language) for text in plain]
        self.characters = ranker._characters.vectors(map(character_ngrams, plain))
        self.words = ranker._words.vectors(terms)
        self.shares = ranker._words.shares(terms)
        self.vectors = ranker._embedder.embed(plain)
        self.heads = [head_word(text, language) for text in plain]
        self.keys = [" ".join(cut(text).folded) for text in plain]
        self.elsewhere = ranker.languages != language.partition("-")[0]

    def block(self, part: slice, kept: Sequence[tuple[int, NDArray[np.int64]]] | None) -> Floats:
        ranker = self.ranker
        characters = (self.characters[part] @ ranker._characters.rows.T).toarray()
        words = (self.words[part] @ ranker._words.rows.T).toarray()
        cosines = self.vectors[part] @ ranker._vectors.T
        made = np.zeros((len(cosines), len(ranker.concepts), len(Evidence)), np.float32)
        made[:, :, Evidence.CHARACTERS_BEST] = self._best(characters)
        made[:, :, Evidence.WORDS_BEST] = self._best(words)
        made[:, :, Evidence.CHARACTERS_ALL] = (
            self.characters[part] @ ranker._character_sums.T
        ).toarray()
        made[:, :, Evidence.COVERAGE] = (self.shares[part] @ ranker._bags.T).toarray()
        best = self._best(cosines)
        made[:, :, Evidence.VECTOR_BEST] = best
        made[:, :, Evidence.VECTOR_ALL] = self.vectors[part] @ ranker._vector_sums.T
        # Where a concept has labels in the text's language alone, they stand for the others.
        far = self._best(np.where(self.elsewhere, cosines, np.float32(-2)))
        made[:, :, Evidence.VECTOR_ELSEWHERE] = np.where(far > -2, far, best)
        made[:, :, Evidence.VECTOR_THREE] = self._three(cosines, best)
        for row, at in enumerate(range(len(self.heads))[part]):
            for column, index, key in (
                (Evidence.HEAD, ranker._heads, self.heads[at]),
                (Evidence.EXACT, ranker._keys, self.keys[at]),
            ):
                made[row, ranker.owners[index.get(key, [])], column] = 1
            if kept is not None:
                concept, rows = kept[row]
                made[row, concept] = self._alone(
                    at, rows, characters[row], words[row], cosines[row]
                )
        return made

    def _best(self, values: Floats) -> Floats:
        """(texts, labels) -> (texts, concepts): the greatest; 0 for concepts without labels."""
        ranker = self.ranker
        found = np.zeros((len(values), len(ranker.concepts)), np.float32)
        if len(ranker.labels):
            found[:, ranker._labelled] = np.maximum.reduceat(values, ranker._starts, axis=1)
        return found

    def _three(self, cosines: Floats, best: Floats) -> Floats:
        """The mean of the nearest three, or of as many different ones as there are."""
        left, last = cosines.copy(), best
        total, count = best.copy(), np.ones_like(best)
        for _ in range(2):
            left[left >= last[:, self.ranker.owners]] = -2
            last = self._best(left)
            there = last > -2
            total += np.where(there, last, 0)
            count += there
        return total / count

    def _alone(
        self,
        at: int,
        rows: NDArray[np.int64],
        characters: Floats,
        words: Floats,
        cosines: Floats,
    ) -> Floats:
        """The evidence of text ``at`` for a concept that had only the labels in ``rows``."""
        ranker = self.ranker
        made = np.zeros(len(Evidence), np.float32)
        if not len(rows):
            return made
        total = np.asarray(ranker._characters.rows[rows].sum(axis=0)).ravel()
        length = max(float(np.linalg.norm(total)), 1e-9)
        bag = np.asarray(ranker._words.rows[rows].sum(axis=0)).ravel() > 0
        centre = ranker._vectors[rows].sum(axis=0)
        near = np.unique(cosines[rows])[::-1][:3]
        far = cosines[rows[self.elsewhere[rows]]]
        made[Evidence.CHARACTERS_BEST] = characters[rows].max()
        made[Evidence.CHARACTERS_ALL] = (self.characters[[at]] @ total)[0] / length
        made[Evidence.WORDS_BEST] = words[rows].max()
        made[Evidence.COVERAGE] = (self.shares[[at]] @ bag.astype(np.float32))[0]
        made[Evidence.VECTOR_BEST] = near[0]
        made[Evidence.VECTOR_ALL] = self.vectors[at] @ centre / max(np.linalg.norm(centre), 1e-9)
        made[Evidence.VECTOR_THREE] = near.mean()
        made[Evidence.VECTOR_ELSEWHERE] = far.max() if len(far) else near[0]
        here = set(rows.tolist())
        made[Evidence.HEAD] = not here.isdisjoint(ranker._heads.get(self.heads[at], ()))
        made[Evidence.EXACT] = not here.isdisjoint(ranker._keys.get(self.keys[at], ()))
        return made
