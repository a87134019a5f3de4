"""Matching, measured: titles beside a plain peer, terms across languages, a city-sized run.

    python -m bench.matching --titles DIR/en DIR/de DIR/zh --triples bench/data/terms.tsv --city

``--titles`` takes folders with ``queries.tsv``, ``corpus_documents.tsv`` (id, text) and
``annotations.tsv`` (query, 0, document, 1), the format of Avature's job-title set. The query's
own string is neither removed nor added. ``--city`` makes 12,199 talents and 10,018 openings from
the shipped concept labels in three languages; texts differ, but they are made, not real.
``--triples`` takes tables, or folders with one, in the form of ``bench/data/terms.tsv``
(:mod:`bench.triples`); without a name it takes that one. ``--allocation`` and ``--scale`` run
benches of their own (:mod:`bench.matching_allocation`, :mod:`bench.matching_scale`).
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

if not __package__:  # run as a file: this folder is on the path, not the one that holds it
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import triples as across
from talex.engine.matching import (
    Budget,
    Openings,
    Problem,
    SkillSets,
    Talents,
    Vocabulary,
    id_sets,
    score,
    solve,
    verify,
)
from talex.engine.text import ConceptTable, Kind, SentenceEncoder, default_embedder, normalise

Table = list[list[str]]


def read(path: Path) -> Table:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line]


def mean_average_precision(scores: NDArray[np.floating], relevant: NDArray[np.bool_]) -> float:
    """Mean over queries with a relevant document; ties keep the order of the corpus."""
    found = []
    for row, hits in zip(scores, relevant, strict=True):
        if hits.any():
            ranks = np.flatnonzero(hits[np.argsort(-row, kind="stable")]) + 1
            found.append(float(np.mean(np.arange(1, len(ranks) + 1) / ranks)))
    return float(np.mean(found))


def char_tfidf(queries: Sequence[str], documents: Sequence[str]) -> NDArray[np.float64]:
    """The peer: cosines of TF-IDF over character 1- to 3-grams inside word borders, the idf
    smoothed and taken from the documents, as scikit-learn's ``char_wb`` analyser does it."""
    vocabulary: dict[str, int] = {}

    def rows(texts: Sequence[str], grow: bool) -> csr_array:
        data: list[float] = []
        indices: list[int] = []
        indptr = [0]
        for text in texts:
            counts: dict[int, int] = {}
            for word in normalise(text).split():
                padded = f" {word} "
                for size in range(1, 4):
                    for at in range(max(len(padded) - size + 1, 1)):
                        gram = padded[at : at + size]
                        key = vocabulary.setdefault(gram, len(vocabulary)) if grow else None
                        key = vocabulary.get(gram) if key is None else key
                        if key is not None:
                            counts[key] = counts.get(key, 0) + 1
            indices.extend(counts)
            data.extend(counts.values())
            indptr.append(len(indices))
        return csr_array((data, indices, indptr), shape=(len(texts), len(vocabulary)), dtype=float)

    corpus = rows(documents, True)
    asked = rows(queries, False)
    seen = np.bincount(corpus.indices, minlength=len(vocabulary))
    idf = np.log((1 + len(documents)) / (1 + seen)) + 1
    for matrix in (corpus, asked):
        matrix.data *= idf[matrix.indices]
        lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        matrix.data /= np.repeat(np.maximum(lengths, 1e-12), np.diff(matrix.indptr))
    return (asked @ corpus.T).toarray()


def titles(folder: Path) -> dict[str, Any]:
    queries, documents = read(folder / "queries.tsv"), read(folder / "corpus_documents.tsv")
    at_query = {row[0]: at for at, row in enumerate(queries)}
    at_document = {row[0]: at for at, row in enumerate(documents)}
    relevant = np.zeros((len(queries), len(documents)), np.bool_)
    for row in read(folder / "annotations.tsv"):
        if row[3] != "0":
            relevant[at_query[row[0]], at_document[row[2]]] = True
    asked, corpus = [row[1] for row in queries], [row[1] for row in documents]
    embedder, encoder = default_embedder(), SentenceEncoder()
    embedder.embed(["warm"])
    start = perf_counter()
    vectors = embedder.embed(corpus)
    seconds = perf_counter() - start
    return {
        "folder": folder.name,
        "ours": mean_average_precision(embedder.embed(asked) @ vectors.T, relevant),
        "encoder_alone": mean_average_precision(
            encoder.embed(asked) @ encoder.embed(corpus).T, relevant
        ),
        "char_tfidf": mean_average_precision(char_tfidf(asked, corpus), relevant),
        "ms_per_title": 1000 * seconds / len(corpus),
    }


