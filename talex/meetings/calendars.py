"""Agendas as iCalendar (RFC 5545): stable UID, rising SEQUENCE, CANCELLED, the venue's zone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from email.utils import parseaddr
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.core import signing
from django.utils import formats
from django.utils.translation import gettext as _

from talex.core import clock
from talex.core.chunks import chunks
from talex.core.cities import city
from talex.core.outbox import CalendarPart
from talex.editions.models import Edition
from talex.meetings import punctuation, reasons
from talex.meetings.models import Meeting, Proposal, Side
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
    return moment_line(meeting.starts_at, meeting.edition)


def moment_line(moment: datetime, edition: Edition) -> str:
    """A moment by the venue's clock, which is named: pages, API and mails are read anywhere."""
    return _("%(when)s (%(city)s time)") % {
        "when": formats.date_format(
            moment.astimezone(ZoneInfo(edition.time_zone)), "DATETIME_FORMAT"
        ),
        "city": city(edition.time_zone),
    }


def calendar(
    edition: Edition,
    meetings: Iterable[Meeting],
    address: str = "",
    *,
    readers: Collection[UUID] = (),
) -> bytes:
    """The calendar of these meetings (cancelled ones included, so that they vanish). `readers`: the
    persons whose calendar it is; an entry is named for the other side.

    A meeting for which another time is asked is TENTATIVE until the answer.
    """
    found = list(meetings)
    asked = _asked(m.id for m in found)
    book = _book(edition, "PUBLISH")
    book.add("x-wr-calname", str(edition.name))
    book.add("x-wr-timezone", edition.time_zone)
    for meeting in found:
        book.add_component(
            _event(edition, meeting, address, asked=meeting.id in asked, readers=readers)
        )
    book.add_missing_timezones()
    return book.to_ical()


def invitation(
    meeting: Meeting,
    to: str,
    language: str = "",
    *,
    asked: bool | None = None,
    readers: Collection[UUID] = (),
) -> CalendarPart:
    """What a mail to `to` carries (RFC 5546): REQUEST with each new state, CANCEL in the end.

    The UID is that of the feed, so that an entry is the same however it came. Nobody answers by
    mail: both sides have agreed, so the reader is taken to come. `asked`: whether another time is
    proposed (None: it is looked up).
    """
    cancelled = meeting.status == Meeting.Status.CANCELLED
    method = "CANCEL" if cancelled else "REQUEST"
    asked = bool(_asked([meeting.id])) if asked is None else asked
    event = _event(meeting.edition, meeting, asked=asked, readers=readers)
    # When this was written: of two parts of one SEQUENCE (tentative, confirmed) the later holds.
    event["DTSTAMP"] = icalendar.vDatetime(clock.now())
    event.add("organizer", _organizer(meeting.edition))
    attendee = icalendar.vCalAddress(f"mailto:{to}")
    attendee.params["ROLE"] = icalendar.vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = icalendar.vText("DECLINED" if cancelled else "ACCEPTED")
    attendee.params["RSVP"] = icalendar.vText("FALSE")
    if language:
        attendee.params["LANGUAGE"] = icalendar.vText(language)
    event.add("attendee", attendee)
    book = _book(meeting.edition, method)
    book.add_component(event)
    book.add_missing_timezones()
    return CalendarPart(book.to_ical(), method)


def published(
    edition: Edition, meetings: Iterable[Meeting], *, readers: Collection[UUID] = ()
) -> CalendarPart:
    """Several meetings in one mail. A REQUEST may be about one entry only (RFC 5546, 3.2.2), so
    they are published: with the same UID and SEQUENCE as when each is told by itself."""
    book = _book(edition, "PUBLISH")
    for meeting in meetings:
        event = _event(edition, meeting, readers=readers)
        event.add("organizer", _organizer(edition))
        book.add_component(event)
    book.add_missing_timezones()
    return CalendarPart(book.to_ical(), "PUBLISH")


def _organizer(edition: Edition) -> icalendar.vCalAddress:
    organizer = icalendar.vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = icalendar.vText(str(edition.name))
    return organizer


def _book(edition: Edition, method: str) -> icalendar.Calendar:
    book = icalendar.Calendar()
    book.add("prodid", "-//Talex//Talex//EN")
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("method", method)
    return book


def _asked(meetings: Iterable[UUID]) -> set[UUID]:
    """Those whose time somebody is asked to change."""
    found: set[UUID] = set()
    for some in chunks(list(meetings)):
        rows = Proposal.objects.filter(
            meeting_id__in=some, state=Proposal.State.OPEN, expires_at__gt=clock.now()
        )
        found.update(rows.values_list("meeting_id", flat=True))
    return found


def _event(
    edition: Edition,
    meeting: Meeting,
    address: str = "",
    *,
    asked: bool = False,
    readers: Collection[UUID] = (),
) -> icalendar.Event:
    zone = ZoneInfo(edition.time_zone)
    request = meeting.request
    parties = request.parties.all()
    others = [party for party in parties if party.person_id not in readers]
    # Nobody has to be told the name of their own firm.
    own = any(p.person_id in readers and p.side == Side.EMPLOYER for p in parties)
    secret = reasons.keeps_secret(meeting)
    if own:
        talents = [p.person.name for p in others if p.side == Side.TALENT and p.person.name]
        whom = "" if secret else str(punctuation.listed(talents))
    else:
        whom = str(request.organisation.name) if request.organisation else ""
    event = icalendar.Event()
    event.add("uid", f"{meeting.id}@talex")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", meeting.ends_at.astimezone(zone))
    title = str(request.subject_title)
    event.add("summary", f"{whom} – {title}" if whom else title)
    cancelled = meeting.status == Meeting.Status.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "TENTATIVE" if asked else "CONFIRMED")
    if not cancelled:
        event.add("location", place_line(meeting))
    names = punctuation.listed(party.person.name for party in others if party.person.name)
    if names and not secret:
        event.add("description", _("With %(names)s") % {"names": names})
    base = address or settings.TALEX_URL
    event.add("url", f"{base}/e/{edition.slug}/meetings/{meeting.id}/")
    return event
