"""From a good repair to a proved one: free more and more meetings until the bound is met."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.repair import moves
from talex.engine.meetings.repair.board import I64, Board, Losses, Rules
from talex.engine.meetings.repair.ground import Ground, ground
from talex.engine.meetings.repair.model import Answer, Model

Score = Callable[[I64, I64], tuple[int, int, int]]

#: Meetings of one pool that become free at a time.
_FROM_POOL = 12
#: Seconds that a model takes for each place of its free meetings, roughly.
_EACH = 5e-5
#: Meetings that rules name are all made free at once, up to so many.
_NAMED = 40
#: From so many free meetings on several search strategies side by side pay (on any number of
#: cores); for fewer, starting them takes longer than solving.
_MANY, _WORKERS = 60, 8
#: So many meetings are made free all at once when two rounds did not do.
_FEW = 420


@dataclass(frozen=True)
class Proof:
    """Bounds on every repair: the least loss, and the fewest moved that go with it.

    Attributes:
        whole: the two belong together (false: no more than that is known).
    """

    lost: int
    moved: int
    whole: bool


def _seats(g: Ground, model: Model, answer: Answer) -> tuple[I64, I64]:
    """The timetable an answer stands for, where nobody is put aside."""
    slot, table = g.slot.copy(), g.table.copy()
    k = g.k
    slot[model.free], table[model.free] = -1, -1
    taken = np.zeros((k.slots, k.hall.size), np.bool_)
    for r, (s, group, t) in answer.places.items():
        if group < 0:
            slot[r] = s
        elif t >= 0:
            slot[r], table[r] = s, t
    sit = np.flatnonzero((slot >= 0) & (table >= 0))
    taken[slot[sit], table[sit]] = True
    for r, (s, group, t) in answer.places.items():
        if group >= 0 and t < 0:
            left = np.flatnonzero(g.usable[s] & ~taken[s] & (model.group == group))
            slot[r], table[r] = s, int(left[0])
            taken[s, left[0]] = True
    return slot, table


def take_over(k: Rules, x: Board, slot: I64, table: I64) -> None:
    """Make the board show a timetable."""
    differ = np.flatnonzero((x.slot != slot) | (x.table != table))
    for r in differ[x.slot[differ] >= 0].tolist():
        moves.take_out(k, x, r)
    for r in differ[slot[differ] >= 0].tolist():
        moves.put_at(k, x, r, int(slot[r]), int(table[r]))


def prove(
    k: Rules,
    x: Board,
    losses: Losses,
    stood: tuple[I64, I64, NDArray[np.bool_]],
    out: I64,
    score: Score,
    until: float,
    seed: int,
    cancelled: Callable[[], bool],
) -> Proof:
    """Better the repair on the board, and bound it.

    Args:
        x: a complete repair; left as the best one found.
        stood: slots and tables of all that could stay at first, and who must.
        out: who could not.
        score: (loss, moved, to another slot) of a timetable.
        until: monotonic time at which to stop.
    """
    g = ground(k, losses, *stood)
    best = score(x.slot, x.table)
    hopeless = int(k.cost[(x.slot < 0) & ~(k.base != 0).any(axis=1)].sum())
    changed = (x.slot != g.slot) | (x.table != g.table)
    free = set(out.tolist()) | set(np.flatnonzero(changed & (g.slot >= 0)).tolist())
    bound = Proof(hopeless, 0, False)
    rounds = 0
    everyone = np.flatnonzero((g.slot >= 0) & ~g.held)
    while time.monotonic() < until and not cancelled():
        rounds += 1
        whole = rounds > 1 and everyone.size + out.size <= _FEW
        if whole:
            free |= set(everyone.tolist())
        if g.places(np.array(sorted(free), np.int64)) > _room(until):
            break
        model = Model(g, sorted(free))
        model.hint(x.slot, x.table)
        workers = _WORKERS if len(free) > _MANY else 1
        limits = best[0] - hopeless
        answer = model.answer(until - time.monotonic(), seed, limits, cancelled, workers)
        if answer is None:
            break
        bound = Proof(max(bound.lost, answer.lost + hopeless), answer.moved, True)
        if not answer.aside and not answer.pools:
            slot, table = _seats(g, model, answer)
            reached = score(slot, table)
            if reached < best:
                take_over(k, x, slot, table)
                best = reached
            if answer.settled:
                return Proof(best[0], best[1], True)
            break
        if (bound.lost, bound.moved) == best[:2]:
            return bound
        more = set(answer.aside)
        if len(model.stays) <= _NAMED:
            more |= set(model.stays)
        members = [r for key in answer.pools for r in model.members(*key)]
        if members:
            more |= set(_likely(g, k, x, members, len(answer.pools)))
        if not more - free:
            break
        free |= more
    _without_others(g, x, free, score, best, until, seed, cancelled)
    return bound


def _room(until: float) -> float:
    """Places for which there is time."""
    return (until - time.monotonic()) / _EACH


def _likely(g: Ground, k: Rules, x: Board, members: list[int], pools: int) -> list[int]:
    """Those who may find another place at once come first."""
    rows = np.array(members, np.int64)
    rows = rows[x.slot[rows] >= 0]
    finds = moves.have_elsewhere(k, x, rows)
    order = np.argsort(-finds, kind="stable")
    return [int(r) for r in rows[order][: _FROM_POOL * pools]]


def _without_others(
    g: Ground,
    x: Board,
    free: set[int],
    score: Score,
    best: tuple[int, int, int],
    until: float,
    seed: int,
    cancelled: Callable[[], bool],
) -> None:
    """The best repair that moves nobody but the free ones, if there is time for it."""
    left = until - time.monotonic()
    if left < 0.05 or cancelled():
        return
    if g.places(np.array(sorted(free), np.int64)) > _room(until):
        return
    model = Model(g, sorted(free), frozen=True)
    model.hint(x.slot, x.table)
    hopeless = int(g.k.cost[(x.slot < 0) & ~(g.k.base != 0).any(axis=1)].sum())
    limits = best[0] - hopeless
    answer = model.answer(until - time.monotonic(), seed, limits, cancelled)
    if answer is None or answer.aside or answer.pools:
        return
    slot, table = _seats(g, model, answer)
    if score(slot, table) < best:
        take_over(g.k, x, slot, table)
