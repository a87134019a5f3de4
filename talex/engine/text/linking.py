"""Titles, skills, degrees, disciplines and industries as people write them, linked to concepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from .compounds import CompoundSplitter
from .concepts import PREFERENCE, Concept, ConceptTable, Cut, Kind, Mention, cut
from .language import language_of
from .titles import plain_title

__all__ = ["How", "Link", "Linker"]


class How(StrEnum):
    """How a text was linked, the surest first."""

    EXACT = "exact"  # the whole text is a label
    PLAIN = "plain"  # it is one without marks of gender, short forms written out
    PART = "part"  # a label stands in it
    COMPOUND = "compound"  # a label stands in it once its compounds are split
    MAYBE = "maybe"  # the whole text may mean the concept, and others


@dataclass(frozen=True, slots=True)
class Link:
    """``share``: the part of the text's tokens that the label covers, 0 to 1."""

    concept: Concept
    how: How
    share: float


class Linker:
    """Links texts by a table; safe for any number of threads.

    table: the shipped taxonomy where none is given; one that was extended by an organiser's terms
        (:meth:`ConceptTable.extended`) or read from ESCO (:mod:`.esco`) serves as well.
    """

    def __init__(
        self, table: ConceptTable | None = None, splitter: CompoundSplitter | None = None
    ) -> None:
        self._given, self._splitter = table, splitter

    @property
    def table(self) -> ConceptTable:
        return self._given or ConceptTable.default()

    def link(
        self, text: str, kinds: Sequence[Kind] = PREFERENCE, language: str | None = None
    ) -> list[Link]:
        """The concepts of ``kinds`` that ``text`` names, the surest first.

        Where the whole text is a label, that concept alone (one of each kind that has the label,
        in the order of ``kinds``); else those whose labels stand in it, longest first. An empty
        list where nothing is known. ``language``: BCP 47, told from the text where not given.
        """
        whole = self._whole(text, kinds)
        if whole:
            return [Link(concept, How.EXACT, 1.0) for concept in whole]
        language = language or language_of(text)
        plain = plain_title(text, language)
        whole = self._whole(plain, kinds)
        if whole:
            return [Link(concept, How.PLAIN, 1.0) for concept in whole]
        vague = self.table.candidates(plain, kinds)
        if vague:
            return [Link(concept, How.MAYBE, 1.0) for concept in vague]
        pieces = cut(plain)
        found = self._links(pieces, kinds, How.PART)
        if language.startswith("de"):
            known = {link.concept.id for link in found}
            found += [
                link
                for link in self._links(self._split(pieces), kinds, How.COMPOUND)
                if link.concept.id not in known
            ]
        return found

    def _whole(self, text: str, kinds: Sequence[Kind]) -> list[Concept]:
        found = self.table.exactly(text, kinds)
        return sorted(found, key=lambda concept: kinds.index(concept.kind))

    def _links(self, pieces: Cut, kinds: Sequence[Kind], how: How) -> list[Link]:
        best: dict[str, Mention] = {}
        for mention in self.table.find_cut(pieces, kinds):
            known = best.get(mention.concept.id)
            if known is None or _length(mention) > _length(known):
                best[mention.concept.id] = mention
        links = [
            Link(mention.concept, how, _length(mention) / len(pieces.folded))
            for mention in best.values()
        ]
        return sorted(links, key=lambda link: -link.share)

    def _split(self, pieces: Cut) -> Cut:
        splitter = self._splitter or CompoundSplitter.default()
        parts = [part for word in pieces.raw for part in splitter.split(word)]
        return cut(" ".join(parts))


def _length(mention: Mention) -> int:
    return mention.end - mention.start