def city(n: int, m: int, k: int, seed: int, tick: Callable[[float], None]) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    table = ConceptTable.default()
    jobs = [concept for concept in table.concepts if concept.kind is Kind.OCCUPATION]
    skills = [concept for concept in table.concepts if concept.kind is Kind.SKILL]
    degree = {"zh": ["资深", "初级", "高级", ""], "en": ["Senior", "Junior", "Lead", ""]}
    degree["de"] = ["leitender", "angehender", "erfahrener", ""]
    vocabulary = Vocabulary()

    def texts(count: int) -> tuple[list[str], list[list[str]]]:
        names, lists = [], []
        for language in rng.choice(["zh", "en", "de"], count, p=[0.6, 0.25, 0.15]):
            job = jobs[rng.integers(len(jobs))].labels[language]
            mine = rng.choice(len(skills), rng.integers(2, 9), replace=False)
            words = [str(rng.choice(skills[at].labels[language])) for at in mine]
            names.append(f"{rng.choice(degree[language])} {rng.choice(job)} {words[0]}")
            lists.append(words)
        return names, lists

    def side(count: int, titles: list[str], lists: list[list[str]]) -> dict[str, Any]:
        start = np.datetime64("2026-04-01") + rng.integers(0, 5, count).astype("timedelta64[D]")
        return {
            "title_vectors": default_embedder().embed(titles),
            "skill_vectors": default_embedder().embed([", ".join(words) for words in lists]),
            "skills": vocabulary.encode(lists),
            "regions": id_sets([rng.integers(0, 40, 2).tolist() for _ in range(count)], 40),
            "industries": id_sets([rng.integers(0, 23, 2).tolist() for _ in range(count)], 23),
            "starts": start,
            "ends": start + rng.integers(0, 5, count).astype("timedelta64[D]"),
            "degree": rng.integers(-1, 6, count).astype(np.int8),
            "languages": rng.integers(-1, 5, (count, 6)).astype(np.int8),
        }

    default_embedder().embed(["warm"])
    made = texts(n), texts(m)
    start = perf_counter()
    years = rng.integers(0, 15, max(n, m)).astype(np.float32)
    talents = Talents(**side(n, *made[0]), years=years[:n], capacity=np.full(n, 4, dtype=np.int32))
    # An opening asks for one or two of the six languages.
    asked = side(m, *made[1])
    asked["languages"][rng.random((m, 6)) < 0.75] = 0
    openings = Openings(
        **asked,
        years_min=(years[:m] / 2).astype(np.float32),
        years_max=years[:m],
        capacity=rng.integers(1, 9, m).astype(np.int32),
    )
    encoded = perf_counter() - start
    rare = vocabulary.rarity(talents.skills, openings.skills)
    problem = Problem(talents, openings, k=k, term_weights=rare)
    small = rng.integers(0, min(n, m), 5)
    score(problem, np.column_stack([small, small]))  # the kernels are compiled outside the clock
    solve(Problem(*_first(problem, 50), k=3, term_weights=rare))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = perf_counter()
    solution = solve(problem, Budget(seed=seed, progress=tick))
    seconds = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = perf_counter()
    report = verify(problem, solution)
    load = [
        np.bincount(solution.pairs[:, column], minlength=count)
        for column, count in ((0, n), (1, m))
    ]
    return {
        "talents": n,
        "openings": m,
        "k": k,
        "encode_seconds": encoded,
        "texts_encoded": 2 * (n + m),
        "solve_seconds": seconds,
        "verify_seconds": perf_counter() - start,
        "peak_mb_before_solve": before,
        "peak_mb": peak,
        "candidates": int(solution.candidates.nnz),
        "pairs": len(solution.pairs),
        "stable_pairs": len(solution.stable_pairs),
        "talents_with_a_proposal": int((load[0] > 0).sum()),
        "openings_with_a_proposal": int((load[1] > 0).sum()),
        "verified": report.ok,
        "faults": list(report.faults),
    }


def _first(problem: Problem, count: int) -> tuple[Talents, Openings]:
    """Both sides cut to their first rows."""
    cut: list[Any] = []
    for side in (problem.talents, problem.openings):
        values: dict[str, Any] = {}
        for field in fields(side):
            value = getattr(side, field.name)
            if isinstance(value, SkillSets):
                values[field.name] = SkillSets(value.written[:count], value.terms[:count])
            else:
                values[field.name] = value[:count]
        cut.append(type(side)(**values))
    return cut[0], cut[1]


#: What the first argument may select, and the module with ``main(argv) -> int``.
BENCHES = {"--allocation": "bench.matching_allocation", "--scale": "bench.matching_scale"}


def main() -> None:
    chosen = next((argument for argument in sys.argv[1:] if argument in BENCHES), None)
    if chosen is not None:
        rest = [argument for argument in sys.argv[1:] if argument != chosen]
        raise SystemExit(import_module(BENCHES[chosen]).main(rest))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--titles", nargs="*", type=Path, default=[], metavar="FOLDER")
    parser.add_argument("--triples", nargs="*", type=Path, metavar="TABLE")
    parser.add_argument("--city", action="store_true")
    parser.add_argument("--talents", type=int, default=12_199)
    parser.add_argument("--openings", type=int, default=10_018)
    parser.add_argument("--k", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    def tick(share: float) -> None:
        if not options.json and sys.stderr.isatty():
            print(f"\r{share:4.0%}", end="", file=sys.stderr)

    result: dict[str, Any] = {}
    # The run comes first: its peak of memory must not be that of the titles.
    if options.city:
        result["city"] = city(options.talents, options.openings, options.k, options.seed, tick)
    if options.titles:
        result["titles"] = [titles(folder) for folder in options.titles]
    if options.triples is not None:
        sets = options.triples or [Path(__file__).parent / "data" / "terms.tsv"]
        result["triples"] = [across.triples(path) for path in sets]
    if options.json:
        print(json.dumps(result, indent=1))
        return
    if options.titles:
        print(f"{'MAP':8}{'ours':>8}{'encoder':>9}{'tf-idf':>8}{'ms/title':>10}")
        for row in result["titles"]:
            print(
                f"{row['folder']:8}{row['ours']:8.3f}{row['encoder_alone']:9.3f}"
                f"{row['char_tfidf']:8.3f}{row['ms_per_title']:10.2f}"
            )
    for found in result.get("triples", []):
        print(across.shown(found))
    for key, value in result.get("city", {}).items():
        print(f"{key:28}{value:>12.1f}" if isinstance(value, float) else f"{key:28}{value!s:>12}")


if __name__ == "__main__":
    main()
