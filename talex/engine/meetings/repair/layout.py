"""A day laid out on the board, with everybody seated who can stay where they were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.problem import Problem
from talex.engine.meetings.repair import moves
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
from talex.engine.meetings.repair.day import Day, Standing


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
    rows = order[fixed[order]].astype(np.int64)
    slots, pinned = problem.fixed_slot.astype(np.int64), problem.fixed_table.astype(np.int64)
    own = np.where(pinned >= 0, pinned, np.where(day.slot == slots, day.table, -1))
    done = 0
    while done < rows.size:
        # nearly all are past, and stand where they stood
        done += moves.seat_fixed(k, x, rows[done:], slots, own)
        if done == rows.size:
            break
        r = int(rows[done])
        sure &= _seat_one(day, k, x, r, int(own[r]))
        done += 1
    return sure


def _seat_one(day: Day, k: Rules, x: Board, r: int, own: int) -> bool:
    """Seat one fixed meeting; whether no other table for it could be better for the others."""
    problem = day.problem
    s, pinned = int(problem.fixed_slot[r]), int(problem.fixed_table[r])
    choices = [own] if own >= 0 or k.cls[r] < 0 else []
    if pinned < 0 and k.cls[r] >= 0:
        stood = day.table[(day.slot == s) & (day.standing == Standing.PLACED)]
        choices += [t for t in problem.tables_of(r).tolist() if t not in stood] + [-1]
    seated = any(moves.seat_at(k, x, r, s, t) for t in choices)
    sure = k.cls[r] < 0 or pinned >= 0 or (own >= 0 and int(x.table[r]) == own)
    if seated or _shift(problem, k, x, r, s):
        x.hold(r, True)
    else:
        k.base[r] = 0
    return bool(sure)


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
