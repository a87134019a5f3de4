"""From records to the engine's arrays and back. Reads only; `services` writes what comes out."""

from __future__ import annotations

import zoneinfo
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from talex.core import clock
from talex.editions.models import Edition
from talex.engine.meetings import Budget, Mode, Problem, Solution, solve, verify
from talex.meetings import board
from talex.meetings.availability import DELEGATE_DAILY, Grid, Stated, stated
from talex.meetings.board import Stood
from talex.meetings.models import Meeting, MeetingRequest, RequestParty
from talex.programme.models import Day, Occupancy, Table

ONLINE_ROOMS = -1

Mark = tuple[int, str, bool]
"""What tells one state of a meeting from the next: sequence, status, locked."""

NO_MARK: Mark = (-1, "", False)


@dataclass(frozen=True)
class Frame:
    """An edition's requests as a `Problem`, with what each index stands for."""

    problem: Problem
    slots: list[tuple[datetime, datetime]]
    requests: list[UUID]
    persons: list[UUID]
    tables: list[UUID]
    meetings: dict[UUID, Stood]  # request -> its planned meeting
    warm_slot: NDArray[np.int32]
    warm_table: NDArray[np.int32]
    # What was read: request -> mark of its meeting; compared again before writing.
    seen: dict[UUID, Mark] = field(default_factory=dict)
    # Rows whose meeting is over, has begun or is locked: written by nobody but its own people. With
    # `live` also those that stand in a conflict somebody let be: a repair is not about them.
    kept: frozenset[UUID] = frozenset()
    # The draft this was read over: its revision (0: none), and its locked rows (also in `kept`).
    draft_revision: int = 0
    draft_locked: frozenset[UUID] = frozenset()


class _Wanted(NamedTuple):
    """What a timetable reads of a `MeetingRequest`."""

    id: UUID
    weight: float
    mode: str
    organisation_id: UUID | None


def slots_of(edition: Edition) -> list[tuple[datetime, datetime]]:
    """Every meeting time of the edition in UTC, in order."""
    days = Day.objects.filter(edition=edition).select_related("edition").order_by("date")
    return [slot for day in days for slot in day.slots()]


def frame(edition: Edition, *, live: bool = False) -> Frame | None:
    """The problem of an edition; None where there are no slots or nothing to place.

    Where there is a draft, that is what stands; with `live` it is what people see.
    """
    slots = slots_of(edition)
    wanted = MeetingRequest.objects.filter(edition=edition)
    wanted = wanted.exclude(state=MeetingRequest.State.WITHDRAWN).order_by("-weight", "id")
    requests = [_Wanted(*row) for row in wanted.values_list(*_Wanted._fields)]
    if not slots or not requests:
        return None
    meetings = board.standing(edition)
    parties: dict[UUID, list[UUID]] = defaultdict(list)
    for request_id, person in RequestParty.objects.filter(request__edition=edition).values_list(
        "request_id", "person_id"
    ):
        parties[request_id].append(person)
    seen = {r.id: mark_of(meetings.get(r.id)) for r in requests}
    draft = None if live else board.draft_of(edition)
    standing = board.overlaid(meetings, draft)
    kept = {r: m for r, m in standing.items() if _is_kept(m)}
    tables = open_tables(edition)
    starts = {start for start, _end in slots}
    # A meeting that stays but lies off today's grid is no row: its cells are taken, that is all.
    aside = {r for r, m in kept.items() if not _on_grid(m, starts, tables)}
    requests = [r for r in requests if parties[r.id] and r.id not in aside]
    if not requests:
        return None
    persons = sorted({p for r in requests for p in parties[r.id]}, key=str)
    index = _Index(slots, persons, [t.id for t in tables])
    warm_slot = np.full(len(requests), -1, np.int32)
    warm_table = np.full(len(requests), -1, np.int32)
    locked = np.zeros(len(requests), np.bool_)
    for row, request in enumerate(requests):
        meeting = standing.get(request.id)
        if meeting is None:
            continue
        warm_slot[row] = index.slot.get(meeting.starts_at, -1)
        warm_table[row] = index.table.get(meeting.table_id, -1) if meeting.table_id else -1
        locked[row] = request.id in kept
    off = [(p, standing[r].starts_at) for r in aside for p in parties[r]]
    said = stated(edition)
    held = {m.id for r in aside if (m := meetings.get(r)) is not None and m.id is not None}
    free = _free(edition, index, held, said)
    if live:
        members = [[index.person[p] for p in parties[r.id]] for r in requests]
        locked |= _in_conflict(free, members, warm_slot, warm_table)
        kept |= {requests[n].id: standing[requests[n].id] for n in np.flatnonzero(locked)}
    problem = _problem(
        edition, index, requests, parties, tables, locked, warm_slot, warm_table, off, free, said,
        calm=live,
    )  # fmt: skip
    return Frame(
        problem,
        slots,
        [r.id for r in requests],
        persons,
        [t.id for t in tables],
        meetings,
        warm_slot,
        warm_table,
        seen,
        frozenset(kept) - aside,
        draft.revision if draft is not None else 0,
        frozenset(
            draft.placements.filter(locked=True).values_list("request_id", flat=True)
            if draft is not None
            else ()
        ),
    )


