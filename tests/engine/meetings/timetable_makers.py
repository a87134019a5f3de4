"""Small problems for the tests, drawn by hypothesis, and the best answer by trying everything."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from talex.engine.meetings import Objective, Problem


def plain(**changes: Any) -> Problem:
    """Four persons, two days of two slots, two tables in two halls, three meetings."""
    fields: dict[str, Any] = {
        "slot_day": [0, 0, 1, 1],
        "slot_start": [0, 20, 1440, 1460],
        "slot_minutes": 20,
        "available": np.ones((4, 4), np.bool_),
        "max_per_day": [-1, -1, -1, -1],
        "party_ptr": [0, 2, 4, 6],
        "party_idx": [0, 1, 0, 2, 1, 3],
        "weight": [1.0, 2.0, 3.0],
        "mode": [0, 0, 1],
        "table_available": np.ones((2, 4), np.bool_),
        "table_hall": [0, 1],
    }
    return Problem(**{**fields, **changes})


@st.composite
def problems(draw: st.DrawFn, most_requests: int = 12, most_slots: int = 6) -> Problem:
    """Any problem: pauses, fixed meetings, tables of one's own, rooms, breaks, bad luck."""
    slots = draw(st.integers(1, most_slots))
    persons = draw(st.integers(2, 6))
    tables = draw(st.integers(0, 3))
    requests = draw(st.integers(0, most_requests))
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    rich = draw(st.booleans())
    density = draw(st.sampled_from([0.5, 0.8, 1.0]))
    special = draw(st.sampled_from([0.0, 0.3]))
    split = int(rng.integers(0, slots + 1))
    day = (np.arange(slots) >= split).astype(int)
    start = np.arange(slots) * 20 + day * 1000 + np.cumsum(rng.integers(0, 2, slots)) * 10
    parties = [
        rng.choice(persons, int(rng.integers(1, min(3, persons) + 1)), replace=False)
        for _ in range(requests)
    ]
    own = [
        rng.choice(tables, int(rng.integers(1, tables + 1)), replace=False)
        if tables and rng.random() < special
        else np.zeros(0, np.int64)
        for _ in range(requests)
    ]
    mode = (rng.random(requests) < 0.3).astype(int)
    fixed_slot = np.where(rng.random(requests) < special / 2, rng.integers(0, slots, requests), -1)
    fixed_table = np.full(requests, -1)
    if tables:
        some = (rng.random(requests) < special / 2) & (mode == 0)
        fixed_table[some] = rng.integers(0, tables, int(some.sum()))
    return Problem(
        slot_day=day,
        slot_start=start,
        slot_minutes=20,
        available=rng.random((persons, slots)) < density,
        max_per_day=np.where(rng.random(persons) < 0.5, rng.integers(0, 4, persons), -1),
        min_gap=(rng.random(persons) < special).astype(int),
        party_ptr=np.cumsum([0, *map(len, parties)]),
        party_idx=np.concatenate([np.zeros(0, np.int64), *parties]),
        weight=rng.integers(0, 6, requests).astype(float),
        mode=mode,
        table_available=rng.random((tables, slots)) < density,
        table_hall=rng.integers(0, 2, tables),
        online_capacity=np.where(rng.random(slots) < 0.5, rng.integers(0, 3, slots), -1),
        allowed=rng.random((requests, slots)) < 0.8 if rng.random() < special else None,
        fixed_slot=fixed_slot,
        fixed_table=fixed_table,
        request_tables_ptr=np.cumsum([0, *map(len, own)]),
        request_tables_idx=np.concatenate([np.zeros(0, np.int64), *own]),
        fairness_rounds=draw(st.integers(0, 2)),
        **(_rules(rng, slots, requests) if rich else {}),
    )


