"""The living day: what happens to a timetable, put right with least change.

>>> ill = Away(person=7, slots=tuple(range(12, 32)))           # doctest: +SKIP
>>> found = repair(problem, solution, [Begun(12), ill])        # doctest: +SKIP
>>> [(c.request, c.kind.name, c.after) for c in found.changes] # doctest: +SKIP
>>> desk(problem, solution).choices(request=3)                 # doctest: +SKIP

``repair`` changes nothing but its answer, so the same call shows what a change would do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from talex.engine.meetings.repair.answer import Change, Kind, Place, Repair
from talex.engine.meetings.repair.events import (
    Away,
    Back,
    Begun,
    Booking,
    Capacity,
    Event,
    HallClosed,
    Lock,
    OnlineCapacity,
    Put,
    TableClosed,
    TableOpened,
    Unlock,
    Withdrawn,
)

if TYPE_CHECKING:
    from talex.engine.meetings.problem import Problem
    from talex.engine.meetings.repair.options import Desk
    from talex.engine.meetings.solution import Budget, Solution

__all__ = [
    "Away",
    "Back",
    "Begun",
    "Booking",
    "Capacity",
    "Change",
    "Event",
    "HallClosed",
    "Kind",
    "Lock",
    "OnlineCapacity",
    "Place",
    "Put",
    "Repair",
    "TableClosed",
    "TableOpened",
    "Unlock",
    "Withdrawn",
    "desk",
    "repair",
    "warm_up",
]

# Compiled kernels and OR-Tools take a second to load: they are loaded when something is repaired.


def repair(
    problem: Problem,
    solution: Solution,
    events: Iterable[Event] = (),
    budget: Budget | None = None,
    queue: Sequence[int] | None = None,
) -> Repair:
    """Put a timetable right after something happened; see ``core.repair``."""
    from talex.engine.meetings.repair import core

    return core.repair(problem, solution, events, budget, queue)


def desk(problem: Problem, solution: Solution, events: Iterable[Event] = ()) -> Desk:
    """A day laid out to be asked where meetings could go; see ``options.Desk``."""
    from talex.engine.meetings.repair.options import Desk

    return Desk(problem, solution, events)


def warm_up() -> None:
    """Compile the kernels, or load them from Numba's cache; see ``core.warm_up``."""
    from talex.engine.meetings.repair import core

    core.warm_up()
