"""A problem laid out for the kernels: bit masks over slots and tables.

Slots of a person, and tables free in a slot, are rows of 64-bit words, so that 'when are all of
them free' is an AND over a few words. Online rooms of limited number are laid out as further
tables behind the real ones; requests that need neither have class -1.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from talex.engine.meetings.problem import Mode, Objective, Problem
from talex.engine.meetings.solution import Solution
from talex.engine.meetings.tables import groups, kinds, pointers, table_classes

UNLIMITED = 2**30
#: How many of the least worthy meetings of a slot are remembered, to make room there.
WEAK = 16
#: Halls out of reach are the bits of one word.
MOST_HALLS = 64
JOURNAL = 1 << 14
#: One level of fairness outweighs anything a single ejection chain can do to the level below.
LEVEL = 1e4
#: What keeping a meeting where the warm start had it is worth, in largest weights.
KEEP = 1e-3


class Static(NamedTuple):
    """What does not change during a search. R, P, S, T as in ``Problem``; T counts online rooms.

    All indices are int64, so that each kernel is compiled for one signature only.
    """

    day: NDArray[np.int64]  # (S,) 0 .. D-1
    day_ptr: NDArray[np.int64]  # (D + 1,) slots of each day
    day_mask: NDArray[np.uint64]  # (D, W)
    avail: NDArray[np.uint64]  # (P, W)
    cap: NDArray[np.int64]  # (P,) per day
    gap_class: NDArray[np.int64]  # (P,) row of block
    block: NDArray[np.uint64]  # (G, S, W) slots a meeting in s rules out for its persons
    ptr: NDArray[np.int64]
    idx: NDArray[np.int64]
    base: NDArray[np.uint64]  # (R, W) slots possible when nothing else is placed
    weight: NDArray[np.float64]  # (R,) largest is 1
    fixed: NDArray[np.bool_]  # (R,)
    cls: NDArray[np.int64]  # (R,) table class, -1 needs no table
    class_mask: NDArray[np.uint64]  # (C, V)
    class_ptr: NDArray[np.int64]
    class_idx: NDArray[np.int64]
    of_table_ptr: NDArray[np.int64]  # (T + 1,) classes of each table
    of_table_idx: NDArray[np.int64]
    group: NDArray[np.int64]  # (T,) tables that classes connect, however indirectly
    class_group: NDArray[np.int64]  # (C,)
    table_avail: NDArray[np.uint64]  # (S, V)
    unclaimed: NDArray[np.uint64]  # (V,) tables in no restricted class
    hall: NDArray[np.int64]  # (T,), -1 for online rooms
    hall_mask: NDArray[np.uint64]  # (H, V)
    kind: NDArray[np.int64]  # (T,) tables of one hall and of the same classes are of one kind
    kind_ptr: NDArray[np.int64]  # (kinds + 1,) tables of each kind
    kind_idx: NDArray[np.int64]
    kind_hall: NDArray[np.int64]  # (kinds,)
    class_kind_ptr: NDArray[np.int64]  # (C + 1,) kinds of each class
    class_kind_idx: NDArray[np.int64]
    walking: NDArray[np.bool_]  # (C,) tables in halls that it takes time to go to
    bonus: NDArray[np.float64]  # (rounds + 2,) worth of a person's k-th meeting
    warm_slot: NDArray[np.int64]  # (R,) -1 none
    warm_table: NDArray[np.int64]
    calm: NDArray[np.int64]  # (3,) what an idle slot, a change of hall, a squared load cost
    travel: NDArray[np.int64]  # (H, H) slots lost, of the halls of ``hall_mask``; (0, 0) none
    room: NDArray[np.int64]  # (S, S) slots that may be lost between two starts
    near: NDArray[np.int64]  # (S, 2) first and last slot from which walking may matter
    need_ptr: NDArray[np.int64]
    need_idx: NDArray[np.int64]  # resource of each need
    need_units: NDArray[np.int64]
    need_owner: NDArray[np.int64]  # request of each need
    supply: NDArray[np.int64]  # (K, S), UNLIMITED for no limit
    before_ptr: NDArray[np.int64]  # requests that come before each
    before_idx: NDArray[np.int64]
    after_ptr: NDArray[np.int64]
    after_idx: NDArray[np.int64]


class State(NamedTuple):
    """A timetable under construction, with scratch space."""

    slot: NDArray[np.int64]  # (R,)
    table: NDArray[np.int64]  # (R,)
    free: NDArray[np.uint64]  # (P, W) slots in which the person could take one more
    busy: NDArray[np.uint64]  # (P, W)
    at: NDArray[np.int64]  # (P, S) request there, -1 none
    per_day: NDArray[np.int64]  # (P, D)
    total: NDArray[np.int64]  # (P,)
    table_free: NDArray[np.uint64]  # (S, V)
    table_count: NDArray[np.int64]  # (S,) free ones
    class_left: NDArray[np.int64]  # (C, S) free tables
    group_left: NDArray[np.int64]  # (groups, S)
    kind_left: NDArray[np.int64]  # (kinds, S) free tables
    hall_left: NDArray[np.int32]  # (C, H, S) free tables in a hall; (C, 0, S) if nobody walks
    hall_open: NDArray[np.uint64]  # (C, S) bits of the halls with a free table
    class_open: NDArray[np.uint64]  # (C, W) slots with a free table of the class
    group_open: NDArray[np.uint64]  # (groups, W)
    occupant: NDArray[np.int64]  # (S, T)
    stamp: NDArray[np.int64]  # (R,) chain that inserted it last
    rng: NDArray[np.uint64]  # (1,)
    journal: NDArray[np.int64]  # (>= JOURNAL, 4) kind, request, slot, table
    marks: NDArray[np.int64]  # (3,) journal length, journal on, chain number
    eject: NDArray[np.int64]  # scratch: requests to take out
    eject_best: NDArray[np.int64]
    pending: NDArray[np.int64]
    left: NDArray[np.int64]  # (K, S) units left
    holder: NDArray[np.int64]  # (K, S, most) needs that hold a limited resource
    held: NDArray[np.int64]  # (K, S) number of them
    place: NDArray[np.int64]  # (needs,) where in ``holder``
    queue: NDArray[np.int64]  # (T,)
    parent: NDArray[np.int64]  # (T,) of tables, or of kinds, of which there are no more
    seen: NDArray[np.int64]  # (C,)
    weak: NDArray[np.int64]  # (C, S, WEAK) requests that were worth least there, -1 none


def pack(rows: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """(N, B) bool to (N, ceil(B / 64)) words, bit b of the row in word b // 64."""
    count, bits = rows.shape
    words = max(1, -(-bits // 64))
    padded = np.zeros((count, words * 64), np.bool_)
    padded[:, :bits] = rows
    packed = np.packbits(padded, axis=1, bitorder="little")
    return packed.view("<u8").astype(np.uint64).reshape(count, words)


def unpack(words: NDArray[np.uint64], bits: int) -> NDArray[np.bool_]:
    """The inverse of ``pack``."""
    raw = np.ascontiguousarray(words.astype("<u8")).view(np.uint8)
    return np.unpackbits(raw, axis=1, count=bits, bitorder="little").astype(np.bool_)


def common_slots(problem: Problem) -> NDArray[np.bool_]:
    """(R, S) slots in which all persons of the request are available at all."""
    if problem.requests == 0:
        return np.zeros((0, problem.slots), np.bool_)
    usable = problem.available & (problem.max_per_day != 0)[:, None]
    return np.logical_and.reduceat(usable[problem.party_idx], problem.party_ptr[:-1], axis=0)


def _blocks(problem: Problem) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    gaps, gap_class = np.unique(problem.min_gap, return_inverse=True)
    apart = np.abs(problem.slot_start[:, None] - problem.slot_start[None, :])
    rows = [pack(apart < (1 + int(gap)) * problem.slot_minutes) for gap in gaps]
    words = max(1, -(-problem.slots // 64))
    block = np.array(rows, np.uint64).reshape(len(rows), problem.slots, words)
    return gap_class.astype(np.int64), block


def supplied_slots(problem: Problem) -> NDArray[np.bool_]:
    """(R, S) slots in which there is enough of what the request needs, if it were alone."""
    enough = np.ones((problem.requests, problem.slots), np.bool_)
    owner = np.repeat(np.arange(problem.requests), np.diff(problem.request_resources_ptr))
    capacity = problem.resource_capacity[problem.request_resources_idx]
    fits = (capacity < 0) | (capacity >= problem.request_resources_units[:, None])
    short, slot = np.nonzero(~fits)
    enough[owner[short], slot] = False
    return enough


def _calm(problem: Problem) -> NDArray[np.int64]:
    """Later objectives in their order: one of an earlier outweighs a thousand of a later."""
    calm = np.zeros(3, np.int64)
    columns = {
        Objective.COMPACT: [0, 1],
        Objective.IDLE: [0],
        Objective.HALL_CHANGES: [1],
        Objective.BALANCE: [2],
    }
    factor = 1
    for objective in reversed(problem.objectives):
        for column in columns.get(objective, []):
            calm[column] += factor
        factor *= 1000 if objective in columns else 1
    return calm


def _walking(problem: Problem, halls: NDArray[Any]) -> dict[str, NDArray[np.int64]]:
    """Fields of ``Static`` about the way between halls."""
    slots = problem.slots
    apart = np.abs(problem.slot_start[:, None] - problem.slot_start[None, :])
    room = apart // problem.slot_minutes - 1
    near = np.tile(np.arange(slots)[:, None], (1, 2))
    if problem.hall_travel.size == 0:
        travel = np.zeros((0, 0), np.int64)
    else:
        travel = problem.hall_travel[np.ix_(halls, halls)].astype(np.int64)
        if halls.size > MOST_HALLS:
            raise ValueError(f"hall_travel: at most {MOST_HALLS} halls with tables")
        matters = room < travel.max(initial=0)
        near[:, 0] = np.argmax(matters, axis=1)
        near[:, 1] = slots - 1 - np.argmax(matters[:, ::-1], axis=1)
    return {"travel": travel, "room": room.astype(np.int64), "near": near.astype(np.int64)}


def _needs(problem: Problem) -> dict[str, NDArray[np.int64]]:
    """Fields of ``Static`` about resources and order."""
    ptr = problem.request_resources_ptr.astype(np.int64)
    supply = problem.resource_capacity.astype(np.int64)
    fields = {
        "need_ptr": ptr,
        "need_idx": problem.request_resources_idx.astype(np.int64),
        "need_units": problem.request_resources_units.astype(np.int64),
        "need_owner": np.repeat(np.arange(problem.requests), np.diff(ptr)).astype(np.int64),
        "supply": np.where(supply < 0, UNLIMITED, supply),
    }
    pairs = np.unique(problem.precedence.astype(np.int64), axis=0)
    for name, one, two in (("before", 1, 0), ("after", 0, 1)):
        order = np.argsort(pairs[:, one], kind="stable")
        counts = np.bincount(pairs[:, one], minlength=problem.requests)
        fields[f"{name}_ptr"] = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        fields[f"{name}_idx"] = np.ascontiguousarray(pairs[order, two])
    return fields


def layout(problem: Problem, warm: Solution | None = None) -> Static:
    """Lay the problem out for the kernels."""
    slots = problem.slots
    days, day = np.unique(problem.slot_day, return_inverse=True)
    online = int((problem.mode == Mode.ONLINE).sum())
    capacity = np.where(problem.online_capacity < 0, online, problem.online_capacity)
    capacity = np.minimum(capacity, online)
    limited = online > 0 and bool((capacity < online).any())
    rooms = int(capacity.max(initial=0)) if limited else 0
    if limited:
        rooms = max(rooms, 1)
    usable = np.zeros((problem.tables + rooms, slots), np.bool_)
    usable[: problem.tables] = problem.table_available
    usable[problem.tables :] = np.arange(rooms)[:, None] < capacity[None, :]
    cls, class_rows = table_classes(problem, rooms)

    base = common_slots(problem) & supplied_slots(problem)
    if problem.allowed is not None:
        base &= problem.allowed
    held = np.flatnonzero(problem.fixed_slot >= 0)
    keep = np.zeros((held.size, slots), np.bool_)
    keep[np.arange(held.size), problem.fixed_slot[held]] = True
    base[held] &= keep
    if class_rows.shape[0]:
        somewhere = (class_rows.astype(np.float32) @ usable.astype(np.float32)) > 0
        needs = cls >= 0
        base[needs] &= somewhere[cls[needs]]

    gap_class, block = _blocks(problem)
    halls = np.full(problem.tables + rooms, -1, np.int64)
    hall_names, hall_index = np.unique(problem.table_hall, return_inverse=True)
    halls[: problem.tables] = hall_index
    wide: NDArray[np.bool_] = np.asarray(class_rows[:, : problem.tables].all(axis=1))
    unclaimed = np.ones(problem.tables + rooms, np.bool_)
    unclaimed[np.nonzero(class_rows[~wide])[1]] = False
    class_rows_idx, class_idx = np.nonzero(class_rows)
    of_table = np.argsort(class_idx, kind="stable")
    group, class_group = groups(class_rows)

    rounds = problem.rounds
    bonus = np.zeros(rounds + 2, np.float64)
    bonus[1 : rounds + 1] = LEVEL ** np.arange(rounds, 0, -1)
    largest = float(problem.weight.max(initial=0.0)) or 1.0
    weight = problem.weight / largest
    if Objective.WEIGHT not in problem.objectives:
        weight = np.zeros(problem.requests)
    elif problem.objectives[0] == Objective.WEIGHT:
        # fairness only breaks ties: all of it is worth less than one part in LEVEL of a weight
        bonus *= LEVEL ** -(rounds + 1.0)
    warm_slot = np.full(problem.requests, -1, np.int64) if warm is None else warm.slot
    warm_table = np.full(problem.requests, -1, np.int64) if warm is None else warm.table
    return Static(
        day=day.astype(np.int64),
        day_ptr=np.searchsorted(day, np.arange(days.size + 1)).astype(np.int64),
        day_mask=pack(day[None, :] == np.arange(days.size)[:, None]),
        avail=pack(problem.available & (problem.max_per_day != 0)[:, None]),
        cap=np.where(problem.max_per_day < 0, UNLIMITED, problem.max_per_day).astype(np.int64),
        gap_class=gap_class,
        block=block,
        ptr=problem.party_ptr.astype(np.int64),
        idx=problem.party_idx.astype(np.int64),
        base=pack(base),
        weight=weight,
        fixed=problem.fixed_slot >= 0,
        cls=cls,
        class_mask=pack(class_rows),
        class_ptr=pointers(class_rows_idx, class_rows.shape[0]),
        class_idx=np.ascontiguousarray(class_idx, np.int64),
        of_table_ptr=pointers(class_idx, halls.size),
        of_table_idx=class_rows_idx[of_table].astype(np.int64),
        group=group,
        class_group=class_group,
        table_avail=pack(np.ascontiguousarray(usable.T)),
        unclaimed=pack(unclaimed[None, :])[0],
        hall=halls,
        hall_mask=pack(halls[None, :] == np.arange(hall_names.size)[:, None]),
        bonus=bonus,
        warm_slot=warm_slot.astype(np.int64).copy(),
        warm_table=warm_table.astype(np.int64).copy(),
        calm=_calm(problem),
        walking=np.asarray(class_rows[:, halls >= 0].any(axis=1) & (problem.hall_travel.size > 0)),
        **kinds(class_rows, halls),
        **_walking(problem, hall_names),
        **_needs(problem),
    )


def empty_state(k: Static, seed: int) -> State:
    """A state with nothing placed."""
    requests, persons = k.weight.size, k.cap.size
    slots, tables = k.day.size, k.hall.size
    longest = int(np.diff(k.ptr).max(initial=1))
    per_person = int(np.bitwise_count(k.block).sum(axis=2).max(initial=1)) + 1
    scratch = longest * per_person + 8
    for ptr in (k.need_ptr, k.before_ptr, k.after_ptr):
        scratch += int(np.diff(ptr).max(initial=0)) * int(k.need_units.max(initial=1))
    opened = unpack(k.table_avail, tables)
    number = int(max(k.group.max(initial=-1), k.class_group.max(initial=-1))) + 1
    group_left = np.zeros((number, slots), np.int64)
    np.add.at(group_left, k.group, opened.T.astype(np.int64))
    kind_left = np.zeros((k.kind_hall.size, slots), np.int64)
    np.add.at(kind_left, k.kind, opened.T.astype(np.int64))
    member = unpack(k.class_mask, tables)
    hall_left = np.zeros((member.shape[0], k.travel.shape[0], slots), np.int32)
    hall_open = np.zeros((member.shape[0], slots), np.uint64)
    for h in range(k.travel.shape[0]):
        here = k.hall == h
        hall_left[:, h] = member[:, here].astype(np.int32) @ opened.T[here].astype(np.int32)
        hall_open |= (hall_left[:, h] > 0).astype(np.uint64) << np.uint64(h)
    class_left = member.astype(np.int64) @ opened.T.astype(np.int64)
    # a request holds a unit at least, and no slot sees all who need a resource
    wants = np.bincount(k.need_idx, minlength=k.supply.shape[0])
    limited = np.where(k.supply >= UNLIMITED, 0, np.minimum(k.supply, wants[:, None]))
    most = int(limited.max(initial=0))
    # splitmix64, so that neighbouring seeds start far apart
    mixed = (seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) % 2**64
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    return State(
        slot=np.full(requests, -1, np.int64),
        table=np.full(requests, -1, np.int64),
        free=k.avail.copy(),
        busy=np.zeros_like(k.avail),
        at=np.full((persons, slots), -1, np.int64),
        per_day=np.zeros((persons, k.day_mask.shape[0]), np.int64),
        total=np.zeros(persons, np.int64),
        table_free=k.table_avail.copy(),
        table_count=np.bitwise_count(k.table_avail).sum(axis=1).astype(np.int64),
        class_left=np.ascontiguousarray(class_left),
        group_left=group_left,
        kind_left=kind_left,
        hall_left=hall_left,
        hall_open=hall_open,
        class_open=pack(class_left > 0),
        group_open=pack(group_left > 0),
        occupant=np.full((slots, tables), -1, np.int64),
        stamp=np.zeros(requests, np.int64),
        rng=np.array([mixed or 1], np.uint64),
        # one more step of a chain moves at most this many tables
        journal=np.zeros((JOURNAL + 64 * (tables + 1), 4), np.int64),
        marks=np.zeros(3, np.int64),
        eject=np.zeros(scratch, np.int64),
        eject_best=np.zeros(scratch, np.int64),
        pending=np.zeros(scratch * 16, np.int64),
        left=k.supply.copy(),
        holder=np.full((*k.supply.shape, most), -1, np.int64),
        held=np.zeros(k.supply.shape, np.int64),
        place=np.full(k.need_idx.size, -1, np.int64),
        queue=np.zeros(max(tables, 1), np.int64),
        parent=np.zeros(max(tables, 1), np.int64),
        weak=np.full((k.class_group.size, slots, WEAK), -1, np.int64),
        seen=np.zeros(max(k.class_group.size, 1), np.int64),
    )