def _rules(rng: np.random.Generator, slots: int, requests: int) -> dict[str, Any]:
    """Walking, order, resources and another order of objectives."""
    needs = [rng.permutation(2)[: int(rng.integers(0, 3))] for _ in range(requests)]
    idx = np.concatenate([np.zeros(0, np.int64), *needs])
    travel = rng.integers(0, 3, (2, 2))
    np.fill_diagonal(travel, 0)
    pairs = rng.integers(0, max(requests, 1), (int(rng.integers(0, 3)), 2))
    first = [Objective.FAIRNESS, Objective.WEIGHT]
    rng.shuffle(first)
    later = [Objective.IDLE, Objective.HALL_CHANGES, Objective.BALANCE]
    rng.shuffle(later)
    return {
        "hall_travel": travel,
        "precedence": pairs[pairs[:, 0] != pairs[:, 1]] if requests else None,
        "resource_capacity": rng.integers(-1, 3, (2, slots)),
        "request_resources_ptr": np.cumsum([0, *map(len, needs)]),
        "request_resources_idx": idx,
        "request_resources_units": rng.integers(1, 3, idx.size),
        "objectives": (*first, *later[: int(rng.integers(0, 4))]),
    }


def objectives(problem: Problem, persons: tuple[int, ...], weight: float) -> tuple[float, ...]:
    """Fairness and weight in the order of the problem."""
    parts: dict[Objective, tuple[float, ...]] = {
        Objective.FAIRNESS: persons,
        Objective.WEIGHT: (weight,),
    }
    return tuple(v for o in problem.objectives for v in parts.get(o, ()))


def brute_force(problem: Problem) -> tuple[tuple[int, ...], float]:
    """The best (persons with at least k meetings ..., weight), by trying every timetable.

    Only for problems without fixed slots.
    """
    places: list[list[tuple[int, int]]] = []
    for r in range(problem.requests):
        tables = [-1] if problem.mode[r] == 1 else [int(t) for t in problem.tables_of(r)]
        places.append(
            [
                (s, t)
                for s in range(problem.slots)
                if problem.available[problem.party(r), s].all()
                and (problem.allowed is None or problem.allowed[r, s])
                for t in tables
                if t < 0 or problem.table_available[t, s]
            ]
        )
    chosen: list[tuple[int, int, int]] = []
    best: tuple[tuple[int, ...], float] = ((-1,) * problem.rounds, -1.0)
    before = {(int(one), int(two)) for one, two in problem.precedence}

    def fits(r: int, s: int, t: int) -> bool:
        party = set(problem.party(r).tolist())
        per_day = dict.fromkeys(party, 0)
        online = 0
        used = dict.fromkeys(range(problem.resources), 0)
        for other, at, table in chosen:
            if at == s and t >= 0 and table == t:
                return False
            online += int(at == s and table < 0)
            if ((r, other) in before and s >= at) or ((other, r) in before and at >= s):
                return False
            if at == s:
                for which, units in problem.needs(other):
                    used[which] += units
            apart = abs(int(problem.slot_start[at] - problem.slot_start[s]))
            walk = 0
            if problem.hall_travel.size and t >= 0 and table >= 0:
                here, there = int(problem.table_hall[t]), int(problem.table_hall[table])
                one, two = (here, there) if s < at else (there, here)
                walk = (1 + int(problem.hall_travel[one, two])) * problem.slot_minutes
            for p in party & set(problem.party(other).tolist()):
                pause = (1 + int(problem.min_gap[p])) * problem.slot_minutes
                if apart < max(pause, walk):
                    return False
                per_day[p] += int(problem.slot_day[at] == problem.slot_day[s])
        for which, units in problem.needs(r):
            if 0 <= problem.resource_capacity[which, s] < used[which] + units:
                return False
        if t < 0 and 0 <= problem.online_capacity[s] <= online:
            return False
        return all(not 0 <= problem.max_per_day[p] <= per_day[p] for p in party)

    def descend(r: int) -> None:
        nonlocal best
        if r == problem.requests:
            number = np.zeros(problem.persons, np.int64)
            for request, _, _ in chosen:
                number[problem.party(request)] += 1
            rounds = range(1, problem.rounds + 1)
            persons = tuple(int((number >= k).sum()) for k in rounds)
            weight = sum(float(problem.weight[request]) for request, _, _ in chosen)
            best = max(best, (persons, weight), key=lambda found: objectives(problem, *found))
            return
        for s, t in places[r]:
            if fits(r, s, t):
                chosen.append((r, s, t))
                descend(r + 1)
                chosen.pop()
        descend(r + 1)

    descend(0)
    return best
