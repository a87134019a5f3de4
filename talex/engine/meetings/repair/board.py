"""A timetable laid out for many quick questions: who is where, what is free, what is in the way.

Written for itself and not on the solver's arrays: a repair needs every rule for one meeting at
a time, the solver needs a few of them for all meetings at once. Compiled; slots of persons and
tables of slots are rows of 64-bit words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.problem import Mode, Problem
from talex.engine.meetings.repair.day import Day, Standing

# Columns of the arrays below. Few arrays, because each makes every kernel longer to compile.
START, DAY, FIRST, LAST = 0, 1, 2, 3  # Rules.times
CAP, GAP, APART = 0, 1, 2  # Rules.person
PARTY, NEED, ORDER, CLS, COST, HOME, SEAT = 0, 2, 4, 6, 7, 8, 9  # Rules.asked
RESOURCE, UNITS = 0, 1  # Rules.lists, of what a request needs
OTHER, WHEN = 0, 1  # Rules.lists, of what it must come before or after
SLOT, TABLE, HELD, STAMP, NEXT, FORMER = 0, 1, 2, 3, 4, 5  # Board.stand

#: Steps of a chain at most.
FRAMES = 12

UNLIMITED = np.int64(2**40)

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]


class Rules(NamedTuple):
    """What does not change. Requests R, persons P, slots S, tables T, days D, resources K.

    W words of slots, V words of tables, G kinds of pause, C kinds of table choice, H halls.
    """

    times: I64  # (S, 4) start in minutes, day 0 .. D-1, first and last slot it can rule out
    day_mask: U64  # (D, W)
    avail: U64  # (P, W)
    person: I64  # (P, 3) meetings a day, row of block, minutes from start to start
    block: U64  # (G, S, W) slots that a meeting in s rules out
    way: I64  # (H, H) minutes from start to start on the way from hall to hall
    #: (R, 10) party, needs, order: from and to in ``lists``; choice of tables (-1 online), what
    #: losing it costs, slot and table where it stood
    asked: I64
    #: (N, 2) persons; resource and units; another request and 1 where it must be later, else -1
    lists: I64
    base: U64  # (R, W) slots that are possible when nothing but immovable meetings is placed
    choice: U64  # (C + 1, V) the last: tables that belong to no choice but that of all
    opened: U64  # (S, V)
    hall: I64  # (T,)
    units: I64  # (1 + K, S) capacity; the first is meetings online

    @property
    def cls(self) -> I64:
        return self.asked[:, CLS]

    @property
    def cost(self) -> I64:
        return self.asked[:, COST]

    @property
    def home_slot(self) -> I64:
        return self.asked[:, HOME]

    @property
    def home_table(self) -> I64:
        return self.asked[:, SEAT]

    @property
    def slots(self) -> int:
        return int(self.times.shape[0])

    def party(self, r: int) -> list[int]:
        """The persons of a request."""
        found: list[int] = self.lists[self.asked[r, PARTY] : self.asked[r, PARTY + 1], 0].tolist()
        return found

    def needs(self, r: int) -> list[list[int]]:
        """(resource, units) of a request; resource 0 is meetings online."""
        found: list[list[int]] = self.lists[self.asked[r, NEED] : self.asked[r, NEED + 1]].tolist()
        return found

    def order(self, r: int) -> list[list[int]]:
        """(other, 1 where it must be later and -1 where sooner) of a request."""
        found: list[list[int]] = self.lists[
            self.asked[r, ORDER] : self.asked[r, ORDER + 1]
        ].tolist()
        return found


class Board(NamedTuple):
    """What changes: a timetable, with scratch space."""

    #: (R, 6) slot, table, whether it must stay, chain that moved it last, next and former
    #: meeting of the slot
    stand: I64
    head: I64  # (S,) first of the slot's meetings
    free: U64  # (P, W) slots in which the person could have one more, ways not regarded
    at: I64  # (P, S) request there, -1 none
    per_day: I64  # (P, D)
    table_free: U64  # (S, V)
    holes: U64  # (W,) slots with a free table
    occupant: I64  # (S, T)
    used: I64  # (1 + K, S)
    journal: I64  # (N, 4) put or taken, request, slot, table
    marks: I64  # see the kernels
    scratch: I64  # who is in the way, for each step of a chain
    frames: I64  # (N, 8) the steps of a chain

    @property
    def slot(self) -> I64:
        return self.stand[:, SLOT]

    @property
    def table(self) -> I64:
        return self.stand[:, TABLE]

    @property
    def held(self) -> NDArray[np.bool_]:
        return self.stand[:, HELD] != 0

    def hold(self, r: int, held: bool) -> None:
        """Say whether a meeting must stay."""
        self.stand[r, HELD] = held


def pack(rows: NDArray[np.bool_]) -> U64:
    """(N, B) bool to (N, words), bit b of a row in word b // 64."""
    count, bits = rows.shape
    words = max(1, -(-bits // 64))
    padded = np.zeros((count, words * 64), np.bool_)
    padded[:, :bits] = rows
    packed = np.packbits(padded, axis=1, bitorder="little")
    return np.ascontiguousarray(packed.view("<u8").astype(np.uint64).reshape(count, words))


def unpack(words: U64, bits: int) -> NDArray[np.bool_]:
    """The inverse of ``pack``."""
    raw = np.ascontiguousarray(words.astype("<u8")).view(np.uint8)
    return np.unpackbits(raw, axis=1, count=bits, bitorder="little").astype(np.bool_)


def _long(array: NDArray[Any]) -> I64:
    return np.ascontiguousarray(array, np.int64)


def whole_weights(weight: NDArray[np.float64], finest: float) -> I64:
    """Weights as whole numbers: themselves where they are, else parts of the largest."""
    largest = float(weight.max(initial=0.0))
    if largest <= finest and bool((weight == np.round(weight)).all()):
        return weight.astype(np.int64)
    return np.round(weight * (finest / largest)).astype(np.int64)


def _choices(problem: Problem) -> tuple[I64, NDArray[np.bool_]]:
    """Requests with the same tables are of one kind: (R,) and (C, T)."""
    cls = np.full(problem.requests, -1, np.int64)
    onsite = problem.mode == Mode.ONSITE
    plain = (np.diff(problem.request_tables_ptr) == 0) & (problem.fixed_table < 0)
    cls[onsite & plain] = 0
    rows = [np.ones(problem.tables, np.bool_)]
    known: dict[bytes, int] = {}
    for r in np.flatnonzero(onsite & ~plain).tolist():
        tables = problem.tables_of(r)
        key = tables.tobytes()
        if key not in known:
            known[key] = len(rows)
            row = np.zeros(problem.tables, np.bool_)
            row[tables] = True
            rows.append(row)
        cls[r] = known[key]
    return cls, np.array(rows, np.bool_).reshape(len(rows), problem.tables)


def _by_row(rows: int, row: NDArray[Any], *columns: NDArray[Any]) -> tuple[I64, I64]:
    """(rows + 1,) pointers and (N, columns) what stands in each row."""
    ptr = np.zeros(rows + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=rows), out=ptr[1:])
    by_row = np.argsort(row, kind="stable")
    return ptr, _long(np.stack(columns, axis=1)[by_row])


def _needs(problem: Problem) -> tuple[I64, I64]:
    """Resources of each request; a meeting online needs one of the first."""
    online = np.flatnonzero(problem.mode == Mode.ONLINE)
    owner = np.repeat(np.arange(problem.requests), np.diff(problem.request_resources_ptr))
    return _by_row(
        problem.requests,
        np.concatenate([online, owner]),
        np.concatenate([0 * online, problem.request_resources_idx + 1]),
        np.concatenate([0 * online + 1, problem.request_resources_units]),
    )


def _order(problem: Problem) -> tuple[I64, I64]:
    first, second = problem.precedence.T
    return _by_row(
        problem.requests,
        np.concatenate([first, second]),
        np.concatenate([second, first]),
        np.concatenate([0 * first + 1, 0 * first - 1]),
    )


def alone(problem: Problem, cls: I64, choice: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(R, S) slots in which a request could stand if there were no other."""
    usable = problem.available & (problem.max_per_day != 0)[:, None]
    if problem.requests == 0:
        return np.zeros((0, problem.slots), np.bool_)
    base = np.logical_and.reduceat(usable[problem.party_idx], problem.party_ptr[:-1], axis=0)
    if problem.allowed is not None:
        base &= problem.allowed
    held = np.flatnonzero(problem.fixed_slot >= 0)
    keep = np.zeros((held.size, problem.slots), np.bool_)
    keep[np.arange(held.size), problem.fixed_slot[held]] = True
    base[held] &= keep
    some = (choice.astype(np.float32) @ problem.table_available.astype(np.float32)) > 0
    base &= np.where((cls >= 0)[:, None], some[cls], problem.online_capacity != 0)
    if problem.request_resources_idx.size:
        capacity = problem.resource_capacity[problem.request_resources_idx]
        enough = (capacity < 0) | (capacity >= problem.request_resources_units[:, None])
        owner = np.repeat(np.arange(problem.requests), np.diff(problem.request_resources_ptr))
        short, slots = np.nonzero(~enough)
        base[owner[short], slots] = False
    return base


def _near(problem: Problem, longest: int) -> I64:
    start = problem.slot_start
    first = np.searchsorted(start, start - longest, side="right")
    last = np.searchsorted(start, start + longest, side="left") - 1
    return _long(np.stack([first, last], axis=1))


def rules(day: Day, cost: I64) -> Rules:
    """Lay a day out. ``base`` does not yet regard immovable meetings; see ``Rules``."""
    problem = day.problem
    days, number = np.unique(problem.slot_day, return_inverse=True)
    cls, choice = _choices(problem)
    claimed: NDArray[np.bool_] = np.asarray(choice[1:].any(axis=0))
    gaps, gap = np.unique(problem.min_gap, return_inverse=True)
    apart = np.abs(problem.slot_start[:, None] - problem.slot_start[None, :])
    block = np.array(
        [pack(apart < (1 + int(g)) * problem.slot_minutes) for g in gaps], np.uint64
    ).reshape(len(gaps), problem.slots, -1)
    longest = max(int(problem.min_gap.max(initial=0)), int(problem.hall_travel.max(initial=0)))
    way = (1 + _long(problem.hall_travel)) * problem.slot_minutes
    units = np.vstack([problem.online_capacity[None, :], problem.resource_capacity])
    near = _near(problem, (1 + longest) * problem.slot_minutes)
    asked, lists = _asked(day, cls, cost)
    return Rules(
        times=_long(np.column_stack([problem.slot_start, number, near])),
        day_mask=pack(number[None, :] == np.arange(days.size)[:, None]),
        avail=pack(problem.available & (problem.max_per_day != 0)[:, None]),
        person=_long(
            np.column_stack(
                [
                    np.where(problem.max_per_day < 0, UNLIMITED, problem.max_per_day),
                    gap,
                    (1 + _long(problem.min_gap)) * problem.slot_minutes,
                ]
            )
        ),
        block=block,
        way=way,
        asked=asked,
        lists=lists,
        base=pack(alone(problem, cls, choice)),
        choice=np.vstack([pack(choice), pack(~claimed[None, :])]),
        opened=pack(np.ascontiguousarray(problem.table_available.T)),
        hall=_long(problem.table_hall),
        units=_long(np.where(units < 0, UNLIMITED, units)),
    )


def _asked(day: Day, cls: I64, cost: I64) -> tuple[I64, I64]:
    """``Rules.asked`` and ``Rules.lists``."""
    problem = day.problem
    party = np.column_stack([problem.party_idx, 0 * problem.party_idx])
    need_ptr, need = _needs(problem)
    order_ptr, order = _order(problem)
    starts = np.cumsum([0, len(party), len(need)])
    columns = []
    for start, ptr in zip(starts, (problem.party_ptr, need_ptr, order_ptr), strict=True):
        columns += [start + ptr[:-1], start + ptr[1:]]
    asked = np.column_stack([*columns, cls, cost, day.slot, day.table])
    return _long(asked), _long(np.vstack([party, need, order]))


def empty_board(k: Rules) -> Board:
    """Nothing placed yet."""
    requests, persons = k.asked.shape[0], k.person.shape[0]
    slots, tables = k.slots, k.hall.size
    longest = int((k.asked[:, PARTY + 1] - k.asked[:, PARTY]).max(initial=1))
    stand = np.zeros((requests, 6), np.int64)
    stand[:, [SLOT, TABLE, NEXT, FORMER]] = -1
    return Board(
        stand=stand,
        head=np.full(slots, -1, np.int64),
        free=k.avail.copy(),
        at=np.full((persons, slots), -1, np.int64),
        per_day=np.zeros((persons, k.day_mask.shape[0]), np.int64),
        table_free=k.opened.copy(),
        holes=pack((k.opened != 0).any(axis=1)[None, :])[0],
        occupant=np.full((slots, tables), -1, np.int64),
        used=np.zeros_like(k.units),
        journal=np.zeros((4096, 4), np.int64),
        marks=np.zeros(8, np.int64),
        scratch=np.zeros(FRAMES * (3 * longest * slots + requests // 4 + 64), np.int64),
        frames=np.zeros((FRAMES, 8), np.int64),
    )


@dataclass(frozen=True, eq=False)
class Losses:
    """What a meeting that has no place costs, as whole numbers.

    Every meeting that stood comes before what is newly booked, which comes before what waits
    (nothing). Among both, weight comes before their number; weights that are no whole numbers are
    compared at a millionth of the largest, those of bookings at a thousandth.

    Attributes:
        stood: (R,) whether it stood.
        whole: (R,) its weight, 0 where it did not.
        booked: (R,) what a new booking costs, 0 where it is none.
        below: more than all bookings cost together.
    """

    stood: NDArray[np.bool_]
    whole: I64
    booked: I64
    below: int

    def cost(self, most: int) -> I64:
        """(R,) where at most so many can be lost that stood."""
        return (self.whole * (most + 1) + self.stood) * self.below + self.booked

    def widen(self, value: int, most: int, more: int) -> int:
        """A sum of ``cost(most)`` as a sum of ``cost(more)``."""
        above, booked = divmod(value, self.below)
        weight, number = divmod(above, most + 1)
        return (weight * (more + 1) + number) * self.below + booked

    @property
    def all(self) -> int:
        return int(self.stood.sum())


def losses(day: Day) -> Losses:
    """What there is to lose."""
    weight = day.problem.weight
    stood = day.standing == Standing.PLACED
    booked = day.standing == Standing.BOOKED
    bookings = int(booked.sum())
    new = np.zeros(weight.size, np.int64)
    # One alone needs no weight; even one that weighs nothing is wanted.
    new[booked] = 1
    if bookings > 1:
        new[booked] += whole_weights(weight[booked], 1e3) * (bookings + 1)
    below = int(new.sum()) + 1
    count = int(stood.sum()) + 1
    whole = np.zeros(weight.size, np.int64)
    finest = min(1e6, float(2**60 // (count * count * below)))
    whole[stood] = whole_weights(weight[stood], finest)
    return Losses(stood, whole, new, below)
