"""The timetable of meetings at scale, beside simpler ways to make one.

    python -m bench.meetings --scale                      three families, 1,000 to 100,000 wishes
    python -m bench.meetings --scale --family planted --requests 10000 --seed 2
    python -m bench.meetings --scale --json               one JSON object a line
    python -m bench.meetings --scale --peers              CP-SAT too, up to 1,000 wishes

Families: *planted*: all wishes fit, and slots are 97 to 100 % full of them; *oversubscribed*:
halls and rooms hold half of the wishes; *rich*: also pauses, a slot lost per change of hall, a
daily load, and interpreters. Half of all come for half days, guests online from eight zones. What
the generator was told stands in each row. Bounds are recomputed by ``verify`` from prices. After
each family the growth: the power of the number of wishes by which time grows between two sizes.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from itertools import groupby, pairwise
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.meetings_scale_instances import FAMILIES, Parameters, make
from bench.meetings_scale_peers import first_fit, slot_model
from talex.engine.meetings import Budget, Problem, solve, verify, warm_up

#: At which share of the bound the search may stop; see the goals in docs/benchmarks.md.
GAPS = {"planted": 0.0, "oversubscribed": 0.0015, "rich": 0.01}
_MODEL_LIMIT = 1_000


@dataclass(frozen=True)
class Row:
    """One line of the table; ``reached`` is the share of the bound on weight."""

    instance: str
    seed: int
    method: str
    requests: int
    persons: int
    tables: int
    placed: int
    weight: float
    bound: float
    reached: float
    persons_1: int
    persons_2: int
    seconds: float
    cpu: float
    load: float
    peak_mb: int
    note: str
    parameters: str


def _row(
    name: tuple[str, int, str],
    problem: Problem,
    slot: NDArray[Any],
    limit: float,
    spent: tuple[float, float],
    note: str,
    parameters: str,
) -> Row:
    owner = np.repeat(np.arange(problem.requests), np.diff(problem.party_ptr))
    number = np.bincount(problem.party_idx[slot[owner] >= 0], minlength=problem.persons)
    placed = slot >= 0
    weight = float(problem.weight[placed].sum())
    return Row(
        instance=name[0],
        seed=name[1],
        method=name[2],
        requests=problem.requests,
        persons=problem.persons,
        tables=problem.tables,
        placed=int(placed.sum()),
        weight=weight,
        bound=round(limit, 3),
        reached=round(weight / limit, 6) if limit else 1.0,
        persons_1=int((number >= 1).sum()),
        persons_2=int((number >= 2).sum()),
        seconds=round(spent[0], 2),
        cpu=round(spent[1], 2),
        load=round(os.getloadavg()[0], 1),
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        note=note,
        parameters=parameters,
    )


class _Watch:
    def __init__(self) -> None:
        self.wall, self.cpu = time.monotonic(), time.process_time()

    def spent(self) -> tuple[float, float]:
        return time.monotonic() - self.wall, time.process_time() - self.cpu


def _model(
    problem: Problem, seconds: float
) -> tuple[NDArray[Any], float, str, tuple[float, float]]:
    watch = _Watch()
    return *slot_model(problem, seconds), watch.spent()


def compare(
    name: tuple[str, int], problem: Problem, budget: Budget, parameters: str, model: bool = False
) -> Iterator[Row]:
    """Ours first, so that its peak of memory is its own; bound included in its time."""
    watch = _Watch()
    solution = solve(problem, budget)
    spent = watch.spent()
    limit = solution.bound.weight
    watch = _Watch()
    faults = verify(problem, solution)
    checked = watch.spent()[0]
    watch = _Watch()
    slot = first_fit(problem)
    plain = watch.spent()
    weight = float(problem.weight[slot >= 0].sum())
    gap = limit - weight
    closed = (solution.figures.weight - weight) / gap if gap > 0 else 1.0
    note = (
        f"{solution.stop.name.lower()}; {len(faults)} faults (verify {checked:.1f} s); closes "
        f"{closed:.3f} of first-fit's gap; idle {solution.figures.idle}, hall changes "
        f"{solution.figures.hall_changes}"
    )
    yield _row((*name, "talex"), problem, solution.slot, limit, spent, note, parameters)
    yield _row((*name, "first-fit"), problem, slot, limit, plain, "", parameters)
    if model:
        # in a process of its own, so that its memory is not counted as ours
        with ProcessPoolExecutor(1, get_context("spawn")) as apart:
            slot, bound, status, spent = apart.submit(_model, problem, budget.seconds).result()
        status += f"; its bound {bound:.0f}"
        yield _row((*name, "CP-SAT"), problem, slot, limit, spent, status, parameters)


def growth(rows: Sequence[Row]) -> Iterator[str]:
    """By which power of the requests our time grows from each size to the next.

    Args:
        rows: of one family; those of other methods are left out.
    """
    ours = sorted((r for r in rows if r.method == "talex"), key=lambda r: r.requests)
    for small, large in pairwise(ours):
        if small.requests < large.requests and small.seconds > 0 and small.cpu > 0:
            wider = math.log(large.requests / small.requests)
            wall = math.log(large.seconds / small.seconds) / wider
            cpu = math.log(large.cpu / small.cpu) / wider
            yield (
                f"# {small.instance}: from {small.requests} to {large.requests} requests time "
                f"grows by the power {wall:.2f}, CPU time by {cpu:.2f}"
            )


def families(options: argparse.Namespace) -> Iterator[Row]:
    """The rows of the three families."""
    for family in options.family or FAMILIES:
        for requests in options.requests or (1_000, 10_000, 100_000):
            told = Parameters(family, requests, options.seed)
            gap = GAPS[family] if options.gap is None else options.gap
            budget = Budget(seconds=options.seconds, seed=options.seed, gap=gap)
            small = requests <= _MODEL_LIMIT and options.peers
            text = ", ".join(f"{k} {v}" for k, v in asdict(told).items() if k != "family")
            yield from compare((family, options.seed), make(told), budget, text, small)


def main(argv: Sequence[str] | None = None) -> None:
    """Print the table, row by row."""
    parser = argparse.ArgumentParser(description="The timetable of meetings at scale.")
    parser.add_argument("--family", action="append", choices=FAMILIES)
    parser.add_argument("--requests", action="append", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=55.0, help="budget of each")
    parser.add_argument("--gap", type=float, help="stop at this share below the bound")
    parser.add_argument("--peers", action="store_true", help="a plain CP-SAT model as well")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args(argv)
    warm_up()
    names = [n for n in Row.__annotations__ if n != "parameters"]
    if not options.json:
        print("  ".join(names))
    for _, group in groupby(families(options), key=lambda row: row.instance):
        rows = []
        for row in group:
            rows.append(row)
            _show(row, rows, names, options.json)
        for line in () if options.json else growth(rows):
            print(line, flush=True)


def _show(row: Row, before: Sequence[Row], names: Sequence[str], as_json: bool) -> None:
    """A row; above it what the generator was told, where that has changed."""
    if as_json:
        print(json.dumps(asdict(row)), flush=True)
        return
    if len(before) < 2 or before[-2].parameters != row.parameters:
        print(f"# {row.instance}: {row.parameters}")
    print("  ".join(str(getattr(row, name)) for name in names), flush=True)


if __name__ == "__main__":
    main()
