"""Retrieval at scale: the best 50 of both sides under the real score, beside nearest-neighbour
libraries that filter afterwards.

    python -m bench.matching --scale            1,000,000 x 100,000
    python -m bench.matching --scale --peers    and both at 100,000 x 10,000, beside the peers

The rows are made from a pool of rehearsal records (:mod:`bench.matching_pool`), which is encoded
once and kept in ``--pool``. Degree, languages and days are hard; about a tenth of the pairs is
admissible. Recall is that of the exact best 50 among all admissible pairs, on sampled rows. The
peers (faiss-cpu, usearch, hnswlib; optional) search the vectors of titles and texts, weighted as
in the score, for ever more neighbours, which are then filtered and scored, until their recall for
talents is ours or there are no more. They are asked for the talents' side only, the time is that
of a sample scaled up, and only their search is counted; all of it flatters them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.matching_pool import make_pool, problem_of
from talex.engine.matching import Budget, Problem, best_of_opening, best_of_talent, retrieve
from talex.engine.matching.packed import pack
from talex.engine.matching.rows import pair_scores, recall_of


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(problem: Problem, budget: Budget, tell: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Retrieval with everything it needs, packing included, and then its recall."""
    before = peak_mb()
    wall, cpu = perf_counter(), process_time()
    packed = pack(problem)
    found = retrieve(problem, replace(budget, sampled=0), packed=packed)
    row: dict[str, Any] = {
        "what": "both sides, packing included",
        "talents": len(problem.talents),
        "openings": len(problem.openings),
        "k": problem.k,
        "width": budget.width,
        "candidates": int(found.candidates.nnz),
        "seconds": perf_counter() - wall,
        "cpu_seconds": process_time() - cpu,
        "peak_mb_before": before,
        "peak_mb": peak_mb(),
    }
    tell(row)
    cpu = process_time()
    recall = recall_of(problem, packed, found.candidates, budget.sampled, budget.seed)
    row["recall_talents"], row["recall_openings"] = recall.mean
    row["worst_tenth_talents"], row["worst_tenth_openings"] = recall.worst_tenth
    row["sampled_talents"], row["sampled_openings"] = recall.rows
    row["recall_cpu_seconds"] = process_time() - cpu
    return row


def incremental(problem: Problem, count: int, seed: int) -> dict[str, Any]:
    """One new opening, one new talent: all their admissible pairs scored, the best 50 taken."""
    packed = pack(problem)
    rng = np.random.default_rng(seed)
    row: dict[str, Any] = {"what": "one row", "load": os.getloadavg()[0]}
    wall, cpu = perf_counter(), process_time()
    pack(problem, talents_of=packed)
    row |= {"pack_openings_seconds": perf_counter() - wall, "cpu": process_time() - cpu}
    for name, of, size in (
        ("opening", best_of_opening, len(problem.openings)),
        ("talent", best_of_talent, len(problem.talents)),
    ):
        walls, cpus = [], []
        for at in rng.integers(0, size, count).tolist():
            wall, cpu = perf_counter(), process_time()
            of(problem, at, packed=packed)
            walls.append(perf_counter() - wall)
            cpus.append(process_time() - cpu)
        row[f"{name}_seconds_median"] = float(np.median(walls))
        row[f"{name}_seconds_p95"] = float(np.quantile(walls, 0.95))
        row[f"{name}_cpu_median"] = float(np.median(cpus))
    return row


def _joined(problem: Problem) -> list[NDArray[np.float32]]:
    """Title and text as one vector whose inner product is their part of the score, unclipped."""
    vector = problem.weights.vector()
    return [
        np.hstack(
            [
                side.title_vectors.astype(np.float32) * np.float32(np.sqrt(vector[0])),
                side.skill_vectors.astype(np.float32) * np.float32(np.sqrt(vector[2])),
            ]
        )
        for side in (problem.talents, problem.openings)
    ]


Search = Callable[[NDArray[np.float32], int], NDArray[np.int64]]


def _faiss(vectors: NDArray[np.float32]) -> Search:
    faiss = import_module("faiss")
    index = faiss.IndexHNSWFlat(vectors.shape[1], 32, faiss.METRIC_INNER_PRODUCT)
    index.add(vectors)

    def search(asked: NDArray[np.float32], count: int) -> NDArray[np.int64]:
        index.hnsw.efSearch = count
        return np.asarray(index.search(asked, count)[1], np.int64)

    return search


def _usearch(vectors: NDArray[np.float32]) -> Search:
    index = import_module("usearch.index").Index(ndim=vectors.shape[1], metric="ip", dtype="f32")
    index.add(np.arange(len(vectors)), vectors)

    def search(asked: NDArray[np.float32], count: int) -> NDArray[np.int64]:
        index.expansion_search = count
        return np.asarray(index.search(asked, count).keys, np.int64).reshape(len(asked), -1)

    return search


