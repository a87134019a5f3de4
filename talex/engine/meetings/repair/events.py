"""What happens to a timetable on the day. Slots, persons, tables and requests are indices."""

from __future__ import annotations

from dataclasses import dataclass

from talex.engine.meetings.problem import Mode


@dataclass(frozen=True, slots=True)
class Begun:
    """The slots before ``slot`` are over or running: what is in them stays, nothing is added.

    Wherever it stands among the events it counts for all of them: none changes a slot that is
    past.
    """

    slot: int


@dataclass(frozen=True, slots=True)
class Away:
    """A person cannot be met in these slots: ill, or on a late train."""

    person: int
    slots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Back:
    """A person can be met in these slots after all."""

    person: int
    slots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TableClosed:
    """A table cannot be used in these slots."""

    table: int
    slots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HallClosed:
    """No table of a hall (a value of ``Problem.table_hall``) can be used in these slots."""

    hall: int
    slots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TableOpened:
    """A table can be used in these slots after all."""

    table: int
    slots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Capacity:
    """A shared resource has so many units in these slots; -1 for no limit."""

    resource: int
    slots: tuple[int, ...]
    units: int


@dataclass(frozen=True, slots=True)
class OnlineCapacity:
    """So many meetings can be held online at once in these slots; -1 for no limit."""

    slots: tuple[int, ...]
    meetings: int


@dataclass(frozen=True, slots=True)
class Booking:
    """A meeting nobody asked for yet. It becomes the last request of the problem.

    Args:
        party: the persons.
        weight: what it is worth, >= 0.
        mode: where it is held.
        slot: where it must be (by hand): others make room. -1: wherever it fits best.
        table: the table it must have; -1 for any.
        tables: the tables it may have; none named: any.
        resources: (resource, units) it needs.
    """

    party: tuple[int, ...]
    weight: float = 1.0
    mode: Mode = Mode.ONSITE
    slot: int = -1
    table: int = -1
    tables: tuple[int, ...] = ()
    resources: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Put:
    """A known request is put into a slot by hand, placed or not; others make room.

    Args:
        request: which.
        slot: the slot; -1 for any, for one that has no place yet and is to have one now.
        table: the table it must have; -1 for any.
    """

    request: int
    slot: int = -1
    table: int = -1


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A request is taken back, or one of its persons did not come: its place is free."""

    request: int


@dataclass(frozen=True, slots=True)
class Lock:
    """A placed meeting must stay where it is."""

    request: int


@dataclass(frozen=True, slots=True)
class Unlock:
    """A meeting may be moved again: its fixed slot and table are forgotten."""

    request: int


Event = (
    Begun
    | Away
    | Back
    | TableClosed
    | HallClosed
    | TableOpened
    | Capacity
    | OnlineCapacity
    | Booking
    | Put
    | Withdrawn
    | Lock
    | Unlock
)
