"""What is answered: places, reasons, figures and how sure we are of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Reason(IntEnum):
    """Why a meeting has no place: the smallest reason.

    First what no timetable could help, in this order: ``NO_COMMON_TIME``, ``NOT_ALLOWED``,
    ``FIXED_CLASH``, ``NO_TABLE`` or ``NO_ONLINE_ROOM`` or ``NO_RESOURCE`` where no slot of it has
    one at all. Otherwise each slot is barred by one or more of the kinds ``DAY_LIMIT``,
    ``PERSON_FULL``, ``NO_TABLE`` / ``NO_ONLINE_ROOM``, ``NO_RESOURCE``, ``TOO_FAR``, ``ORDER`` (in
    this order), and the reason is the least number of kinds that bar all its slots, the
    earliest kinds if several do. ``Solution.reason`` names the last kind of it (what is left when
    the others are helped); ``barriers`` tells all.
    """

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
    #: What else it needs (an interpreter, a room) is not there, or taken.
    NO_RESOURCE = 7
    #: Somebody has the day's maximum on every day left.
    DAY_LIMIT = 8
    #: The tables left are in halls that somebody cannot reach in time.
    TOO_FAR = 9
    #: A meeting that must come before or after it leaves no slot.
    ORDER = 10


class Stop(IntEnum):
    """Why the search ended."""

    #: Proved best (fairness and weight).
    PROVED = 0
    #: Nothing better found in several rounds.
    SETTLED = 1
    ITERATIONS = 2
    TIME = 3
    CANCELLED = 4
    #: Within ``Budget.gap`` of the bound.
    NEAR = 5


@dataclass(frozen=True)
class Budget:
    """How long to search.

    With the same problem, seed and ``iterations`` the answer is the same every time as long as
    ``seconds`` did not end the search first (``Solution.stop`` tells). Time limits make the
    answer depend on the machine.

    Args:
        seconds: wall time, bound and reasons included. However little it is, every request is
            tried once and the bound is true: some four seconds of one core for 100,000 requests.
        seed: of the random choices.
        iterations: most ejection chains to try, None for no limit.
        gap: stop when the weight is within this share of its bound; 0 to go on. Not regarded
            where fairness comes before weight.
        exact_limit: hand problems up to this many placeable requests to CP-SAT for proof.
        progress: told a share from 0 to 1, from the calling thread.
        cancelled: asked often, from the calling thread; the best timetable so far is returned.
    """

    seconds: float = 30.0
    seed: int = 0
    iterations: int | None = None
    gap: float = 0.0
    exact_limit: int = 300
    progress: Callable[[float], None] | None = None
    cancelled: Callable[[], bool] | None = None


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices >= 0 by which everybody can recompute a bound; see ``checker_prices``.

    All are whole numbers of ``unit``, so that a proof has no rounding.

    Attributes:
        unit: a power of two.
        person: (P, S) of the ``1 + min_gap`` slots of time of a person that begin in a slot.
        day: (P, D) of one of the ``max_per_day`` meetings of a person's day.
        table: (T, S).
        online: (S,) of an online room.
        resource: (K, S) of one unit.
    """

    unit: float
    person: NDArray[np.int64]
    day: NDArray[np.int64]
    table: NDArray[np.int64]
    online: NDArray[np.int64]
    resource: NDArray[np.int64]


@dataclass(frozen=True)
class Bound:
    """What no timetable can exceed.

    Attributes:
        placed: number of meetings.
        weight: total weight of placed meetings.
        persons: for k = 1 .. ``rounds`` of the problem, persons with at least k meetings.
        prices: prove ``weight``, None if it was found otherwise; ``verify`` recomputes it.
        placed_prices: prove ``placed``.
    """

    placed: int
    weight: float
    persons: tuple[int, ...]
    prices: Prices | None = None
    placed_prices: Prices | None = None


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
        imbalance: the sum over persons and days of the squared number of meetings.
    """

    placed: int
    weight: float
    persons: tuple[int, ...]
    idle: int
    hall_changes: int
    moved: int
    imbalance: int = 0


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
