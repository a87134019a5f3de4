"""What a repair is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from talex.engine.meetings.problem import Problem
from talex.engine.meetings.solution import Reason, Solution


class Kind(IntEnum):
    """What became of a meeting."""

    #: In another slot (and so perhaps at another table).
    MOVED = 0
    #: In the same slot at another table.
    RESEATED = 1
    #: It stood and has no place any more.
    LOST = 2
    #: Newly booked, and placed.
    PLACED = 3
    #: Newly booked, and there is no place for it.
    REFUSED = 4
    #: It waited and took what was free.
    FILLED = 5
    #: Taken back; its place is free.
    WITHDRAWN = 6


@dataclass(frozen=True, slots=True)
class Place:
    """A slot, and a table; -1 online."""

    slot: int
    table: int


@dataclass(frozen=True, slots=True)
class Change:
    """One meeting that is not where it was.

    Attributes:
        request: which; new bookings stand behind the problem's old requests.
        kind: what became of it.
        before: where it stood, None nowhere.
        after: where it stands, None nowhere.
        reason: why it has no place, ``Reason.PLACED`` where it has one.
        forced: what happened left it no choice but to move: its person, table or slot is gone.
            Others moved to make room.
    """

    request: int
    kind: Kind
    before: Place | None
    after: Place | None
    reason: Reason
    forced: bool


@dataclass(frozen=True, eq=False)
class Repair:
    """A timetable put right.

    Attributes:
        problem: after all that happened; new bookings are its last requests.
        solution: the new timetable of it.
        changes: every meeting whose place is another than before, by request.
        lost_weight: weight of the meetings that stood and have no place any more.
        lost: their number.
        moved: meetings that stood and stand in another slot or at another table.
        filled: meetings that waited and have a place now.
        least_lost: no repair loses less weight; a bound, reached where ``proved``.
        least_moved: no repair that loses so little moves fewer; likewise.
        proved: this repair is one with the least loss (of weight, then number), newly booked
            meetings placed as far as that allows, and then the fewest moves.
        seconds: wall time used.
    """

    problem: Problem
    solution: Solution
    changes: tuple[Change, ...]
    lost_weight: float
    lost: int
    moved: int
    filled: int
    least_lost: float
    least_moved: int
    proved: bool
    seconds: float

    def of(self, kind: Kind) -> list[Change]:
        """The changes of one kind."""
        return [change for change in self.changes if change.kind == kind]
