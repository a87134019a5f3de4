"""Small days for the tests of repair, with every rule, and the best repair by trying all."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from talex.engine.meetings import Bound, Figures, Mode, Problem, Solution, Stop
from talex.engine.meetings.repair import (
    Away,
    Back,
    Begun,
    Booking,
    Capacity,
    Event,
    HallClosed,
    Lock,
    OnlineCapacity,
    Put,
    TableClosed,
    Unlock,
    Withdrawn,
    repair,
)


def stands(slot: Any, table: Any) -> Solution:
    """A timetable of which only the places are told."""
    return Solution(
        slot=np.array(slot, np.int32),
        table=np.array(table, np.int32),
        reason=np.zeros(len(slot), np.int8),
        figures=Figures(0, 0.0, (), 0, 0, 0),
        bound=Bound(0, 0.0, ()),
        proved=False,
        stop=Stop.SETTLED,
        iterations=0,
        seconds=0.0,
    )


def filled(problem: Problem) -> Solution:
    """Some timetable that keeps every rule."""
    nowhere = [-1] * problem.requests
    return repair(problem, stands(nowhere, nowhere)).solution


def day(seed: int, requests: int = 10, slots: int = 5, persons: int = 6) -> Problem:
    """A small day with all rules, each with some luck absent."""
    rng = np.random.default_rng(seed)
    tables = int(rng.integers(1, 4))
    number = int(rng.integers(1, requests + 1))
    split = int(rng.integers(1, slots + 1))
    slot_day = (np.arange(slots) >= split).astype(int)
    parties = [
        rng.choice(persons, int(rng.integers(1, 4)), replace=False).tolist() for _ in range(number)
    ]
    own = [
        rng.choice(tables, int(rng.integers(1, tables + 1)), replace=False).tolist()
        if rng.random() < 0.3
        else []
        for _ in range(number)
    ]
    needs = [
        rng.choice(2, int(rng.integers(1, 3)), replace=False).tolist() if rng.random() < 0.4 else []
        for _ in range(number)
    ]
    order = rng.permutation(number)[: 2 * int(rng.integers(0, number // 2 + 1))].reshape(-1, 2)
    travel = rng.integers(0, 3, (2, 2))
    np.fill_diagonal(travel, 0)
    return Problem(
        slot_day=slot_day,
        slot_start=np.arange(slots) * 20 + slot_day * 1000,
        slot_minutes=20,
        available=rng.random((persons, slots)) < 0.85,
        max_per_day=np.where(rng.random(persons) < 0.4, rng.integers(1, 4, persons), -1),
        min_gap=(rng.random(persons) < 0.2).astype(int),
        party_ptr=np.cumsum([0, *map(len, parties)]),
        party_idx=[p for party in parties for p in party],
        weight=rng.integers(0, 6, number).astype(float),
        mode=(rng.random(number) < 0.25).astype(int),
        table_available=rng.random((tables, slots)) < 0.9,
        table_hall=rng.integers(0, 2, tables),
        online_capacity=np.where(rng.random(slots) < 0.5, rng.integers(0, 3, slots), -1),
        allowed=rng.random((number, slots)) < 0.9 if rng.random() < 0.3 else None,
        request_tables_ptr=np.cumsum([0, *map(len, own)]),
        request_tables_idx=np.array([t for row in own for t in row], np.int64),
        hall_travel=travel if rng.random() < 0.6 else None,
        precedence=order if rng.random() < 0.6 else None,
        resource_capacity=rng.integers(1, 4, (2, slots)),
        request_resources_ptr=np.cumsum([0, *map(len, needs)]),
        request_resources_idx=np.array([f for row in needs for f in row], np.int64),
        request_resources_units=np.array([1 + f % 2 for row in needs for f in row], np.int64),
    )


def events(problem: Problem, solution: Solution, seed: int) -> list[Event]:
    """One to three things that happen."""
    rng = np.random.default_rng(seed)

    def some() -> tuple[int, ...]:
        first = int(rng.integers(0, problem.slots))
        return tuple(range(first, int(rng.integers(first, problem.slots)) + 1))

    def one() -> Event:
        r = int(rng.integers(0, problem.requests))
        placed = np.flatnonzero(solution.slot >= 0)
        person = int(rng.integers(0, problem.persons))
        match int(rng.integers(0, 12)):
            case 0 | 1:
                return Away(person, some())
            case 2:
                return Back(person, some())
            case 3:
                return TableClosed(int(rng.integers(0, problem.tables)), some())
            case 4:
                return HallClosed(int(rng.choice(problem.table_hall)), some())
            case 5:
                return Capacity(int(rng.integers(0, 2)), some(), int(rng.integers(0, 2)))
            case 6:
                return OnlineCapacity(some(), int(rng.integers(0, 2)))
            case 7:
                return Put(r, int(rng.integers(-1, problem.slots)))
            case 8:
                return Withdrawn(r)
            case 9 if placed.size:
                return Lock(int(rng.choice(placed)))
            case 10:
                return Unlock(r)
            case _:
                party = rng.choice(problem.persons, 2, replace=False).tolist()
                slot = int(rng.integers(0, problem.slots)) if rng.random() < 0.3 else -1
                mode = Mode(int(rng.random() < 0.3))
                return Booking(tuple(party), float(rng.integers(0, 6)), mode, slot)

    found: list[Event] = [one() for _ in range(int(rng.integers(1, 4)))]
    if rng.random() < 0.3:
        found.append(Begun(int(rng.integers(0, problem.slots))))
    return found


seeds = st.integers(0, 2**32 - 1)


def _agree(problem: Problem, party: set[int], one: tuple[int, int], two: tuple[int, int]) -> bool:
    """Whether persons of both meetings can do both places."""
    (s, t), (v, u) = sorted((one, two))
    wait = int(problem.slot_start[v] - problem.slot_start[s])
    if any(wait < (1 + int(problem.min_gap[p])) * problem.slot_minutes for p in party):
        return False
    if not party or problem.hall_travel.size == 0 or t < 0 or u < 0:
        return True
    way = int(problem.hall_travel[problem.table_hall[t], problem.table_hall[u]])
    return wait >= (1 + way) * problem.slot_minutes


def keeps_rules(problem: Problem, places: dict[int, tuple[int, int]]) -> bool:
    """Every rule of several meetings, said once more in the plainest way."""
    parties = {r: set(problem.party(r).tolist()) for r in places}
    rows = sorted(places)
    for i, r in enumerate(rows):
        for o in rows[i + 1 :]:
            if places[r] == places[o] and places[r][1] >= 0:
                return False
            if not _agree(problem, parties[r] & parties[o], places[r], places[o]):
                return False
    for one, two in problem.precedence.tolist():
        if one in places and two in places and places[one][0] >= places[two][0]:
            return False
    for s in {s for s, _ in places.values()}:
        here = [r for r in rows if places[r][0] == s]
        online = sum(places[r][1] < 0 for r in here)
        if 0 <= problem.online_capacity[s] < online:
            return False
        for f in range(problem.resources):
            used = sum(n for r in here for g, n in problem.needs(r) if g == f)
            if 0 <= problem.resource_capacity[f, s] < used:
                return False
    for p in range(problem.persons):
        for d in np.unique(problem.slot_day).tolist():
            number = sum(p in parties[r] and problem.slot_day[places[r][0]] == d for r in rows)
            if 0 <= problem.max_per_day[p] < number:
                return False
    return True


def single_places(problem: Problem, r: int) -> list[tuple[int, int]]:
    """Where a meeting could be if it were alone."""
    tables = [-1] if problem.mode[r] == Mode.ONLINE else problem.tables_of(r).tolist()
    return [
        (s, t)
        for s in range(problem.slots)
        if problem.fixed_slot[r] in (-1, s)
        and (problem.allowed is None or problem.allowed[r, s])
        and problem.available[problem.party(r), s].all()
        for t in tables
        if t < 0 or problem.table_available[t, s]
    ]


Score = tuple[float, int, float, int, int]


def best_repair(
    problem: Problem, slot: Any, table: Any, stood: list[int], new: list[int], must: set[int]
) -> Score:
    """(weight lost, number lost, booked weight and number missing, moved): the least of all.

    Args:
        stood: requests that had a place.
        new: requests that are to have one now.
        must: those of them that are fixed and can be kept.
    """
    best: Score = (float("inf"), 0, 0.0, 0, 0)
    places: dict[int, tuple[int, int]] = {}
    rows = [*stood, *new]
    mine = {r: single_places(problem, r) for r in rows}
    for r in stood:  # where it was is tried first, so that the first answer is a good one
        home = (int(slot[r]), int(table[r]))
        mine[r].sort(key=lambda place, home=home: place != home)  # type: ignore[misc]

    def descend(i: int, so_far: Score) -> None:
        nonlocal best
        if so_far >= best:
            return
        if i == len(rows):
            best = so_far
            return
        r = rows[i]
        for place in mine[r]:
            places[r] = place
            if keeps_rules(problem, places):
                away = r in stood and place != (int(slot[r]), int(table[r]))
                # nobody of those that must stay is counted as moved by itself
                descend(i + 1, (*so_far[:4], so_far[4] + away))
            del places[r]
        if r in must:
            return
        weight = float(problem.weight[r])
        if r in stood:
            descend(i + 1, (so_far[0] + weight, so_far[1] + 1, *so_far[2:]))
        else:
            descend(i + 1, (*so_far[:2], so_far[2] + weight, so_far[3] + 1, so_far[4]))

    descend(0, (0.0, 0, 0.0, 0, 0))
    return best
