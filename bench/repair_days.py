"""Seeded conference days and what happens on them, for `bench.repair`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings import Mode, Problem, lost_per_change
from talex.engine.meetings.repair import (
    Away,
    Begun,
    Booking,
    Event,
    HallClosed,
    Withdrawn,
)

KINDS = ("illness", "hall closed", "late arrival", "new booking", "no-show")


@dataclass(frozen=True)
class Parameters:
    """What the generator is told; printed beside the table.

    Attributes:
        requests: wished for (about; equal pairs are drawn once).
        seed: of everything.
        rules: 'plain', or 'rich': also pauses, a slot lost per change of hall, daily load,
            interpreters, and one request in fifty before another.
        slots: in all, evenly over the days.
        days: of the conference.
        per_delegate: wishes a delegate has, on the average; delegates are unevenly popular.
        per_talent: wishes a talent has, on the average.
        seats: places on site per request on site; 1 is as many as are wished for.
        halls: the tables are spread over them.
        part_day: share of persons who come for half of each day.
        online: share of talents who are guests online; rooms in the same proportion as seats.
    """

    requests: int
    seed: int
    rules: str = "plain"
    slots: int = 32
    days: int = 2
    per_delegate: float = 18.0
    per_talent: float = 3.0
    seats: float = 0.9
    halls: int = 8
    part_day: float = 0.5
    online: float = 0.1


def _there(p: Parameters, rng: np.random.Generator, persons: int) -> NDArray[np.bool_]:
    per_day = p.slots // p.days
    place = np.arange(p.slots) % per_day
    there = np.ones((persons, p.slots), np.bool_)
    part = np.flatnonzero(rng.random(persons) < p.part_day)
    afternoon = rng.integers(0, 2, part.size).astype(bool)
    there[part] = (place >= per_day // 2)[None, :] == afternoon[:, None]
    return there


def _rich(p: Parameters, rng: np.random.Generator, count: int, persons: int) -> dict[str, Any]:
    needs = rng.random(count) < 0.15
    pair = rng.integers(0, 4, count)
    number = np.bincount(pair[needs], minlength=4)
    capacity = np.maximum(1, np.ceil(number * 1.2 / p.slots)).astype(np.int64)
    order = rng.permutation(count)[: 2 * (count // 50)].reshape(-1, 2)
    return {
        "min_gap": (rng.random(persons) < 0.15).astype(np.int64),
        "hall_travel": lost_per_change(p.halls),
        "precedence": order,
        "resource_capacity": np.repeat(capacity[:, None], p.slots, axis=1),
        "request_resources_ptr": np.concatenate([[0], np.cumsum(needs)]),
        "request_resources_idx": pair[needs],
    }


def make(p: Parameters) -> Problem:
    """The problem; equal parameters make equal problems."""
    rng = np.random.default_rng(p.seed)
    per_day = p.slots // p.days
    delegates = max(4, round(p.requests / p.per_delegate))
    talents = max(8, round(p.requests / p.per_talent))
    persons = delegates + talents
    there = _there(p, rng, persons)
    guest = np.zeros(persons, np.bool_)
    guest[delegates:] = rng.random(talents) < p.online
    popular = rng.pareto(2.5, delegates) + 0.5
    draws = int(p.requests * 1.7) + 50
    one = rng.choice(delegates, draws, p=popular / popular.sum())
    two = rng.integers(delegates, persons, draws)
    meet = (there[one] & there[two]).any(axis=1)
    one, two = one[meet], two[meet]
    _, first = np.unique(one * persons + two, return_index=True)
    first = np.sort(first)[: p.requests]
    one, two = one[first], two[first]
    count, online = one.size, guest[two]
    tables = max(p.halls, round(p.seats * int((~online).sum()) / p.slots))
    rooms = max(1, round(p.seats * int(online.sum()) / p.slots))
    limit = np.full(persons, -1)
    fields: dict[str, Any] = {}
    if p.rules == "rich":
        fields = _rich(p, rng, count, persons)
        limit[:delegates], limit[delegates:] = per_day * 3 // 4, 3
    day = np.arange(p.slots) // per_day
    return Problem(
        slot_day=day,
        slot_start=day * 1440 + (np.arange(p.slots) % per_day) * 30,
        slot_minutes=30,
        available=there,
        max_per_day=limit,
        party_ptr=np.arange(count + 1) * 2,
        party_idx=np.stack([one, two], axis=1).ravel(),
        weight=np.round(rng.beta(2.0, 3.0, count) * 99 + 1),
        mode=np.where(online, Mode.ONLINE, Mode.ONSITE).astype(np.int8),
        table_available=np.ones((tables, p.slots), np.bool_),
        table_hall=np.arange(tables) * p.halls // tables,
        online_capacity=np.full(p.slots, rooms),
        fairness_rounds=0,
        **fields,
    )


def happening(
    problem: Problem, slot: NDArray[Any], kind: str, rng: np.random.Generator
) -> list[Event]:
    """One thing that happens during the conference, at a random time of it."""
    slots = problem.slots
    per_day = int((problem.slot_day == problem.slot_day[0]).sum())
    now = int(rng.integers(0, slots - 2))
    rest = np.flatnonzero((np.arange(slots) >= now) & (problem.slot_day == problem.slot_day[now]))
    coming = np.flatnonzero(slot >= now)
    if coming.size == 0:
        now, coming = 0, np.flatnonzero(slot >= 0)
    meeting = int(rng.choice(coming))
    person = int(rng.choice(problem.party(meeting)))
    match kind:
        case "illness":  # for the rest of the day
            return [Begun(now), Away(person, tuple(rest.tolist()))]
        case "hall closed":  # for two slots up to half a day
            length = int(rng.integers(2, per_day // 2 + 1))
            until = min(slots, now + length)
            hall = int(rng.choice(np.unique(problem.table_hall)))
            return [Begun(now), HallClosed(hall, tuple(range(now, until)))]
        case "late arrival":  # told before the day begins: up to half of it is lost
            first = int(rng.integers(0, slots // per_day)) * per_day
            late = int(rng.integers(1, per_day // 2 + 1))
            return [Begun(first), Away(person, tuple(range(first, first + late)))]
        case "new booking":  # between two who both have time left, not yet meeting
            known = {tuple(sorted(problem.party(r).tolist())) for r in range(problem.requests)}
            both = problem.available[:, now:]
            while True:
                pair = sorted(problem.party(int(rng.choice(coming)))[:1].tolist())
                pair += problem.party(int(rng.choice(coming)))[1:].tolist()
                pair = sorted(pair)
                together = bool((both[pair[0]] & both[pair[-1]]).any())
                if len(set(pair)) == 2 and tuple(pair) not in known and together:
                    break
            return [Begun(now), Booking(tuple(pair), float(rng.integers(20, 100)))]
        case "no-show":  # at the very time of the meeting
            return [Begun(int(slot[meeting])), Withdrawn(meeting)]
    raise ValueError(kind)
