"""Tables of a kind, halls in reach: what the kernels keep count of agrees with the tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bench.meetings_scale_instances import Parameters, make
from talex.engine.meetings import Budget, Problem, lost_per_change, solve
from talex.engine.meetings.arrays import empty_state, layout, unpack
from talex.engine.meetings.search import construct


def test_counts_of_kinds_and_halls_follow_the_tables() -> None:
    problem = make(Parameters("rich", 600, seed=3))
    own = np.arange(problem.requests) % 5 == 0  # these may use two tables only
    onsite = own & (problem.mode == 0)
    problem = replace(
        problem,
        request_tables_ptr=np.concatenate([[0], np.cumsum(2 * onsite)]),
        request_tables_idx=np.tile([0, problem.tables - 1], int(onsite.sum())),
    )
    k = layout(problem)
    x = empty_state(k, 1)
    construct(k, x, np.arange(problem.requests), 99, True)
    assert (x.slot >= 0).sum() > 300
    tables = k.hall.size
    free = unpack(k.table_avail, tables).T & (x.occupant.T < 0)  # (T, S)
    member = unpack(k.class_mask, tables)
    for n in range(k.kind_hall.size):
        those = k.kind == n
        assert len({(*member[:, t], k.hall[t]) for t in np.flatnonzero(those)}) == 1
        np.testing.assert_array_equal(x.kind_left[n], free[those].sum(axis=0))
    for c in range(member.shape[0]):
        for h in range(k.travel.shape[0]):
            left = free[member[c] & (k.hall == h)].sum(axis=0)
            np.testing.assert_array_equal(x.hall_left[c, h], left)
            np.testing.assert_array_equal((x.hall_open[c] >> np.uint64(h)) & np.uint64(1), left > 0)


def test_who_cannot_walk_far_gets_a_table_that_others_make_free() -> None:
    problem = Problem(
        slot_day=np.array([0, 0]),
        slot_start=np.array([0, 30]),
        slot_minutes=30,
        available=np.ones((5, 2), np.bool_),
        max_per_day=np.full(5, -1),
        party_ptr=np.array([0, 2, 4, 6]),
        party_idx=np.array([0, 1, 3, 4, 0, 2]),
        weight=np.array([3.0, 2.0, 1.0]),
        mode=np.zeros(3, np.int8),
        table_available=np.array([[True, True], [False, True]]),  # hall 1 opens later
        table_hall=np.array([0, 1]),
        allowed=np.array([[True, False], [False, True], [False, True]]),
        hall_travel=lost_per_change(2),
    )
    x = empty_state(layout(problem), 1)
    assert construct(layout(problem), x, np.array([1, 0]), 99, True) == 2
    assert list(x.table) == [0, 0, -1]
    # person 0 comes from hall 0 and has no time to walk, so request 1 goes to hall 1
    assert construct(layout(problem), x, np.array([2]), 99, False) == 0
    assert construct(layout(problem), x, np.array([2]), 99, True) == 1
    assert list(x.table) == [0, 1, 0]
    assert solve(problem, Budget(seconds=5, exact_limit=0)).figures.placed == 3
