"""What is answered: places, reasons, figures and how sure we are of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Reason(IntEnum):
    """Why a meeting has no place. The first that holds, from what cannot be helped to what can."""

    PLACED = 0
    #: There is no slot in which all its persons are available.
    NO_COMMON_TIME = 1
    #: They share time, but ``allowed`` rules all of it out.
    NOT_ALLOWED = 2
    #: A fixed slot or table cannot be kept: somebody is not there, or another fixed one clashes.
    FIXED_CLASH = 3
    #: In every slot left somebody has another meeting, a pause, or the day's maximum.
    PERSON_FULL = 4
    #: All are free in some slot, but no table that the meeting may use is.
    NO_TABLE = 5
    #: All are free in some slot, but no online room is.
    NO_ONLINE_ROOM = 6


class Stop(IntEnum):
    """Why the search ended."""

    #: Proved best (fairness and weight).
    PROVED = 0
    #: Nothing better found in several rounds.
    SETTLED = 1
    ITERATIONS = 2
    TIME = 3
    CANCELLED = 4


@dataclass(frozen=True)
class Budget:
    """How long to search.

    With the same problem, seed and ``iterations`` the answer is the same every time as long as
    ``seconds`` did not end the search first (``Solution.stop`` tells). Time limits make the
    answer depend on the machine.

    Args:
        seconds: wall time; the first timetable is always completed, so it may be exceeded a
            little on very large problems.
        seed: of the random choices.
        iterations: most ejection chains to try, None for no limit.
        exact_limit: hand problems up to this many placeable requests to CP-SAT for proof.
        progress: told a share from 0 to 1, from the calling thread.
        cancelled: asked often, from the calling thread; the best timetable so far is returned.
    """

    seconds: float = 30.0
    seed: int = 0
    iterations: int | None = None
    exact_limit: int = 300
    progress: Callable[[float], None] | None = None
    cancelled: Callable[[], bool] | None = None


@dataclass(frozen=True)
class Bound:
    """What no timetable can exceed.

    Attributes:
        placed: number of meetings.
        weight: total weight of placed meetings.
        persons: for k = 1 .. ``fairness_rounds``, persons with at least k meetings.
    """

    placed: int
    weight: float
    persons: tuple[int, ...]


@dataclass(frozen=True)
class Figures:
    """The objectives, reached.

    Attributes:
        placed: meetings placed.
        weight: their total weight.
        persons: for k = 1 .. ``fairness_rounds``, persons with at least k meetings.
        idle: slots between a person's first and last meeting of a day in which the person is
            available but has no meeting, over all persons and days.
        hall_changes: times a person's next on-site meeting of the day is in another hall.
        moved: meetings placed in the warm start that now have another slot or table or none.
    """

    placed: int
    weight: float
    persons: tuple[int, ...]
    idle: int
    hall_changes: int
    moved: int


@dataclass(frozen=True, eq=False)
class Solution:
    """A timetable.

    Attributes:
        slot: (R,) slot of each request, -1 when not placed.
        table: (R,) table of each request, -1 when online or not placed.
        reason: (R,) of ``Reason``.
        figures: the objectives reached.
        bound: what no timetable can exceed.
        proved: fairness and weight are proved best in their order (weights compared at a
            millionth of the largest unless they are whole numbers).
        stop: why the search ended.
        iterations: ejection chains tried.
        seconds: wall time used.
    """

    slot: NDArray[np.int32]
    table: NDArray[np.int32]
    reason: NDArray[np.int8]
    figures: Figures
    bound: Bound
    proved: bool
    stop: Stop
    iterations: int
    seconds: float
