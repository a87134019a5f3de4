"""Why meetings have no place, and where one could go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.arrays import State, Static, common_slots, unpack
from talex.engine.meetings.problem import Integers, Mode, Problem
from talex.engine.meetings.solution import Reason, Solution


def reasons(problem: Problem, k: Static, x: State) -> NDArray[np.int8]:
    """(R,) of ``Reason`` for a finished state: no unplaced request can be placed directly."""
    reason = np.zeros(problem.requests, np.int8)
    out = np.flatnonzero(x.slot < 0)
    if out.size == 0:
        return reason
    common = common_slots(problem)[out]
    slots_allowed = common if problem.allowed is None else common & problem.allowed[out]
    base = unpack(k.base[out], problem.slots)
    free = unpack(x.free, problem.slots)
    everyone = np.logical_and.reduceat(free[problem.party_idx], problem.party_ptr[:-1], axis=0)
    # persons alone, places not regarded: ``base`` already leaves out slots without any table
    available = everyone[out] & slots_allowed
    onsite = problem.mode[out] == Mode.ONSITE
    no_place = np.where(onsite, Reason.NO_TABLE, Reason.NO_ONLINE_ROOM)
    # if no slot has any place for it at all, places are the reason whatever persons do
    result = np.where(available.any(axis=1) | ~base.any(axis=1), no_place, Reason.PERSON_FULL)
    fixed = (problem.fixed_slot[out] >= 0) | ((problem.fixed_table[out] >= 0) & ~base.any(axis=1))
    result = np.where(fixed, Reason.FIXED_CLASH, result)
    result = np.where(slots_allowed.any(axis=1), result, Reason.NOT_ALLOWED)
    result = np.where(common.any(axis=1), result, Reason.NO_COMMON_TIME)
    reason[out] = result
    return reason


@dataclass(frozen=True, eq=False)
class Fit:
    """A slot in which a meeting could stand now.

    Attributes:
        slot: the slot.
        tables: the tables free for it there; none when it is held online.
    """

    slot: int
    tables: Integers


def fits(problem: Problem, solution: Solution, request: int) -> list[Fit]:
    """Where a meeting could be moved, or placed, right now without moving anything else.

    The slot and table it has already are not among them, other tables of its slot are. A fixed
    slot or table of the meeting itself is respected.

    Args:
        problem: the problem.
        solution: any timetable for it.
        request: index of the meeting.

    Raises:
        IndexError: if there is no such request.
    """
    if not 0 <= request < problem.requests:
        raise IndexError(f"no request {request}")
    slots = problem.slots
    open_slots = np.ones(slots, np.bool_)
    if problem.allowed is not None:
        open_slots &= problem.allowed[request]
    if problem.fixed_slot[request] >= 0:
        open_slots &= np.arange(slots) == problem.fixed_slot[request]
    others = solution.slot.copy()
    others[request] = -1
    row = np.repeat(np.arange(problem.requests), np.diff(problem.party_ptr))
    for person in problem.party(request):
        open_slots &= problem.available[person]
        mine = others[row[problem.party_idx == person]]
        mine = mine[mine >= 0]
        apart = (1 + int(problem.min_gap[person])) * problem.slot_minutes
        distance = np.abs(problem.slot_start[:, None] - problem.slot_start[mine][None, :])
        open_slots &= ~(distance < apart).any(axis=1)
        if problem.max_per_day[person] >= 0:
            same_day = problem.slot_day[:, None] == problem.slot_day[mine][None, :]
            open_slots &= same_day.sum(axis=1) < problem.max_per_day[person]
    found = []
    none = np.zeros(0, np.int32)
    if problem.mode[request] == Mode.ONLINE:
        online = others[(problem.mode == Mode.ONLINE) & (others >= 0)]
        used = np.bincount(online, minlength=slots)
        open_slots &= (problem.online_capacity < 0) | (used < problem.online_capacity)
        open_slots &= np.arange(slots) != solution.slot[request]
        return [Fit(int(s), none) for s in np.flatnonzero(open_slots)]
    tables = problem.tables_of(request)
    for s in np.flatnonzero(open_slots):
        free = problem.table_available[:, s].copy()
        taken = solution.table[others == s]
        free[taken[taken >= 0]] = False
        if s == solution.slot[request] and solution.table[request] >= 0:
            free[solution.table[request]] = False
        choice = tables[free[tables]]
        if choice.size:
            found.append(Fit(int(s), choice))
    return found
