"""Occupations linked to concepts: queries against labels, each a label of one concept.

A folder has ``queries.tsv`` (id, text), ``corpus_elements.tsv`` (an id of the form
``<concept>_<language>_<number>``, label) and ``annotations.tsv`` (query, 0, element, 1), the format
of the MELO sets. With ``--esco`` a corpus concept takes the labels, in all languages, of the ESCO
occupation, or group of occupations (ISCO), that shares its labels; no annotation is read for that.

*By concept*: concepts are ranked once, each by all its labels. MRR is that of the right concept;
for MAP the labels stand in the order of their concepts. *By label*: each label is ranked by itself,
as the published systems do it; MRR is that of the first right label. Equals count against us: a
right one comes after all wrong ones with its score.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talex.engine.text import (
    Concept,
    ConceptRanker,
    ConceptTable,
    Embedder,
    Kind,
    SentenceEncoder,
    default_embedder,
)
from talex.engine.text.embedder import RememberingEmbedder
from talex.engine.text.esco import read_esco
from talex.engine.text.lexical import Tfidf, character_ngrams
from talex.engine.text.ranking import commonest_language

Scores = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Corpus:
    """texts: labels. owners: (labels,), the place of each one's concept in concepts."""

    name: str
    queries: list[str]
    query_ids: list[str]
    texts: list[str]
    owners: NDArray[np.int64]
    right: NDArray[np.bool_]
    concepts: list[Concept]


def read(folder: Path) -> Corpus:
    """A folder's queries with a right concept; ``ValueError`` where an id has another form."""

    def rows(name: str) -> list[list[str]]:
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        return [line.split("\t") for line in lines if line]

    queries, elements = rows("queries.tsv"), rows("corpus_elements.tsv")
    labels: dict[str, dict[str, list[str]]] = {}
    owner_of: dict[str, str] = {}
    for element, text in elements:
        parts = element.split("_")
        if len(parts) != 3:
            raise ValueError(f"{folder}: {element} is not <concept>_<language>_<number>")
        labels.setdefault(parts[0], {}).setdefault(parts[1], []).append(text)
        owner_of[element] = parts[0]
    places = {concept: at for at, concept in enumerate(labels)}
    right = np.zeros((len(queries), len(labels)), np.bool_)
    at_query = {row[0]: at for at, row in enumerate(queries)}
    for row in rows("annotations.tsv"):
        if row[3] != "0":
            right[at_query[row[0]], places[owner_of[row[2]]]] = True
    some: NDArray[np.bool_] = np.asarray(right.any(axis=1))
    return Corpus(
        folder.name,
        [row[1] for row, there in zip(queries, some, strict=True) if there],
        [row[0] for row, there in zip(queries, some, strict=True) if there],
        [text for _, text in elements],
        np.array([places[owner_of[element]] for element, _ in elements], dtype=np.int64),
        right[some],
        [
            Concept(key, Kind.OCCUPATION, {name: tuple(own) for name, own in languages.items()})
            for key, languages in labels.items()
        ],
    )


def enriched(concepts: Sequence[Concept], esco: Sequence[Concept]) -> list[Concept]:
    """``concepts`` with the labels of the ESCO concept that shares most labels with each.

    Shared labels count by rarity (1 / the number of ESCO concepts that have them); half of the
    concept's labels must be shared, for versions of ESCO differ by some.
    """
    owners: dict[tuple[str, str], list[int]] = {}
    for at, one in enumerate(esco):
        for language, labels in one.labels.items():
            for label in labels:
                owners.setdefault((language, label.casefold()), []).append(at)
    sizes = [sum(map(len, one.labels.values())) for one in esco]
    found = []
    for concept in concepts:
        keys = {
            (language, label.casefold())
            for language, labels in concept.labels.items()
            for label in labels
        }
        votes: dict[int, float] = {}
        count: dict[int, int] = {}
        for key in keys:
            for at in owners.get(key, ()):
                votes[at] = votes.get(at, 0.0) + 1 / len(owners[key])
                count[at] = count.get(at, 0) + 1
        # 'Legislators' is a group of one label, and may be one label of many of an occupation.
        best = max(
            votes, key=lambda at: (votes[at], -abs(sizes[at] - len(keys)), -at), default=None
        )
        if best is not None and 2 * count[best] >= len(keys):
            merged = {
                language: tuple(
                    dict.fromkeys(
                        (*concept.labels.get(language, ()), *esco[best].labels.get(language, ()))
                    )
                )
                for language in sorted({*concept.labels, *esco[best].labels})
            }
            concept = Concept(concept.id, concept.kind, merged)
        found.append(concept)
    return found


