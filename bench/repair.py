"""Repair with least change on the living day.

    python -m bench.repair                    both tables
    python -m bench.repair --json             one JSON object a line
    python -m bench.repair --events 200 --instances 100

First: a day of 10,000 requests; each seeded event (illness, hall closed, late arrival, new
booking, no-show) strikes the same timetable; seconds are those of ``repair`` and of ``verify``
after it. Second: small days, where a plain CP-SAT model proves first the least weight lost and
then the fewest moved (`bench.repair_reference`); ours beside it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from bench.repair_days import KINDS, Parameters, happening, make
from bench.repair_reference import Reference, reference
from talex.engine.meetings import Bound, Budget, Figures, Problem, Solution, Stop, solve, verify
from talex.engine.meetings import warm_up as warm_up_solver
from talex.engine.meetings.repair import Booking, Kind, Repair, Withdrawn, repair, warm_up


def nothing(problem: Problem) -> Solution:
    """The timetable in which nothing stands."""
    nowhere = np.full(problem.requests, -1, np.int32)
    return Solution(
        slot=nowhere,
        table=nowhere,
        reason=np.zeros(problem.requests, np.int8),
        figures=Figures(0, 0.0, (), 0, 0, 0),
        bound=Bound(0, 0.0, ()),
        proved=False,
        stop=Stop.SETTLED,
        iterations=0,
        seconds=0.0,
    )


def timetable(problem: Problem, seconds: float, seed: int) -> Solution:
    """What stands before anything happens: solved, or first-fit where no time is given."""
    if seconds <= 0:
        return repair(problem, nothing(problem)).solution
    solution = solve(problem, Budget(seconds=seconds, seed=seed, exact_limit=0))
    faults = verify(problem, solution)
    if faults:
        raise AssertionError(f"the timetable does not verify: {faults[:3]}")
    return solution


def _row(
    name: str, taken: Sequence[tuple[float, float]], found: Sequence[Repair]
) -> dict[str, Any]:
    """One line of the first table; ``taken``: (wall, processor) seconds."""
    seconds, busy = zip(*taken, strict=True)
    return {
        "event": name,
        "number": len(found),
        "median_s": round(float(np.median(seconds)), 3),
        "p95_s": round(float(np.percentile(seconds, 95)), 3),
        "worst_s": round(max(seconds), 3),
        "cpu_median_s": round(float(np.median(busy)), 3),
        "cpu_p95_s": round(float(np.percentile(busy, 95)), 3),
        "lost": sum(f.lost for f in found),
        "weight": round(sum(f.lost_weight for f in found)),
        "moved": sum(f.moved for f in found),
        "placed": sum(len(f.of(Kind.PLACED)) for f in found),
        "filled": sum(f.filled for f in found),
        "proved": sum(f.proved for f in found),
    }


def large(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Seeded events on a large day."""
    for rules in options.rules:
        parameters = Parameters(options.requests, options.seed, rules)
        problem = make(parameters)
        stands = timetable(problem, options.solve_seconds, options.seed)
        taken: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
        found: dict[str, list[Repair]] = {kind: [] for kind in KINDS}
        for n in range(options.events):
            kind = KINDS[n % len(KINDS)]
            events = happening(problem, stands.slot, kind, np.random.default_rng([options.seed, n]))
            started, busy = time.monotonic(), time.process_time()
            mended = repair(problem, stands, events, Budget(seconds=options.seconds, seed=n))
            faults = verify(mended.problem, mended.solution)
            taken[kind].append((time.monotonic() - started, time.process_time() - busy))
            if faults:
                raise AssertionError(f"{kind} {n}: {faults[:3]}")
            found[kind].append(mended)
        head = {
            "table": "large",
            "parameters": asdict(parameters),
            "requests": problem.requests,
            "placed_before": stands.figures.placed,
            "places": int(problem.table_available.sum() + problem.online_capacity.sum()),
        }
        some = [kind for kind in KINDS if found[kind]]
        for kind in some:
            yield {**head, **_row(kind, taken[kind], found[kind])}
        every = [pair for kind in some for pair in taken[kind]]
        yield {**head, **_row("all", every, [f for kind in some for f in found[kind]])}


