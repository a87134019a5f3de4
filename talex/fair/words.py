"""Words of an edition in the reader's language: skills, professions, industries by its concepts.

A page asks `words_of` for those of its edition; while a classification is prepared they know the
edition's own terms and what Talex ships.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from talex.editions.models import Edition
from talex.engine.text import UNKNOWN, ConceptTable, Linker, is_cjk, language_of, normalise
from talex.fair.names import industry_keys
from talex.fair.understanding import table_at_hand

#: A concept named by a smaller part of a text does not say what the text means.
PART = 0.5


def reading() -> str:
    """The language of the reader as concepts name it."""
    return (get_language() or "en").split("-")[0]


class Words:
    """What a table of concepts says about words; each is looked up once."""

    def __init__(self, table: ConceptTable) -> None:
        self.table = table
        self.linker = Linker(table)
        self.industry_keys: Any = lru_cache(maxsize=5000)(self._industry_keys)
        self.others: Any = lru_cache(maxsize=500)(self._others)
        self._labels: Any = lru_cache(maxsize=20_000)(self._label)

    def label(self, word: str) -> str:
        """What a skill, profession or discipline that was written in another language is called
        in the reader's; '' where it is in the reader's language, or no concept is known.

        Where the text says more than a concept's name, the labels of what it names by most of its
        words.
        """
        return str(self._labels(word.strip(), reading()))

    def industry_name(self, kept: str) -> str:
        """A stored industry: `@laser` is a concept with a name in each language."""
        if not kept.startswith("@"):
            return kept
        concept = self.table.get(f"industry:{kept[1:]}")
        if concept is None:
            return kept[1:]
        first = next((labels[0] for labels in concept.labels.values()), kept[1:])
        return concept.label(reading()) or concept.label("en") or first

    def _industry_keys(self, text: str) -> tuple[str, ...]:
        return industry_keys(text, self.table)

    def _others(self, words: str) -> tuple[str, ...]:
        """The words in other languages: every label of what they name as a whole."""
        links = [link for link in self.linker.link(words) if link.share == 1.0]
        labels = {one for link in links for each in link.concept.labels.values() for one in each}
        return tuple(sorted({normalise(label) for label in labels}))

    def _label(self, word: str, language: str) -> str:
        links = self.linker.link(word)
        whole = [link.concept for link in links if link.share == 1.0]
        found = whole[:1] or [link.concept for link in links if link.share >= PART]
        plain = normalise(word)
        labels: list[str] = []
        for concept in found:
            own = [normalise(label) for label in concept.labels.get(language, ())]
            others = {
                normalise(label)
                for other, each in concept.labels.items()
                if other != language
                for label in each
            }
            # Within a longer text the reader's own words for it are enough.
            if plain in own or (not whole and any(label in plain for label in own)):
                continue
            script = any(is_cjk(sign) for sign in word) != (language == "zh")
            if own and (script or plain in others or language_of(word) not in (language, UNKNOWN)):
                labels.append(concept.labels[language][0])
        return ", ".join(dict.fromkeys(labels))


@lru_cache(maxsize=8)
def _words(table: ConceptTable) -> Words:
    return Words(table)


def words_of(edition: Edition) -> Words:
    """The words of an edition as a page may have them at once."""
    return _words(table_at_hand(edition)[0])
