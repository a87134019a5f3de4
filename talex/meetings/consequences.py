"""What a move by hand would cost, and what it would change, before it is done. Reads only."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.chunks import chunks
from talex.core.errors import NotFound
from talex.editions.models import Edition
from talex.meetings import board, conflicts, making_room, timetable
from talex.meetings.board import Spot
from talex.meetings.conflicts import Conflict, Facts, Slot, Verdict
from talex.meetings.models import MeetingRequest
from talex.programme.models import Occupancy, Table
from talex.programme.occupancy import cells

FREE, SOFT, MOVES, NO, HERE = "free", "soft", "moves", "no", "here"


@dataclass(frozen=True, slots=True)
class Option:
    """What one slot (at one table) would cost: one of FREE, SOFT, MOVES, NO, HERE."""

    starts_at: datetime
    ends_at: datetime
    table: UUID | None
    state: str
    conflicts: tuple[Conflict, ...] = ()

    @property
    def moves(self) -> int:
        """How many meetings would have to move."""
        return len({c.other.request.id for c in self.conflicts if c.other is not None})


@dataclass(frozen=True, slots=True)
class Aside:
    """A meeting that has to make room, and where it would go (None: it waits for a place)."""

    spot: Spot
    to: Spot | None


@dataclass(slots=True)
class Plan:
    """What a move would change."""

    request: MeetingRequest
    before: Spot | None
    after: Spot
    mark: str
    asides: list[Aside] = field(default_factory=list)
    left: list[Conflict] = field(default_factory=list)
    verdict: Verdict = field(default_factory=Verdict)

    @property
    def token(self) -> str:
        """What was shown: carrying out something else than this is refused."""
        parts = [self.mark, self.after.starts_at.isoformat(), str(self.after.table_id)]
        for aside in self.asides:
            to = f"{aside.to.starts_at.isoformat()}{aside.to.table_id}" if aside.to else "-"
            parts.append(f"{aside.spot.request.id}{aside.spot.mark}{to}")
        parts += sorted(c.kind for c in self.left)
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]


def request_of(edition: Edition, request: UUID) -> MeetingRequest:
    """A wanted meeting with its people, held or not."""
    found = board.requests_with_people().filter(edition=edition, id=request).first()
    if found is None or found.state == MeetingRequest.State.WITHDRAWN:
        raise NotFound
    return found


def options(
    edition: Edition, request: MeetingRequest, slots: Sequence[Slot], tables: Collection[UUID]
) -> list[Option]:
    """What each slot at each of the tables would cost; without tables, the best of each slot."""
    if not slots:
        return []
    here = board.spot_of(edition, request.id)
    known = conflicts.facts(edition, request, slots, tables)
    level = board.rules_of(edition).strictness
    places: list[UUID | None] = [*tables] or [None]
    return [
        _option(known, slot, table, here, level) for slot in slots for table in places
    ]  # fmt: skip


def _option(known: Facts, slot: Slot, table: UUID | None, here: Spot | None, level: str) -> Option:
    found = known.at(slot, table)
    if here is not None and (here.starts_at, here.table_id) == (slot[0], table):
        return Option(*slot, table, HERE, tuple(found))
    return _judged(slot, table, found, known.now, level)


def _judged(
    slot: Slot, table: UUID | None, found: Sequence[Conflict], now: datetime, level: str
) -> Option:
    """The option with what decides about it first."""
    fixed = [
        c for c in found if c.hard and (c.other is None or not conflicts.movable(c.other, now))
    ]
    soft = [c for c in found if not c.hard]
    refused = list(conflicts.judge(level, soft, conflicts.EDIT).refused)
    if fixed or refused:
        return Option(*slot, table, NO, tuple(fixed + refused))
    pushed = tuple(c for c in found if c.hard)
    if pushed:
        return Option(*slot, table, MOVES, pushed + tuple(soft))
    return Option(*slot, table, SOFT if soft else FREE, tuple(soft))


def best_by_slot(edition: Edition, request: MeetingRequest, slots: Sequence[Slot]) -> list[Option]:
    """Each slot with the first table that is free then (its own before others)."""
    if not slots:
        return []
    here = board.spot_of(edition, request.id)
    tables = tables_for(edition, request)
    free = FreeTables(edition, request, slots, tables, here.table_id if here else None)
    # Where no table is free, whoever is at its own (or the first it may have) would make room.
    wished = free.tables[0] if free.tables else None
    known = conflicts.facts(edition, request, slots, [wished] if wished else [])
    level = board.rules_of(edition).strictness
    found: list[Option] = []
    for slot in slots:
        if here is not None and here.starts_at == slot[0]:
            found.append(Option(*slot, here.table_id, HERE))
            continue
        table = next(free.at(slot, {}), None)
        if table is None and wished is not None:
            found.append(_judged(slot, wished, known.at(slot, wished), known.now, level))
            continue
        problems = known.of_persons(slot, table)
        if table is None and request.mode == "onsite":
            problems.append(Conflict("no_table", _("No table is free then."), True))
        found.append(_judged(slot, table, problems, known.now, level))
    return found


class FreeTables:
    """Which of some tables are free in some slots, read with two statements."""

    def __init__(
        self,
        edition: Edition,
        request: MeetingRequest,
        slots: Sequence[Slot],
        tables: Sequence[UUID],
        first: UUID | None,
    ) -> None:
        self.tables = sorted(tables, key=lambda t: t != first)
        between = (slots[0][0] - timedelta(days=1), slots[-1][1])
        draft = board.draft_of(edition)
        self.taken: dict[tuple[UUID, datetime], UUID] = {}
        for table, other, start, end in board.table_times(edition, between, draft):
            if other != request.id:
                self.taken.update({(table, cell): other for cell in cells(start, end)})
        self.held: set[tuple[UUID, datetime]] = set()
        for some in chunks(self.tables):
            held = (
                Occupancy.objects.filter(
                    resource_id__in=some, cell__gte=slots[0][0], cell__lt=slots[-1][1]
                )
                .exclude(holder_kind="meeting")
                .exclude(expires_at__lte=clock.now())
            )
            self.held.update(held.values_list("resource_id", "cell"))

    def at(self, slot: Slot, moved: Mapping[UUID, Spot | None]) -> Iterator[UUID]:
        """The tables free in a slot, where the meetings of `moved` stand elsewhere by then."""
        span = cells(*slot)
        later = {
            s.table_id
            for s in moved.values()
            if s is not None and s.starts_at < slot[1] and slot[0] < s.ends_at
        }
        for table in self.tables:
            takers = (self.taken.get((table, cell)) for cell in span)
            if table in later or any(t is not None and t not in moved for t in takers):
                continue
            if not any((table, cell) in self.held for cell in span):
                yield table


def tables_for(edition: Edition, request: MeetingRequest) -> list[UUID]:
    """The tables it may use: its organisation's own, else those of nobody; empty when online."""
    if request.mode == "online":
        return []
    every = timetable.open_tables(edition)
    own = [
        t.id for t in every if t.organisation_id and t.organisation_id == request.organisation_id
    ]
    return own or [t.id for t in every if t.organisation_id is None]


