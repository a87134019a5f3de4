"""Allocation, measured: deferred acceptance and best total, each beside its peers.

    python -m bench.matching --allocation                       the sizes of docs/benchmarks.md
    python -m bench.matching --allocation --talents 100000 --openings 10000 --list 20
    python -m bench.matching --allocation --no-peers --json

The market is made: each talent lists as many openings as told, popular ones more often (Zipf); both
sides give scores in steps of 1/1000, so ties are common on both sides, and lots drawn from the
seed decide them. Openings have 1 to 10 seats, talents one. `matching` (PyPI) is optional.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import get_context
from resource import RLIMIT_CPU, RUSAGE_CHILDREN, RUSAGE_SELF, setrlimit
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from talex.engine.matching import (
    best_total,
    congestion,
    deferred_acceptance,
    fair,
    total_bound,
    verify_fair,
    verify_stable,
)


@dataclass(frozen=True)
class Market:
    candidates: csr_array
    opening_scores: NDArray[np.float32]
    talents: NDArray[np.int64]
    openings: NDArray[np.int64]


def market(n: int, m: int, size: int, seed: int) -> Market:
    """n lists of ``size`` openings, the popular more often; scores in steps of 1/1000."""
    rng = np.random.default_rng(seed)
    draw = (np.arange(1, m + 1) ** -0.4).cumsum()
    draw /= draw[-1]
    shuffled = rng.permutation(m).astype(np.int32)
    indices = np.empty((n, size), np.int32)
    for at in range(0, n, 50_000):
        rows = min(50_000, n - at)
        found = np.sort(np.searchsorted(draw, rng.random((rows, size))), axis=1)
        while True:  # a list names nobody twice
            twice = np.zeros(found.shape, np.bool_)
            twice[:, 1:] = found[:, 1:] == found[:, :-1]
            if not twice.any():
                break
            found[twice] = rng.integers(0, m, int(twice.sum()))
            found.sort(axis=1)
        indices[at : at + rows] = np.sort(shuffled[found], axis=1)
    worth = rng.random(m, dtype=np.float32)[indices.ravel()]
    data = rng.random(n * size, dtype=np.float32)
    data = np.round((2 * data + worth) / 3, 3)
    theirs = np.round(rng.random(n * size, dtype=np.float32), 3)
    indptr = np.arange(0, n * size + 1, size)
    candidates = csr_array((data, indices.ravel(), indptr), shape=(n, m))
    return Market(candidates, theirs, np.ones(n, np.int64), rng.integers(1, 11, m))


def pairs_of(candidates: csr_array, held: NDArray[np.bool_]) -> NDArray[np.int64]:
    edges = np.flatnonzero(held)
    left = np.searchsorted(candidates.indptr, edges, side="right") - 1
    return np.column_stack([left, candidates.indices[edges]])


def _timed(call: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    wall, cpu = perf_counter(), _cpu()
    found = call()
    return found, {"seconds": perf_counter() - wall, "cpu_seconds": _cpu() - cpu}


def _cpu() -> float:
    """CPU seconds of this process and of those it has waited for."""
    mine, others = (resource.getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime + others.ru_utime + others.ru_stime


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def stable(given: Market, seed: int) -> list[dict[str, Any]]:
    """Deferred acceptance, and the count of blocking pairs over every candidate."""
    listed = given.candidates
    before = peak_mb()
    held, time = _timed(
        lambda: deferred_acceptance(
            listed, given.talents, given.openings, opening_scores=given.opening_scores, seed=seed
        )
    )
    pairs = pairs_of(listed, held)
    row = {"what": "deferred acceptance", "candidates": listed.nnz, "pairs": len(pairs)}
    rows = [row | time | {"peak_mb_before": before, "peak_mb": peak_mb()}]
    report, time = _timed(
        lambda: verify_stable(
            listed, pairs, given.talents, given.openings, opening_scores=given.opening_scores
        )
    )
    row = {"what": "verify", "blocking": report.blocking, "ok": report.ok}
    return [*rows, row | time | {"peak_mb": peak_mb()}]


def fairly(given: Market, seed: int) -> list[dict[str, Any]]:
    """The fair mode on the talents' scores, and what shows that it keeps its promise."""
    listed = given.candidates
    held = deferred_acceptance(listed, given.talents, given.openings, seed=seed)
    made, time = _timed(lambda: fair(listed, held, given.talents, given.openings, seed=seed))
    rows: list[dict[str, Any]] = []
    for name, here in (("stable", held), ("fair", made)):
        report, checked = _timed(
            lambda here=here: verify_fair(
                listed, pairs_of(listed, here), given.talents, given.openings
            )
        )
        rows.append(
            {
                "what": f"{name}, by verify_fair",
                "covered": report.talents_covered,
                "could_be_covered_too": report.talents_missed,
                "openings_covered": report.openings_covered,
                "worst_best_score": report.worst,
                "total": float(listed.data[here].sum(dtype=np.float64)),
                "verify_seconds": checked["seconds"],
            }
        )
    rows[-1] |= time
    demand = congestion(listed, given.talents, given.openings, seed)
    share = np.quantile(demand.ratio, [0.5, 0.9, 0.99, 1])
    names = ("median", "p90", "p99", "most")
    return [*rows, {"what": "wanted a seat"} | dict(zip(names, share.tolist(), strict=True))]


