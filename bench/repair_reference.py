"""The exact repair that `bench.repair` is measured against; shares no code with Talex's.

A plain model: a variable for each request, slot and hall, and one for staying at the very table;
every rule written down as it is said. (The tables of a hall are alike here, so that who moves
into one can have any that is left.) Three solves of CP-SAT, each proved before the next: least
weight lost, most newly booked weight placed, fewest moved.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from talex.engine.meetings import Mode, Problem

#: Slot, hall (-1 online), whether it is the very place where it stood, and the variable.
Place = tuple[int, int, bool, Any]


@dataclass(frozen=True)
class Reference:
    """What CP-SAT proved (or reached, where not ``proved``)."""

    lost_weight: float
    booked_weight: float
    moved: int
    proved: bool


def reference(
    problem: Problem,
    slot: NDArray[Any],
    table: NDArray[Any],
    wanted: NDArray[np.bool_],
    seconds: float,
) -> Reference:
    """Repair by brute model.

    Args:
        problem: after the event; weights must be whole numbers.
        slot: (R,) where each request stood, -1 nowhere.
        table: (R,) its table.
        wanted: (R,) requests that are to be placed: those that stood and the new ones. The
            others are left out: they take what is left and move nobody.
        seconds: wall time of each of the three solves.
    """
    if problem.request_tables_idx.size:
        raise ValueError("requests with tables of their own are not for this model")
    model = cp_model.CpModel()
    places: dict[int, list[Place]] = {}
    for r in np.flatnonzero(wanted).tolist():
        row: list[Place] = []
        for s in range(problem.slots):
            if problem.fixed_slot[r] not in (-1, s):
                continue
            if problem.allowed is not None and not problem.allowed[r, s]:
                continue
            if not problem.available[problem.party(r), s].all():
                continue
            t = int(table[r])
            here = slot[r] == s and (t < 0 or problem.table_available[t, s])
            hall = -1 if problem.mode[r] == Mode.ONLINE else int(problem.table_hall[t])
            if here:
                row.append((s, hall, True, model.new_bool_var("")))
            if problem.fixed_table[r] >= 0:
                continue
            if problem.mode[r] == Mode.ONSITE:
                opened = problem.table_hall[problem.table_available[:, s]]
                row += [(s, h, False, model.new_bool_var("")) for h in np.unique(opened).tolist()]
            elif not here:
                row.append((s, -1, False, model.new_bool_var("")))
        places[r] = row
        exactly = model.add_exactly_one if problem.fixed_slot[r] >= 0 else model.add_at_most_one
        exactly([x for *_, x in row])
    _tables_and_rooms(model, problem, places)
    _persons(model, problem, places)
    _order(model, problem, places)
    for row in places.values():
        for _, _, here, x in row:
            model.add_hint(x, here)
    stood = [r for r in places if slot[r] >= 0]
    new = [r for r in places if slot[r] < 0]
    kept = sum(int(problem.weight[r]) * x for r in stood for *_, x in places[r])
    booked = sum(int(problem.weight[r]) * x for r in new for *_, x in places[r])
    moved = sum(x for r in stood for _, _, here, x in places[r] if not here)
    values = []
    proved = True
    for aim, best in ((kept, 1), (booked, 1), (moved, -1)):
        if isinstance(aim, int):
            values.append(0)
            continue
        (model.maximize if best > 0 else model.minimize)(aim)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = 8
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Reference(float("nan"), float("nan"), -1, False)
        proved = proved and status == cp_model.OPTIMAL
        values.append(round(solver.objective_value))
        model.add(aim == values[-1])
        model.clear_hints()
        for row in places.values():
            for *_, x in row:
                model.add_hint(x, solver.boolean_value(x))
    total = int(sum(problem.weight[r] for r in stood))
    return Reference(float(total - values[0]), float(values[1]), values[2], proved)


def _tables_and_rooms(
    model: cp_model.CpModel, problem: Problem, places: dict[int, list[Place]]
) -> None:
    at: dict[tuple[int, int], list[Any]] = defaultdict(list)
    used: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for r, row in places.items():
        for s, hall, _, x in row:
            at[s, hall].append(x)
            for k, units in problem.needs(r):
                used[k, s].append(units * x)
    for (s, hall), xs in at.items():
        if hall >= 0:
            opened = problem.table_available[:, s] & (problem.table_hall == hall)
            model.add(sum(xs) <= int(opened.sum()))
        elif problem.online_capacity[s] >= 0:
            model.add(sum(xs) <= int(problem.online_capacity[s]))
    for (k, s), terms in used.items():
        if problem.resource_capacity[k, s] >= 0:
            model.add(sum(terms) <= int(problem.resource_capacity[k, s]))


def _persons(model: cp_model.CpModel, problem: Problem, places: dict[int, list[Place]]) -> None:
    start, travel = problem.slot_start.tolist(), problem.hall_travel.tolist()
    farthest = max(int(problem.min_gap.max(initial=0)), int(problem.hall_travel.max(initial=0)))
    longest = (1 + farthest) * problem.slot_minutes
    theirs: dict[int, dict[tuple[int, int], list[Any]]] = defaultdict(lambda: defaultdict(list))
    for r, row in places.items():
        for s, hall, _, x in row:
            for p in problem.party(r).tolist():
                theirs[p][s, hall].append(x)
    for p, mine in theirs.items():
        # whether the person is in a slot in a hall (-1 online)
        here = {}
        for key, xs in mine.items():
            here[key] = model.new_bool_var("")
            model.add(sum(xs) == here[key])
        pause = 1 + int(problem.min_gap[p])
        for (s, one), x in here.items():
            for (v, two), y in here.items():
                if (v, two) <= (s, one) or not 0 <= start[v] - start[s] < longest:
                    continue
                need = pause
                if travel and one >= 0 and two >= 0:
                    need = max(need, 1 + travel[one][two])
                if start[v] - start[s] < need * problem.slot_minutes:
                    model.add_bool_or([x.negated(), y.negated()])
        if problem.max_per_day[p] >= 0:
            for day in np.unique(problem.slot_day):
                xs = [x for (s, _), x in here.items() if problem.slot_day[s] == day]
                model.add(sum(xs) <= int(problem.max_per_day[p]))


def _order(model: cp_model.CpModel, problem: Problem, places: dict[int, list[Place]]) -> None:
    for one, two in problem.precedence.tolist():
        for s, _, _, x in places.get(one, []):
            late = [y for v, _, _, y in places.get(two, []) if v <= s]
            if late:
                model.add(sum(late) == 0).only_enforce_if(x)
