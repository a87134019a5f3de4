"""What is asked: slots, persons, tables, and the meetings that people wish for.

Everything is arrays. A meeting is a row of a CSR structure over persons, so that a city's
thirty thousand requests are a handful of arrays and not objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Whole numbers of any width; ``Problem`` narrows them.
Integers = NDArray[np.integer[Any]]

MAX_FAIRNESS_ROUNDS = 3

#: Stands for a default that depends on the other fields; replaced when the problem is made.
_DEFAULT: Any = None


class Mode(IntEnum):
    """Where a meeting is held."""

    ONSITE = 0
    ONLINE = 1


class Objective(IntEnum):
    """What a timetable should be good at; ``Problem.objectives`` says in which order."""

    #: Rounds of 'everyone who can have one gets one, then two ...' (``fairness_rounds`` of them).
    FAIRNESS = 0
    #: Total weight of placed meetings.
    WEIGHT = 1
    #: Idle slots and changes of hall, counted together.
    COMPACT = 2
    #: Idle slots: a person is there between two meetings of a day and has none.
    IDLE = 3
    #: Changes of hall from one on-site meeting of a person's day to the next.
    HALL_CHANGES = 4
    #: Even load: the sum over persons and days of the squared number of meetings, the least.
    BALANCE = 5


def _array(value: ArrayLike, dtype: Any, ndim: int, name: str) -> NDArray[Any]:
    source = np.asarray(value)
    # A float or bool array given for indices is a mistake of the caller, not a rounding matter.
    kinds = {"i": "iu", "f": "iuf", "b": "b"}[np.dtype(dtype).kind]
    if source.size and source.dtype.kind not in kinds:
        raise ValueError(f"{name}: expected {np.dtype(dtype).name}, got {source.dtype.name}")
    result = np.ascontiguousarray(source, dtype=dtype)
    if result.ndim != ndim:
        raise ValueError(f"{name}: expected {ndim} dimension(s), got {result.ndim}")
    # A copy, so that freezing does not freeze what the caller still works with.
    result = result.copy() if result is value or result.base is not None else result
    result.flags.writeable = False
    return result


def _require(condition: bool | np.bool_, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _check_csr(ptr: NDArray[Any], idx: NDArray[Any], rows: int, columns: int, name: str) -> None:
    _require(ptr.shape == (rows + 1,), f"{name}_ptr: expected {rows + 1} entries")
    _require(ptr[0] == 0 and ptr[-1] == idx.size, f"{name}_ptr: must run from 0 to {idx.size}")
    _require((np.diff(ptr) >= 0).all(), f"{name}_ptr: must not fall")
    _require(
        idx.size == 0 or (idx.min() >= 0 and idx.max() < columns),
        f"{name}_idx: entries must lie in 0..{columns - 1}",
    )
    row = np.repeat(np.arange(rows, dtype=np.int64), np.diff(ptr))
    keys = row * max(columns, 1) + idx
    if (np.diff(keys) > 0).all():
        return  # as rows are mostly written
    # np.unique hashes whole numbers, which for keys like these takes seconds; sorting does not
    keys.sort()
    _require((np.diff(keys) > 0).all(), f"{name}_idx: an entry stands twice in one row")


@dataclass(frozen=True, eq=False, kw_only=True)
class Problem:
    """A timetable to be made. S slots, P persons, R requests, T tables, H halls, K resources.

    Slots are of equal length, in order of time and do not overlap. A break is a slot in which
    persons are not available, or simply a stretch without slots.

    Args:
        slot_day: (S,) the venue's day each slot belongs to; any integers that do not fall.
        slot_start: (S,) start of each slot in UTC minutes (since any epoch), rising.
        slot_minutes: length of every slot.
        available: (P, S) whether the person can be met in the slot.
        max_per_day: (P,) most meetings on one ``slot_day``; -1 for no limit.
        party_ptr: (R + 1,), party_idx: the persons of each request (all of both parties).
        weight: (R,) what placing the request is worth, >= 0. Where each side gave a weight of
            its own, ``inputs.combined_weight`` makes one of the two.
        mode: (R,) of ``Mode``; an on-site meeting takes a table, one online does not.
        table_available: (T, S) whether the table can be used in the slot.
        table_hall: (T,) the hall of each table, any integers >= 0 (indices of ``hall_travel``
            where that is given).
        online_capacity: (S,) online meetings at the same time; -1 for no limit (the default).
        min_gap: (P,) pause after a meeting, in slots. Counted in time: two meetings of a
            person start at least ``(1 + min_gap) * slot_minutes`` apart.
        allowed: (R, S) slots a request may use, None for all. Kept as bits by the solver.
        fixed_slot: (R,) slot the meeting must keep, -1 if free. Fixed meetings are placed
            before all others and never moved or dropped for them.
        fixed_table: (R,) table the meeting must keep, -1 if free.
        request_tables_ptr: (R + 1,), request_tables_idx: the tables a request may use; an
            empty row means any. None for any throughout.
        fairness_rounds: how many rounds of 'everyone gets one, then two ...' come before
            weight; 0 for weight alone, at most 3. See ``solve`` for the order of objectives.
        hall_travel: (H, H) slots lost on the way from one hall (row) to another (column), 0 on
            the diagonal; None for no way at all. Counted in time like ``min_gap``, the longer of
            the two counts: an on-site meeting of a person that is later than another of theirs
            starts at least ``(1 + hall_travel[from, to]) * slot_minutes`` after it, whatever
            they do online in between. ``inputs.lost_per_change`` makes the simplest one.
        precedence: (N, 2) pairs of requests: where both are placed, the slot of the first is
            before that of the second.
        resource_capacity: (K, S) units of a shared resource in each slot (interpreters of a pair
            of languages, video rooms, rooms of a kind); -1 for no limit. None: no resources.
        request_resources_ptr: (R + 1,), request_resources_idx: the resources each request needs.
        request_resources_units: how many units of each, as long as ``request_resources_idx``;
            one unless given.
        objectives: what counts, each before the next; ``FAIRNESS`` and ``WEIGHT`` in either order
            and at least one of them, then any of the others. (They are about when meetings are
            held; before those two the best timetable would be the empty one.)

    Raises:
        ValueError: naming the field that does not fit.
    """

    slot_day: Integers
    slot_start: Integers
    slot_minutes: int
    available: NDArray[np.bool_]
    max_per_day: Integers
    party_ptr: Integers
    party_idx: Integers
    weight: NDArray[np.float64]
    mode: Integers
    table_available: NDArray[np.bool_]
    table_hall: Integers
    online_capacity: Integers = _DEFAULT
    min_gap: Integers = _DEFAULT
    allowed: NDArray[np.bool_] | None = None
    fixed_slot: Integers = _DEFAULT
    fixed_table: Integers = _DEFAULT
    request_tables_ptr: Integers = _DEFAULT
    request_tables_idx: Integers = _DEFAULT
    fairness_rounds: int = 2
    hall_travel: Integers = _DEFAULT
    precedence: Integers = _DEFAULT
    resource_capacity: Integers = _DEFAULT
    request_resources_ptr: Integers = _DEFAULT
    request_resources_idx: Integers = _DEFAULT
    request_resources_units: Integers = _DEFAULT
    objectives: tuple[Objective, ...] = (
        Objective.FAIRNESS,
        Objective.WEIGHT,
        Objective.COMPACT,
    )

    def __post_init__(self) -> None:
        slots = np.asarray(self.slot_start).shape[0]
        persons = np.asarray(self.max_per_day).shape[0]
        requests = np.asarray(self.weight).shape[0]
        tables = np.asarray(self.table_hall).shape[0]
        halls = 0 if self.hall_travel is None else len(self.hall_travel)
        resources = 0 if self.resource_capacity is None else len(self.resource_capacity)
        pairs = 0 if self.precedence is None else len(self.precedence)
        needs = 0 if self.request_resources_idx is None else len(self.request_resources_idx)
        defaults: dict[str, NDArray[Any]] = {
            "online_capacity": np.full(slots, -1, np.int32),
            "min_gap": np.zeros(persons, np.int32),
            "fixed_slot": np.full(requests, -1, np.int32),
            "fixed_table": np.full(requests, -1, np.int32),
            "request_tables_ptr": np.zeros(requests + 1, np.int64),
            "request_tables_idx": np.zeros(0, np.int32),
            "hall_travel": np.zeros((0, 0), np.int32),
            "precedence": np.zeros((0, 2), np.int32),
            "resource_capacity": np.zeros((0, slots), np.int32),
            "request_resources_ptr": np.zeros(requests + 1, np.int64),
            "request_resources_idx": np.zeros(0, np.int32),
            "request_resources_units": np.ones(needs, np.int32),
        }
        shapes: dict[str, tuple[Any, tuple[int, ...] | None]] = {
            "slot_day": (np.int32, (slots,)),
            "slot_start": (np.int64, (slots,)),
            "available": (np.bool_, (persons, slots)),
            "max_per_day": (np.int32, (persons,)),
            "party_ptr": (np.int64, (requests + 1,)),
            "party_idx": (np.int32, None),
            "weight": (np.float64, (requests,)),
            "mode": (np.int8, (requests,)),
            "table_available": (np.bool_, (tables, slots)),
            "table_hall": (np.int32, (tables,)),
            "online_capacity": (np.int32, (slots,)),
            "min_gap": (np.int32, (persons,)),
            "allowed": (np.bool_, (requests, slots)),
            "fixed_slot": (np.int32, (requests,)),
            "fixed_table": (np.int32, (requests,)),
            "request_tables_ptr": (np.int64, (requests + 1,)),
            "request_tables_idx": (np.int32, None),
            "hall_travel": (np.int32, (halls, halls)),
            "precedence": (np.int32, (pairs, 2)),
            "resource_capacity": (np.int32, (resources, slots)),
            "request_resources_ptr": (np.int64, (requests + 1,)),
            "request_resources_idx": (np.int32, None),
            "request_resources_units": (np.int32, (needs,)),
        }
        for name, (dtype, shape) in shapes.items():
            value = getattr(self, name)
            if value is None:
                if name == "allowed":
                    continue
                value = defaults[name]
            array = _array(value, dtype, 1 if shape is None else len(shape), name)
            if shape is not None:
                _require(array.shape == shape, f"{name}: expected {shape}, got {array.shape}")
            object.__setattr__(self, name, array)
        self._check_values()

    def _check_values(self) -> None:
        _require(self.slot_minutes > 0, "slot_minutes: must be positive")
        _require(
            (np.diff(self.slot_start) >= self.slot_minutes).all(),
            "slot_start: slots must be in order of time and not overlap",
        )
        _require((np.diff(self.slot_day) >= 0).all(), "slot_day: must not fall")
        _require((self.max_per_day >= -1).all(), "max_per_day: -1 or more")
        _require((self.online_capacity >= -1).all(), "online_capacity: -1 or more")
        _require((self.min_gap >= 0).all(), "min_gap: 0 or more")
        _require((self.table_hall >= 0).all(), "table_hall: 0 or more")
        _require(
            np.isfinite(self.weight).all() and (self.weight >= 0).all(),
            "weight: finite and not negative",
        )
        _require(np.isin(self.mode, (Mode.ONSITE, Mode.ONLINE)).all(), "mode: of Mode")
        for name, limit in (("fixed_slot", self.slots), ("fixed_table", self.tables)):
            array = getattr(self, name)
            _require(((array >= -1) & (array < limit)).all(), f"{name}: -1..{limit - 1}")
        _require(
            (self.fixed_table[self.mode == Mode.ONLINE] == -1).all(),
            "fixed_table: a meeting online has no table",
        )
        _require(
            0 <= self.fairness_rounds <= MAX_FAIRNESS_ROUNDS,
            f"fairness_rounds: 0..{MAX_FAIRNESS_ROUNDS}",
        )
        _check_csr(self.party_ptr, self.party_idx, self.requests, self.persons, "party")
        _require((np.diff(self.party_ptr) > 0).all(), "party_ptr: a request without persons")
        _check_csr(
            self.request_tables_ptr,
            self.request_tables_idx,
            self.requests,
            self.tables,
            "request_tables",
        )
        self._check_rules()

    def _check_rules(self) -> None:
        """Walking, order, resources, objectives."""
        travel = self.hall_travel
        if travel.size:
            _require(
                self.table_hall.max(initial=-1) < travel.shape[0],
                f"table_hall: hall_travel has {travel.shape[0]} halls",
            )
            _require((travel >= 0).all(), "hall_travel: 0 or more")
            _require((np.diag(travel) == 0).all(), "hall_travel: no way within a hall")
        pairs = self.precedence
        _require(
            ((pairs >= 0) & (pairs < self.requests)).all(),
            f"precedence: entries must lie in 0..{self.requests - 1}",
        )
        _require((pairs[:, 0] != pairs[:, 1]).all(), "precedence: a request before itself")
        _require((self.resource_capacity >= -1).all(), "resource_capacity: -1 or more")
        _check_csr(
            self.request_resources_ptr,
            self.request_resources_idx,
            self.requests,
            self.resources,
            "request_resources",
        )
        _require((self.request_resources_units > 0).all(), "request_resources_units: positive")
        named = tuple(Objective(o) for o in self.objectives)
        object.__setattr__(self, "objectives", named)
        _require(len(set(named)) == len(named), "objectives: one stands twice")
        first = sum(o in (Objective.FAIRNESS, Objective.WEIGHT) for o in named)
        _require(
            first > 0 and all(o <= Objective.WEIGHT for o in named[:first]),
            "objectives: fairness, weight or both come first",
        )

    @property
    def rounds(self) -> int:
        """Rounds of fairness that count: none where ``objectives`` leaves fairness out."""
        return self.fairness_rounds if Objective.FAIRNESS in self.objectives else 0

    @property
    def resources(self) -> int:
        return int(self.resource_capacity.shape[0])

    @property
    def slots(self) -> int:
        return int(self.slot_start.shape[0])

    @property
    def persons(self) -> int:
        return int(self.max_per_day.shape[0])

    @property
    def requests(self) -> int:
        return int(self.weight.shape[0])

    @property
    def tables(self) -> int:
        return int(self.table_hall.shape[0])

    def party(self, request: int) -> Integers:
        """The persons of one request."""
        return self.party_idx[self.party_ptr[request] : self.party_ptr[request + 1]]

    def needs(self, request: int) -> list[tuple[int, int]]:
        """The resources of one request and the units of each."""
        row = slice(self.request_resources_ptr[request], self.request_resources_ptr[request + 1])
        units = self.request_resources_units[row]
        return list(zip(self.request_resources_idx[row].tolist(), units.tolist(), strict=True))

    def tables_of(self, request: int) -> Integers:
        """The tables one request may be given, ``fixed_table`` regarded; none when online."""
        if self.mode[request] == Mode.ONLINE:
            return np.zeros(0, np.int32)
        row = self.request_tables_idx[
            self.request_tables_ptr[request] : self.request_tables_ptr[request + 1]
        ]
        if row.size == 0:
            row = np.arange(self.tables, dtype=self.request_tables_idx.dtype)
        if self.fixed_table[request] >= 0:
            row = row[row == self.fixed_table[request]]
        return row
