"""German compounds cut into the words they are made of, by a vocabulary and not by statistics.

No package with a dictionary inside was found that may be used here (``compound-split`` is GPL,
``german-nouns`` CC BY-SA), so the words are those of the taxonomy's German labels, and the bare
words of ``words_de.txt`` that its compounds are built of. A word is cut where every piece is such
a word, perhaps with a linking sound (Arbeit-s-kraft); otherwise it stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from .concepts import ConceptTable
from .normalise import normalise

__all__ = ["CompoundSplitter"]

_WORD = re.compile(r"[a-zäöü]{3,}")
# Not the first half of 'Arbeits- und Zeitstudien'.
_WHOLE_WORD = re.compile(r"\b[a-zäöü]{4,}\b(?!-)")
_LINKS = ("", "s", "n", "en", "es", "er", "e")
# Shorter words are prefixes and endings more often than parts; of labels, which have small words
# too ('mit', 'und', 'für'), only those of four letters are taken.
_SHORTEST = 3


class CompoundSplitter:
    """Splits by a set of words; safe for any number of threads.

    words: German words in whatever case. A part must have three letters and be one of them, or be
    one that lost its final ``e`` (``Schul-`` of Schule).
    """

    def __init__(self, words: Iterable[str]) -> None:
        known = {word for text in words for word in _WORD.findall(normalise(text))}
        self._known = frozenset(word for word in known if len(word) >= _SHORTEST)

    @classmethod
    @lru_cache(maxsize=1)
    def default(cls) -> CompoundSplitter:
        """By the words that ship with the package."""
        bare = files(__package__).joinpath("words_de.txt").read_text(encoding="utf-8")
        lines = [line for line in bare.splitlines() if line[:1] != "#"]
        labels = (
            word
            for concept in ConceptTable.default().concepts
            for label in concept.labels.get("de", ())
            for word in _WHOLE_WORD.findall(normalise(label))
        )
        return cls((*lines, *labels))

    def split(self, word: str) -> list[str]:
        """The parts of ``word``, folded (``ß`` is ``ss``), the linking sounds gone; ``[word]``
        where it is no compound that is known. Of several ways the one with the fewest parts, each
        of which is then split as well. A hyphen always splits."""
        pieces = [piece for piece in re.split(r"[-‐/]", normalise(word)) if piece]
        return [part for piece in pieces for part in self._split(piece)]

    def _split(self, word: str) -> list[str]:
        if len(word) < 2 * _SHORTEST:
            return [word]
        best = self._best(word)
        if best is None:
            return [word]
        return [part for piece in best for part in self._split(piece)]

    def _best(self, word: str) -> list[str] | None:
        """The fewest two or more known parts; the longest last part, which is what it is."""
        end = len(word)
        # ways[at]: the parts of word[at:], fewest first seen; built from the end.
        ways: dict[int, list[str]] = {end: []}
        for at in range(end - _SHORTEST, -1, -1):
            found: list[str] | None = None
            for stop in range(end, at + _SHORTEST - 1, -1):
                if stop - at == end or stop not in ways:
                    continue
                part = self._part(word[at:stop], last=stop == end)
                if part is None:
                    continue
                way = [part, *ways[stop]]
                if found is None or len(way) < len(found):
                    found = way
            if found is not None:
                ways[at] = found
        return ways.get(0)

    def _part(self, piece: str, *, last: bool) -> str | None:
        if piece in self._known:
            return piece
        if last:
            # A plural or the female form at the end is no other word.
            for ending in ("en", "n", "s", "e", "innen", "in"):
                stem = piece.removesuffix(ending)
                if stem != piece and stem in self._known:
                    return stem
            return None
        for link in _LINKS[1:]:
            stem = piece.removesuffix(link)
            if stem != piece and len(stem) >= _SHORTEST and stem in self._known:
                return stem
        return piece + "e" if piece + "e" in self._known and len(piece) > 3 else None
