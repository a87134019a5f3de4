"""Agendas as iCalendar (RFC 5545): stable UID, rising SEQUENCE, CANCELLED, the venue's zone."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.core import signing
from django.utils import formats
from django.utils.translation import gettext as _

from talex.core.cities import city
from talex.editions.models import Edition
from talex.meetings import punctuation
from talex.meetings.models import Meeting
from talex.programme.models import Table

SALT = "talex.meetings.agenda"


def feed_token(edition: Edition, person: UUID) -> str:
    """What lets a calendar programme subscribe to one person's agenda without signing in."""
    return signing.dumps([str(edition.id), str(person)], salt=SALT, compress=True)


def read_token(token: str) -> tuple[UUID, UUID] | None:
    """(edition, person) of a feed token, or None where it is not ours."""
    try:
        edition, person = signing.loads(token, salt=SALT)
        return UUID(edition), UUID(person)
    except (signing.BadSignature, ValueError):
        return None


def place_line(meeting: Meeting) -> str:
    """Where the meeting is held, in the reader's language."""
    return table_line(meeting.table)


def table_line(table: Table | None) -> str:
    """A table (with its hall) as people call it, None being online."""
    if table is None:
        return _("Online")
    return _("%(hall)s, table %(number)s") % {"hall": table.hall.name, "number": table.number}


def when_line(meeting: Meeting) -> str:
    """When it begins, by the venue's clock, whatever zone the reader is in."""
    start = meeting.starts_at.astimezone(ZoneInfo(meeting.edition.time_zone))
    return _("%(when)s (%(city)s time)") % {
        "when": formats.date_format(start, "DATETIME_FORMAT"),
        "city": city(meeting.edition.time_zone),
    }


def calendar(edition: Edition, meetings: Iterable[Meeting], address: str = "") -> bytes:
    """The calendar of these meetings (cancelled ones included, so that they vanish)."""
    zone = ZoneInfo(edition.time_zone)
    book = icalendar.Calendar()
    book.add("prodid", "-//Talex//Talex//EN")
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", str(edition.name))
    book.add("x-wr-timezone", edition.time_zone)
    for meeting in meetings:
        book.add_component(_event(edition, meeting, zone, address))
    book.add_missing_timezones()
    return book.to_ical()


def _event(edition: Edition, meeting: Meeting, zone: ZoneInfo, address: str) -> icalendar.Event:
    request = meeting.request
    organisation = str(request.organisation.name) if request.organisation else ""
    event = icalendar.Event()
    event.add("uid", f"{meeting.id}@talex")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", meeting.ends_at.astimezone(zone))
    title = str(request.subject_title)
    event.add("summary", f"{organisation} – {title}" if organisation else title)
    cancelled = meeting.status == Meeting.Status.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    if not cancelled:
        event.add("location", place_line(meeting))
    names = punctuation.listed(
        party.person.name for party in request.parties.all() if party.person.name
    )
    if names:
        event.add("description", _("With %(names)s") % {"names": names})
    base = address or settings.TALEX_URL
    event.add("url", f"{base}/e/{edition.slug}/meetings/{meeting.id}/")
    return event
