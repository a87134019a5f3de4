"""Repair with least change."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.problem import Problem
from talex.engine.meetings.repair import chains, moves
from talex.engine.meetings.repair.answer import Change, Kind, Place, Repair
from talex.engine.meetings.repair.board import (
    I64,
    Board,
    Losses,
    Rules,
    empty_board,
    losses,
    rules,
    unpack,
)
from talex.engine.meetings.repair.day import Day, Standing, apply
from talex.engine.meetings.repair.events import Event
from talex.engine.meetings.repair.outcome import figures, plain_bound, reasons
from talex.engine.meetings.repair.prove import Proof, prove
from talex.engine.meetings.solution import Bound, Budget, Figures, Reason, Solution, Stop

#: Seconds a repair may take unless told otherwise: somebody waits for it.
SECONDS = 0.7
#: Share of them for making room step by step; the rest is for the proof.
_SHARE = 0.6
#: Others that one chain may move, and the steps it may try for it.
_DEEP = 3
_STEPS = 4000


@dataclass(frozen=True, eq=False)
class Ready:
    """A day laid out, with everybody seated who can stay.

    Attributes:
        out: those that stood or are booked and have no place yet, dearest first.
        forced: (R,) those of them that cannot be where they were whatever else moves.
        hopeless: (R,) those that cannot be anywhere.
        sure: no other choice of tables for fixed meetings could be better for the others.
    """

    day: Day
    losses: Losses
    k: Rules
    x: Board
    out: I64
    forced: NDArray[np.bool_]
    hopeless: NDArray[np.bool_]
    sure: bool


def _seat_fixed(day: Day, k: Rules, x: Board) -> bool:
    """Fixed meetings first: those that stood, then those put by hand, the dearer before.

    One whose table is not fixed takes its own, or one where nobody stood, or any.

    Returns:
        Whether no other choice of tables for them could be better for the others.
    """
    problem, sure = day.problem, True
    fixed = (problem.fixed_slot >= 0) & (day.standing != Standing.GONE)
    order = np.lexsort((-problem.weight, day.standing))
    for r in order[fixed[order]].tolist():
        s, pinned = int(problem.fixed_slot[r]), int(problem.fixed_table[r])
        own = pinned
        if pinned < 0 and day.slot[r] == s:
            own = int(day.table[r])
        choices = [own] if own >= 0 or k.cls[r] < 0 else []
        if pinned < 0 and k.cls[r] >= 0:
            stood = day.table[(day.slot == s) & (day.standing == Standing.PLACED)]
            choices += [t for t in problem.tables_of(r).tolist() if t not in stood] + [-1]
        seated = any(moves.seat_at(k, x, r, s, t) for t in choices)
        sure &= k.cls[r] < 0 or pinned >= 0 or (own >= 0 and x.table[r] == own)
        if seated or _shift(problem, k, x, r, s):
            x.hold(r, True)
        else:
            k.base[r] = 0
    return sure


def _shift(problem: Problem, k: Rules, x: Board, r: int, s: int) -> bool:
    """Give fixed ``r`` a table by seating others of the slot anew whose table is not fixed."""
    if k.cls[r] < 0:
        return False
    here = np.flatnonzero(x.held & (x.slot == s) & (x.table >= 0) & (problem.fixed_table < 0))
    for o in here.tolist():
        t = int(x.table[o])
        moves.take_out(k, x, o)
        if moves.seat_at(k, x, r, s, t):
            if moves.seat_at(k, x, o, s, -1):
                return True
            moves.take_out(k, x, r)
        moves.seat_at(k, x, o, s, t)
    return False


def lay_out(day: Day) -> Ready:
    """Seat everybody who can stay where they were."""
    problem = day.problem
    found = losses(day)
    cost = found.cost(found.all)
    k = rules(day, cost)
    x = empty_board(k)
    gone = day.standing == Standing.GONE
    k.base[gone] = 0
    sure = _seat_fixed(day, k, x)
    # What must stay takes its persons' time from all the others.
    loose = np.flatnonzero(~x.held & ~gone & (problem.fixed_slot < 0))
    if loose.size:
        free = np.bitwise_and.reduceat(x.free[problem.party_idx], problem.party_ptr[:-1], axis=0)
        k.base[loose] &= free[loose]
    wanted = (day.standing <= Standing.BOOKED) & ~x.held
    dear = np.lexsort((np.arange(cost.size), -cost)).astype(np.int64)
    moves.seat_home(k, x, dear[wanted[dear] & (day.slot[dear] >= 0)])
    out = dear[wanted[dear] & (x.slot[dear] < 0)]
    hopeless = np.zeros(cost.size, np.bool_)
    hopeless[out] = ~(k.base[out] != 0).any(axis=1)
    forced = np.zeros(cost.size, np.bool_)
    for r in out.tolist():
        forced[r] = not _could_stay(k, x, r)
    return Ready(day, found, k, x, out, forced, hopeless, sure)


def _could_stay(k: Rules, x: Board, r: int) -> bool:
    """Whether a meeting could be where it was if others moved. (True is not sure.)"""
    s, t = int(k.home_slot[r]), int(k.home_table[r])
    if s < 0 or not unpack(k.base[r : r + 1], k.slots)[0, s]:
        return False
    if k.cls[r] < 0:
        return True
    if t < 0:
        return False
    usable = unpack((k.opened[s] & k.choice[k.cls[r]])[None, :], k.hall.size)[0]
    occupant = int(x.occupant[s, t])
    return bool(usable[t]) and not (occupant >= 0 and x.held[occupant])


def score(ready: Ready, slot: I64, table: I64) -> tuple[int, int, int]:
    """(loss, meetings moved, of these to another slot)."""
    k = ready.k
    stood = (ready.day.standing == Standing.PLACED) & (slot >= 0)
    lost = int(k.cost[slot < 0].sum())
    other = stood & (slot != k.home_slot)
    moved = other | (stood & (table != k.home_table))
    return lost, int(moved.sum()), int(other.sum())


def _make_room(ready: Ready, until: float) -> None:
    """Chains for those without a place, then exchange for what costs less, then back home."""
    k, x = ready.k, ready.x
    chains.settle_all(k, x, ready.out, 0, _STEPS)
    for deep in range(1, _DEEP + 1):
        left = ready.out[(x.slot[ready.out] < 0) & ~ready.hopeless[ready.out]]
        for r in left:
            if time.monotonic() > until:
                break
            chains.settle_all(k, x, np.array([r]), deep, _STEPS)
    queue = np.zeros(k.cls.size + 64, np.int64)
    for _ in range(3):
        left = np.flatnonzero((x.slot < 0) & (k.cost > 0) & ~ready.hopeless & (k.base != 0).any(1))
        saved = 0
        for r in left[np.argsort(-k.cost[left], kind="stable")].tolist():
            if time.monotonic() > until:
                break
            saved += chains.exchange(k, x, r, 1, _STEPS // 10, queue)
        if saved == 0:
            break
    stood = np.flatnonzero(ready.day.standing == Standing.PLACED).astype(np.int64)
    while moves.go_home(k, x, stood) and time.monotonic() < until:
        pass


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
        budget: ``seconds`` (0.7 by default; loading the kernels is not counted), ``seed`` and
            ``cancelled`` are regarded. The first complete repair is always finished.
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
    spend = budget or Budget(seconds=SECONDS)
    day = apply(problem, solution, events)
    waiting = _waiting(day, queue)
    ready = lay_out(day)
    x = ready.x
    stood_slot, stood_table, held = x.slot.copy(), x.table.copy(), x.held.copy()
    cancelled = spend.cancelled or (lambda: False)
    _make_room(ready, started + spend.seconds * _SHARE)
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

    Takes up to half a minute on a machine that never ran them. A worker may call it when it
    starts.
    """
    from talex.engine.meetings.repair.options import Desk

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
    fixed = _repair(tiny, stands, (), Budget(seconds=5.0))
    Desk(fixed.problem, fixed.solution).choices(0)
