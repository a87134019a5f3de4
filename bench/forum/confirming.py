"""Whether a timetable with fewer breaks exists, asked of a second solver with a model of its own.

CP-SAT here, where the engine uses SAT; and the breaks are seen otherwise. The engine counts the
beginnings of runs. This model says for each participant and slot whether their first meeting is
behind and their last one ahead; a gap is then a slot in between that is free, and a break is
the end of a gap. What is implied is stated as linear rows.
"""

from __future__ import annotations

import time
from typing import Any

from ortools.sat.python import cp_model

from bench.forum.peers import allowed
from talex.engine.meetings.forum import Problem


def fewer(problem: Problem, most: int | None, seconds: float) -> bool | None:
    """Whether there is a timetable with at most ``most`` breaks (any, if None).

    None where the time was over first.
    """
    if most is not None and most < 0:
        return False
    started = time.monotonic()
    model = cp_model.CpModel()
    place = [
        {s: model.new_bool_var("") for s in allowed(problem, m)}
        for m in range(len(problem.meetings))
    ]
    if not all(place):
        return False
    for row in place:
        model.add_exactly_one(row.values())
    busy = [[model.new_bool_var("") for _ in range(problem.slots)] for _ in problem.forbidden]
    number_of: list[Any] = []
    for person, numbers in enumerate(problem.meetings_of()):
        for slot in range(problem.slots):
            mine = [place[m][slot] for m in numbers if slot in place[m]]
            model.add(sum(mine) == busy[person][slot])
        model.add(sum(busy[person]) == len(numbers))
        number_of.append(_breaks(model, busy[person], len(numbers)))
    held = []
    for slot in range(problem.slots):
        count = model.new_int_var(0, problem.tables, "")
        model.add(sum(row[slot] for row in busy) == 2 * count)
        held.append(count)
    model.add(sum(held) == len(problem.meetings))
    when = [sum(s * x for s, x in row.items()) for row in place]
    for earlier, later in problem.precedences:
        model.add(when[earlier] + 1 <= when[later])
    if problem.spread is not None and number_of:
        lowest = model.new_int_var(0, problem.slots, "")
        for number in number_of:
            model.add(number >= lowest)
            model.add(number <= lowest + problem.spread)
    if most is not None:
        model.add(sum(number_of) <= most)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = max(0.01, seconds - (time.monotonic() - started))
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return False
    return True if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None


def _breaks(model: cp_model.CpModel, busy: list[Any], meetings: int) -> Any:
    """The number of breaks of one participant."""
    if meetings < 2:
        return 0
    slots = len(busy)
    # behind[s]: some meeting is before s. ahead[s]: some meeting is at s or later.
    behind = [model.new_bool_var("") for _ in range(slots + 1)]
    ahead = [model.new_bool_var("") for _ in range(slots + 1)]
    model.add(behind[0] == 0)
    model.add(ahead[slots] == 0)
    for s in range(slots):
        model.add_max_equality(behind[s + 1], [behind[s], busy[s]])
        model.add_max_equality(ahead[s], [ahead[s + 1], busy[s]])
    ends = []
    for s in range(1, slots):
        # A gap ends at s: busy now, free before, and somebody was met earlier.
        end = model.new_bool_var("")
        model.add_bool_and(busy[s], behind[s], busy[s - 1].negated()).only_enforce_if(end)
        model.add_bool_or(end, busy[s].negated(), behind[s].negated(), busy[s - 1])
        # The slot before lies between two meetings.
        model.add_implication(end, ahead[s - 1])
        ends.append(end)
    return sum(ends)