def _hnswlib(vectors: NDArray[np.float32]) -> Search:
    index = import_module("hnswlib").Index(space="ip", dim=vectors.shape[1])
    index.init_index(len(vectors), ef_construction=200, M=16)
    index.add_items(vectors)

    def search(asked: NDArray[np.float32], count: int) -> NDArray[np.int64]:
        index.set_ef(count)
        return np.asarray(index.knn_query(asked, k=count)[0], np.int64)

    return search


PEERS = {
    "faiss": ("faiss-cpu", _faiss),
    "usearch": ("usearch", _usearch),
    "hnswlib": ("hnswlib", _hnswlib),
}


def peers(
    problem: Problem, ours: dict[str, Any], sampled: int, seed: int
) -> Iterator[dict[str, Any]]:
    """Each library's time for all talents, from a sample, at our recall if it gets there."""
    packed = pack(problem)
    talents, openings = _joined(problem)
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.choice(len(talents), sampled, replace=False))
    least = [best_of_talent(problem, i, packed=packed)[1] for i in chosen.tolist()]
    for name, (package, make) in PEERS.items():
        if find_spec(name) is None:
            yield {"what": name, "note": f"not installed: pip install {package}"}
            continue
        cpu = process_time()
        search = make(openings)
        built, count = process_time() - cpu, 4 * problem.k
        while True:
            cpu = process_time()
            found = search(talents[chosen], min(count, len(openings)))
            # Only the search is counted, not the filtering and scoring that must follow.
            spent = (process_time() - cpu) / sampled * len(talents)
            left = np.repeat(chosen, found.shape[1])
            worth = pair_scores(problem, packed, left, found.ravel()).reshape(found.shape)
            shares = [
                min(1.0, (mine >= best[-1] - 1e-5).sum() / len(best))
                for mine, best in zip(worth, least, strict=True)
                if len(best)
            ]
            recall = float(np.mean(shares))
            if recall >= ours["recall_talents"] - 0.005 or count >= len(openings):
                break
            count *= 2
        yield {
            "what": name,
            "neighbours": min(count, len(openings)),
            "recall_talents": recall,
            "build_cpu_seconds": built,
            "all_talents_cpu_seconds": spent,
            "cpu_times_ours": (built + spent) / ours["cpu_seconds"],
        }


#: The largest size at which the peers are run.
PEERS_TALENTS, PEERS_OPENINGS = 100_000, 10_000


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--talents", type=int, default=1_000_000)
    parser.add_argument("--openings", type=int, default=100_000)
    parser.add_argument("--k", type=int, default=50)
    parser.add_argument("--width", type=int, default=Budget().width)
    parser.add_argument("--sampled", type=int, default=1_000, help="rows a side for the recall")
    parser.add_argument("--pool", type=Path, default=Path("/tmp/talex-bench"), help="kept here")
    parser.add_argument("--pool-talents", type=int, default=30_000)
    parser.add_argument("--pool-openings", type=int, default=15_000)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)

    def show(row: dict[str, Any]) -> None:
        if options.json:
            print(json.dumps(row), flush=True)
            return
        told = [f"{k} {v:,.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in row.items()]
        print(", ".join(told), flush=True)

    pool = make_pool(
        options.pool,
        options.pool_talents,
        options.pool_openings,
        1,
        lambda said: print(said, file=sys.stderr),
    )
    texts = sum(len(pool[f"{side}_{kind}"]) for side in "to" for kind in ("titles", "texts"))
    small = problem_of(pool, 300, 200, 5, 1)  # the kernels are compiled outside the clock
    run(small, Budget(exact_pairs=0), lambda row: None)
    problem = problem_of(pool, options.talents, options.openings, options.k, options.seed)
    if not options.peers:
        del pool
    show({"seed": options.seed, "distinct_texts": texts, "load": os.getloadavg()[0]})

    def told(share: float) -> None:
        if sys.stderr.isatty():
            print(f"\r{share:4.0%}", end="", file=sys.stderr)

    budget = Budget(exact_pairs=0, width=options.width, sampled=options.sampled, progress=told)
    row = run(problem, budget, show)
    show(row)
    show(incremental(problem, 40, options.seed))
    if options.peers:
        if options.talents > PEERS_TALENTS or options.openings > PEERS_OPENINGS:
            # The peers' graphs are too large and their searches too long here: both once more
            # at a size that they manage.
            problem = problem_of(pool, PEERS_TALENTS, PEERS_OPENINGS, options.k, options.seed)
            row = run(problem, budget, lambda row: None)
            show(row)
        for peer in peers(problem, row, 100, options.seed):
            show(peer)
    return 0
