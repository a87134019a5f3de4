"""Lists of written skills as weighted sets over one shared vocabulary.

A written skill becomes *terms* whose weights sum to 1: concepts it names, in whatever language
(the taxonomy), and for what no concept covers the written form itself with its pieces, CJK
bigrams or words. So ``数据分析`` and ``data analysis`` are the same term, ``量子退火算法`` and
``量子退火`` share most of their pieces, and nothing depends on spaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from talex.engine.text import ConceptTable, Kind, cut, segment

__all__ = ["SkillSets", "Vocabulary"]

# Pieces that say nothing about which skill is meant.
_EMPTY_WORDS = """
and or of the in for with a to on und oder der die das für fur mit im in von
skill skills ability knowledge experience good strong basic advanced kenntnisse erfahrung
熟悉 掌握 精通 了解 熟练 能力 经验 相关 良好 优先 以上 具有 具备 和 与 及 的 等
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
# In a list of skills 'accounting' is the skill before it is the study or the trade.
_KINDS = (Kind.SKILL, Kind.DISCIPLINE, Kind.OCCUPATION, Kind.INDUSTRY, Kind.DEGREE)
# The written form itself counts half of what no concept covers, its pieces the other half.
_WHOLE = 0.5


@dataclass(frozen=True, slots=True)
class SkillSets:
    """n sets of skills. Both matrices have sorted, unique column indices per row.

    written: (n, S) float32, S the strings the vocabulary had seen; weight of the string in the
        row, positive, 1 unless told.
    terms: (n, V) float32, V the terms; 0 to 1, the largest weight a string of the row gives it.

    S and V are what the vocabulary held when the block was made; a later block may be wider.
    """

    written: csr_array
    terms: csr_array

    @staticmethod
    def empty(n: int) -> SkillSets:
        """n sets of which nothing is known."""
        return SkillSets(csr_array((n, 0), dtype=np.float32), csr_array((n, 0), dtype=np.float32))


class Vocabulary:
    """Gives every distinct written skill and every term a number, the same for both sides.

    Not safe for several threads while :meth:`encode` runs.
    """

    def __init__(self, table: ConceptTable | None = None) -> None:
        self._table = table or ConceptTable.default()
        self._written: dict[str, int] = {}
        self._terms: dict[str, int] = {}
        self._of_written: list[tuple[tuple[int, float], ...]] = []

    @property
    def written(self) -> list[str]:
        """The distinct strings as first met (stripped), in the order of their numbers."""
        return list(self._written)

    @property
    def term_count(self) -> int:
        return len(self._terms)

    def add(self, skill: str) -> int | None:
        """The number of a written skill, or None for one without letters or digits."""
        skill = skill.strip()
        number = self._written.get(skill)
        if number is None:
            parts = self._parts(skill)
            if not parts:
                return None
            number = self._written[skill] = len(self._of_written)
            self._of_written.append(
                tuple(
                    (self._terms.setdefault(term, len(self._terms)), weight)
                    for term, weight in sorted(parts.items())
                )
            )
        return number

    def terms_of(self, written: int) -> tuple[tuple[int, float], ...]:
        """(term, weight) of a written skill; the weights sum to 1."""
        return self._of_written[written]

    def _parts(self, skill: str) -> dict[str, float]:
        pieces_of = cut(skill)
        tokens = pieces_of.folded
        if not tokens:
            return {}
        found: dict[str, float] = {}
        rest: list[str] = []
        at = 0
        for mention in self._table.find_cut(pieces_of, _KINDS):
            term = f"c:{mention.concept.id}"
            found[term] = found.get(term, 0.0) + mention.end - mention.start
            rest.append(" ".join(tokens[at : mention.start]))
            at = mention.end
        rest.append(" ".join(tokens[at:]))
        # CJK tokens were joined by spaces above; without them they are one run again.
        pieces = [piece for run in rest for piece in segment(_joined(run)) if piece not in _EMPTY]
        if not pieces:
            if not found:
                return {"s:" + " ".join(tokens): 1.0}
            total = sum(found.values())
            return {term: weight / total for term, weight in found.items()}
        covered = sum(found.values())
        uncovered = max(sum(1 for run in rest for _ in run.split()), 1)
        total = covered + uncovered
        found = {term: weight / total for term, weight in found.items()}
        left = uncovered / total
        whole = left * _WHOLE if not covered else 0.0
        if whole:
            found["s:" + " ".join(tokens)] = whole
        for piece in pieces:
            term = f"p:{piece}"
            found[term] = found.get(term, 0.0) + (left - whole) / len(pieces)
        return found

    def encode(self, rows: Sequence[Iterable[str | tuple[str, float]]]) -> SkillSets:
        """Sets of skills, one row each: strings, or (string, positive weight).

        A string that comes twice in a row counts with its largest weight. Raises ``ValueError``
        for a weight that is not positive and finite.
        """
        written: list[dict[int, float]] = []
        terms: list[dict[int, float]] = []
        for row in rows:
            here: dict[int, float] = {}
            for item in row:
                skill, weight = (item, 1.0) if isinstance(item, str) else item
                if not (0 < weight < np.inf):
                    raise ValueError(f"the weight of {skill!r} is {weight}, not positive")
                number = self.add(skill)
                if number is not None:
                    here[number] = max(here.get(number, 0.0), weight)
            most = max(here.values(), default=1.0)
            meant: dict[int, float] = {}
            for number, weight in here.items():
                for term, share in self._of_written[number]:
                    meant[term] = max(meant.get(term, 0.0), share * weight / most)
            written.append(here)
            terms.append(meant)
        return SkillSets(_rows(written, len(self._written)), _rows(terms, len(self._terms)))

    def rarity(self, *blocks: SkillSets) -> NDArray[np.float32]:
        """How much a term tells, (V,), above 0 to 1: log(1 + N / rows with it) / log(1 + N).

        For ``Problem.term_weights``: a skill that every opening asks for counts little.
        """
        rows = sum(block.terms.shape[0] for block in blocks)
        seen = np.zeros(len(self._terms), dtype=np.int64)
        for block in blocks:
            seen[: block.terms.shape[1]] += np.bincount(
                block.terms.indices, minlength=block.terms.shape[1]
            )
        if rows == 0:
            return np.ones(len(self._terms), dtype=np.float32)
        share = np.log1p(rows / np.maximum(seen, 1)) / np.log1p(rows)
        return share.astype(np.float32)


def _joined(run: str) -> str:
    """Token strings as text again: no spaces between CJK characters."""
    from talex.engine.text import is_cjk

    out = ""
    for token in run.split():
        glue = "" if out and is_cjk(out[-1]) and is_cjk(token[0]) else " "
        out += glue + token
    return out.strip()


def _rows(rows: list[dict[int, float]], width: int) -> csr_array:
    indptr = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=indptr[1:])
    indices = np.fromiter((key for row in rows for key in sorted(row)), np.int32, indptr[-1])
    data = np.fromiter((row[key] for row in rows for key in sorted(row)), np.float32, indptr[-1])
    return csr_array((data, indices, indptr), shape=(len(rows), width))
