"""Where one meeting could be held right now, with nothing else moved for it."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.errors import Conflict, Invalid
from talex.editions.models import Edition
from talex.meetings import timetable
from talex.meetings.availability import DELEGATE_DAILY, Span, Stated, stated
from talex.meetings.models import Meeting, Mode, Proposal
from talex.meetings.punctuation import listed
from talex.meetings.queries import persons_of
from talex.programme.models import Occupancy, Table
from talex.programme.occupancy import cells

Cell = tuple[UUID, datetime]
NO_SLOTS = _("The conference has no times for meetings yet.")


@dataclass(frozen=True, slots=True)
class Place:
    """A time, the table proposed then (None online), and every table that is free then."""

    starts_at: datetime
    ends_at: datetime
    table: Table | None
    tables: tuple[Table, ...] = ()

    def at(self, table: UUID) -> Place | None:
        """The same time at another table, where that one is free."""
        wanted = next((t for t in self.tables if t.id == table), None)
        return Place(self.starts_at, self.ends_at, wanted, self.tables) if wanted else None


def places_for(edition: Edition, meeting: Meeting) -> list[Place]:
    """Every time still to come at which the meeting could be held, in order.

    The table proposed is the meeting's own where it is free, else the first that is. `meeting`
    may be unsaved (a wanted meeting that has no place yet).
    """
    people = persons_of([meeting.request_id]).get(meeting.request_id, [])
    said = stated(edition, people)
    now = clock.now()
    slots = [
        slot for slot in timetable.slots_of(edition) if slot[0] > now and _suits(said, people, slot)
    ]
    tables = _tables(edition, meeting)
    if not slots or (meeting.request.mode == "onsite" and not tables):
        return []
    busy = _busy(edition, meeting, people, tables, slots)
    full = _full_days(edition, meeting, people, said)
    zone = ZoneInfo(edition.time_zone)
    found: list[Place] = []
    for start, end in slots:
        wanted = cells(start, end)
        if start.astimezone(zone).date() in full or _any(people, wanted, busy):
            continue
        free = tuple(t for t in tables if not _any([t.id], wanted, busy))
        if free or not tables:
            found.append(Place(start, end, free[0] if free else None, free))
    return found


def free_place(
    edition: Edition, meeting: Meeting, starts_at: datetime, table: UUID | None
) -> Place:
    """The place at one time, at the wanted table if one is named.

    Raises Invalid where no meeting begins then, Conflict where the time or the table is taken.
    """
    found = next((p for p in places_for(edition, meeting) if p.starts_at == starts_at), None)
    place = found.at(table) if found and table else found
    if place is not None:
        return place
    begins = sorted(start for start, _end in timetable.slots_of(edition))
    if starts_at not in begins:
        zone = ZoneInfo(edition.time_zone)
        near = [*begins[: (at := bisect(begins, starts_at))][-1:], *begins[at : at + 1]]
        said = {"times": listed(start.astimezone(zone).isoformat() for start in near)}
        told = _("No meeting begins then. The nearest times: %(times)s.") if near else NO_SLOTS
        raise Invalid({"starts_at": told % said})
    raise Conflict(_("This time is no longer free for both sides. Choose one of the times shown."))


def _any(resources: Iterable[UUID], wanted: list[datetime], busy: set[Cell]) -> bool:
    return any((resource, cell) in busy for resource in resources for cell in wanted)


def _suits(said: dict[UUID, list[Stated]], people: list[UUID], slot: Span) -> bool:
    return all(record.suits(slot) for person in people for record in said.get(person, []))


def _busy(
    edition: Edition, meeting: Meeting, people: list[UUID], tables: list[Table], slots: list[Span]
) -> set[Cell]:
    wanted = Q(resource_id__in=people)
    if tables:
        wanted |= Q(resource_kind="table")
    held = (
        Occupancy.objects.filter(
            wanted, edition=edition, cell__gte=slots[0][0], cell__lt=slots[-1][1]
        )
        .exclude(holder_id=meeting.id)
        # A time proposed for this very meeting is no obstacle to it.
        .exclude(holder_id__in=Proposal.objects.filter(meeting_id=meeting.id).values("id"))
        .exclude(expires_at__lte=clock.now())
    )
    return set(held.values_list("resource_id", "cell"))


def _tables(edition: Edition, meeting: Meeting) -> list[Table]:
    """The tables a meeting may use: its organisation's own, else those of nobody; its own first."""
    if meeting.request.mode == Mode.ONLINE:
        return []
    every = timetable.open_tables(edition)
    organisation = meeting.request.organisation_id
    own = [t for t in every if t.organisation_id and t.organisation_id == organisation]
    shared = [t for t in every if t.organisation_id is None]
    return sorted(own or shared, key=lambda t: t.id != meeting.table_id)


def _full_days(
    edition: Edition, meeting: Meeting, people: list[UUID], said: dict[UUID, list[Stated]]
) -> set[date]:
    """Days on which one of the persons has as many meetings as they want."""
    zone = ZoneInfo(edition.time_zone)
    others = (
        Meeting.objects.filter(edition=edition, request__parties__person_id__in=people)
        .exclude(status=Meeting.Status.CANCELLED)
        .exclude(id=meeting.id)
    )
    counts = Counter(
        (person, start.astimezone(zone).date())
        for person, start in others.values_list("request__parties__person_id", "starts_at")
    )
    most = {p: max((r.daily_max for r in said.get(p, [])), default=DELEGATE_DAILY) for p in people}
    return {day for (person, day), count in counts.items() if count >= most.get(person, count + 1)}
