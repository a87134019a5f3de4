"""A problem, what stood, and what happened: the problem that is to be repaired."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.problem import Mode, Problem
from talex.engine.meetings.repair import events as ev
from talex.engine.meetings.solution import Solution


class Standing(IntEnum):
    """What a request is to the repair."""

    #: Had a place before: it keeps it, or gets another, or is lost.
    PLACED = 0
    #: Must have a place now, as far as nobody loses theirs.
    BOOKED = 1
    #: Takes what is free when all the others are seated.
    WAITING = 2
    #: Withdrawn; or before the day began.
    GONE = 3


@dataclass(frozen=True, eq=False)
class Day:
    """A problem with everything that happened in it.

    Attributes:
        problem: with the new requests behind the old ones.
        slot: (R,) where each request stood before, -1 nowhere.
        table: (R,) its table.
        standing: (R,) of ``Standing``.
        begun: slots before this one are past.
    """

    problem: Problem
    slot: NDArray[np.int64]
    table: NDArray[np.int64]
    standing: NDArray[np.int8]
    begun: int


class _Draft:
    """The fields that events change, copied when first touched."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem = problem
        self.changes: dict[str, Any] = {}
        self.slot = solution.slot.astype(np.int64)
        self.table = solution.table.astype(np.int64)
        placed = self.slot >= 0
        self.standing = np.where(placed, Standing.PLACED, Standing.WAITING).astype(np.int8)
        self.bookings: list[ev.Booking] = []
        self.begun = 0

    def field(self, name: str) -> NDArray[Any]:
        if name not in self.changes:
            value = getattr(self.problem, name)
            if value is None:  # allowed
                value = np.ones((self.slot.size, self.problem.slots), np.bool_)
            self.changes[name] = value.copy()
        changed: NDArray[Any] = self.changes[name]
        return changed

    def slots(self, slots: Iterable[int]) -> list[int]:
        """Those that are still to come."""
        found = sorted(set(slots))
        _known("slot", found, self.problem.slots)
        return [s for s in found if s >= self.begun]


def _known(what: str, indices: Iterable[int], count: int) -> None:
    for index in indices:
        if not 0 <= index < count:
            raise IndexError(f"no {what} {index}")


def apply(problem: Problem, solution: Solution, happened: Iterable[ev.Event]) -> Day:
    """The problem after some events.

    Args:
        problem: what was asked.
        solution: what stood; ``slot`` and ``table`` are read. It need not fit the problem: what
            does not is repaired too.
        happened: in their order.

    Raises:
        IndexError: if an event names a slot, person, table, hall, resource or request that is
            not there.
        ValueError: if the solution is of another number of requests, or an event makes no sense
            (a lock on what has no place).
    """
    happened = list(happened)
    for name, most in (("slot", problem.slots), ("table", problem.tables)):
        array = np.asarray(getattr(solution, name))
        if array.shape != (problem.requests,):
            raise ValueError(f"solution.{name}: expected {problem.requests} requests")
        if array.size and (array.min() < -1 or array.max() >= most):
            raise ValueError(f"solution.{name}: entries must lie in -1..{most - 1}")
    draft = _Draft(problem, solution)
    for event in happened:
        if isinstance(event, ev.Begun):
            _known("slot", [event.slot], problem.slots + 1)
            draft.begun = max(draft.begun, event.slot)
    for event in happened:
        _one(draft, event)
    return _finish(draft)


def _one(draft: _Draft, event: ev.Event) -> None:
    problem = draft.problem
    match event:
        case ev.Begun():
            pass
        case ev.Away(person, slots) | ev.Back(person, slots):
            _known("person", [person], problem.persons)
            draft.field("available")[person, draft.slots(slots)] = isinstance(event, ev.Back)
        case ev.TableClosed(table, slots) | ev.TableOpened(table, slots):
            _known("table", [table], problem.tables)
            opened = isinstance(event, ev.TableOpened)
            draft.field("table_available")[table, draft.slots(slots)] = opened
        case ev.HallClosed(hall, slots):
            inside = np.flatnonzero(problem.table_hall == hall)
            if inside.size == 0:
                raise IndexError(f"no hall {hall}")
            closed = draft.field("table_available")
            closed[inside[:, None], draft.slots(slots)] = False
        case ev.Capacity(resource, slots, units):
            _known("resource", [resource], problem.resources)
            draft.field("resource_capacity")[resource, draft.slots(slots)] = units
        case ev.OnlineCapacity(slots, meetings):
            draft.field("online_capacity")[draft.slots(slots)] = meetings
        case ev.Booking():
            draft.bookings.append(event)
        case ev.Put() | ev.Lock() | ev.Unlock() | ev.Withdrawn():
            _known("request", [event.request], problem.requests)
            _known_request(draft, event)


