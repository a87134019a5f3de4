"""Which column is which field: a suggestion from headings and from what the cells hold."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from talex.participants.importing.cells import (
    Cell,
    Read,
    compatible,
    fact,
    read_date,
    read_degree,
    read_degree_required,
    read_email,
    read_experience,
    read_headcount,
    read_languages,
    read_mode,
    read_pay,
    read_phone,
    read_size,
)
from talex.participants.importing.fields import FIELDS, SYNONYMS, Target

_SIGNS = re.compile(r"[\W_]+")
_PARENTHESES = re.compile(r"[(（\[{【][^)）\]}】]*[)）\]}】]")
#: Below this a column stays unmapped.
LEAST_CONFIDENCE = 0.5
_LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`field` for a column, None to keep it as text. `confidence` 0 to 1.

    `understood` is the share of stated sample cells that the field's reader understood (1 for
    fields that take any text).
    """

    column: int
    field: str | None
    confidence: float
    understood: float


_READERS: dict[str, Callable[[Cell], Read[Any]]] = {
    "email": read_email, "contact_email": read_email, "phone": read_phone,
    "degree_level": read_degree, "degree_required": read_degree_required,
    "experience_years": read_experience, "experience_required": read_experience,
    "languages": read_languages, "headcount": read_headcount, "pay": read_pay,
    "starts_on": read_date, "closes_on": read_date, "available_from": read_date,
    "available_until": read_date, "mode": read_mode, "size": read_size,
}  # fmt: skip
# What cells alone can tell, without any heading: only shapes that hardly anything else has.
_TELLING = {
    "talent": ("email", "degree_level"),
    "organisation": ("contact_email", "size"),
    "opening": ("contact_email", "degree_required", "pay"),
}


def normal(heading: str) -> str:
    """A heading for comparing: NFKC, small letters, camelCase joined, no spaces and signs."""
    return _SIGNS.sub("", compatible(heading).casefold())


#: What is longer is no heading. Each open bracket looks for its end, so that a cell of nothing else
#: (a JSON file of brackets, sent as a list) takes minutes.
_LONGEST = 1000


@cache
def _known() -> frozenset[str]:
    return frozenset(
        normal(word) for fields in SYNONYMS.values() for words in fields.values() for word in words
    )


def is_known(heading: str) -> bool:
    """Whether `heading` is a word for a field of any target."""
    if len(heading) > _LONGEST:
        return False
    bare = normal(_PARENTHESES.sub("", heading)) or normal(heading)
    return bare in _known()


def suggest(
    headings: Sequence[str], samples: Sequence[Sequence[Cell]], target: Target
) -> list[Suggestion]:
    """A field for each column of a table, each field at most once, the surest first.

    `samples`: for each column some of its cells (`Table.samples`). A heading counts as known word
    for word (1.0), without what stands in parentheses (0.95), as part (0.75) or misspelled (0.7);
    that is lowered where the field's reader does not understand the cells. Below
    `LEAST_CONFIDENCE` the column is kept as text.
    """
    candidates: list[tuple[float, float, int, int, str]] = []
    for column, heading in enumerate(headings):
        cells = samples[column] if column < len(samples) else []
        for order, field in enumerate(FIELDS[target]):
            likeness, rank = _likeness(heading, field, target)
            share = _understood(field, cells)
            # A column that bears the field's very name stays it, even where its cells have moved.
            confidence = max(likeness * (0.35 + 0.65 * share), 0.6 * (likeness == 1.0))
            if field in _TELLING[target] and share >= 0.9 and likeness < 0.55:
                confidence = max(confidence, 0.55 if _stated(cells) >= 3 else 0)
            if confidence >= LEAST_CONFIDENCE:
                # Among equals the field's likelier word wins (公司 before 机构), then the left.
                candidates.append((confidence, -rank, -column, -order, field))
    taken: dict[int, Suggestion] = {}
    used: set[str] = set()
    for confidence, _rank, column, _order, field in sorted(candidates, reverse=True):
        if -column not in taken and field not in used:
            share = _understood(field, samples[-column] if -column < len(samples) else [])
            taken[-column] = Suggestion(-column, field, round(confidence, 2), round(share, 2))
            used.add(field)
    return [
        taken.get(column, Suggestion(column, None, 0.0, 1.0)) for column in range(len(headings))
    ]


def _likeness(heading: str, field: str, target: Target) -> tuple[float, int]:
    """How well a heading names a field (0 to 1), and the place of the word that did."""
    if len(heading) > _LONGEST:
        return 0.0, 0
    words = SYNONYMS[target][field]
    whole = normal(heading)
    if not whole:
        return 0.0, 0
    if whole in words:
        return 1.0, words.index(whole)
    bare = normal(_PARENTHESES.sub("", heading))
    if bare and bare in words:
        return 0.95, words.index(bare)
    for part in re.split(r"[/|()\[\]（）:：·\-–]", heading):  # 姓名/Name, Name (Vorname)
        if normal(part) in words and len(normal(part)) > 1:
            return 0.85, words.index(normal(part))
    best = 0.0, 0
    for rank, word in enumerate(words):
        han = not word.isascii() and any("\u4e00" <= c <= "\u9fff" for c in word)
        if len(word) >= (2 if han else 5) and word in whole:
            best = max(best, (0.6 + 0.25 * len(word) / len(whole), rank), key=lambda item: item[0])
        elif len(word) >= 6 and not han:
            ratio = difflib.SequenceMatcher(None, word, whole).ratio()
            if ratio >= 0.85:
                best = max(best, (0.8 * ratio, rank), key=lambda item: item[0])
    return best


def _understood(field: str, cells: Sequence[Cell]) -> float:
    reader = _READERS.get(field)
    if reader is None:
        return 1.0
    reads = [reader(cell) for cell in cells[:_LOOKED_AT] if fact(cell)]
    return sum(read.understood for read in reads) / len(reads) if reads else 1.0


def _stated(cells: Sequence[Cell]) -> int:
    return sum(bool(fact(cell)) for cell in cells[:_LOOKED_AT])
