"""Making room for those without a place: quick and bounded first, then for as long as there is.

1. Chains that move few others (`chains`), and changes of two slots (`swaps`), which find a place
   for nearly all, in a hundredth of a second on a day of ten thousand.
2. Exchange for what costs less (`chains.exchange`), and trading through a pool (`pool`), for those
   that are still out.
3. Back home with what moved in vain (`homing`).
"""

from __future__ import annotations

import time

import numpy as np

from talex.engine.meetings.repair import chains, homing, moves, pool, swaps
from talex.engine.meetings.repair.board import I64
from talex.engine.meetings.repair.day import Standing
from talex.engine.meetings.repair.layout import Ready
from talex.engine.meetings.repair.prove import take_over

#: Others that one chain may move, and the steps it may try for it.
_DEEP = 3
_STEPS = 4000
#: Others that a change of two slots may move before deeper chains are tried.
_FEW = 2
#: Meetings taken from the pool between two looks at the clock, and looks without anything gained.
_TRADES, _PATIENCE = 4, 150
#: Steps of the chains for meetings from the pool.
_TRADE_STEPS = 200
#: Meetings that are tried to be put back home between two looks at the clock.
_HOMES = 16
#: Seconds that going home may take at least, however late it is: it is what people feel.
_HOMING = 0.02


def make_room(ready: Ready, until: float) -> None:
    """Place those that are out, at the least loss found, then with fewest moves.

    Args:
        until: monotonic time at which to stop; the first round is always finished.
    """
    k, x = ready.k, ready.x
    chains.settle_all(k, x, ready.out, 0, _STEPS)
    for deep in range(1, _DEEP + 1):
        left = _left(ready)
        if left.size == 0:
            break
        chains.settle_all(k, x, left, deep, _STEPS)
        swaps.change_all(k, x, _left(ready), _FEW if deep < _DEEP else swaps.LONGEST)
    if (k.cost[(x.slot < 0) & ~ready.hopeless] > 0).any():
        _exchange(ready, until)
        _trade(ready, until)
    go_home(ready, until)


def _left(ready: Ready) -> I64:
    out = ready.out
    return out[(ready.x.slot[out] < 0) & ~ready.hopeless[out]]


def _lost(ready: Ready) -> I64:
    """Those that could have a place and have none, the dearest last."""
    k, x = ready.k, ready.x
    lost = np.flatnonzero((x.slot < 0) & (k.cost > 0) & ~ready.hopeless & (k.base != 0).any(axis=1))
    return lost[np.argsort(k.cost[lost], kind="stable")].astype(np.int64)


def _exchange(ready: Ready, until: float) -> None:
    """Place the dearer instead of the lighter."""
    k, x = ready.k, ready.x
    queue = np.zeros(k.cls.size + 64, np.int64)
    for _ in range(3):
        saved = 0
        for r in _lost(ready)[::-1].tolist():
            if time.monotonic() > until:
                return
            saved += chains.exchange(k, x, r, 1, _STEPS // 10, queue)
        if saved == 0:
            return


def _trade(ready: Ready, until: float) -> None:
    """Trade through the pool for as long as that gains something now and then."""
    k, x = ready.k, ready.x
    waiting = _lost(ready)
    number = waiting.size
    names = np.zeros(k.cls.size + 64, np.int64)
    names[:number] = waiting
    hard, state = np.ones(k.cls.size), np.array([1], np.int64)
    best, slot, table = int(k.cost[waiting].sum()), x.slot.copy(), x.table.copy()
    idle = 0
    while number and idle < _PATIENCE and time.monotonic() < until:
        idle += 1
        number = pool.trade(k, x, names, number, hard, state, _TRADES, _TRADE_STEPS)
        loss = int(k.cost[names[:number]].sum())
        if loss < best:
            best, slot, table = loss, x.slot.copy(), x.table.copy()
            idle = 0
    take_over(k, x, slot, table)


def go_home(ready: Ready, until: float) -> None:
    """Put those back to where they were that can be, if others need not move more for it."""
    k, x = ready.k, ready.x
    until = max(until, time.monotonic() + _HOMING)
    stood = np.flatnonzero(ready.day.standing == Standing.PLACED).astype(np.int64)
    while moves.go_home(k, x, stood):
        pass
    scratch = np.zeros(64, np.int64)
    for deep in range(_DEEP):
        gained = True
        while gained and time.monotonic() < until:
            differ = (x.slot[stood] != k.home_slot[stood]) | (x.table[stood] != k.home_table[stood])
            moved = stood[differ & (x.slot[stood] >= 0)]
            gained = False
            for at in range(0, moved.size, _HOMES):
                if time.monotonic() > until:
                    break
                some = moved[at : at + _HOMES]
                gained |= homing.bring_home(k, x, some, scratch, deep, _STEPS) > 0
