"""An independent check of a timetable. Shares no code with the solver and trusts nothing of it.

It reads only the problem's fields and the solution's arrays, counts with plain NumPy, and never
looks at the solver's own figures except to compare them with what it counted.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.checker_base import Facts, Fault, Violation, ints
from talex.engine.meetings.checker_prices import proved_by_prices
from talex.engine.meetings.checker_reasons import fixed_excuse, wrong_reasons
from talex.engine.meetings.problem import Mode, Problem
from talex.engine.meetings.solution import Bound, Reason, Solution

__all__ = ["Fault", "Violation", "verify"]


def _shape(problem: Problem, solution: Solution) -> list[Violation]:
    found = []
    for name, lowest, most in (
        ("slot", -1, problem.slots - 1),
        ("table", -1, problem.tables - 1),
        ("reason", 0, max(Reason)),
    ):
        array = np.asarray(getattr(solution, name))
        if array.shape != (problem.requests,) or array.dtype.kind != "i":
            found.append(Violation(Fault.SHAPE, detail=f"{name}: {array.shape} {array.dtype}"))
        elif array.size and (array.min() < lowest or array.max() > most):
            found.append(Violation(Fault.SHAPE, detail=f"{name}: outside {lowest}..{most}"))
    return found


def _persons(problem: Problem, facts: Facts) -> list[Violation]:
    found = []
    for i in np.flatnonzero(~problem.available[facts.person, facts.slot]):
        found.append(
            Violation(
                Fault.PERSON_AWAY,
                (int(facts.request[i]),),
                int(facts.person[i]),
                slot=int(facts.slot[i]),
            )
        )
    same = facts.person[1:] == facts.person[:-1]
    wait = problem.slot_start[facts.slot[1:]] - problem.slot_start[facts.slot[:-1]]
    pause = problem.min_gap[facts.person[1:]].astype(np.int64) * problem.slot_minutes
    for i in np.flatnonzero(same & (wait < problem.slot_minutes + pause)):
        found.append(
            Violation(
                Fault.PERSON_TWICE if wait[i] == 0 else Fault.PAUSE,
                ints(facts.request[i : i + 2]),
                int(facts.person[i]),
                slot=int(facts.slot[i]),
            )
        )
    pairs, counts = np.unique(
        np.stack([facts.person, facts.day.astype(np.int64)], axis=1), axis=0, return_counts=True
    )
    most = problem.max_per_day[pairs[:, 0]] if pairs.size else np.zeros(0, np.int32)
    for i in np.flatnonzero((most >= 0) & (counts > most)):
        person, day = int(pairs[i, 0]), pairs[i, 1]
        theirs = facts.request[(facts.person == person) & (facts.day == day)]
        found.append(
            Violation(Fault.DAY_FULL, ints(theirs), person, detail=f"{counts[i]} > {most[i]}")
        )
    return found


def _places(problem: Problem, slot: NDArray[Any], table: NDArray[Any]) -> list[Violation]:
    found = []
    placed = slot >= 0
    onsite = problem.mode == Mode.ONSITE
    bad = np.where(placed & onsite, table < 0, table >= 0)
    for r in np.flatnonzero(bad):
        found.append(Violation(Fault.MODE, (int(r),), table=int(table[r]), slot=int(slot[r])))
    seated = np.flatnonzero(placed & (table >= 0))
    for r in seated[~problem.table_available[table[seated], slot[seated]]]:
        found.append(Violation(Fault.TABLE_AWAY, (int(r),), table=int(table[r]), slot=int(slot[r])))
    special = np.diff(problem.request_tables_ptr) > 0
    for r in seated[special[seated]]:
        row = problem.request_tables_idx[
            problem.request_tables_ptr[r] : problem.request_tables_ptr[r + 1]
        ]
        if row.size and table[r] not in row:
            found.append(Violation(Fault.TABLE_NOT_ALLOWED, (int(r),), table=int(table[r])))
    order = seated[np.lexsort((slot[seated], table[seated]))]
    twice = (slot[order][1:] == slot[order][:-1]) & (table[order][1:] == table[order][:-1])
    for i in np.flatnonzero(twice):
        pair = ints(order[i : i + 2])
        found.append(
            Violation(Fault.TABLE_TWICE, pair, table=int(table[pair[0]]), slot=int(slot[pair[0]]))
        )
    used = np.bincount(slot[placed & ~onsite], minlength=problem.slots)
    over = (problem.online_capacity >= 0) & (used > problem.online_capacity)
    for s in np.flatnonzero(over):
        those = np.flatnonzero(placed & ~onsite & (slot == s))
        found.append(Violation(Fault.ONLINE_CAPACITY, ints(those), slot=int(s)))
    if problem.allowed is not None:
        rows = np.flatnonzero(placed)
        for r in rows[~problem.allowed[rows, slot[rows]]]:
            found.append(Violation(Fault.SLOT_NOT_ALLOWED, (int(r),), slot=int(slot[r])))
    return found


def _walking(problem: Problem, facts: Facts) -> list[Violation]:
    """Every two on-site meetings of a person, not only neighbours: the way may be online."""
    found: list[Violation] = []
    if problem.hall_travel.size == 0:
        return found
    longest = (1 + int(problem.hall_travel.max())) * problem.slot_minutes
    for step in range(1, problem.slots):
        one, two = slice(None, -step), slice(step, None)
        wait = problem.slot_start[facts.slot[two]] - problem.slot_start[facts.slot[one]]
        near = (facts.person[one] == facts.person[two]) & (wait < longest)
        if not near.any():
            break
        near &= (facts.hall[one] >= 0) & (facts.hall[two] >= 0)
        for i in np.flatnonzero(near):
            lost = int(problem.hall_travel[facts.hall[i], facts.hall[i + step]])
            if wait[i] < (1 + lost) * problem.slot_minutes:
                pair = (int(facts.request[i]), int(facts.request[i + step]))
                person, slot = int(facts.person[i]), int(facts.slot[i])
                found.append(Violation(Fault.WALKING, pair, person, slot=slot))
    return found


def _order(problem: Problem, slot: NDArray[Any]) -> list[Violation]:
    one, two = slot[problem.precedence[:, 0]], slot[problem.precedence[:, 1]]
    wrong = (one >= 0) & (two >= 0) & (one >= two)
    return [Violation(Fault.ORDER, ints(pair)) for pair in problem.precedence[wrong]]


def _resources(problem: Problem, slot: NDArray[Any]) -> list[Violation]:
    owner = np.repeat(np.arange(problem.requests), np.diff(problem.request_resources_ptr))
    held = slot[owner] >= 0
    used = np.zeros((problem.resources, problem.slots), np.int64)
    at = (problem.request_resources_idx[held], slot[owner[held]])
    np.add.at(used, at, problem.request_resources_units[held].astype(np.int64))
    found = []
    over = (problem.resource_capacity >= 0) & (used > problem.resource_capacity)
    for k, s in np.argwhere(over):
        those = owner[(problem.request_resources_idx == k) & (slot[owner] == s)]
        detail = f"resource {k}: {used[k, s]} > {problem.resource_capacity[k, s]}"
        found.append(Violation(Fault.RESOURCE, ints(those), slot=int(s), detail=detail))
    return found


def _fixed(problem: Problem, solution: Solution) -> list[Violation]:
    found = []
    placed = solution.slot >= 0
    moved = (problem.fixed_slot >= 0) & placed & (solution.slot != problem.fixed_slot)
    moved |= (problem.fixed_table >= 0) & placed & (solution.table != problem.fixed_table)
    for r in np.flatnonzero(moved):
        found.append(Violation(Fault.FIXED_MOVED, (int(r),)))
    for r in np.flatnonzero((problem.fixed_slot >= 0) & ~placed):
        if not fixed_excuse(problem, solution.slot, int(r)):
            found.append(Violation(Fault.FIXED_DROPPED, (int(r),), slot=int(problem.fixed_slot[r])))
    return found


def _calm(problem: Problem, facts: Facts) -> tuple[int, int, int]:
    """Idle slots, changes of hall and unevenness, counted afresh."""
    days, day = np.unique(problem.slot_day, return_inverse=True)
    key = facts.person * days.size + day[facts.slot]
    count = np.bincount(key, minlength=problem.persons * days.size)
    # facts are in order of time within a person, so first and last of a key are its ends
    first = np.flatnonzero(np.diff(key, prepend=-1))
    last = np.append(first[1:], key.size) - 1 if first.size else first
    until = np.zeros((problem.persons, problem.slots + 1), np.int64)
    np.cumsum(problem.available, axis=1, out=until[:, 1:])
    who = facts.person[first]
    there = until[who, facts.slot[last] + 1] - until[who, facts.slot[first]]
    idle = int(there.sum()) - int(key.size)
    onsite = facts.hall >= 0
    hall, seated = facts.hall[onsite], key[onsite]
    changes = int(((seated[1:] == seated[:-1]) & (hall[1:] != hall[:-1])).sum())
    return idle, changes, int((count**2).sum())


def _figures(problem: Problem, solution: Solution, facts: Facts) -> list[Violation]:
    found = []
    placed = solution.slot >= 0
    weight = float(problem.weight[placed].sum())
    persons = tuple(int((facts.meetings >= k).sum()) for k in range(1, problem.rounds + 1))
    said = solution.figures
    calm = _calm(problem, facts)
    counted = (int(placed.sum()), persons, *calm)
    claimed = (said.placed, said.persons, said.idle, said.hall_changes, said.imbalance)
    if claimed != counted or not np.isclose(said.weight, weight):
        found.append(Violation(Fault.FIGURES, detail=f"{said} but {weight=} {counted=}"))
    limit = solution.bound
    beyond = any(have > most for have, most in zip(persons, limit.persons, strict=True))
    if beyond or placed.sum() > limit.placed or weight > limit.weight * (1 + 1e-9) + 1e-9:
        found.append(Violation(Fault.BOUND, detail=f"{limit} is exceeded"))
    found += _proofs(problem, limit)
    return found


def _proofs(problem: Problem, limit: Bound) -> list[Violation]:
    """Bounds that come with prices must follow from them, or from what could stand at all."""
    found = []
    for prices, worth, claim in (
        (limit.prices, problem.weight, limit.weight),
        (limit.placed_prices, np.ones(problem.requests), float(limit.placed)),
    ):
        if prices is None:
            continue
        proved = proved_by_prices(problem, prices, worth)
        # of whole weights the sum is whole: what proves less than n + 1 proves n
        whole = bool((worth == np.round(worth)).all())
        if proved is None or (math.floor(proved) if whole else proved) > claim:
            found.append(Violation(Fault.BOUND, detail=f"{claim} said, prices prove {proved}"))
    return found


def verify(problem: Problem, solution: Solution) -> list[Violation]:
    """All faults of a timetable.

    Args:
        problem: what was asked.
        solution: what was answered; nothing in it is trusted.

    Returns:
        The faults found, empty if there are none. If the arrays do not even have the right
        shape, only that is told.
    """
    found = _shape(problem, solution)
    if found:
        return found
    facts = Facts(problem, solution.slot, solution.table)
    return [
        *_persons(problem, facts),
        *_walking(problem, facts),
        *_places(problem, solution.slot, solution.table),
        *_order(problem, solution.slot),
        *_resources(problem, solution.slot),
        *_fixed(problem, solution),
        *wrong_reasons(problem, solution, facts),
        *_figures(problem, solution, facts),
    ]
