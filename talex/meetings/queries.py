"""Reads that pages, API, calendar and command line share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet

from talex.core import clock
from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.meetings import rules, timetable
from talex.meetings.availability import Span, Stated, stated
from talex.meetings.models import Meeting, MeetingRequest, RequestParty
from talex.programme.models import Occupancy, Table

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Place:
    """A time, and a table (None online), where a meeting could be held right now."""

    starts_at: datetime
    ends_at: datetime
    table: Table | None


def persons_of(requests: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """request -> the persons who have to be there."""
    ids = list(requests)
    found: dict[UUID, list[UUID]] = {}
    for at in range(0, len(ids), CHUNK):
        for request, person in RequestParty.objects.filter(
            request_id__in=ids[at : at + CHUNK]
        ).values_list("request_id", "person_id"):
            found.setdefault(request, []).append(person)
    return found


def meetings(actor: Actor, edition: Edition) -> QuerySet[Meeting]:
    """The meetings of an edition that the actor may see, with all that a list shows."""
    return (
        Meeting.objects.filter(rules.visible(actor), edition=edition)
        .select_related("request__organisation", "table__hall")
        .prefetch_related(
            Prefetch("request__parties", RequestParty.objects.select_related("person"))
        )
        .order_by("starts_at", "id")
    )


def agenda(
    actor: Actor,
    edition: Edition,
    *,
    person: UUID | None = None,
    organisation: UUID | None = None,
    table: UUID | None = None,
    hall: UUID | None = None,
) -> QuerySet[Meeting]:
    """The agenda of a person, an organisation, a table or a hall; cancelled ones are left out."""
    found = meetings(actor, edition).exclude(status=Meeting.Status.CANCELLED)
    if person is not None:
        with_person = RequestParty.objects.filter(person_id=person).values("request_id")
        found = found.filter(request_id__in=with_person)
    if organisation is not None:
        found = found.filter(request__organisation_id=organisation)
    if table is not None:
        found = found.filter(table_id=table)
    if hall is not None:
        found = found.filter(table__hall_id=hall)
    return found


def open_requests(edition: Edition) -> QuerySet[MeetingRequest]:
    """Wanted meetings that have no place yet, the weightiest first."""
    return (
        MeetingRequest.objects.filter(edition=edition, state=MeetingRequest.State.OPEN)
        .select_related("organisation")
        .prefetch_related(Prefetch("parties", RequestParty.objects.select_related("person")))
    )


def places_for(edition: Edition, meeting: Meeting) -> list[Place]:
    """Every time at which the meeting could be held now without moving anything else.

    One place a time: the meeting's own table where it is free, else the first that is.
    """
    people = persons_of([meeting.request_id]).get(meeting.request_id, [])
    said = stated(edition, people)
    slots = [s for s in timetable.slots_of(edition) if _suits(said, people, s)]
    if not slots:
        return []
    busy = _busy(edition, meeting, people, slots)
    tables = [] if meeting.request.mode == "online" else _tables(edition, meeting)
    full_days = _full_days(edition, meeting, people, said)
    zone = ZoneInfo(edition.time_zone)
    found: list[Place] = []
    for start, end in slots:
        wanted = _cells(start, end)
        if start.astimezone(zone).date() in full_days:
            continue
        if any((p, cell) in busy for p in people for cell in wanted):
            continue
        if not tables and (meeting.request.mode == "onsite"):
            continue
        table = next((t for t in tables if not any((t.id, cell) in busy for cell in wanted)), None)
        if tables and table is None:
            continue
        found.append(Place(start, end, table))
    return found


def place_at(
    edition: Edition, meeting: Meeting, starts_at: datetime, table: UUID | None
) -> Place | None:
    """The place at one time, at the wanted table if one is named; None where it is not free."""
    for place in places_for(edition, meeting):
        if place.starts_at != starts_at:
            continue
        if table is None or (place.table is not None and place.table.id == table):
            return place
        if place.table is None:
            return None
        return _at_table(edition, meeting, place, table)
    return None


def _at_table(edition: Edition, meeting: Meeting, place: Place, table: UUID) -> Place | None:
    wanted = next((t for t in _tables(edition, meeting) if t.id == table), None)
    if wanted is None:
        return None
    cells = _cells(place.starts_at, place.ends_at)
    taken = (
        Occupancy.objects.filter(resource_id=table, cell__in=cells)
        .exclude(holder_id=meeting.id)
        .exclude(expires_at__lte=clock.now())
    )
    return None if taken.exists() else Place(place.starts_at, place.ends_at, wanted)


def _cells(start: datetime, end: datetime) -> list[datetime]:
    from talex.programme.occupancy import cells

    return cells(start, end)


def _suits(said: dict[UUID, list[Stated]], people: list[UUID], slot: Span) -> bool:
    return all(record.suits(slot) for person in people for record in said.get(person, []))


def _busy(
    edition: Edition, meeting: Meeting, people: list[UUID], slots: list[tuple[datetime, datetime]]
) -> set[tuple[UUID, datetime]]:
    held = (
        Occupancy.objects.filter(
            edition=edition, cell__gte=slots[0][0], cell__lt=slots[-1][1] + timedelta(minutes=1)
        )
        .exclude(holder_id=meeting.id)
        .exclude(expires_at__lte=clock.now())
    )
    from_people = held.filter(resource_id__in=people)
    from_tables = held.filter(resource_kind="table")
    return {
        (resource, cell)
        for found in (from_people, from_tables)
        for resource, cell in found.values_list("resource_id", "cell")
    }


def _tables(edition: Edition, meeting: Meeting) -> list[Table]:
    """The tables a meeting may use: its organisation's own, else those of nobody; its own first."""
    every = list(
        Table.objects.filter(hall__edition=edition, hall__closed=False, hall__online=False)
        .select_related("hall")
        .order_by("hall__code", "number")
    )
    organisation = meeting.request.organisation_id
    own = [t for t in every if t.organisation_id and t.organisation_id == organisation]
    shared = [t for t in every if t.organisation_id is None]
    return sorted(own or shared, key=lambda t: t.id != meeting.table_id)


def _full_days(
    edition: Edition, meeting: Meeting, people: list[UUID], said: dict[UUID, list[Stated]]
) -> set[object]:
    """Days on which one of the persons has as many meetings as they want."""
    zone = ZoneInfo(edition.time_zone)
    full: set[object] = set()
    for person in people:
        records = said.get(person)
        if not records:
            continue
        most = max(record.daily_max for record in records)
        counts: dict[object, int] = {}
        others = (
            Meeting.objects.filter(edition=edition, request__parties__person_id=person)
            .exclude(status=Meeting.Status.CANCELLED)
            .exclude(id=meeting.id)
        )
        for start in others.values_list("starts_at", flat=True):
            day = start.astimezone(zone).date()
            counts[day] = counts.get(day, 0) + 1
        full |= {day for day, count in counts.items() if count >= most}
    return full


def feed(edition_id: UUID, person: UUID) -> tuple[Edition, QuerySet[Meeting]]:
    """An edition and the meetings of one person, for the holder of a feed address."""
    from talex.core.actor import SYSTEM
    from talex.core.errors import NotFound

    edition = Edition.objects.filter(id=edition_id).first()
    if edition is None:
        raise NotFound
    mine = RequestParty.objects.filter(person_id=person).values("request_id")
    return edition, meetings(SYSTEM, edition).filter(request_id__in=mine)
