"""What is answered: a timetable, its cost, and what no timetable can do better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Status(Enum):
    """How sure the answer is."""

    #: A timetable, and a proof that none has fewer breaks.
    OPTIMAL = "OPTIMAL"
    #: A timetable; the time was over before the proof.
    FEASIBLE = "FEASIBLE"
    #: A proof that there is no timetable.
    INFEASIBLE = "INFEASIBLE"
    #: Neither a timetable nor a proof that there is none.
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Budget:
    """How long to search.

    Status, cost and bound of an answer that is ``OPTIMAL`` or ``INFEASIBLE`` are the same every
    time. The slots are too where ``processes`` is 1 and the time did not end the search; two
    processes race, and the timetable is that of the one which comes first.

    Args:
        seconds: wall time.
        seed: of the random choices.
        processes: at most so many at once; those above one are children that end with the call.
        cancelled: asked a few times a second from the calling thread; the best timetable so far
            is returned.
    """

    seconds: float = 30.0
    seed: int = 0
    processes: int = 2
    cancelled: Callable[[], bool] | None = None


@dataclass(frozen=True)
class Solution:
    """The best timetable found.

    Attributes:
        status: how sure the answer is.
        cost: breaks of all participants together; None where there is no timetable.
        bound: no timetable has fewer breaks; None where it is proved that there is none.
        slots: the slot of each meeting; None where there is no timetable.
        seconds: wall time used.
    """

    status: Status
    cost: int | None
    bound: int | None
    slots: tuple[int, ...] | None
    seconds: float