def with_taxonomy(concepts: Sequence[Concept]) -> list[Concept]:
    """``concepts`` with the labels of the shipped occupation that each one's labels name alone."""
    table = ConceptTable.default()
    found = []
    for concept in concepts:
        named = {
            one.id: one
            for labels in concept.labels.values()
            for one in table.exactly(labels[0], [Kind.OCCUPATION])
        }
        if len(named) == 1:
            ours = next(iter(named.values()))
            merged = {
                name: tuple(
                    dict.fromkeys((*concept.labels.get(name, ()), *ours.labels.get(name, ())))
                )
                for name in sorted({*concept.labels, *ours.labels})
            }
            concept = Concept(concept.id, concept.kind, merged)
        found.append(concept)
    return found


def by_concept(corpus: Corpus, scores: Scores) -> dict[str, float]:
    """scores: (queries, concepts). See the module for what is measured."""
    sizes = np.bincount(corpus.owners, minlength=len(corpus.concepts))
    ranks, precision = [], []
    for row, right in zip(scores, corpus.right, strict=True):
        order = np.lexsort((right, -row))
        hits = right[order]
        ranks.append(int(hits.argmax()) + 1)
        relevant = np.repeat(hits, sizes[order])
        places = np.flatnonzero(relevant) + 1
        precision.append(float(np.mean(np.arange(1, len(places) + 1) / places)))
    return _figures(precision, ranks)


def by_label(corpus: Corpus, scores: Scores) -> dict[str, float]:
    """scores: (queries, labels)."""
    ranks, precision = [], []
    for row, right in zip(scores, corpus.right[:, corpus.owners], strict=True):
        places = np.flatnonzero(right[np.lexsort((right, -row))]) + 1
        ranks.append(int(places[0]))
        precision.append(float(np.mean(np.arange(1, len(places) + 1) / places)))
    return _figures(precision, ranks)


def _figures(precision: list[float], ranks: list[int]) -> dict[str, float]:
    place = np.array(ranks)
    found = {"map": float(np.mean(precision)), "mrr": float((1 / place).mean())}
    return found | {f"a@{top}": float((place <= top).mean()) for top in (1, 5, 10)}


def best_label(scores: Scores, owners: NDArray[np.int64], concepts: int) -> Scores:
    """(queries, labels) -> (queries, concepts); -1 for a concept without labels."""
    order = np.argsort(owners, kind="stable")
    there, starts = np.unique(owners[order], return_index=True)
    found = np.full((len(scores), concepts), -1.0, np.float32)
    found[:, there] = np.maximum.reduceat(scores[:, order], starts, axis=1)
    return found


def published(folder: Path) -> list[dict[str, str]]:
    """The rows for this set of the table beside the folder, where there is one."""
    path = folder.parent / "published-results.tsv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as source:
        rows = csv.DictReader(source, delimiter="\t")
        return [row for row in rows if row["dataset"] == folder.resolve().name]


def _labels(concepts: Sequence[Concept], only: str | None) -> tuple[list[str], NDArray[np.int64]]:
    rows = [
        (label, at)
        for at, concept in enumerate(concepts)
        for language, labels in concept.labels.items()
        if only is None or language == only
        for label in labels
    ]
    return [label for label, _ in rows], np.array([at for _, at in rows], dtype=np.int64)


def _characters(queries: list[str], texts: list[str]) -> Scores:
    """The peer: TF-IDF of character 1- to 3-grams inside word borders."""
    index = Tfidf(character_ngrams(text, 1, 3) for text in texts)
    asked = index.vectors(character_ngrams(query, 1, 3) for query in queries)
    return np.asarray((asked @ index.rows.T).toarray())


def _vectors(embedder: Embedder, queries: list[str], texts: list[str]) -> Scores:
    return embedder.embed(queries) @ embedder.embed(texts).T


