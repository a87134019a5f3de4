"""What the parts of the check share: faults, and the placed meetings counted afresh."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.problem import Mode, Problem


class Fault(IntEnum):
    """What can be wrong with a timetable."""

    SHAPE = 1
    PERSON_TWICE = 2
    TABLE_TWICE = 3
    PERSON_AWAY = 4
    TABLE_AWAY = 5
    DAY_FULL = 6
    PAUSE = 7
    MODE = 8
    TABLE_NOT_ALLOWED = 9
    SLOT_NOT_ALLOWED = 10
    FIXED_MOVED = 11
    FIXED_DROPPED = 12
    ONLINE_CAPACITY = 13
    WRONG_REASON = 14
    FIGURES = 15
    BOUND = 16
    WALKING = 17
    ORDER = 18
    RESOURCE = 19


@dataclass(frozen=True)
class Violation:
    """One fault.

    Attributes:
        fault: what is wrong.
        requests: the meetings concerned.
        person: the person concerned, -1 none.
        table: the table concerned, -1 none.
        slot: the slot concerned, -1 none.
        detail: in English, for logs and tests.
    """

    fault: Fault
    requests: tuple[int, ...] = ()
    person: int = -1
    table: int = -1
    slot: int = -1
    detail: str = ""


def ints(values: NDArray[Any]) -> tuple[int, ...]:
    return tuple(int(v) for v in values)


class Facts:
    """The placed meetings spread over persons, sorted by person and time."""

    def __init__(self, problem: Problem, slot: NDArray[Any], table: NDArray[Any]) -> None:
        owner = np.repeat(np.arange(problem.requests), np.diff(problem.party_ptr))
        placed = slot[owner] >= 0
        request, person = owner[placed], problem.party_idx[placed].astype(np.int64)
        order = np.lexsort((request, slot[request], person))
        self.request, self.person = request[order], person[order]
        self.slot = slot[self.request].astype(np.int64)
        self.meetings = np.bincount(person, minlength=problem.persons)
        self.day = problem.slot_day[self.slot]
        seat = table[self.request]
        seated = (seat >= 0) & (problem.mode[self.request] == Mode.ONSITE)
        #: -1 online
        self.hall = np.full(self.request.size, -1, np.int64)
        self.hall[seated] = problem.table_hall[seat[seated]]