def _known_request(draft: _Draft, event: ev.Put | ev.Lock | ev.Unlock | ev.Withdrawn) -> None:
    r = event.request
    match event:
        case ev.Put(_, slot, table):
            if draft.standing[r] != Standing.PLACED:
                draft.standing[r] = Standing.BOOKED
            if slot >= 0:
                draft.field("fixed_slot")[r] = slot
            if table >= 0:
                if draft.problem.mode[r] == Mode.ONLINE:
                    raise ValueError(f"request {r} is held online and has no table")
                draft.field("fixed_table")[r] = table
        case ev.Lock():
            if draft.slot[r] < 0:
                raise ValueError(f"request {r} has no place to be locked")
            draft.field("fixed_slot")[r] = draft.slot[r]
            draft.field("fixed_table")[r] = draft.table[r]
        case ev.Unlock():
            draft.field("fixed_slot")[r] = -1
            draft.field("fixed_table")[r] = -1
        case ev.Withdrawn():
            draft.standing[r] = Standing.GONE
            draft.field("allowed")[r] = False
            draft.field("fixed_slot")[r] = -1
            draft.field("fixed_table")[r] = -1


def _append(draft: _Draft) -> None:
    """New requests as rows behind the others."""
    new = draft.bookings
    for name, values in (
        ("weight", [b.weight for b in new]),
        ("mode", [b.mode for b in new]),
        ("fixed_slot", [b.slot for b in new]),
        ("fixed_table", [b.table for b in new]),
    ):
        draft.changes[name] = np.append(draft.field(name), np.array(values))
    if "allowed" in draft.changes or draft.problem.allowed is not None:
        more = np.ones((len(new), draft.problem.slots), np.bool_)
        draft.changes["allowed"] = np.concatenate([draft.field("allowed"), more])
    rows: dict[str, list[Sequence[int]]] = {
        "party": [b.party for b in new],
        "request_tables": [b.tables for b in new],
        "request_resources": [[k for k, _ in b.resources] for b in new],
    }
    for name, lists in rows.items():
        ptr, idx = draft.field(f"{name}_ptr"), draft.field(f"{name}_idx")
        ends = ptr[-1] + np.cumsum([len(row) for row in lists])
        flat = [entry for row in lists for entry in row]
        draft.changes[f"{name}_ptr"] = np.append(ptr, ends)
        draft.changes[f"{name}_idx"] = np.append(idx, np.array(flat, idx.dtype))
    units = np.array([u for b in new for _, u in b.resources], np.int32)
    draft.changes["request_resources_units"] = np.append(
        draft.field("request_resources_units"), units
    )
    nowhere = np.full(len(new), -1, np.int64)
    draft.slot = np.append(draft.slot, nowhere)
    draft.table = np.append(draft.table, nowhere)
    booked = np.full(len(new), Standing.BOOKED, np.int8)
    draft.standing = np.append(draft.standing, booked)


def _finish(draft: _Draft) -> Day:
    if draft.bookings:
        _append(draft)
    fixed = draft.changes.get("fixed_slot", draft.problem.fixed_slot)
    # a lock that had no place is first in the queue for it
    draft.standing[(fixed >= 0) & (draft.standing == Standing.WAITING)] = Standing.BOOKED
    if draft.begun:
        over = (draft.slot >= 0) & (draft.slot < draft.begun)
        over &= draft.standing == Standing.PLACED
        fixed = draft.changes["fixed_slot"] = fixed.copy()
        tables = draft.changes.get("fixed_table", draft.problem.fixed_table).copy()
        fixed[over], tables[over] = draft.slot[over], draft.table[over]
        draft.changes["fixed_table"] = tables
        allowed = draft.field("allowed")
        allowed[~over, : draft.begun] = False
    problem = replace(draft.problem, **draft.changes) if draft.changes else draft.problem
    return Day(problem, draft.slot, draft.table, draft.standing, draft.begun)
