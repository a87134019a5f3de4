"""Matching, measured: titles, occupations, terms across languages, and a city-sized run.

    python -m bench.matching --titles DIR/en DIR/de DIR/zh --linking DIR … --esco DIR \\
        --triples bench/data/terms.tsv --city

``--titles`` takes folders in the format of Avature's job-title set (:mod:`bench.titles`),
``--linking`` such in that of MELO (:mod:`bench.linking`); with either, the calibration of half of
their queries is measured on the other half (:mod:`bench.calibrating`). ``--city`` makes 12,199
talents and 10,018 openings from the shipped concept labels in three languages; texts differ, but
they are made, not real. ``--triples`` takes tables, or folders with one, in the form of
``bench/data/terms.tsv`` (:mod:`bench.triples`); without a name it takes that one. ``--allocation``
and ``--scale`` run benches of their own (:mod:`bench.matching_allocation`,
:mod:`bench.matching_scale`).
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from collections.abc import Callable
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

if not __package__:  # run as a file: this folder is on the path, not the one that holds it
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import calibrating, linking, titles
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
from talex.engine.text import ConceptTable, Kind, default_embedder


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
            else:  # what a side does not say is None
                values[field.name] = None if value is None else value[:count]
        cut.append(type(side)(**values))
    return cut[0], cut[1]


#: What the first argument may select, and the module with ``main(argv) -> int``.
BENCHES = {"--allocation": "bench.matching_allocation", "--scale": "bench.matching_scale"}


def _sets(parser: argparse.ArgumentParser, folders: list[Path]) -> list[Path]:
    """The folders that hold a judged set: those named, or the ones inside of them."""
    found: list[Path] = []
    for folder in folders:
        inside = sorted(path.parent for path in folder.glob("*/queries.tsv"))
        if (folder / "queries.tsv").is_file():
            inside = [folder]
        if not inside:
            parser.error(f"{folder} holds no queries.tsv, nor does a folder in it")
        found += inside
    return found


def _esco_beside(folders: list[Path]) -> Path | None:
    """ESCO's folder where it lies beside the linking sets: ``<data>/esco`` for ``<data>/x/set``."""
    beside = [folder.resolve().parent.parent / "esco" for folder in folders]
    return next((path for path in beside if path.is_dir()), None)


def main() -> None:
    chosen = next((argument for argument in sys.argv[1:] if argument in BENCHES), None)
    if chosen is not None:
        rest = [argument for argument in sys.argv[1:] if argument != chosen]
        raise SystemExit(import_module(BENCHES[chosen]).main(rest))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--titles", nargs="*", type=Path, default=[], metavar="FOLDER")
    parser.add_argument("--linking", nargs="*", type=Path, default=[], metavar="FOLDER")
    parser.add_argument("--esco", type=Path, metavar="FOLDER")
    parser.add_argument("--triples", nargs="*", type=Path, metavar="TABLE")
    parser.add_argument("--city", action="store_true")
    parser.add_argument("--talents", type=int, default=12_199)
    parser.add_argument("--openings", type=int, default=10_018)
    parser.add_argument("--k", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    options.titles = _sets(parser, options.titles)
    options.linking = _sets(parser, options.linking)
    if options.esco is None:
        options.esco = _esco_beside(options.linking)

    def tick(share: float) -> None:
        if not options.json and sys.stderr.isatty():
            print(f"\r{share:4.0%}", end="", file=sys.stderr)

    result: dict[str, Any] = {}
    # The run comes first: its peak of memory must not be that of the titles.
    if options.city:
        result["city"] = city(options.talents, options.openings, options.k, options.seed, tick)
    if options.titles:
        result["titles"] = [titles.titles(folder) for folder in options.titles]
    judged = [calibrating.judged_titles(folder) for folder in options.titles]
    esco = linking.occupations(options.esco) if options.esco else None
    for folder in options.linking:
        found = linking.linking(folder, esco)
        judged.append(calibrating.judged_concepts(folder, found.pop("scores")))
        result.setdefault("linking", []).append(found)
    if judged:
        result["calibration"] = calibrating.calibrate(judged, options.seed)[1]
    if options.triples is not None:
        sets = options.triples or [Path(__file__).parent / "data" / "terms.tsv"]
        result["triples"] = [across.triples(path) for path in sets]
    if options.json:
        print(json.dumps(result, indent=1))
        return
    if options.titles:
        print(titles.shown(result["titles"]))
    for found in result.get("linking", []):
        print(linking.shown(found))
    if judged:
        print(calibrating.shown(result["calibration"]))
    for found in result.get("triples", []):
        print(across.shown(found))
    for key, value in result.get("city", {}).items():
        print(f"{key:28}{value:>12.1f}" if isinstance(value, float) else f"{key:28}{value!s:>12}")


if __name__ == "__main__":
    main()