def slot_at(edition: Edition, starts_at: datetime) -> Slot:
    """The meeting time that starts then. Raises NotFound where there is none."""
    found = next((s for s in timetable.slots_of(edition) if s[0] == starts_at), None)
    if found is None:
        raise NotFound
    return found


def plan(
    edition: Edition,
    request: MeetingRequest,
    starts_at: datetime,
    table: UUID | None,
    *,
    settle: bool = False,
) -> Plan:
    """What moving the meeting there would change.

    Meetings in the way go to the nearest place that costs nobody anything; where there is none
    others move as well, and if that does not help either they wait for a place. With `settle`
    they stay, and the clash is left for later.
    """
    slot = slot_at(edition, starts_at)
    before = board.spot_of(edition, request.id)
    draft = board.draft_of(edition)
    after = Spot(
        request, *slot, table, table is None,
        live=before.live if before else None, draft=before.draft if before else None,
    )  # fmt: skip
    made = Plan(request, before, after, board.now_mark(edition, request.id, draft))
    known = conflicts.facts(edition, request, [slot], [table] if table else [])
    found = known.at(slot, table)
    pushed = {
        c.other.request.id: c.other
        for c in found
        if c.other is not None and conflicts.movable(c.other, known.now)
    }
    made.left = [c for c in found if settle or c.other is None or c.other.request.id not in pushed]
    if not settle:
        moved: dict[UUID, Spot | None] = {request.id: after}
        moved.update(dict.fromkeys(pushed))
        for key, spot in sorted(pushed.items(), key=lambda pair: -pair[1].request.weight)[
            : making_room.MOST
        ]:
            moved[key] = to = _elsewhere(edition, spot, moved)
            made.asides.append(Aside(spot, to))
        if any(aside.to is None for aside in made.asides):
            made.asides = _with_others(edition, made) or made.asides
    made.verdict = conflicts.judge(
        board.rules_of(edition).strictness, made.left, conflicts.EDIT
    )  # fmt: skip
    return made


