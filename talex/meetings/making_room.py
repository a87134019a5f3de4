"""Where those in the way of a move by hand would go when none of them finds a free place alone.

The engine's repair is asked: it moves others too, in chains, where that loses less.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from talex.core import clock
from talex.editions.models import Edition
from talex.meetings import timetable

MOST = 12
"""The most meetings that one move by hand may push aside."""

Place = tuple[datetime, datetime, UUID | None]


@dataclass(frozen=True)
class Room:
    """What the engine found: request -> its new place (None: it waits), and the weight lost."""

    places: dict[UUID, Place | None]
    lost: float


def make_room(
    edition: Edition, request: UUID, starts_at: datetime, table: UUID | None
) -> Room | None:
    """Who moves where so that the meeting can be held there; None where the engine cannot say.

    The same timetable gives the same answer: nothing is left to the clock.
    """
    from talex.engine.meetings import Budget, repair, verify

    frame = timetable.frame(edition)
    if frame is None or request not in frame.requests:
        return None
    at = next((n for n, (start, _end) in enumerate(frame.slots) if start == starts_at), None)
    if at is None or (table is not None and table not in frame.tables):
        return None
    row = frame.requests.index(request)
    now = clock.now()
    told: list[repair.Event] = [
        repair.Begun(sum(start <= now for start, _end in frame.slots)),
        repair.Put(row, at, frame.tables.index(table) if table is not None else -1),
    ]
    # Cancelled from the start: chains and exchanges only, which end by themselves, and no proof,
    # which ends when the time is over.
    budget = Budget(seconds=10.0, seed=1, cancelled=lambda: True)
    stood = timetable.as_solution(frame, frame.warm_slot, frame.warm_table)
    try:
        found = repair.repair(frame.problem, stood, told, budget)
    except ValueError:  # a meeting online put at a table
        return None
    if found.solution.slot[row] != at or verify(found.problem, found.solution):
        return None
    moved = {repair.Kind.MOVED, repair.Kind.RESEATED, repair.Kind.LOST}
    changes = [c for c in found.changes if c.kind in moved and c.request != row]
    if len(changes) > MOST:
        return None
    places: dict[UUID, Place | None] = {}
    for change in changes:
        after, place = change.after, None
        if after is not None:
            start, end = frame.slots[after.slot]
            place = (start, end, frame.tables[after.table] if after.table >= 0 else None)
        places[frame.requests[change.request]] = place
    lost = sum(float(frame.problem.weight[c.request]) for c in changes if c.after is None)
    return Room(places, lost)
