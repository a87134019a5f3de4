"""The compact timetable: how soon it is found and proved.

    python -m bench.meetings FILE…                      a table
    python -m bench.meetings FILE… --json               one JSON object a line for each file
    python -m bench.meetings FILE… --best TSV           every row of a list of best known values
    python -m bench.meetings FILE… --renamings 5        each with so many seeded renamings
    python -m bench.meetings FILE… --tables 12,11       each with other numbers of tables
    python -m bench.meetings FILE… --peers              a plain CP-SAT and a plain SAT model too
    python -m bench.meetings FILE… --confirm            another solver looks for one break fewer

FILE is a MiniZinc data file of 'Scheduling B2B meetings' (Bofill et al.). Seconds are of wall
time, from the problem in memory to the answer; `verify` comes after it. A file that cannot be
read is told on the error output and left out; the exit code is then 1, as it is where an answer
is found to be wrong.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.forum.instances import SPREAD, Unreadable, read
from talex.engine.meetings.forum import Budget, Problem, Solution, Status, solve, verify


@dataclass(frozen=True)
class Case:
    """A problem to be solved, and what is known of it."""

    name: str
    problem: Problem
    best: str | None = None


def renamed(problem: Problem, seed: int) -> Problem:
    """The same problem with participants and meetings in another order."""
    rng = random.Random(seed)
    people = list(range(problem.participants))
    order = list(range(len(problem.meetings)))
    rng.shuffle(people)
    rng.shuffle(order)
    place = {number: now for now, number in enumerate(order)}
    forbidden = [problem.forbidden[0]] * problem.participants if problem.participants else []
    for number, now in enumerate(people):
        forbidden[now] = problem.forbidden[number]
    return replace(
        problem,
        meetings=tuple(
            (people[problem.meetings[m][0]], people[problem.meetings[m][1]]) for m in order
        ),
        session=tuple(problem.session[m] for m in order),
        fixed=tuple(problem.fixed[m] for m in order),
        forbidden=tuple(forbidden),
        precedences=tuple((place[a], place[b]) for a, b in problem.precedences),
    )


def _known(path: Path) -> dict[str, list[tuple[int, str]]]:
    """For each file's name the spreads and the fewest breaks that are known of it."""
    result: dict[str, list[tuple[int, str]]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        cells = line.split("\t")
        if not number or len(cells) < 4:
            continue
        name = f"{cells[0]}.{cells[1]}"
        result.setdefault(name, []).append((int(cells[2]), cells[3]))
    return result


def cases(options: argparse.Namespace) -> Iterator[Case | str]:
    """The problems asked for; a text where one cannot be read."""
    known = _known(options.best) if options.best else {}
    for path in options.files:
        name = path.name.removesuffix(".dzn")
        rows: list[tuple[int | None, str | None]] = [(options.spread, None)]
        if options.best:
            rows = list(known.get(name.removesuffix("-Forb"), []))
        for tables in options.tables or [None]:
            for spread, best in rows:
                try:
                    problem = read(path, tables, spread)
                except Unreadable as error:
                    yield str(error)
                    break
                label = name if not options.best else f"{name} d={spread}"
                yield Case(label if tables is None else f"{label} tables={tables}", problem, best)


def wrong(case: Case, solution: Solution, problem: Problem) -> str | None:
    """What is wrong with an answer, or None."""
    faults = verify(problem, solution)
    if faults:
        return f"verify: {faults[0].rule.value} {faults[0].where}"
    if case.best is None or solution.status not in (Status.OPTIMAL, Status.INFEASIBLE):
        return None
    said = "UNSAT" if solution.cost is None else str(solution.cost)
    return None if said == case.best else f"known: {case.best}, found: {said}"


def _confirmed(problem: Problem, solution: Solution, seconds: float) -> str:
    from bench.forum.confirming import fewer

    if solution.status not in (Status.OPTIMAL, Status.INFEASIBLE):
        return "nothing to confirm"
    most = None if solution.cost is None else solution.cost - 1
    answer = fewer(problem, most, seconds)
    return {False: "confirmed", True: "CONTRADICTED", None: "not confirmed in time"}[answer]


def _line(name: str, solution: Solution) -> dict[str, Any]:
    return {
        "instance": name,
        "status": solution.status.value,
        "cost": solution.cost,
        "bound": solution.bound,
        "seconds": round(solution.seconds, 3),
    }


def _methods(options: argparse.Namespace) -> dict[str, Any]:
    def ours(problem: Problem, seconds: float) -> Solution:
        return solve(problem, Budget(seconds=seconds, seed=options.seed))

    methods: dict[str, Any] = {"Talex": ours}
    if options.peers:
        from bench.forum.peers import PEERS

        methods |= PEERS
    return methods


def _arguments(argv: list[str]) -> argparse.Namespace:
    def many(text: str) -> list[int]:
        return [int(part) for part in text.split(",")]

    def seconds(text: str) -> float:
        value = float(text)
        if not 0 < value < math.inf:
            raise argparse.ArgumentTypeError(f"{text}: give more than 0 seconds")
        return value

    def apart(text: str) -> int:
        value = int(text)
        if value < -1:
            raise argparse.ArgumentTypeError(f"{text}: give 0 or more, or -1 for no limit")
        return value

    parser = argparse.ArgumentParser(
        prog="python -m bench.meetings", description="The compact timetable, found and proved."
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--seconds", type=seconds, default=60.0, help="for each problem")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--spread", type=apart, default=SPREAD, help="-1 for no limit")
    parser.add_argument("--best", type=Path, help="solve the rows of this list, and compare")
    parser.add_argument("--tables", type=many, help="instead of nTables; several by commas")
    parser.add_argument("--renamings", type=int, default=0)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--peer-seconds", type=seconds, help="as --seconds, unless given")
    parser.add_argument("--confirm", action="store_true")
    parser.add_argument("--confirm-seconds", type=seconds, default=300.0)
    options = parser.parse_args(argv)
    if options.spread < 0:
        options.spread = None
    return options


def main(argv: list[str]) -> int:
    """Run; the exit code."""
    options = _arguments(argv)
    methods = _methods(options)
    # Loading the libraries is no part of a solver's time.
    warm = Problem(
        participants=2,
        meetings=((0, 1),),
        session=(3,),  # type: ignore[arg-type]
        slots=1,
        morning_slots=1,
        tables=1,
        forbidden=(frozenset(), frozenset()),
        fixed=(-1,),
    )
    for method in methods.values():
        method(warm, 5.0)
    failed = False
    times: dict[str, list[list[float]]] = {name: [] for name in methods}
    feasible: dict[str, list[float]] = {name: [] for name in methods}
    for case in cases(options):
        if isinstance(case, str):
            print(case, file=sys.stderr, flush=True)
            failed = True
            continue
        problems = [renamed(case.problem, seed) for seed in range(1, options.renamings + 1)]
        has_timetable = False
        for method, run in methods.items():
            limit = options.seconds
            if method != "Talex" and options.peer_seconds:
                limit = options.peer_seconds
            spent = []
            for problem in problems or [case.problem]:
                solution = run(problem, limit)
                spent.append(solution.seconds)
                notes = [wrong(case, solution, problem)]
                failed |= notes[0] is not None
                if method == "Talex":
                    has_timetable |= solution.slots is not None
                    if options.confirm:
                        notes.append(_confirmed(problem, solution, options.confirm_seconds))
                        failed |= "CONTRADICTED" in notes
                name = case.name if method == "Talex" else f"{case.name} ({method})"
                _print(options, name, solution, [note for note in notes if note])
            times[method].append(spent)
            if has_timetable:
                feasible[method].append(statistics.median(spent))
    if not options.json:
        for method in methods:
            print(_summary(method, times[method], feasible[method]))
    return int(failed)


def _print(options: argparse.Namespace, name: str, solution: Solution, notes: list[str]) -> None:
    line = _line(name, solution)
    if options.json:
        print(json.dumps(line), flush=True)
        for note in notes:
            print(f"{name}: {note}", file=sys.stderr, flush=True)
        return
    cost, bound = (
        "-" if value is None else str(value) for value in (solution.cost, solution.bound)
    )
    print(
        f"{name:44} {solution.status.value:10} cost {cost:>3}  bound {bound:>3}  "
        f"{solution.seconds:8.3f} s  {'; '.join(notes)}".rstrip(),
        flush=True,
    )


def _summary(method: str, times: list[list[float]], feasible: list[float]) -> str:
    if not times:
        return f"{method}: nothing solved"
    medians = [statistics.median(spent) for spent in times]
    text = (
        f"{method}: {len(times)} problems, geometric mean "
        f"{statistics.geometric_mean(medians):.3f} s, largest median {max(medians):.2f} s, "
        f"worst {max(max(spent) for spent in times):.2f} s"
    )
    if feasible:
        text += f"; over those with a timetable {statistics.geometric_mean(feasible):.3f} s"
    return text
