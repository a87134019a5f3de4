"""Titles beside titles: mean average precision, and what encoding costs.

A folder has ``queries.tsv``, ``corpus_documents.tsv`` (id, text) and ``annotations.tsv`` (query, 0,
document, 1), the format of Avature's job-title set. The query's own string is neither removed nor
added. What is measured are the product's vectors, which the matcher compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talex.engine.text import ConceptTable, Kind, SentenceEncoder, default_embedder
from talex.engine.text.lexical import Tfidf, character_ngrams


@dataclass(frozen=True)
class Titles:
    """right: (queries, documents)."""

    queries: list[str]
    documents: list[str]
    right: NDArray[np.bool_]


def read(folder: Path) -> Titles:
    def rows(name: str) -> list[list[str]]:
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        return [line.split("\t") for line in lines if line]

    queries, documents = rows("queries.tsv"), rows("corpus_documents.tsv")
    at_query = {row[0]: at for at, row in enumerate(queries)}
    at_document = {row[0]: at for at, row in enumerate(documents)}
    right = np.zeros((len(queries), len(documents)), np.bool_)
    for row in rows("annotations.tsv"):
        if row[3] != "0":
            right[at_query[row[0]], at_document[row[2]]] = True
    return Titles([row[1] for row in queries], [row[1] for row in documents], right)


def mean_average_precision(scores: NDArray[np.floating], relevant: NDArray[np.bool_]) -> float:
    """Mean over queries with a relevant document; ties keep the order of the corpus."""
    found = []
    for row, hits in zip(scores, relevant, strict=True):
        if hits.any():
            ranks = np.flatnonzero(hits[np.argsort(-row, kind="stable")]) + 1
            found.append(float(np.mean(np.arange(1, len(ranks) + 1) / ranks)))
    return float(np.mean(found))


def char_tfidf(queries: Sequence[str], documents: Sequence[str]) -> NDArray[np.floating]:
    """The peer: cosines of TF-IDF over character 1- to 3-grams inside word borders, the idf
    smoothed and taken from the documents, as scikit-learn's ``char_wb`` analyser does it."""
    index = Tfidf(character_ngrams(text, 1, 3) for text in documents)
    asked = index.vectors(character_ngrams(text, 1, 3) for text in queries)
    return np.asarray((asked @ index.rows.T).toarray())


def cosines(found: Titles) -> NDArray[np.float32]:
    """(queries, documents): what the product takes for the closeness of titles."""
    embedder = default_embedder()
    return embedder.embed(found.queries) @ embedder.embed(found.documents).T


def titles(folder: Path) -> dict[str, Any]:
    found = read(folder)
    encoder = SentenceEncoder()
    default_embedder().embed(["warm"])
    return {
        "folder": folder.name,
        "ours": mean_average_precision(cosines(found), found.right),
        "encoder_alone": mean_average_precision(
            encoder.embed(found.queries) @ encoder.embed(found.documents).T, found.right
        ),
        "char_tfidf": mean_average_precision(
            char_tfidf(found.queries, found.documents), found.right
        ),
        **costs(found.documents),
    }


def costs(documents: Sequence[str], profiles: int = 100, words: int = 200) -> dict[str, float]:
    """Milliseconds for a title, and for a profile: ``words`` words of the taxonomy's labels, a
    third of the profiles in each of zh (characters, not words), en and de. The vectors of concepts,
    which a process makes when it first meets them, are there before the clock starts."""
    embedder = default_embedder()
    rng = np.random.default_rng(1)
    skills = [one for one in ConceptTable.default().concepts if one.kind is Kind.SKILL]
    made: list[str] = []
    for at in range(profiles):
        language = ("zh", "en", "de")[at % 3]
        text = ""
        while (len(text) if language == "zh" else len(text.split())) < words:
            text += f"{skills[rng.integers(len(skills))].labels[language][0]}, "
        made.append(text)
    taken = []
    for texts in (documents, made):
        embedder.embed(texts)
        start = perf_counter()
        embedder.embed(texts)
        taken.append(1000 * (perf_counter() - start) / len(texts))
    return {"ms_per_title": taken[0], "ms_per_profile": taken[1]}


def shown(rows: Sequence[dict[str, Any]]) -> str:
    lines = [f"{'MAP':8}{'ours':>8}{'encoder':>9}{'tf-idf':>8}{'ms/title':>10}{'ms/200 words':>14}"]
    for row in rows:
        lines.append(
            f"{row['folder']:8}{row['ours']:8.3f}{row['encoder_alone']:9.3f}"
            f"{row['char_tfidf']:8.3f}{row['ms_per_title']:10.2f}{row['ms_per_profile']:14.2f}"
        )
    return "\n".join(lines)
