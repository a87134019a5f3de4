"""Terms asked for in one language and sought in another: mean reciprocal rank.

A set is a table (.tsv or .csv, or a folder with one) with headings: ``zh``, ``en``, ``de`` (at
least two of them), and ``zh_paraphrase`` and so on where it has paraphrases; other columns are not
read. Each term of a language asks for the same row's term, or paraphrase, in another language,
among those of all rows and of ``DISTRACTORS`` preferred labels of the taxonomy's occupations and
skills in that language, always the same ones. Left out of these are only labels of concepts that a
term of the set is a label of, for they would be right answers. Ties count against us.

``encoder``: the encoder as it comes. ``ours``: the product's, mapped by language and pulled towards
the concepts a text names. ``linked``: its order, but texts of one concept first, and last those
that are known to be another concept than the one asked for. ``alone``: ours among the rows of the
set only, which tells how much of a low figure is due to neighbours in the taxonomy.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talex.engine.text import ConceptTable, Embedder, Kind, SentenceEncoder, default_embedder

DISTRACTORS = 1_500
LANGUAGES = ("zh", "en", "de")
_SEED = 20_251
_SHOWN = ("linked", "ours", "encoder", "alone")


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a set. ``ValueError`` where the folder holds none or several."""
    if path.is_dir():
        tables = sorted(file for file in path.iterdir() if file.suffix in (".tsv", ".csv"))
        named = [file for file in tables if file.stem in ("terms", "triples")] or tables
        if len(named) != 1:
            raise ValueError(f"{path} holds {len(named)} tables; name one")
        path = named[0]
    with path.open(encoding="utf-8-sig", newline="") as source:
        if path.suffix == ".csv":
            return list(csv.DictReader(source))
        return list(csv.DictReader(source, delimiter="\t", quoting=csv.QUOTE_NONE))


def distractors(terms: dict[str, list[str]]) -> dict[str, list[str]]:
    """``DISTRACTORS`` labels for each language, of the same concepts in all of them."""
    table = ConceptTable.default()
    asked = {one.id for texts in terms.values() for text in texts for one in table.exactly(text)}
    known = [
        concept
        for concept in table.concepts
        if concept.kind in (Kind.OCCUPATION, Kind.SKILL) and concept.id not in asked
    ]
    order = np.random.default_rng(_SEED).permutation(len(known))[:DISTRACTORS]
    return {language: [known[at].labels[language][0] for at in order] for language in terms}


def reciprocal_ranks(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Of (n, m) scores, row i asking for column i: 1 / rank, equals before it."""
    own = np.diagonal(scores)[:, None]
    return 1.0 / (scores >= own).sum(axis=1)


def triples(path: Path) -> dict[str, Any]:
    rows = rows_of(path)
    languages = [language for language in LANGUAGES if rows and language in rows[0]]
    terms = {language: [row[language] for row in rows] for language in languages}
    said = {
        language: [row[f"{language}_paraphrase"] for row in rows]
        for language in languages
        if f"{language}_paraphrase" in rows[0]
    }
    others = distractors(terms)
    table = ConceptTable.default()
    result: dict[str, Any] = {
        "set": str(path),
        "rows": len(rows),
        "distractors": len(next(iter(others.values()))),
        "terms_known_to_the_taxonomy": {
            language: sum(bool(table.exactly(text)) for text in texts)
            for language, texts in terms.items()
        },
        "directions": [],
    }
    sets = Sets(terms, said, others)
    found = {
        "ours": sets.ranks(default_embedder()),
        "encoder": sets.ranks(SentenceEncoder()),
        "linked": sets.ranks(default_embedder(), linked=True),
        "alone": sets.ranks(default_embedder(), alone=True),
    }
    for key in found["ours"]:
        source, target, what = key
        row: dict[str, Any] = {"from": source, "to": target, "what": what}
        row |= {name: float(ranks[key].mean()) for name, ranks in found.items()}
        result["directions"].append(row)
    return result


@dataclass
class Sets:
    """Terms, paraphrases and distractors, each language -> texts."""

    terms: dict[str, list[str]]
    said: dict[str, list[str]]
    others: dict[str, list[str]]

    def ranks(
        self, embedder: Embedder, *, linked: bool = False, alone: bool = False
    ) -> dict[tuple[str, str, str], NDArray[np.float64]]:
        """(from, to, what) -> the reciprocal rank of each row."""
        vectors = [
            {language: embedder.embed(texts) for language, texts in side.items()}
            for side in (self.terms, self.said, self.others)
        ]
        found = {}
        for at, what in enumerate(("term", "paraphrase")):
            texts = (self.terms, self.said)[at]
            for source, target in permutations(self.terms, 2):
                if target not in texts:
                    continue
                among, words = vectors[at][target], texts[target]
                if not alone:
                    among = np.vstack([among, vectors[2][target]])
                    words = words + self.others[target]
                scores = vectors[0][source] @ among.T
                if linked:
                    scores = scores + 2 * _agreement(self.terms[source], words)
                found[source, target, what] = reciprocal_ranks(scores)
        return found


def _agreement(asked: list[str], offered: list[str]) -> NDArray[np.float32]:
    """1 where both texts are labels of one concept, -1 where of different ones, 0 else."""
    table = ConceptTable.default()
    kinds = (Kind.OCCUPATION, Kind.SKILL)
    known = [
        [{concept.id for concept in table.exactly(text, kinds)} for text in side]
        for side in (asked, offered)
    ]
    rows = [
        [(1 if one & other else -1) if one and other else 0 for other in known[1]]
        for one in known[0]
    ]
    return np.array(rows, dtype=np.float32)


def shown(result: dict[str, Any]) -> str:
    """The result as a small table."""
    known = result["terms_known_to_the_taxonomy"]
    lines = [
        f"{result['set']}: {result['rows']} rows, {result['distractors']} distractors; "
        "known to the taxonomy: " + ", ".join(f"{key} {value}" for key, value in known.items()),
        f"{'MRR':24}" + "".join(f"{name:>9}" for name in _SHOWN),
    ]
    for row in result["directions"]:
        name = f"{row['from']} -> {row['to']} {row['what']}"
        lines.append(f"{name:24}" + "".join(f"{row[column]:9.3f}" for column in _SHOWN))
    return "\n".join(lines)