@lru_cache(maxsize=1)
def embedders() -> tuple[Embedder, Embedder]:
    """The product's and the encoder as it comes; the folders share most of their labels."""
    return RememberingEmbedder(default_embedder()), RememberingEmbedder(SentenceEncoder())


def ranker_of(corpus: Corpus, esco: Sequence[Concept] | None) -> ConceptRanker:
    concepts = corpus.concepts if esco is None else enriched(corpus.concepts, esco)
    return ConceptRanker(with_taxonomy(concepts), embedders()[0])


def product_scores(folder: Path, esco: Sequence[Concept] | None) -> Scores:
    """(queries, concepts)."""
    corpus = read(folder)
    return ranker_of(corpus, esco).scores(corpus.queries, commonest_language(corpus.queries))


def linking(folder: Path, esco: Sequence[Concept] | None) -> dict[str, Any]:
    """All figures of a folder, and under ``scores`` those of the product."""
    corpus = read(folder)
    embedder, encoder = embedders()
    language = commonest_language(corpus.queries)
    rows: list[dict[str, Any]] = []

    def told(system: str, ranking: str, figures: dict[str, float]) -> None:
        rows.append({"system": system, "ranking": ranking, **figures})

    def plain(system: str, concepts: Sequence[Concept], only: str | None) -> None:
        texts, owners = _labels(concepts, only)
        if texts:
            scores = best_label(_characters(corpus.queries, texts), owners, len(concepts))
            told(system, "concept", by_concept(corpus, scores))

    ranker = ranker_of(corpus, None)
    start = perf_counter()
    scores = ranker.scores(corpus.queries, language)
    milliseconds = 1000 * (perf_counter() - start) / len(corpus.queries)
    told("Talex without ESCO", "concept", by_concept(corpus, scores))
    if esco is not None:
        concepts = enriched(corpus.concepts, esco)
        scores = ranker_of(corpus, esco).scores(corpus.queries, language)
        told("Talex", "concept", by_concept(corpus, scores))
        plain("char TF-IDF, ESCO's labels in the language of the queries", concepts, language)
    told(
        "Talex, vectors",
        "label",
        by_label(corpus, _vectors(embedder, corpus.queries, corpus.texts)),
    )
    alone = _vectors(encoder, corpus.queries, corpus.texts)
    told("encoder as it comes", "label", by_label(corpus, alone))
    told(
        "encoder as it comes",
        "concept",
        by_concept(corpus, best_label(alone, corpus.owners, len(corpus.concepts))),
    )
    spelled = _characters(corpus.queries, corpus.texts)
    told("char TF-IDF", "label", by_label(corpus, spelled))
    told(
        "char TF-IDF",
        "concept",
        by_concept(corpus, best_label(spelled, corpus.owners, len(corpus.concepts))),
    )
    for row in published(folder):
        figures = {
            name.casefold(): float(row[name]) for name in ("MAP", "MRR", "A@1", "A@5", "A@10")
        }
        told(f"{row['model']} (published)", "label", figures)
    return {
        "folder": corpus.name,
        "queries": len(corpus.queries),
        "language": language,
        "concepts": len(corpus.concepts),
        "concepts_with_esco": None
        if esco is None
        else sum(a.labels != b.labels for a, b in zip(concepts, corpus.concepts, strict=True)),
        "ms_per_query": milliseconds,
        "rows": rows,
        "scores": scores,
    }


def occupations(folder: Path) -> list[Concept]:
    """ESCO's occupations and their groups, by the product's importer."""
    return [one for one in read_esco(folder, groups=True) if one.kind is Kind.OCCUPATION]


def shown(result: dict[str, Any]) -> str:
    lines = [
        f"{result['folder']}: {result['queries']} queries ({result['language']}), "
        f"{result['concepts']} concepts, {result['ms_per_query']:.1f} ms a query",
        f"{'':58}{'ranked':9}"
        + "".join(f"{name:>7}" for name in ("MAP", "MRR", "A@1", "A@5", "A@10")),
    ]
    for row in result["rows"]:
        figures = (row[name] for name in ("map", "mrr", "a@1", "a@5", "a@10"))
        lines.append(
            f"{row['system']:58}{row['ranking']:9}" + "".join(f"{value:7.3f}" for value in figures)
        )
    return "\n".join(lines)
