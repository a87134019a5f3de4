"""Concepts with labels in several languages, and finding them in a text.

The files in ``taxonomy/`` are written by hand for Talex: industries with their occupations and
skills, disciplines and degrees, each with labels and synonyms in zh, en and de. They link
``数据分析``, ``data analysis`` and ``Datenanalyse`` where an encoder alone only brings them near.
:mod:`.reading` says how the files look.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

from .normalise import cleaned, simplified, tokens

__all__ = ["PREFERENCE", "Concept", "ConceptTable", "Cut", "Kind", "Mention", "cut"]


class Kind(StrEnum):
    """What a concept is."""

    SKILL = "skill"
    OCCUPATION = "occupation"
    INDUSTRY = "industry"
    DISCIPLINE = "discipline"
    DEGREE = "degree"


# Which kind is meant by a label that several kinds share, where the caller does not say: 'Editor'
# is who one is before it is what one can do.
PREFERENCE = (Kind.OCCUPATION, Kind.SKILL, Kind.DISCIPLINE, Kind.INDUSTRY, Kind.DEGREE)


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning.

    id: unique in a table; those of the shipped files are ``<kind>:<name>``.
    labels: language -> labels, the preferred one first.
    parents: ids of broader concepts; of an occupation, skill or discipline its industries.
    abbreviations: short forms in whatever language; found only where written in just this case,
        because ``INS`` is inertial navigation and ``ins`` is a German preposition.
    ambiguous: labels that may mean this concept and also others of its kind; never found in a
        running text, offered by :meth:`ConceptTable.candidates`.
    """

    id: str
    kind: Kind
    labels: dict[str, tuple[str, ...]]
    parents: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()

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


class Cut(NamedTuple):
    """A text cut for comparison. ``raw``: its tokens as written; ``folded``: as compared."""

    folded: list[str]
    raw: list[str]


# Endings that German puts on a person's occupation; 'in' alone would cut 'Berlin'.
_PERSON = ("er", "ör", "eur", "or", "ent", "ist", "ant", "and", "loge", "olog", "iker", "ur", "at")
_ALL_HAN = re.compile(r"[\u4e00-\u9fff]+")


