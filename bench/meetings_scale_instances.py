"""Seeded conferences of three families for `bench.meetings --scale`; see ``parameters``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings import Mode, Objective, Problem, lost_per_change

FAMILIES = ("planted", "oversubscribed", "rich")


@dataclass(frozen=True)
class Parameters:
    """What the generator is told; printed beside every row.

    Attributes:
        family: of ``FAMILIES``.
        requests: wished for (about; equal pairs are drawn once).
        seed: of everything.
        days: of the conference; slots are spread evenly over them.
        slots: in all.
        per_delegate: wishes a delegate has, on the average.
        per_talent: wishes a talent has, on the average.
        part_day: share of persons who come for half of a day's slots each day.
        online: share of talents who are guests online.
        zones: time zones of guests online; each sees another window of the day.
        halls: the tables are spread over them.
        fill: least share of the places of a slot that the planted timetable fills.
    """

    family: str
    requests: int
    seed: int
    days: int = 2
    slots: int = 32
    per_delegate: float = 20.0
    per_talent: float = 5.0
    part_day: float = 0.5
    online: float = 0.15
    zones: int = 8
    halls: int = 8
    fill: float = 0.97


def _availability(p: Parameters, rng: np.random.Generator) -> dict[str, NDArray[Any]]:
    """Persons: delegates first, then talents; who is online; when each is there."""
    delegates = max(p.slots, round(p.requests / p.per_delegate))
    talents = max(p.slots, round(p.requests / p.per_talent))
    persons = delegates + talents
    per_day = p.slots // p.days
    place = np.arange(p.slots) % per_day
    guest = np.zeros(persons, np.bool_)
    guest[delegates:] = rng.random(talents) < p.online
    begin = np.zeros(persons, np.int64)
    length = np.full(persons, per_day)
    part = rng.random(persons) < p.part_day
    length[part] = per_day // 2
    begin[part] = rng.integers(0, 2, int(part.sum())) * (per_day // 2)
    zone = rng.integers(0, p.zones, persons)
    # zones see windows of half a day that begin one after the other
    begin[guest] = np.round(zone[guest] * (per_day / 2) / max(1, p.zones - 1)).astype(int)
    length[guest] = per_day // 2
    there = (place >= begin[:, None]) & (place < (begin + length)[:, None])
    return {"there": there, "guest": guest, "delegates": np.array(delegates)}


def _planted_pairs(
    p: Parameters, rng: np.random.Generator, there: NDArray[np.bool_], delegates: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(delegate, talent, slot) of a hidden timetable: each once in a slot, no pair twice."""
    share = 1.0 - (1.0 - p.fill) * rng.random(p.slots)
    number = np.round(p.requests * share / share.sum()).astype(np.int64)
    known = np.zeros(0, np.int64)
    rows: list[NDArray[np.int64]] = []
    persons = there.shape[0]
    load = np.zeros(persons, np.int64)
    for s in rng.permutation(p.slots):
        # the least busy for the time they are there come first, with some luck
        urge = (load + rng.random(persons) * 6) / there.sum(axis=1)
        one = np.flatnonzero(there[:delegates, s])
        two = delegates + np.flatnonzero(there[delegates:, s])
        count = min(int(number[s]), one.size, two.size)
        one = one[np.argsort(urge[one])[:count]]
        two = rng.permutation(two[np.argsort(urge[two])[:count]])
        for _ in range(20):
            again = np.isin(one * persons + two, known)
            if not again.any():
                break
            with_others = np.concatenate(
                [np.flatnonzero(again), rng.choice(count, min(count, 20), replace=False)]
            )
            with_others = np.unique(with_others)
            two[with_others] = two[rng.permutation(with_others)]
        fresh = ~np.isin(one * persons + two, known)
        one, two = one[fresh], two[fresh]
        known = np.concatenate([known, one * persons + two])
        load[one] += 1
        load[two] += 1
        rows.append(np.stack([one, two, np.full(one.size, s)]))
    found = np.concatenate(rows, axis=1)[:, rng.permutation(sum(r.shape[1] for r in rows))]
    return found[0], found[1], found[2]


