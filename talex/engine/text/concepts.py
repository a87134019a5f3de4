"""Concepts with labels in several languages, and finding them in a text.

``concepts.tsv`` beside this file is written by hand: skills, occupations, industries and
disciplines of the fields such conferences name, with synonyms in zh, en and de. It links
``数据分析``, ``data analysis`` and ``Datenanalyse`` where an encoder alone only brings them near.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from .embedder import Embedder
from .normalise import normalise, tokens

__all__ = ["Concept", "ConceptEmbedder", "ConceptTable", "Kind", "Mention"]


class Kind(StrEnum):
    """What a concept is."""

    SKILL = "skill"
    OCCUPATION = "occupation"
    INDUSTRY = "industry"
    DISCIPLINE = "discipline"


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning. ``labels``: language -> labels, the preferred one first."""

    id: str
    kind: Kind
    labels: dict[str, tuple[str, ...]]

    def label(self, language: str) -> str | None:
        """The preferred label in ``language``, or None where it has none."""
        found = self.labels.get(language)
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept found in a text: tokens ``start`` to ``end`` (exclusive) of its tokens."""

    concept: Concept
    start: int
    end: int


# Endings that German puts on a person's occupation; 'in' alone would cut 'Berlin'.
_PERSON = ("er", "ör", "eur", "or", "ent", "ist", "ant", "and", "loge", "olog", "iker", "ur", "at")


def _fold(word: str) -> str:
    """A word without the plural of English and the female form of German, both sides alike."""
    for ending in ("innen", "in"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 4 and stem.endswith(_PERSON):
            return stem
    if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ics")):
        return word[:-1]
    return word


class ConceptTable:
    """Concepts by label, with a greedy longest-match search.

    Immutable after construction, so it may be read from any thread. Raises ``ValueError`` for
    two concepts with one id or one label (after normalising): a label decides alone.
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts: tuple[Concept, ...] = tuple(concepts)
        self._by_key: dict[str, Concept] = {}
        self._longest: dict[str, int] = {}
        ids: set[str] = set()
        for concept in self.concepts:
            if concept.id in ids:
                raise ValueError(f"two concepts have the id {concept.id!r}")
            ids.add(concept.id)
            for labels in concept.labels.values():
                for label in labels:
                    self._add(label, concept)

    def _add(self, label: str, concept: Concept) -> None:
        parts = self.parts(label)
        if not parts:
            raise ValueError(f"the label {label!r} of {concept.id!r} has no letters")
        key = " ".join(parts)
        other = self._by_key.setdefault(key, concept)
        if other is not concept:
            raise ValueError(f"{label!r} is a label of {other.id!r} and of {concept.id!r}")
        self._longest[parts[0]] = max(self._longest.get(parts[0], 0), len(parts))

    @classmethod
    @lru_cache(maxsize=1)
    def default(cls) -> ConceptTable:
        """The table that ships with the package."""
        source = files(__package__).joinpath("concepts.tsv").read_text(encoding="utf-8")
        return cls.from_tsv(source)

    @classmethod
    def from_tsv(cls, source: str) -> ConceptTable:
        """A table from text in the format of ``concepts.tsv`` (its head explains it)."""
        lines = (line for line in source.splitlines() if line.strip() and line[0] != "#")
        concepts = []
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True):
            labels = {
                language: tuple(label.strip() for label in cell.split("|"))
                for language, cell in row.items()
                if language not in ("id", "kind") and cell
            }
            concepts.append(Concept(row["id"], Kind(row["kind"]), labels))
        return cls(concepts)

    @staticmethod
    def parts(text: str) -> list[str]:
        """The tokens by which texts are compared here: CJK characters and folded words."""
        return [_fold(token) for token in tokens(normalise(text))]

    def find(self, text: str) -> list[Mention]:
        """Concepts mentioned in ``text``, from left to right, the longest label first, no
        overlaps. Time is linear in the text."""
        return self.find_parts(self.parts(text))

    def find_parts(self, parts: Sequence[str]) -> list[Mention]:
        """As :meth:`find`, for a text already cut by :meth:`parts`."""
        mentions: list[Mention] = []
        at = 0
        while at < len(parts):
            for length in range(min(self._longest.get(parts[at], 0), len(parts) - at), 0, -1):
                concept = self._by_key.get(" ".join(parts[at : at + length]))
                if concept is not None:
                    mentions.append(Mention(concept, at, at + length))
                    at += length
                    break
            else:
                at += 1
        return mentions


class ConceptEmbedder:
    """An embedder that pulls texts towards the concepts they mention.

    Each concept has a prototype: the mean, over languages, of the mean vector of its labels.
    A text becomes ``(1 - a) * vector + a * mean prototype``, scaled to length 1, where
    ``a = pull * share of its tokens that are labels``. Texts in two languages that mention the
    same concept so meet at the same point, whatever the encoder does with each language; texts
    that mention none keep their vector.
    """

    def __init__(
        self, base: Embedder, table: ConceptTable | None = None, *, pull: float = 0.5
    ) -> None:
        if not 0 <= pull <= 1:
            raise ValueError("pull must be between 0 and 1")
        self._base = base
        self._table = table or ConceptTable.default()
        self._pull = pull
        self._prototypes: dict[str, NDArray[np.float32]] | None = None

    @property
    def model_name(self) -> str:
        """The base model, the pull, and a fingerprint of the labels."""
        import hashlib

        digest = hashlib.sha256(repr(self._table.concepts).encode()).hexdigest()[:12]
        return f"{self._base.model_name}+concepts/{digest}/{self._pull}"

    @property
    def dimension(self) -> int:
        return self._base.dimension

    def _load(self) -> dict[str, NDArray[np.float32]]:
        # Two threads may do this at once; both find the same, so no lock is held meanwhile.
        if self._prototypes is None:
            groups = [
                (concept.id, labels)
                for concept in self._table.concepts
                for labels in concept.labels.values()
            ]
            vectors = self._base.embed([label for _, labels in groups for label in labels])
            prototypes: dict[str, NDArray[np.float32]] = {}
            at = 0
            for key, labels in groups:
                mean = vectors[at : at + len(labels)].mean(axis=0)
                at += len(labels)
                prototypes[key] = prototypes.get(key, np.float32(0)) + mean
            self._prototypes = {
                key: vector / max(float(np.linalg.norm(vector)), 1e-12)
                for key, vector in prototypes.items()
            }
        return self._prototypes

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See :meth:`Embedder.embed`."""
        vectors = self._base.embed(texts)
        if not self._pull:
            return vectors
        prototypes = self._load()
        for row, text in enumerate(texts):
            parts = self._table.parts(text)
            mentions = self._table.find_parts(parts)
            if not mentions:
                continue
            centre = np.zeros(self.dimension, dtype=np.float32)
            for mention in mentions:
                centre += prototypes[mention.concept.id] * (mention.end - mention.start)
            centre /= max(float(np.linalg.norm(centre)), 1e-12)
            share = self._pull * sum(found.end - found.start for found in mentions) / len(parts)
            mixed = (1 - share) * vectors[row] + share * centre
            vectors[row] = mixed / max(float(np.linalg.norm(mixed)), 1e-12)
        return vectors
