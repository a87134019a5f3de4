"""The timetable of meetings beside simpler ways to make one.

    python -m bench.city.main               a city: ours beside plain greedy first-fit
    python -m bench.city.main --json          the same, one JSON object a line
    python -m bench.city.main --requests 5000 --seconds 20

The instance comes from a seed: 12,199 talents ask to meet 900 delegates of 600 organisations in
2 days x 20 slots at 400 tables in 8 halls. Organisations and requests are unevenly popular, one
person in four comes for half a day only, every seventh request is online, one organisation in
ten has two tables of its own. A second, reduced instance of the same make has our solver beside
a plain CP-SAT model with a time limit.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from talex.engine.meetings import Budget, Mode, Problem, bound, solve, verify, warm_up


def city(
    seed: int,
    requests: int = 30_000,
    talents: int = 12_199,
    organisations: int = 600,
    delegates: int = 900,
    tables: int = 400,
    days: int = 2,
    per_day: int = 20,
) -> Problem:
    """A seeded conference; persons 0 .. talents-1 are talents, delegates follow."""
    rng = np.random.default_rng(seed)
    slots = days * per_day
    persons = talents + delegates
    position = np.tile(np.arange(per_day), days)
    slot_day = np.repeat(np.arange(days), per_day)
    afternoon = position >= per_day // 2
    slot_start = slot_day * 1440 + 540 + position * 20 + afternoon * 60

    available = np.ones((persons, slots), np.bool_)
    part = np.flatnonzero(rng.random(persons) < 0.25)
    available[part] = (slot_day * 2 + afternoon)[None, :] == rng.integers(0, 2 * days, part.size)[
        :, None
    ]
    available &= rng.random((persons, slots)) > 0.03
    max_per_day = np.full(persons, -1)
    max_per_day[:talents] = 6
    min_gap = np.zeros(persons, np.int64)
    min_gap[:talents] = rng.random(talents) < 0.2

    employer = np.concatenate(
        [np.arange(organisations), rng.integers(0, organisations, delegates - organisations)]
    )
    popular = rng.zipf(1.8, delegates).clip(max=60) + 8.0
    more = rng.integers(0, talents, max(0, requests - talents))
    talent = np.concatenate([rng.permutation(talents)[:requests], more])
    delegate = rng.choice(delegates, requests, p=popular / popular.sum())
    pair = np.unique(talent * delegates + delegate)
    talent, delegate = pair // delegates, pair % delegates
    count = pair.size

    owners = np.zeros(organisations, np.bool_)
    owners[rng.choice(organisations, organisations // 10, replace=False)] = True
    of_own = owners[employer[delegate]]
    own_table = (employer[delegate] * 7) % tables
    row = np.stack([own_table, (own_table + 1) % tables], axis=1)[of_own]
    return Problem(
        slot_day=slot_day,
        slot_start=slot_start,
        slot_minutes=20,
        available=available,
        max_per_day=max_per_day,
        min_gap=min_gap,
        party_ptr=np.arange(count + 1) * 2,
        party_idx=np.stack([talent, talents + delegate], axis=1).ravel(),
        weight=np.round(rng.beta(2.0, 3.0, count) * 99 + 1),
        mode=np.where(rng.random(count) < 1 / 7, Mode.ONLINE, Mode.ONSITE).astype(np.int8),
        table_available=np.ones((tables, slots), np.bool_),
        table_hall=np.arange(tables) * 8 // tables,
        request_tables_ptr=np.concatenate([[0], np.cumsum(2 * of_own)]),
        request_tables_idx=row.ravel(),
    )


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    instance: str
    method: str
    requests: int
    placed: int
    weight: float
    persons_1: int
    persons_2: int
    bound_placed: int
    bound_weight: float
    seconds: float
    peak_mb: int
    note: str


def first_fit(problem: Problem) -> NDArray[np.int64]:
    """The obvious way: heaviest first, earliest slot in which all are free, first free table."""
    slot = np.full(problem.requests, -1)
    free = problem.available.copy()
    tables = problem.table_available.copy()
    count = np.zeros((problem.persons, int(problem.slot_day.max()) + 1), np.int64)
    apart = np.abs(problem.slot_start[:, None] - problem.slot_start[None, :])
    for r in map(int, np.argsort(-problem.weight, kind="stable")):
        party = problem.party(r)
        for s in np.flatnonzero(free[party].all(axis=0)):
            if problem.mode[r] == Mode.ONSITE:
                choice = problem.tables_of(r)
                choice = choice[tables[choice, s]]
                if choice.size == 0:
                    continue
                tables[choice[0], s] = False
            slot[r] = s
            day = problem.slot_day[s]
            for p in party:
                pause = (1 + int(problem.min_gap[p])) * problem.slot_minutes
                free[p, apart[s] < pause] = False
                count[p, day] += 1
                if 0 <= problem.max_per_day[p] <= count[p, day]:
                    free[p, problem.slot_day == day] = False
            break
    return slot


def plain_model(problem: Problem, seconds: float) -> tuple[NDArray[np.int64], str]:
    """The textbook CP-SAT model: a variable for each request, slot and table; fairness first.

    Returns the slots and the solver's status.
    """
    model = cp_model.CpModel()
    at_person: dict[tuple[int, int], list[Any]] = {}
    at_table: dict[tuple[int, int], list[Any]] = {}
    mine: list[list[Any]] = [[] for _ in range(problem.requests)]
    where: list[tuple[int, int, Any]] = []
    for r in range(problem.requests):
        party = problem.party(r)
        online = problem.mode[r] == Mode.ONLINE
        options = [-1] if online else [int(t) for t in problem.tables_of(r)]
        for s in map(int, np.flatnonzero(problem.available[party].all(axis=0))):
            for t in options:
                if t >= 0 and not problem.table_available[t, s]:
                    continue
                var = model.new_bool_var("")
                mine[r].append(var)
                where.append((r, s, var))
                for p in party:
                    at_person.setdefault((int(p), s), []).append(var)
                if t >= 0:
                    at_table.setdefault((t, s), []).append(var)
    for group in [*mine, *at_table.values()]:
        model.add_at_most_one(group)
    apart = np.abs(problem.slot_start[:, None] - problem.slot_start[None, :])
    persons: dict[int, list[Any]] = {}
    for (p, s), group in at_person.items():
        persons.setdefault(p, []).extend(group)
        pause = (1 + int(problem.min_gap[p])) * problem.slot_minutes
        near = [int(v) for v in np.flatnonzero(apart[s] < pause) if v >= s]
        model.add_at_most_one([x for v in near for x in at_person.get((p, v), [])])
    terms: list[Any] = [int(problem.weight[r]) * var for r, _, var in where]
    for p, group in persons.items():
        for day in np.unique(problem.slot_day):
            slots = np.flatnonzero(problem.slot_day == day)
            those = [x for s in slots for x in at_person.get((p, int(s)), [])]
            if problem.max_per_day[p] >= 0:
                model.add(sum(those) <= int(problem.max_per_day[p]))
        one, two = model.new_bool_var(""), model.new_bool_var("")
        model.add(sum(group) >= one + two)
        model.add_implication(two, one)
        terms += [1_000_000_000 * one, 1_000_000 * two]
    model.maximize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    slot = np.full(problem.requests, -1)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        for r, s, var in where:
            if solver.boolean_value(var):
                slot[r] = s
    return slot, solver.status_name(status).lower()


def _row(
    names: tuple[str, str],
    problem: Problem,
    slot: NDArray[Any],
    limit: tuple[int, float],
    seconds: float,
    note: str = "",
) -> Row:
    owner = np.repeat(np.arange(problem.requests), np.diff(problem.party_ptr))
    number = np.bincount(problem.party_idx[slot[owner] >= 0], minlength=problem.persons)
    placed = slot >= 0
    return Row(
        instance=names[0],
        method=names[1],
        requests=problem.requests,
        placed=int(placed.sum()),
        weight=float(problem.weight[placed].sum()),
        persons_1=int((number >= 1).sum()),
        persons_2=int((number >= 2).sum()),
        bound_placed=limit[0],
        bound_weight=round(limit[1], 1),
        seconds=round(seconds, 2),
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        note=note,
    )


def _compare(name: str, problem: Problem, budget: Budget, model_seconds: float) -> list[Row]:
    """Ours first, so that its peak of memory is its own."""
    solution = solve(problem, budget)
    figures = solution.figures
    limit = (solution.bound.placed, solution.bound.weight)
    checked = time.monotonic()
    faults = verify(problem, solution)
    bounding = time.monotonic()
    bound(problem)
    note = (
        f"{solution.stop.name.lower()}; {len(faults)} faults (verify {bounding - checked:.1f} s); "
        f"bound {time.monotonic() - bounding:.1f} s; idle {figures.idle}, "
        f"hall changes {figures.hall_changes}"
    )
    rows = [_row((name, "talex"), problem, solution.slot, limit, solution.seconds, note)]
    started = time.monotonic()
    slot = first_fit(problem)
    rows.append(_row((name, "first-fit"), problem, slot, limit, time.monotonic() - started))
    if model_seconds > 0:
        started = time.monotonic()
        slot, status = plain_model(problem, model_seconds)
        spent = time.monotonic() - started
        rows.append(_row((name, "plain CP-SAT"), problem, slot, limit, spent, status))
    return rows


def run(options: argparse.Namespace) -> list[Row]:
    """The rows of both instances."""
    warm_up()
    problem = city(options.seed, options.requests, tables=options.tables)
    rows = _compare("city", problem, Budget(seconds=options.seconds, seed=options.seed), 0.0)
    if options.reduced:
        small = city(options.seed, options.reduced, 120, 15, 20, 6, days=1, per_day=16)
        seconds = options.reduced_seconds
        rows += _compare("reduced", small, Budget(seconds=seconds, seed=options.seed), seconds)
    return rows


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(description="The timetable of meetings beside its peers.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--requests", type=int, default=30_000)
    parser.add_argument("--tables", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=55.0, help="budget for the city")
    parser.add_argument("--reduced", type=int, default=250, help="requests of the reduced one")
    parser.add_argument("--reduced-seconds", type=float, default=30.0)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args(argv)
    rows = run(options)
    if options.json:
        for row in rows:
            print(json.dumps(asdict(row)))
        return
    names = list(Row.__annotations__)
    lines = [names, *([str(getattr(row, name)) for name in names] for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(names))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())


if __name__ == "__main__":
    main(sys.argv[1:])