@lru_cache(maxsize=50_000)
def _fold(word: str) -> str:
    """A word without case, the plural of English and the female form of German."""
    word = word.casefold()
    for ending in ("innen", "in"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 4 and stem.endswith(_PERSON):
            return stem
    if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ics")):
        return word[:-1]
    return word


def cut(text: str) -> Cut:
    """``text`` as tokens: single CJK characters, simplified, and whole words."""
    raw = tokens(simplified(cleaned(text)))
    return Cut([_fold(token) for token in raw], raw)


def _key(label: str, *, tidy: bool) -> str:
    """What a label is found by. ``tidy``: it is in its normal form already (the shipped files)."""
    if tidy:
        if _ALL_HAN.fullmatch(label):
            return " ".join(label)
        return " ".join([_fold(token) for token in tokens(label)])
    return " ".join(cut(label).folded)


class ConceptTable:
    """Concepts by label, with a greedy longest-match search.

    Immutable after construction, so it may be read from any thread. Raises ``ValueError`` for
    two concepts with one id, or with one label, if they are of one kind and the label is not
    marked ambiguous in both: a label decides alone. Kinds may share labels.

    ``tidy``: labels are in their normal form, which is not checked again (the shipped files, whose
    form a test holds).
    """

    def __init__(self, concepts: Iterable[Concept], *, tidy: bool = False) -> None:
        self._by_id: dict[str, Concept] = {}
        # Key -> concepts with this label; of one kind one, unless ambiguous.
        self._by_key: dict[str, tuple[Concept, ...]] = {}
        self._vague: dict[str, tuple[Concept, ...]] = {}
        self._short: dict[str, tuple[Concept, ...]] = {}
        self._longest: dict[str, int] = {}
        for concept in concepts:
            self._add(concept, tidy=tidy)

    def dumps(self) -> bytes:
        """The table as bytes that :meth:`loads` reads: labels are not cut again, which is what
        takes the time. Compressed JSON, so that reading it runs no code."""
        at = {concept.id: number for number, concept in enumerate(self._by_id.values())}
        kept = {
            "concepts": [
                [one.id, one.kind.value, one.labels, one.parents, one.abbreviations, one.ambiguous]
                for one in self._by_id.values()
            ],
            "indexes": [
                {key: [at[one.id] for one in found] for key, found in index.items()}
                for index in (self._by_key, self._vague, self._short)
            ],
            "longest": self._longest,
        }
        return zlib.compress(json.dumps(kept, ensure_ascii=False).encode(), 6)

    @classmethod
    def loads(cls, kept: bytes) -> ConceptTable:
        """The table of :meth:`dumps`. Raises ``ValueError`` for anything else."""
        try:
            read = json.loads(zlib.decompress(kept))
            concepts = [
                Concept(
                    key, Kind(kind), {code: tuple(labels) for code, labels in said.items()},
                    tuple(parents), tuple(short), tuple(vague),
                )
                for key, kind, said, parents, short, vague in read["concepts"]
            ]  # fmt: skip
            table = cls(())
            table._by_id = {one.id: one for one in concepts}
            table._by_key, table._vague, table._short = (
                {key: tuple(concepts[at] for at in found) for key, found in index.items()}
                for index in read["indexes"]
            )
            table._longest = read["longest"]
        except (zlib.error, KeyError, IndexError, TypeError) as error:
            raise ValueError("these bytes are no table of concepts") from error
        return table

    @property
    def concepts(self) -> tuple[Concept, ...]:
        return tuple(self._by_id.values())

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all concepts: equal for equal tables, whichever process made them."""
        return hashlib.sha256(repr(self.concepts).encode()).hexdigest()[:12]

    def get(self, key: str) -> Concept | None:
        """The concept with this id."""
        return self._by_id.get(key)

    def _add(self, concept: Concept, *, tidy: bool) -> None:
        if concept.id in self._by_id:
            raise ValueError(f"two concepts have the id {concept.id!r}")
        self._by_id[concept.id] = concept
        for labels in concept.labels.values():
            for label in labels:
                self._enter(self._by_key, _key(label, tidy=tidy), label, concept)
        for label in concept.abbreviations:
            self._enter(self._short, " ".join(tokens(cleaned(label))), label, concept)
        for label in concept.ambiguous:
            self._enter(self._vague, _key(label, tidy=tidy), label, concept)

    def _enter(
        self, index: dict[str, tuple[Concept, ...]], key: str, label: str, concept: Concept
    ) -> None:
        if not key:
            raise ValueError(f"the label {label!r} of {concept.id!r} has no letters")
        known = index.get(key)
        if known is None:
            index[key] = (concept,)
        elif concept not in known:
            for other in known:
                if other.kind is concept.kind and index is not self._vague:
                    raise ValueError(f"{label!r} is a label of {other.id!r} and of {concept.id!r}")
            index[key] = (*known, concept)
        if index is not self._vague:
            first = key.partition(" ")[0]
            length = key.count(" ") + 1
            if self._longest.get(first, 0) < length:
                self._longest[first] = length

    @classmethod
    @lru_cache(maxsize=1)
    def default(cls) -> ConceptTable:
        """The taxonomy that ships with the package; read at the first call."""
        from .reading import shipped

        return cls(shipped(), tidy=True)

    @classmethod
    def from_tsv(cls, source: str) -> ConceptTable:
        """A table from text in the format of the taxonomy's files (:mod:`.reading`)."""
        from .reading import concepts_of

        return cls(concepts_of(source))

    def extended(self, concepts: Iterable[Concept]) -> ConceptTable:
        """A table that knows ``concepts`` as well: an organiser's own terms, an edition's.

        A concept whose id is known gives its labels to that one. Raises ``ValueError`` for a
        label that stands for another concept of its kind. This table stays as it is.
        """
        grown = ConceptTable(())
        grown._by_id = dict(self._by_id)
        grown._by_key, grown._vague = dict(self._by_key), dict(self._vague)
        grown._short, grown._longest = dict(self._short), dict(self._longest)
        for concept in concepts:
            known = grown._by_id.get(concept.id)
            grown._merge(known, concept) if known else grown._add(concept, tidy=False)
        return grown

    def _merge(self, known: Concept, more: Concept) -> None:
        if known.kind is not more.kind:
            raise ValueError(f"{known.id!r} is a {known.kind}, not a {more.kind}")
        labels = dict(known.labels)
        for language, added in more.labels.items():
            labels[language] = tuple(dict.fromkeys((*labels.get(language, ()), *added)))
        both = replace(
            known,
            labels=labels,
            parents=tuple(dict.fromkeys((*known.parents, *more.parents))),
            abbreviations=tuple(dict.fromkeys((*known.abbreviations, *more.abbreviations))),
            ambiguous=tuple(dict.fromkeys((*known.ambiguous, *more.ambiguous))),
        )
        for index in (self._by_key, self._vague, self._short):
            for key, found in index.items():
                if known in found:
                    index[key] = tuple(both if one is known else one for one in found)
        order = list(self._by_id)
        del self._by_id[known.id]
        self._add(both, tidy=False)
        self._by_id = {key: self._by_id[key] for key in order}

    @staticmethod
    def parts(text: str) -> list[str]:
        """The tokens by which texts are compared here: CJK characters and folded words."""
        return cut(text).folded

    def exactly(self, text: str, kinds: Collection[Kind] = PREFERENCE) -> tuple[Concept, ...]:
        """The concepts of which the whole ``text`` is a label, at most one of each kind."""
        pieces = cut(text)
        found = self._by_key.get(" ".join(pieces.folded), ())
        found += tuple(
            concept
            for concept in self._short.get(" ".join(pieces.raw), ())
            if concept.kind not in {one.kind for one in found}
        )
        return tuple(concept for concept in found if concept.kind in kinds)

    def candidates(self, text: str, kinds: Collection[Kind] = PREFERENCE) -> tuple[Concept, ...]:
        """As :meth:`exactly`; else the concepts that the whole text may mean."""
        vague = self._vague.get(" ".join(cut(text).folded), ())
        return self.exactly(text, kinds) or tuple(one for one in vague if one.kind in kinds)

    def find(self, text: str, kinds: Sequence[Kind] = PREFERENCE) -> list[Mention]:
        """Concepts of ``kinds`` mentioned in ``text``, from left to right, the longest label
        first, no overlaps; of kinds that share a label the first named. Time is linear in the
        text."""
        return self.find_cut(cut(text), kinds)

    def find_cut(self, pieces: Cut, kinds: Sequence[Kind] = PREFERENCE) -> list[Mention]:
        """As :meth:`find`, for a text already cut."""
        folded, raw = pieces
        mentions: list[Mention] = []
        at = 0
        while at < len(folded):
            longest = max(self._longest.get(folded[at], 0), self._longest.get(raw[at], 0))
            for length in range(min(longest, len(folded) - at), 0, -1):
                concept = self._chosen(
                    " ".join(folded[at : at + length]), " ".join(raw[at : at + length]), kinds
                )
                if concept is not None:
                    mentions.append(Mention(concept, at, at + length))
                    at += length
                    break
            else:
                at += 1
        return mentions

    def _chosen(self, key: str, raw: str, kinds: Sequence[Kind]) -> Concept | None:
        for index, asked in ((self._by_key, key), (self._short, raw)):
            found = index.get(asked, ())
            for kind in kinds if found else ():
                for concept in found:
                    if concept.kind is kind:
                        return concept
        return None
