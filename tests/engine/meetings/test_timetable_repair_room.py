"""Room made without a proof: what no chain of a few steps reaches."""

from __future__ import annotations

import numpy as np

from talex.engine.meetings import Budget, Problem, repair, verify
from talex.engine.meetings.repair import Booking, Repair
from tests.engine.meetings.repair_makers import stands


def _path(length: int) -> tuple[Problem, list[int]]:
    """Two slots; person 0 meets 1 in slot 0, 1 meets 2 in slot 1, 2 meets 3 in slot 0, ...

    Two more persons: the last but one is busy with the last in slot 1, the only one it has.
    """
    pairs = [(n, n + 1) for n in range(length)] + [(length + 1, length + 2)]
    slot = [n % 2 for n in range(length)] + [1]
    available = np.ones((length + 3, 2), np.bool_)
    available[-1, 0] = False
    problem = Problem(
        slot_day=np.array([0, 0]),
        slot_start=np.array([0, 20]),
        slot_minutes=20,
        available=available,
        max_per_day=np.full(length + 3, -1),
        party_ptr=np.arange(len(pairs) + 1) * 2,
        party_idx=np.array(pairs).ravel(),
        weight=np.ones(len(pairs)),
        mode=np.zeros(len(pairs), np.int64),
        table_available=np.ones((length, 2), np.bool_),
        table_hall=np.zeros(length, np.int64),
    )
    return problem, slot


def _booked(length: int) -> Repair:
    """Person 0 is to meet one who is free in slot 0 only."""
    problem, slot = _path(length)
    table = [n // 2 for n in range(length)] + [length - 1]
    no_proof = Budget(seconds=30.0, cancelled=lambda: True)
    found = repair.repair(problem, stands(slot, table), [Booking((0, length + 1), 1.0)], no_proof)
    assert verify(found.problem, found.solution) == []
    return found


def test_a_whole_group_changes_slots_so_that_one_more_fits() -> None:
    found = _booked(9)
    assert found.lost == 0
    assert found.solution.slot.tolist() == [1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 0]
    assert found.moved == 9


def test_a_longer_group_than_is_looked_at_stays() -> None:
    found = _booked(61)
    assert found.moved == 0 and found.lost == 0
    assert int(found.solution.slot[-1]) == -1
