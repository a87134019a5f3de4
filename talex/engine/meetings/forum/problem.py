"""What is asked: every meeting held once, and as few idle stretches as can be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Session(IntEnum):
    """The part of the day in which a meeting must be held."""

    MORNING = 1
    AFTERNOON = 2
    ANY = 3


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A compact timetable to be made. Counted from 0: participants, meetings, slots.

    Every meeting is held exactly once; nobody has two meetings in a slot; no slot holds more
    meetings than there are tables. A *break* of a participant is a maximal run of free slots
    between two of their meetings; the cost of a timetable is the number of all breaks.

    This is 'Scheduling B2B meetings' of Bofill, Espasa, Garcia, Palahí, Suy and Villaret (CP
    2014), in the variants of Bofill et al., 'Constraint Solving Approaches to the
    Business-to-Business Meeting Scheduling Problem' (JAIR): forbidden and fixed slots,
    precedences, spread of the breaks.

    Args:
        participants: how many there are; those without meetings count for ``spread``.
        meetings: the two participants of each meeting.
        session: for each meeting, the part of the day.
        slots: how many there are, in order of time.
        morning_slots: the first so many are the morning, the others the afternoon.
        tables: most meetings in one slot.
        forbidden: for each participant, slots in which they cannot be met.
        fixed: for each meeting, its slot, or -1.
        precedences: pairs (earlier, later) of meetings; the first comes in a strictly earlier
            slot than the second.
        spread: the largest and the smallest number of breaks of any participants differ by at
            most this; None for no limit.

    Raises:
        ValueError: a field has the wrong shape or a value out of range; the text names it.
    """

    participants: int
    meetings: tuple[tuple[int, int], ...]
    session: tuple[Session, ...]
    slots: int
    morning_slots: int
    tables: int
    forbidden: tuple[frozenset[int], ...]
    fixed: tuple[int, ...]
    precedences: tuple[tuple[int, int], ...] = ()
    spread: int | None = None

    def __post_init__(self) -> None:
        for name in ("participants", "slots", "morning_slots", "tables"):
            _require(getattr(self, name) >= 0, f"{name}: must not be negative")
        _require(self.morning_slots <= self.slots, "morning_slots: more than there are slots")
        _require(self.spread is None or self.spread >= 0, "spread: must not be negative")
        count = len(self.meetings)
        for name in ("session", "fixed"):
            _require(len(getattr(self, name)) == count, f"{name}: expected {count} entries")
        _require(
            len(self.forbidden) == self.participants,
            f"forbidden: expected {self.participants} entries",
        )
        for number, pair in enumerate(self.meetings):
            where = f"meetings: entry {number}"
            _within(where, pair, self.participants)
            _require(len(pair) == 2 and pair[0] != pair[1], f"{where}: needs two participants")
        for number, session in enumerate(self.session):
            _require(session in tuple(Session), f"session: entry {number}: unknown {session}")
        for number, slots in enumerate(self.forbidden):
            _within(f"forbidden: entry {number}", slots, self.slots)
        for number, slot in enumerate(self.fixed):
            _within(f"fixed: entry {number}", (slot,) if slot != -1 else (), self.slots)
        for number, pair in enumerate(self.precedences):
            _within(f"precedences: entry {number}", pair, count)
            _require(len(pair) == 2, f"precedences: entry {number}: needs two meetings")

    def meetings_of(self) -> list[list[int]]:
        """For each participant, their meetings."""
        result: list[list[int]] = [[] for _ in range(self.participants)]
        for number, pair in enumerate(self.meetings):
            for person in pair:
                result[person].append(number)
        return result


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _within(name: str, values: Iterable[int], end: int) -> None:
    for value in values:
        _require(0 <= value < end, f"{name}: {value} is not in 0..{end - 1}")
