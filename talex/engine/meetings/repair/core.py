"""Repair with least change."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.problem import Problem
from talex.engine.meetings.repair import moves
from talex.engine.meetings.repair.answer import Change, Kind, Place, Repair
from talex.engine.meetings.repair.board import I64
from talex.engine.meetings.repair.day import Day, Standing, apply
from talex.engine.meetings.repair.events import Event
from talex.engine.meetings.repair.layout import Ready, lay_out, score
from talex.engine.meetings.repair.outcome import figures, plain_bound, reasons
from talex.engine.meetings.repair.prove import Proof, prove
from talex.engine.meetings.repair.room import go_home, make_room
from talex.engine.meetings.solution import Budget, Reason, Solution, Stop

#: Seconds a repair may take unless told otherwise: somebody waits for it.
SECONDS = 0.7
#: Of a small day, where they are enough to prove the least change; most need hundredths.
SMALL_SECONDS = 5.0
#: The most meetings in their places that are a small day.
SMALL = 400
#: Share of them for making room step by step; the rest is for the proof.
_SHARE = 0.6


def _quick_proof(ready: Ready, reached: tuple[int, int, int]) -> bool:
    """Whether only those have no place that cannot have one, and only those moved that must."""
    k, out = ready.k, ready.out
    lost = int(k.cost[out[ready.hopeless[out]]].sum())
    must = out[ready.forced[out] & ~ready.hopeless[out] & (k.home_slot[out] >= 0)]
    return reached[0] == lost and reached[1] == must.size


def repair(
    problem: Problem,
    solution: Solution,
    events: Iterable[Event] = (),
    budget: Budget | None = None,
    queue: Sequence[int] | None = None,
) -> Repair:
    """Put a timetable right after something happened, with as little change as can be.

    In this order:

    1. Hard rules are never bent, and fixed meetings never moved. Where fixed ones clash those
       that stood come first. What is past (``Begun``) is fixed.
    2. The least weight of meetings is lost that stood (among equal weights the fewest).
    3. What is newly booked is placed, as far as nobody loses their meeting for it.
    4. The fewest meetings are moved (to another slot or table), and of these the fewest to
       another slot.
    5. What waited takes the places that are left, in the order of ``queue`` or the heaviest
       first; nobody moves for it.

    Fairness and calm days are not weighed: nobody is moved for somebody else's better day.

    Nothing is changed but the answer: call it to see what a change *would* do.

    Args:
        problem: what was asked, before the events (or after them, if there are none to tell).
        solution: what stands; only ``slot`` and ``table`` are read. It need not fit the problem.
        events: what happened, in order.
        budget: ``seconds``, ``seed`` and ``cancelled`` are regarded. By default 0.7 s, and 5 s
            where at most 400 meetings stand; loading the kernels is not counted. The first
            complete repair is always finished.
        queue: requests that wait, in their order; others come behind them. By weight if None.

    Raises:
        IndexError: if an event or the queue names what is not there.
        ValueError: if the timetable is another problem's, or an event makes no sense.
    """
    warm_up()
    return _repair(problem, solution, events, budget, queue)


def _repair(
    problem: Problem,
    solution: Solution,
    events: Iterable[Event],
    budget: Budget | None,
    queue: Sequence[int] | None = None,
) -> Repair:
    started = time.monotonic()
    small = np.count_nonzero(np.asarray(solution.slot) >= 0) <= SMALL
    spend = budget or Budget(seconds=SMALL_SECONDS if small else SECONDS)
    day = apply(problem, solution, events)
    waiting = _waiting(day, queue)
    ready = lay_out(day)
    x = ready.x
    stood_slot, stood_table, held = x.slot.copy(), x.table.copy(), x.held.copy()
    cancelled = spend.cancelled or (lambda: False)
    make_room(ready, started + spend.seconds * _SHARE)
    reached = score(ready, x.slot, x.table)
    proof = Proof(reached[0], reached[1], True)
    if not _quick_proof(ready, reached):
        proof = prove(
            ready.k,
            x,
            ready.losses,
            (stood_slot, stood_table, held),
            ready.out[~ready.hopeless[ready.out]],
            lambda slot, table: score(ready, slot, table),
            started + spend.seconds,
            spend.seed,
            cancelled,
        )
        if not proof.whole or score(ready, x.slot, x.table)[:2] != (proof.lost, proof.moved):
            go_home(ready, started + spend.seconds)
    lost_or_new = ready.out[x.slot[ready.out] < 0]
    moves.fill(
        ready.k,
        x,
        np.concatenate(
            [
                lost_or_new,
                np.flatnonzero((x.slot < 0) & (day.standing == Standing.PLACED)).astype(np.int64),
            ]
        ),
    )
    moves.fill(ready.k, x, waiting)
    return _answer(ready, proof, started)


def _waiting(day: Day, queue: Sequence[int] | None) -> I64:
    waits = day.standing == Standing.WAITING
    heavy = np.argsort(-day.problem.weight, kind="stable")
    if queue is not None:
        first = np.array(list(queue), np.int64)
        if first.size and not (first.min() >= 0 and first.max() < day.problem.requests):
            raise IndexError("queue: no such request")
        heavy = np.concatenate([first, heavy[~np.isin(heavy, first)]])
    return heavy[waits[heavy]].astype(np.int64)


def _answer(ready: Ready, proof: Proof, started: float) -> Repair:
    day, x, problem = ready.day, ready.x, ready.day.problem
    why = reasons(problem, ready.k, x)
    lost, moved, _ = score(ready, x.slot, x.table)
    gone = (day.standing == Standing.PLACED) & (x.slot < 0)
    proved = proof.whole and (lost, moved) == (proof.lost, proof.moved)
    proved = proved and (ready.sure or (lost, moved) == (0, 0))
    stood = day.slot >= 0
    away = int((stood & ((x.slot != day.slot) | (x.table != day.table))).sum())
    changes = _changes(ready, why)
    solution = Solution(
        slot=x.slot.astype(np.int32),
        table=x.table.astype(np.int32),
        reason=why,
        figures=figures(problem, x.slot, x.table, away),
        bound=plain_bound(problem, ready.k),
        proved=False,
        stop=Stop.PROVED if proved else Stop.TIME,
        iterations=0,
        seconds=time.monotonic() - started,
    )
    return Repair(
        problem=problem,
        solution=solution,
        changes=changes,
        lost_weight=float(problem.weight[gone].sum()),
        lost=int(gone.sum()),
        moved=moved,
        filled=sum(change.kind == Kind.FILLED for change in changes),
        least_lost=_weight_of(ready, proof.lost),
        least_moved=proof.moved,
        proved=proved,
        seconds=time.monotonic() - started,
    )


def _weight_of(ready: Ready, loss: int) -> float:
    """The weight of meetings that stood that a loss stands for."""
    losses, weight = ready.losses, ready.day.problem.weight
    whole = loss // losses.below // (losses.all + 1)
    if not losses.whole.any():
        return 0.0
    # whole numbers are the weights, or all in one proportion to them
    heaviest = int(np.argmax(losses.whole))
    if losses.whole[heaviest] == weight[heaviest]:
        return float(whole)
    return float(whole) / float(losses.whole[heaviest]) * float(weight[heaviest])


def _changes(ready: Ready, why: NDArray[np.int8]) -> tuple[Change, ...]:
    day, x = ready.day, ready.x
    differ = (x.slot != day.slot) | (x.table != day.table)
    differ |= day.standing == Standing.BOOKED
    found = []
    for r in np.flatnonzero(differ).tolist():
        standing = Standing(int(day.standing[r]))
        before = _place(int(day.slot[r]), int(day.table[r]))
        after = _place(int(x.slot[r]), int(x.table[r]))
        if standing == Standing.GONE:
            kind = Kind.WITHDRAWN
        elif standing == Standing.WAITING:
            kind = Kind.FILLED
        elif standing == Standing.BOOKED:
            kind = Kind.PLACED if after else Kind.REFUSED
        elif after is None:
            kind = Kind.LOST
        else:
            same = before is not None and before.slot == after.slot
            kind = Kind.RESEATED if same else Kind.MOVED
        forced = bool(ready.forced[r]) or bool(x.held[r])
        found.append(Change(r, kind, before, after, Reason(int(why[r])), forced))
    return tuple(found)


def _place(slot: int, table: int) -> Place | None:
    return Place(slot, table) if slot >= 0 else None


@cache
def warm_up() -> None:
    """Compile the kernels, or load them from Numba's cache, and load the solver.

    Takes up to a minute on a machine that never ran them. A worker may call it when it starts.
    """
    from talex.engine.meetings.repair.warm import warm

    warm()
