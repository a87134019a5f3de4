"""Repair under every rule at once: hypothesis makes the days, trying all tells the best."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from talex.engine.meetings import Budget, fits, repair, verify
from talex.engine.meetings.repair import Booking, Kind, Put, Withdrawn, core
from talex.engine.meetings.repair.day import Standing, apply
from talex.engine.meetings.repair.options import Verdict
from tests.engine.meetings.repair_makers import best_repair, day, events, filled, seeds

LONG = Budget(seconds=60.0)


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_every_repair_verifies_and_tells_all_that_it_changed(seed: int) -> None:
    problem = day(seed, requests=14, slots=6)
    before = filled(problem)
    assert verify(problem, before) == []
    happened = events(problem, before, seed)
    found = repair.repair(problem, before, happened, Budget(seconds=2.0))
    assert verify(found.problem, found.solution) == []
    told = {c.request: c for c in found.changes}
    for r in range(found.problem.requests):
        was = (-1, -1) if r >= problem.requests else (before.slot[r], before.table[r])
        now = (found.solution.slot[r], found.solution.table[r])
        if was != now:
            change = told[r]
            assert (change.before is None) == (was[0] < 0)
            assert (change.after is None) == (now[0] < 0)
    assert found.lost == len(found.of(Kind.LOST))
    assert found.moved == len(found.of(Kind.MOVED)) + len(found.of(Kind.RESEATED))
    assert found.filled == len(found.of(Kind.FILLED))
    assert found.lost_weight >= found.least_lost - 1e-9


@settings(max_examples=120, deadline=None)
@given(seeds)
def test_no_repair_is_better(seed: int) -> None:
    """Weight lost, meetings lost, booked weight and bookings missing, meetings moved."""
    problem = day(seed, requests=6, slots=4, persons=5)
    before = filled(problem)
    happened = events(problem, before, seed)
    found = repair.repair(problem, before, happened, LONG)
    after = apply(problem, before, happened)
    # Fixed meetings are settled before anything is weighed: those kept are given.
    fixed = np.flatnonzero(after.problem.fixed_slot >= 0)
    kept = {int(r) for r in fixed if found.solution.slot[r] >= 0}
    dropped = set(fixed.tolist()) - kept
    stood = np.flatnonzero(after.standing == Standing.PLACED).tolist()
    new = np.flatnonzero(after.standing == Standing.BOOKED).tolist()
    best = best_repair(
        after.problem,
        after.slot,
        after.table,
        [r for r in stood if r not in dropped],
        [r for r in new if r not in dropped],
        kept,
    )
    lost = sum(float(after.problem.weight[r]) for r in dropped & set(stood))
    number = len(dropped & set(stood))
    absent = [r for r in new if found.solution.slot[r] < 0 and r not in dropped]
    missing = sum(float(after.problem.weight[r]) for r in absent)
    ours = (found.lost_weight, found.lost, missing, len(absent), found.moved)
    least = (best[0] + lost, best[1] + number, *best[2:])
    # By hand into a slot, but at no named table: the table is chosen before anything is weighed.
    loose = any(isinstance(e, Put | Booking) and e.slot >= 0 and e.table < 0 for e in happened)
    assert ours >= least
    assert ours == least or (loose and not found.proved)
    assert found.proved or loose


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_free_slots_are_those_where_nobody_is_in_the_way(seed: int) -> None:
    problem = day(seed, requests=8, slots=5)
    before = filled(problem)
    desk = repair.desk(problem, before)
    for r in range(problem.requests):
        choices = desk.choices(r)
        assert [c.slot for c in choices] == list(range(problem.slots))
        free = {
            (c.slot, t) for c in choices if c.verdict == Verdict.FREE for t in c.tables or (-1,)
        }
        places = {(f.slot, t) for f in fits(problem, before, r) for t in f.tables.tolist() or [-1]}
        if before.slot[r] >= 0:
            places.add((int(before.slot[r]), int(before.table[r])))
        if not (problem.hall_travel.size or problem.precedence.size or problem.resources):
            assert free == places
        for choice in choices:
            if choice.verdict in (Verdict.MOVES, Verdict.LOSES):
                table = choice.tables[0] if choice.tables else -1
                found = repair.repair(problem, before, [Put(r, choice.slot, table)], LONG)
                assert verify(found.problem, found.solution) == []
                # a quick look never promises more than a repair can keep
                assert found.lost_weight <= choice.lost_weight
                if not choice.lost and not found.lost:
                    others = [c for c in found.changes if c.before and c.after and c.request != r]
                    assert len(others) <= len(choice.moved)
            if choice.verdict == Verdict.BARRED:
                found = repair.repair(problem, before, [Put(r, choice.slot)], LONG)
                assert found.solution.slot[r] != choice.slot
    assert desk.choices(0) == repair.desk(problem, before).choices(0)


def test_the_same_seed_gives_the_same_repair() -> None:
    problem = day(11, requests=14, slots=6)
    before = filled(problem)
    asked = [Booking((0, 1), 3.0), Withdrawn(0)]
    one = repair.repair(problem, before, asked, LONG)
    two = repair.repair(problem, before, asked, LONG)
    assert one.changes == two.changes


def test_warming_up_does_no_harm() -> None:
    core.warm_up()
