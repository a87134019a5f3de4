"""Agendas as their readers see them: days, the next meeting, one sheet a table for printing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from talex.core import clock
from talex.editions.models import Edition
from talex.meetings import calendars, reasons, zones
from talex.meetings.models import Meeting
from talex.participants.models import Person


@dataclass(frozen=True, slots=True)
class Line:
    """One meeting: where, with whom (the reader left out), and the time where the reader lives."""

    meeting: Meeting
    place: str
    others: list[Person]
    own: zones.Span | None
    state: str  # past | now | next | later


@dataclass(frozen=True, slots=True)
class Book:
    """An agenda: (day, its lines), and the line that comes next."""

    days: list[tuple[date, list[Line]]]
    next: Line | None
    count: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed on paper of its own."""

    title: str
    book: Book


def book(
    edition: Edition,
    meetings: Iterable[Meeting],
    *,
    zone: ZoneInfo | None = None,
    reader: Collection[UUID] = (),
) -> Book:
    """The agenda of these meetings (those called off are left out), by day at the venue."""
    now = clock.now()
    lines: list[Line] = []
    coming: Line | None = None
    for meeting in meetings:
        if meeting.status == Meeting.Status.CANCELLED:
            continue
        state = "later"
        if meeting.ends_at <= now or meeting.status != Meeting.Status.PLANNED:
            state = "past"
        elif coming is None:
            state = "now" if meeting.starts_at <= now else "next"
        people = [p.person for p in meeting.request.parties.all() if p.person_id not in reader]
        line = Line(
            meeting,
            calendars.place_line(meeting),
            people,
            zones.span(meeting.starts_at, meeting.ends_at, edition, zone),
            state,
        )
        coming = line if state in ("now", "next") else coming
        lines.append(line)
    venue = ZoneInfo(edition.time_zone)
    days = groupby(lines, lambda line: line.meeting.starts_at.astimezone(venue).date())
    return Book([(day, list(rows)) for day, rows in days], coming, len(lines))


def called_off(meetings: Iterable[Meeting]) -> list[tuple[Meeting, Any]]:
    """Meetings called off within the last week or still ahead, each with the reason."""
    since = clock.now() - timedelta(days=7)
    return [
        (m, reasons.called_off(m))
        for m in meetings
        if m.status == Meeting.Status.CANCELLED and (m.changed_at > since or m.starts_at > since)
    ]


def title(kind: str, owner: Any) -> str:
    """Whose agenda it is."""
    if kind == "table":
        return _("%(hall)s, table %(number)s") % {"hall": owner.hall.name, "number": owner.number}
    return str(owner.name) or _("No name")


def sheets(edition: Edition, kind: str, owner: Any, meetings: list[Meeting]) -> list[Sheet]:
    """One sheet; for a hall one a table, so that each table gets its paper."""
    if kind != "hall":
        return [Sheet("", book(edition, meetings, reader={owner.id}))]
    tables = {m.table.id: m.table for m in meetings if m.table is not None}
    return [
        Sheet(
            _("Table %(number)s") % {"number": table.number},
            book(edition, [m for m in meetings if m.table_id == table.id]),
        )
        for table in sorted(tables.values(), key=lambda t: t.number)
    ]
