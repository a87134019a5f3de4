"""Every kernel of the repair called once, so that nobody waits for a compiler on the day."""

from __future__ import annotations

import time

import numpy as np

from talex.engine.meetings.problem import Problem
from talex.engine.meetings.repair import chains, homing, moves, pool, swaps
from talex.engine.meetings.repair.day import apply
from talex.engine.meetings.repair.events import Away
from talex.engine.meetings.repair.layout import lay_out, score
from talex.engine.meetings.repair.options import Desk
from talex.engine.meetings.repair.outcome import reasons
from talex.engine.meetings.repair.prove import prove
from talex.engine.meetings.solution import Bound, Figures, Solution, Stop


def _tiny() -> tuple[Problem, Solution]:
    """Two meetings, of which one must move when its person is away."""
    tiny = Problem(
        slot_day=np.array([0, 0]),
        slot_start=np.array([0, 20]),
        slot_minutes=20,
        available=np.array([[True, True], [True, False]]),
        max_per_day=np.array([-1, -1]),
        party_ptr=np.array([0, 2, 3]),
        party_idx=np.array([0, 1, 0]),
        weight=np.array([1.0, 1.0]),
        mode=np.array([0, 0]),
        table_available=np.ones((1, 2), np.bool_),
        table_hall=np.array([0]),
    )
    stands = Solution(
        slot=np.array([1, 0], np.int32),
        table=np.array([0, 0], np.int32),
        reason=np.zeros(2, np.int8),
        figures=Figures(2, 2.0, (2, 1), 0, 0, 0),
        bound=Bound(2, 2.0, (2, 1)),
        proved=False,
        stop=Stop.SETTLED,
        iterations=0,
        seconds=0.0,
    )
    return tiny, stands


def warm() -> None:
    """Call them all on a day of two meetings."""
    problem, stands = _tiny()
    ready = lay_out(apply(problem, stands, [Away(1, (0,))]))
    k, x = ready.k, ready.x
    stood = x.slot.copy(), x.table.copy(), x.held.copy()
    nobody, scratch = np.zeros(0, np.int64), np.zeros(64, np.int64)
    out = int(ready.out[0])
    for step in (
        lambda: chains.settle_all(k, x, nobody, 0, 1),
        lambda: swaps.change_all(k, x, nobody, 1),
        lambda: chains.exchange(k, x, out, 0, 1, scratch),
        lambda: pool.trade(k, x, scratch, 0, np.ones(2), np.zeros(1, np.int64), 1, 1),
        lambda: homing.bring_home(k, x, nobody, scratch, 1, 1),
        lambda: moves.go_home(k, x, nobody),
        lambda: moves.fill(k, x, nobody),
        lambda: moves.have_elsewhere(k, x, nobody),
        lambda: moves.seat_fixed(k, x, nobody, nobody, nobody),
        lambda: reasons(ready.day.problem, k, x),
    ):
        step()

    def judged(slot: np.ndarray, table: np.ndarray) -> tuple[int, int, int]:
        return score(ready, slot, table)

    prove(k, x, ready.losses, stood, ready.out, judged, time.monotonic() + 5.0, 1, lambda: False)
    for r in np.flatnonzero(x.slot >= 0).tolist():
        s, t = int(x.slot[r]), int(x.table[r])
        moves.take_out(k, x, r)
        moves.put_at(k, x, r, s, t)
        moves.take_out(k, x, r)
        moves.seat_at(k, x, r, s, t)
    Desk(problem, stands).choices(0)