def _with_others(edition: Edition, made: Plan) -> list[Aside] | None:
    """The same with others moving too, where less is lost for it and nothing clashes."""
    room = making_room.make_room(
        edition, made.request.id, made.after.starts_at, made.after.table_id
    )
    lost = sum(float(a.spot.request.weight) for a in made.asides if a.to is None)
    if room is None or room.lost >= lost:
        return None
    pushed = {a.spot.request.id for a in made.asides}
    if not pushed <= set(room.places):
        return None
    moved: dict[UUID, Spot | None] = {made.request.id: made.after}
    asides = []
    for spot in board.spots(edition, requests=list(room.places)):
        place = room.places[spot.request.id]
        to = None
        if place is not None:
            start, end, table = place
            to = Spot(
                spot.request, start, end, table, table is None, live=spot.live, draft=spot.draft
            )
        moved[spot.request.id] = to
        asides.append(Aside(spot, to))
    for aside in asides:
        if aside.to is None:
            continue
        to, others = aside.to, {k: v for k, v in moved.items() if k != aside.spot.request.id}
        slot, tables = (to.starts_at, to.ends_at), [to.table_id] if to.table_id else []
        known = conflicts.facts(edition, aside.spot.request, [slot], tables, moved=others)
        if known.at(slot, to.table_id):
            return None
    return asides


def _elsewhere(edition: Edition, spot: Spot, moved: dict[UUID, Spot | None]) -> Spot | None:
    """The place without any conflict that is nearest to where the meeting was."""
    zone = ZoneInfo(edition.time_zone)
    now = clock.now()
    slots = sorted(
        (s for s in timetable.slots_of(edition) if s[0] > now),
        key=lambda s: (
            s[0].astimezone(zone).date() != spot.starts_at.astimezone(zone).date(),
            abs(s[0] - spot.starts_at),
            s[0],
        ),
    )
    tables = tables_for(edition, spot.request)
    if spot.request.mode == "onsite" and not tables:
        return None
    others = {k: v for k, v in moved.items() if k != spot.request.id}
    for some in _days(slots, zone):
        known = conflicts.facts(edition, spot.request, some, [], moved=others)
        good = [slot for slot in some if not known.of_persons(slot, None)]
        if not good:
            continue
        free = FreeTables(edition, spot.request, sorted(good), tables, spot.table_id)
        for slot in good:
            table = next(free.at(slot, others), None)
            if (table is None and tables) or not _walkable(edition, spot, slot, table, others):
                continue
            return Spot(spot.request, *slot, table, table is None, live=spot.live, draft=spot.draft)
    return None


def _walkable(
    edition: Edition, spot: Spot, slot: Slot, table: UUID | None, moved: dict[UUID, Spot | None]
) -> bool:
    """Whether nobody would have to run from hall to hall."""
    if table is None:
        return True
    return not conflicts.facts(edition, spot.request, [slot], [table], moved=moved).at(slot, table)


def _days(slots: Sequence[Slot], zone: ZoneInfo) -> list[list[Slot]]:
    """The slots by day, the order of both kept."""
    days: dict[object, list[Slot]] = {}
    for slot in slots:
        days.setdefault(slot[0].astimezone(zone).date(), []).append(slot)
    return list(days.values())


def day_slots(edition: Edition, day: str) -> list[Slot]:
    """The meeting times of a day (ISO date at the venue), all of them where it is ''."""
    zone = ZoneInfo(edition.time_zone)
    return [
        s
        for s in timetable.slots_of(edition)
        if not day or s[0].astimezone(zone).date().isoformat() == day
    ]


def known_table(edition: Edition, table: UUID | None) -> UUID | None:
    """The table, where it belongs to the edition; None for online."""
    if table is None:
        return None
    if not Table.objects.filter(id=table, hall__edition=edition).exists():
        raise NotFound
    return table