def small_parameters(n: int, seed: int) -> Parameters:
    """A day of at most 300 meetings; half of them with all the rules."""
    rng = np.random.default_rng([seed, n])
    return Parameters(
        requests=int(rng.integers(120, 301)),
        seed=int(rng.integers(0, 2**31)),
        rules=("plain", "rich")[n // len(KINDS) % 2],
        slots=int(rng.choice([12, 16, 20])),
        days=2,
        per_delegate=float(rng.uniform(8, 16)),
        seats=float(rng.uniform(0.6, 1.1)),
        halls=int(rng.integers(2, 5)),
    )


def _literal(mended: Repair, stands: Solution) -> tuple[float, float, int]:
    """(weight lost, weight booked, moved), counted afresh from the two timetables."""
    old = stands.slot.size
    slot, table, weight = mended.solution.slot, mended.solution.table, mended.problem.weight
    gone = {c.request for c in mended.of(Kind.WITHDRAWN)}
    stood = [r for r in np.flatnonzero(stands.slot >= 0).tolist() if r not in gone]
    lost = sum(float(weight[r]) for r in stood if slot[r] < 0)
    moved = sum(
        1
        for r in stood
        if slot[r] >= 0 and (slot[r], table[r]) != (stands.slot[r], stands.table[r])
    )
    return lost, float(weight[old:][slot[old:] >= 0].sum()), moved


def small(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Small days beside the plain exact model."""
    for n in range(options.instances):
        kind = KINDS[n % len(KINDS)]
        parameters = small_parameters(n, options.seed)
        problem = make(parameters)
        stands = timetable(problem, 0.0, n)
        events = happening(problem, stands.slot, kind, np.random.default_rng([options.seed, n, 1]))
        started = time.monotonic()
        mended = repair(problem, stands, events, Budget(seconds=options.small_seconds, seed=n))
        ours = time.monotonic() - started
        faults = verify(mended.problem, mended.solution)
        if faults:
            raise AssertionError(f"small {n}: {faults[:3]}")
        after = mended.problem
        more = after.requests - problem.requests
        slot = np.append(stands.slot, np.full(more, -1))
        table = np.append(stands.table, np.full(more, -1))
        wanted = slot >= 0
        wanted[problem.requests :] = True
        for event in events:
            if isinstance(event, Withdrawn):
                wanted[event.request] = False
        # fixed ones that cannot be kept are lost, whatever else is done: not the model's matter
        kept = mended.solution.slot >= 0
        after = replace(after, fixed_slot=np.where(kept, after.fixed_slot, -1))
        started = time.monotonic()
        best = reference(after, slot, table, wanted, options.reference_seconds)
        theirs = time.monotonic() - started
        row = _compare(n, kind, parameters, mended, stands, best, (ours, theirs))
        booked = sum(isinstance(e, Booking) for e in events)
        yield {**row, "meetings": int((stands.slot >= 0).sum()) + booked}


def _compare(
    n: int,
    kind: str,
    parameters: Parameters,
    mended: Repair,
    stands: Solution,
    best: Reference,
    seconds: tuple[float, float],
) -> dict[str, Any]:
    lost, booked, moved = _literal(mended, stands)
    return {
        "table": "small",
        "instance": n,
        "event": kind,
        "parameters": asdict(parameters),
        "lost": lost,
        "least_lost": best.lost_weight,
        "booked": booked,
        "most_booked": best.booked_weight,
        "moved": moved,
        "least_moved": best.moved,
        "reference_proved": best.proved,
        "proved": mended.proved,
        "equal": best.proved
        and (lost, booked, moved) == (best.lost_weight, best.booked_weight, best.moved),
        "seconds": round(seconds[0], 3),
        "reference_seconds": round(seconds[1], 2),
    }


def _summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line for each kind of event, and one for all."""
    lines = []
    for kind in (*KINDS, "all"):
        some = [row for row in rows if kind in (row["event"], "all")]
        if not some:
            continue
        extra = [
            row["moved"] - row["least_moved"] for row in some if row["lost"] == row["least_lost"]
        ]
        lines.append(
            {
                "event": kind,
                "instances": len(some),
                "CP-SAT proved": sum(row["reference_proved"] for row in some),
                "equal in both": sum(row["equal"] for row in some),
                "more lost": sum(row["lost"] > row["least_lost"] for row in some),
                "most moved in excess": max(extra, default=0),
                "proved by ours": sum(row["proved"] for row in some),
                "ours median s": round(float(np.median([r["seconds"] for r in some])), 3),
                "ours worst s": max(r["seconds"] for r in some),
                "CP-SAT median s": float(np.median([r["reference_seconds"] for r in some])),
                "CP-SAT worst s": max(r["reference_seconds"] for r in some),
            }
        )
    return lines


def _print(rows: list[dict[str, Any]]) -> None:
    names = [name for name in rows[0] if name not in ("table", "parameters")]
    lines = [names, *([str(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(names))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())


def main() -> None:
    parser = argparse.ArgumentParser(description="Repair with least change.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--rules", nargs="*", default=["plain", "rich"])
    parser.add_argument("--events", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=0.6, help="budget of a large repair")
    parser.add_argument("--solve-seconds", type=float, default=20.0, help="0: first-fit")
    parser.add_argument("--instances", type=int, default=100)
    parser.add_argument("--small-seconds", type=float, default=5.0)
    parser.add_argument("--reference-seconds", type=float, default=60.0, help="of each solve")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    warm_up()
    if options.solve_seconds > 0 and options.events:
        warm_up_solver()
    big: list[dict[str, Any]] = []
    little: list[dict[str, Any]] = []
    for source, rows in ((large, big), (small, little)):
        if (options.events if source is large else options.instances) == 0:
            continue
        for row in source(options):
            rows.append(row)
            if options.json:
                print(json.dumps(row), flush=True)
    if options.json:
        return
    for parameters in dict.fromkeys(json.dumps(row["parameters"]) for row in big):
        print(parameters)
        _print([row for row in big if json.dumps(row["parameters"]) == parameters])
    if little:
        print(f"{len(little)} small days, seed {options.seed}; see small_parameters")
        _print(_summary(little))


if __name__ == "__main__":
    main()