_Free = tuple[NDArray[np.bool_], NDArray[np.bool_]]
"""Persons and tables, each by slot: who and which is free."""


def _in_conflict(
    free: _Free, members: list[list[int]], slot: NDArray[np.int32], table: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Rows that stand where one of theirs, or their table, is not free."""
    persons, tables = free
    found = np.zeros(len(members), np.bool_)
    for n in np.flatnonzero(slot >= 0):
        seat = int(table[n])
        found[n] = not persons[members[n], slot[n]].all() or (
            seat >= 0 and not tables[seat, slot[n]]
        )
    return found


def open_tables(edition: Edition) -> list[Table]:
    """The tables on site that a timetable may use."""
    return list(
        Table.objects.filter(hall__edition=edition, hall__closed=False, hall__online=False)
        .select_related("hall")
        .order_by("hall__code", "number")
    )


def mark_of(meeting: Meeting | Stood | None) -> Mark:
    return (meeting.sequence, meeting.status, meeting.locked) if meeting else NO_MARK


def _is_kept(meeting: Stood) -> bool:
    """Over, begun, or locked by the office: no new timetable touches it."""
    return (
        meeting.status != Meeting.Status.PLANNED
        or meeting.locked
        or meeting.starts_at <= clock.now()
    )


def _on_grid(meeting: Stood, starts: set[datetime], tables: list[Table]) -> bool:
    at_open_table = meeting.table_id is None or any(t.id == meeting.table_id for t in tables)
    return meeting.starts_at in starts and at_open_table


class _Index:
    def __init__(
        self, slots: list[tuple[datetime, datetime]], persons: list[UUID], tables: list[UUID]
    ) -> None:
        self.slots = slots
        self.slot = {start: i for i, (start, _end) in enumerate(slots)}
        self.person = {p: i for i, p in enumerate(persons)}
        self.table = {t: i for i, t in enumerate(tables)}


def _problem(
    edition: Edition,
    index: _Index,
    requests: list[_Wanted],
    parties: dict[UUID, list[UUID]],
    tables: list[Table],
    locked: NDArray[np.bool_],
    warm_slot: NDArray[np.int32],
    warm_table: NDArray[np.int32],
    off: list[tuple[UUID, datetime]],
    free: _Free,
    said: dict[UUID, list[Stated]],
    *,
    calm: bool,
) -> Problem:
    """`calm`: who has more meetings on a day than they wish for keeps them."""
    zone = zoneinfo.ZoneInfo(edition.time_zone)
    epoch = index.slots[0][0]
    days = [start.astimezone(zone).date() for start, _end in index.slots]
    members = [[index.person[p] for p in parties[r.id]] for r in requests]
    rows = _tables_of(requests, tables)
    online = np.array([_mode(r, row) for r, row in zip(requests, rows, strict=True)], np.int8)
    # What is kept stays where it is, whatever was stated or assigned since.
    online[locked] = np.where(warm_table[locked] < 0, Mode.ONLINE, Mode.ONSITE)
    rows = [[] if o == Mode.ONLINE or k else row
            for row, o, k in zip(rows, online, locked, strict=True)]  # fmt: skip
    nowhere = [
        n for n, row in enumerate(rows) if online[n] == Mode.ONSITE and not row and not locked[n]
    ]
    allowed = None
    # Who may use every table names none: a row of hundreds for each of ten thousand is slow.
    rows = [[] if len(row) == len(tables) else row for row in rows]
    if nowhere:
        # To the engine an empty row of tables means any; these have none.
        allowed = np.ones((len(requests), len(index.slots)), np.bool_)
        allowed[nowhere] = False
    pointers = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    allowed_tables = np.array([t for row in rows for t in row], np.int32)
    available, table_free = free
    daily = _daily(index, said)
    _leave_out(daily, index, off, zone)
    for n in np.flatnonzero(locked):
        available[members[n], warm_slot[n]] = True
        if online[n] == Mode.ONSITE:
            table_free[warm_table[n], warm_slot[n]] = True
    stays = locked | (warm_slot >= 0) if calm else locked
    _make_room(daily, members, stays, warm_slot, np.array([(d - days[0]).days for d in days]))
    held_tables = np.where(locked & (online == Mode.ONSITE), warm_table, -1)
    return Problem(
        slot_day=np.array([(d - days[0]).days for d in days], np.int32),
        slot_start=np.array(
            [int((s - epoch).total_seconds()) // 60 for s, _e in index.slots], np.int64
        ),
        slot_minutes=min(int((e - s).total_seconds()) // 60 for s, e in index.slots),
        available=available,
        max_per_day=daily,
        party_ptr=np.concatenate([[0], np.cumsum([len(m) for m in members])]).astype(np.int64),
        party_idx=np.array([p for m in members for p in m], np.int32),
        weight=np.array([r.weight for r in requests], np.float64),
        mode=online,
        table_available=table_free,
        table_hall=_halls(tables),
        online_capacity=np.full(len(index.slots), ONLINE_ROOMS, np.int32),
        allowed=allowed,
        fixed_slot=np.where(locked, warm_slot, -1).astype(np.int32),
        fixed_table=held_tables.astype(np.int32),
        request_tables_ptr=pointers,
        request_tables_idx=allowed_tables,
    )


def _mode(request: _Wanted, tables: list[int]) -> Mode:
    """Online where it has to be, or may be and no table is there for it."""
    if request.mode == "online" or (request.mode == "both" and not tables):
        return Mode.ONLINE
    return Mode.ONSITE


def _halls(tables: list[Table]) -> NDArray[np.int32]:
    number = {hall: i for i, hall in enumerate(dict.fromkeys(t.hall_id for t in tables))}
    return np.array([number[t.hall_id] for t in tables], np.int32)


def _tables_of(requests: list[_Wanted], tables: list[Table]) -> list[list[int]]:
    """An organisation with tables of its own meets there; the others share what is left."""
    own: dict[UUID, list[int]] = defaultdict(list)
    shared: list[int] = []
    for i, table in enumerate(tables):
        (own[table.organisation_id] if table.organisation_id else shared).append(i)
    return [own.get(r.organisation_id) or shared for r in requests]  # type: ignore[arg-type]


def _leave_out(
    daily: NDArray[np.int32],
    index: _Index,
    off: list[tuple[UUID, datetime]],
    zone: zoneinfo.ZoneInfo,
) -> None:
    """Meetings off the grid count as well: the limit shrinks by the most there are on one day."""
    counts: dict[tuple[int, object], int] = defaultdict(int)
    for person, start in off:
        if (row := index.person.get(person)) is not None:
            counts[row, start.astimezone(zone).date()] += 1
    most: dict[int, int] = defaultdict(int)
    for (row, _day), count in counts.items():
        most[row] = max(most[row], count)
    for row, count in most.items():
        daily[row] = max(0, daily[row] - count)


def _make_room(
    daily: NDArray[np.int32],
    members: list[list[int]],
    locked: NDArray[np.bool_],
    slots: NDArray[np.int32],
    slot_day: NDArray[np.int64],
) -> None:
    """Nobody's limit is below what is kept on one of their days."""
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for n in np.flatnonzero(locked):
        for person in members[n]:
            counts[person, int(slot_day[slots[n]])] += 1
    for (person, _day), count in counts.items():
        daily[person] = max(daily[person], count)


def _daily(index: _Index, said: dict[UUID, list[Stated]]) -> NDArray[np.int32]:
    limit = np.full(len(index.person), DELEGATE_DAILY, np.int32)
    for person, records in said.items():
        if (row := index.person.get(person)) is not None:
            limit[row] = max(record.daily_max for record in records)
    return limit


def _free(
    edition: Edition, index: _Index, aside: set[UUID], said: dict[UUID, list[Stated]]
) -> _Free:
    """Persons and tables by slot, less stated absences and what is held by others.

    `aside`: meetings that are no rows of the problem; their cells are taken.
    """
    persons = np.ones((len(index.person), len(index.slots)), np.bool_)
    tables = np.ones((len(index.table), len(index.slots)), np.bool_)
    grid = Grid(index.slots)
    for person, records in said.items():
        row = index.person.get(person)
        if row is None:
            continue
        for record in records:
            if record.windows or record.local_from or record.local_until:
                persons[row] &= grid.suit(record)
    persons[:, [start <= clock.now() for start, _end in index.slots]] = False
    starts = np.array([s.timestamp() for s, _e in index.slots])
    ends = np.array([e.timestamp() for _s, e in index.slots])
    # The meetings' own cells are left out: where they stand is what the solver decides.
    held = (
        Occupancy.objects.filter(edition=edition)
        .exclude(expires_at__lte=clock.now())
        .filter(~Q(holder_kind="meeting") | Q(holder_id__in=list(aside)))
    )
    rows = held.values_list("resource_id", "cell")
    for resource, cell in rows.iterator(chunk_size=5000):
        at = int(np.searchsorted(starts, cell.timestamp(), side="right")) - 1
        if at < 0 or cell.timestamp() >= ends[at]:
            continue
        if (row := index.person.get(resource)) is not None:
            persons[row, at] = False
        elif (row := index.table.get(resource)) is not None:
            tables[row, at] = False
    return persons, tables


def plan(
    found: Frame,
    *,
    seconds: float,
    seed: int,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Solution:
    """Solve, and refuse to hand out what the independent check does not accept."""
    solution = solve(
        found.problem,
        Budget(seconds=seconds, seed=seed, progress=progress, cancelled=cancelled),
        warm_start=_warm(found),
    )
    violations = verify(found.problem, solution)
    if violations:
        raise AssertionError(f"the timetable does not verify: {violations[:3]}")
    return solution


def _warm(found: Frame) -> Solution | None:
    if not (found.warm_slot >= 0).any():
        return None
    return as_solution(found, found.warm_slot, found.warm_table)


def as_solution(found: Frame, slot: NDArray[np.int32], table: NDArray[np.int32]) -> Solution:
    """What stands now, in the engine's form (figures and bound are not filled in)."""
    from talex.engine.meetings import Bound, Figures, Stop

    return Solution(
        slot=slot,
        table=table,
        reason=np.zeros(len(slot), np.int8),
        figures=Figures(int((slot >= 0).sum()), 0.0, (), 0, 0, 0),
        bound=Bound(0, 0.0, ()),
        proved=False,
        stop=Stop.SETTLED,
        iterations=0,
        seconds=0.0,
    )