def _wished_pairs(
    p: Parameters, rng: np.random.Generator, there: NDArray[np.bool_], delegates: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(delegate, talent) wishes; delegates are unevenly popular, all pairs share some time."""
    persons = there.shape[0]
    popular = rng.pareto(2.5, delegates) + 0.5
    draws = int(p.requests * 1.6) + 100
    one = rng.choice(delegates, draws, p=popular / popular.sum())
    two = rng.integers(delegates, persons, draws)
    one, two = (
        one[(there[one] & there[two]).any(axis=1)],
        two[(there[one] & there[two]).any(axis=1)],
    )
    _, first = np.unique(one * persons + two, return_index=True)
    first = np.sort(first)[: p.requests]
    return one[first], two[first]


def make(p: Parameters) -> Problem:
    """The problem; equal parameters make equal problems."""
    rng = np.random.default_rng(p.seed)
    per_day = p.slots // p.days
    day = np.arange(p.slots) // per_day
    persons = _availability(p, rng)
    there, guest, delegates = persons["there"], persons["guest"], int(persons["delegates"])
    fields: dict[str, Any] = {}
    if p.family == "planted":
        one, two, slot = _planted_pairs(p, rng, there, delegates)
        online = guest[two]
        onsite = np.bincount(slot[~online], minlength=p.slots)
        rooms = np.bincount(slot[online], minlength=p.slots)
        tables = int(onsite.max(initial=1))
        # a slot is full of what was planted up to a random three per cent
        open_tables = np.minimum(
            tables, np.ceil(onsite / (1 - (1 - p.fill) * rng.random(p.slots))).astype(int)
        )
        fields["online_capacity"] = np.ceil(rooms / (1 - (1 - p.fill) * rng.random(p.slots)))
        table_available = np.arange(tables)[:, None] < open_tables[None, :]
    else:
        one, two = _wished_pairs(p, rng, there, delegates)
        online = guest[two]
        held = 0.5 if p.family == "oversubscribed" else 1.0
        tables = max(1, round(held * int((~online).sum()) / p.slots))
        rooms_each = max(1, round(held * int(online.sum()) / p.slots))
        fields["online_capacity"] = np.full(p.slots, rooms_each)
        table_available = np.ones((tables, p.slots), np.bool_)
    fields["online_capacity"] = fields["online_capacity"].astype(np.int64)
    count = one.size
    table_hall = np.arange(tables) * p.halls // tables
    max_per_day = np.full(there.shape[0], -1)
    if p.family == "rich":
        fields |= _rules(p, rng, count, there.shape[0], delegates)
        max_per_day[delegates:] = 4
        max_per_day[:delegates] = per_day * 3 // 4
    return Problem(
        slot_day=day,
        slot_start=day * 1440 + (np.arange(p.slots) % per_day) * 30,
        slot_minutes=30,
        available=there,
        max_per_day=max_per_day,
        party_ptr=np.arange(count + 1) * 2,
        party_idx=np.stack([one, two], axis=1).ravel(),
        weight=np.round(rng.beta(2.0, 3.0, count) * 99 + 1),
        mode=np.where(online, Mode.ONLINE, Mode.ONSITE).astype(np.int8),
        table_available=table_available,
        table_hall=table_hall,
        objectives=(Objective.WEIGHT,),
        **fields,
    )


def _rules(
    p: Parameters, rng: np.random.Generator, count: int, persons: int, delegates: int
) -> dict[str, Any]:
    """Pauses for a fifth of the talents, walking, interpreters of six pairs of languages."""
    gap = np.zeros(persons, np.int64)
    gap[delegates:] = rng.random(persons - delegates) < 0.2
    needs = rng.random(count) < 0.15
    pair = rng.choice(6, count, p=np.array([32, 16, 8, 4, 2, 1]) / 63.0)
    number = np.bincount(pair[needs], minlength=6)
    capacity = np.maximum(1, np.ceil(number * 1.1 / p.slots)).astype(np.int64)
    return {
        "min_gap": gap,
        "hall_travel": lost_per_change(p.halls),
        "resource_capacity": np.repeat(capacity[:, None], p.slots, axis=1),
        "request_resources_ptr": np.concatenate([[0], np.cumsum(needs)]),
        "request_resources_idx": pair[needs],
    }
