"""A text in pieces, of which those are marked that name given concepts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from talex.engine.text import ConceptTable, cut


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; the pieces together are the text."""

    text: str
    marked: bool = False


def _places(text: str, raw: list[str]) -> list[tuple[int, int] | None]:
    """Where each token stands in the text; None for one that was normalised away from it."""
    lower = text.lower()
    # Some signs grow when they are made small; then places would be wrong.
    lower = lower if len(lower) == len(text) else text
    found: list[tuple[int, int] | None] = []
    at = 0
    for token in raw:
        start = lower.find(token.lower(), at)
        if start < 0:
            found.append(None)
            continue
        at = start + len(token)
        found.append((start, at))
    return found


def mark(text: str, concepts: Collection[str], table: ConceptTable) -> list[Piece]:
    """The text with every mention of one of the concepts (ids of the table) as a marked
    piece."""
    if not text:
        return []
    if not concepts:
        return [Piece(text)]
    pieces = cut(text)
    where = _places(text, pieces.raw)
    found: list[Piece] = []
    done = 0
    for mention in table.find_cut(pieces):
        first, last = where[mention.start], where[mention.end - 1]
        if mention.concept.id not in concepts or first is None or last is None:
            continue
        if first[0] < done or last[1] <= first[0]:
            continue
        found += [Piece(text[done : first[0]]), Piece(text[first[0] : last[1]], True)]
        done = last[1]
    found.append(Piece(text[done:]))
    return [piece for piece in found if piece.text]