def peer_matching(seed: int, limit: float) -> Iterator[dict[str, Any]]:
    """The `matching` package at doubled sizes until it takes longer than ``limit`` seconds."""
    if find_spec("matching") is None:
        yield {"what": "matching", "note": "not installed: pip install matching"}
        return
    games = import_module("matching.games")
    n = 250
    while True:
        given = market(n, n // 10, 20, seed)
        listed = given.candidates
        # Strict lists: the package knows no ties. Ours gets the same scores, ties broken alike.
        rng = np.random.default_rng(seed)
        mine = rng.permutation(listed.nnz).astype(np.float32)
        theirs = rng.permutation(listed.nnz).astype(np.float32)
        strict = csr_array((mine, listed.indices, listed.indptr), shape=listed.shape)
        residents, hospitals, seats = _dictionaries(strict, theirs, given.openings)
        (solved, size), time = _timed(
            lambda r=residents, h=hospitals, s=seats: _solve_peer(games, r, h, s)
        )
        held, ours = _timed(
            lambda c=strict, t=theirs, g=given: deferred_acceptance(
                c, g.talents, g.openings, opening_scores=t, seed=seed
            )
        )
        same = {(int(i), int(j)) for i, j in pairs_of(strict, held)} == solved
        yield (
            {"what": "matching", "talents": n, "pairs": size, "same_as_ours": same}
            | time
            | {"ours_seconds": ours["seconds"], "times": time["seconds"] / ours["seconds"]}
        )
        if time["cpu_seconds"] > limit:
            return
        n *= 2


def _dictionaries(
    listed: csr_array, theirs: NDArray[np.float32], seats: NDArray[np.int64]
) -> tuple[dict[Any, Any], dict[Any, Any], dict[Any, int]]:
    residents = {}
    for i in range(listed.shape[0]):
        here = slice(listed.indptr[i], listed.indptr[i + 1])
        best = np.argsort(-listed.data[here])
        residents[f"t{i}"] = [f"o{j}" for j in listed.indices[here][best]]
    turned = csr_array((theirs, listed.indices, listed.indptr), shape=listed.shape).tocsc()
    hospitals, capacities = {}, {}
    for j in range(listed.shape[1]):
        here = slice(turned.indptr[j], turned.indptr[j + 1])
        if here.stop > here.start:
            best = np.argsort(-turned.data[here])
            hospitals[f"o{j}"] = [f"t{i}" for i in turned.indices[here][best]]
            capacities[f"o{j}"] = int(seats[j])
    return residents, hospitals, capacities


def _solve_peer(games: Any, *lists: Any) -> tuple[set[tuple[int, int]], int]:
    """In a thread with a large stack: the package copies its linked lists by recursion."""
    found: set[tuple[int, int]] = set()

    def run() -> None:
        game = games.HospitalResident.create_from_dictionaries(*lists)
        for hospital, residents in game.solve(optimal="resident").items():
            for resident in residents:
                found.add((int(str(resident.name)[1:]), int(str(hospital.name)[1:])))

    before = sys.getrecursionlimit(), threading.stack_size(512 * 2**20)
    sys.setrecursionlimit(10**6)
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(before[0])
        threading.stack_size(before[1])
    return found, len(found)


def totals(
    given: Market, accuracies: tuple[float, ...], peer_seconds: float = 0
) -> Iterator[dict[str, Any]]:
    """Best total beside OR-Tools' min-cost flow and SciPy's sparse assignment, each of which is
    stopped after ``peer_seconds`` of CPU time."""
    listed = given.candidates
    ours = 0.0
    for accuracy in accuracies:
        found, time = _timed(
            lambda a=accuracy: best_total(listed, given.talents, given.openings, accuracy=a)
        )
        bound = total_bound(listed, given.talents, given.openings, found.prices)
        ours = time["cpu_seconds"]
        row = {"what": f"ours, accuracy {accuracy:g}", "total": found.total, "bound": bound}
        yield row | time
    for name, call in (("OR-Tools min-cost flow", flow), ("SciPy assignment", assignment)):
        if not peer_seconds:
            return
        total, time = _timed(lambda c=call: _apart(c, given, peer_seconds))
        found = {"total": total} if total is not None else {"note": "stopped"}
        yield {"what": name} | found | time | {"cpu_times_ours": time["cpu_seconds"] / ours}


def _apart(call: Callable[[Market], float], given: Market, seconds: float) -> float | None:
    """The call in a process of its own; None if it was stopped after so much CPU time."""
    context = get_context("fork")
    answer, ask = context.Pipe(duplex=False)

    def run() -> None:
        setrlimit(RLIMIT_CPU, (int(seconds), int(seconds) + 5))
        ask.send(call(given))

    process = context.Process(target=run)
    process.start()
    ask.close()
    try:
        return float(answer.recv())
    except EOFError:
        return None
    finally:
        process.join()


def flow(given: Market) -> float:
    """OR-Tools' cost scaling on scores in thousandths, exact: each of them is whole."""
    from ortools.graph.python import min_cost_flow

    listed, (n, m) = given.candidates, given.candidates.shape
    left = np.repeat(np.arange(n), np.diff(listed.indptr))
    whole = np.round(listed.data.astype(np.float64) * 1000).astype(np.int64)
    solver = min_cost_flow.SimpleMinCostFlow()
    sink = n + m
    solver.add_arcs_with_capacity_and_unit_cost(
        left, n + listed.indices, np.ones(len(left)), -whole
    )
    people, seats = np.arange(n), np.arange(m)
    solver.add_arcs_with_capacity_and_unit_cost(
        people, np.full(n, sink), given.talents, np.zeros(n, np.int64)
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        n + seats, np.full(m, sink), given.openings, np.zeros(m, np.int64)
    )
    solver.set_nodes_supplies(people, given.talents)
    solver.set_nodes_supplies([sink], [-int(given.talents.sum())])
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("min-cost flow found no optimum")
    return -solver.optimal_cost() / 1000


def assignment(given: Market) -> float:
    """SciPy's sparse LAPJV on a copy of each opening for each seat, and a seat of no worth for
    each talent, so that all can be matched."""
    listed, (n, _) = given.candidates, given.candidates.shape
    first = np.concatenate([[0], np.cumsum(given.openings)])
    copies = given.openings[listed.indices]
    left = np.repeat(np.repeat(np.arange(n), np.diff(listed.indptr)), copies)
    within = np.arange(copies.sum()) - np.repeat(copies.cumsum() - copies, copies)
    seat = np.repeat(first[listed.indices], copies) + within
    worth = np.repeat(listed.data.astype(np.float64), copies)
    rows = np.concatenate([left, np.arange(n)])
    columns = np.concatenate([seat, first[-1] + np.arange(n)])
    # A stored 0 would be no edge: everything is raised by 1, which n matched rows give back.
    weights = np.concatenate([worth, np.zeros(n)]) + 1
    graph = coo_array((weights, (rows, columns)), shape=(n, int(first[-1]) + n)).tocsr()
    matched = min_weight_full_bipartite_matching(graph, maximize=True)
    return float(graph[matched].sum() - n)


def relaxed(given: Market) -> float:
    """The linear relaxation by HiGHS, whose corner points are whole: for small sizes."""
    listed, (n, m) = given.candidates, given.candidates.shape
    left = np.repeat(np.arange(n), np.diff(listed.indptr))
    edges = np.arange(listed.nnz)
    sides = coo_array(
        (np.ones(2 * listed.nnz), (np.concatenate([left, n + listed.indices]), np.tile(edges, 2))),
        shape=(n + m, listed.nnz),
    ).tocsr()
    limits = np.concatenate([given.talents, given.openings])
    return -float(linprog(-listed.data.astype(float), A_ub=sides, b_ub=limits, bounds=(0, 1)).fun)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--talents", type=int, default=1_000_000)
    parser.add_argument("--openings", type=int, default=100_000)
    parser.add_argument("--list", type=int, default=50)
    parser.add_argument("--only", choices=("stable", "peer", "total", "fair"), action="append")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--peer-seconds", type=float, default=20)
    parser.add_argument("--peer-cpu", type=float, default=600, help="CPU s of a peer of --total")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    wanted = options.only or ["stable", "peer", "total", "fair"]
    tiny = market(200, 30, 8, 0)  # the kernels are compiled outside the clock
    stable(tiny, 0), fairly(tiny, 0), list(totals(tiny, (0.01,)))

    def show(rows: Iterable[dict[str, Any]]) -> None:
        for row in rows:
            if options.json:
                print(json.dumps(row), flush=True)
                continue
            told = [
                f"{key} {value:,.3f}" if isinstance(value, float) else f"{key} {value:,}"
                if isinstance(value, int) else f"{key} {value}"
                for key, value in row.items() if key != "what"
            ]  # fmt: skip
            print(f"{row['what']}: {', '.join(told)}", flush=True)

    print(f"seed {options.seed}; lots and market are drawn from it")
    if "stable" in wanted:
        show(stable(market(options.talents, options.openings, options.list, options.seed), 1))
    if "peer" in wanted and not options.no_peers:
        show(peer_matching(options.seed, options.peer_seconds))
    middle = market(100_000, 10_000, 20, options.seed)
    if "total" in wanted:
        show(totals(middle, (1e-2, 1e-3, 1e-4), 0 if options.no_peers else options.peer_cpu))
    if "fair" in wanted:
        show(fairly(middle, options.seed))
    return 0
