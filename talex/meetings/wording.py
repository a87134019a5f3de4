"""What mails about meetings say, in the language that is active."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from talex.core.quoting import quoted
from talex.editions.models import Edition
from talex.meetings import calendars, punctuation, reasons, zones
from talex.meetings.models import Meeting, Proposal
from talex.participants.models import Person


@dataclass(frozen=True, slots=True)
class Item:
    """One meeting as one person is told of it."""

    meeting: Meeting
    what: str  # placed | moved | cancelled | proposed | kept | tomorrow
    reader: Person
    before: datetime | None = None
    proposal: Proposal | None = None
    # Whether the reader may open the meeting's page.
    opens: bool = True


def context(edition: Edition, name: str, items: Sequence[Item], agenda: str) -> Mapping[str, Any]:
    """Of the templates `meetings/mail/<name>`."""
    return {
        "edition": str(edition.name),
        "count": len(items),
        "when": calendars.when_line(items[0].meeting),
        "day": formats.date_format(
            items[0].meeting.starts_at.astimezone(ZoneInfo(edition.time_zone)), "DATE_FORMAT"
        ),
        "greeting": _("Hello,"),
        "intro": _intro(name),
        "items": [_lines(item) for item in items],
        "agenda": agenda,
    }


def _intro(name: str) -> str:
    return {
        "timetable": _("the timetable is out. These are your meetings:"),
        "placed": _("this is when you meet:"),
        "moved": _("the following changed:"),
        "cancelled": _("the following was called off:"),
        "changed": _("the following changed:"),
        "time_proposed": _("the other side proposes another time. Please accept or decline."),
        "confirm_asked": _(
            "a meeting has to move. The organiser's office holds a new time for you; please "
            "confirm it. If nobody accepts in time, the meeting is called off."
        ),
        "time_kept": _("the other time that was proposed came to nothing. It stays as it was:"),
        "tomorrow": _("this is your day:"),
    }[name]


def _lines(item: Item) -> list[str]:
    meeting = item.meeting
    lines = [_about(item)]
    if item.what == "cancelled":
        lines.append(_("Called off: %(when)s") % {"when": calendars.when_line(meeting)})
        if why := str(reasons.called_off(meeting)):
            lines.append(why)
    else:
        if item.before is not None and item.before != meeting.starts_at:
            before = _when(item, item.before, item.before)
            lines.append(_("Until now: %(when)s") % {"when": before})
        lines.append(
            _("When: %(when)s") % {"when": _when(item, meeting.starts_at, meeting.ends_at)}
        )
        lines.append(_("Where: %(place)s") % {"place": calendars.place_line(meeting)})
    if item.proposal is not None:
        lines += _proposed(item, item.proposal)
    if item.opens:
        path = reverse("meetings:meeting", args=[meeting.edition.slug, meeting.pk])
        lines.append(settings.TALEX_URL + path)
    return lines


def _about(item: Item) -> str:
    """The subject and the others: who the reader meets."""
    request = item.meeting.request
    names = [p.person.name for p in request.parties.all() if p.person_id != item.reader.pk]
    if reasons.keeps_secret(item.meeting):
        names = []
    organisation = str(request.organisation.name) if request.organisation else ""
    sides = {p.person_id: p.side for p in request.parties.all()}
    if sides.get(item.reader.pk) == "talent" and organisation:
        names.append(organisation)
    title = str(request.subject_title)
    others = punctuation.listed(filter(None, names))
    return punctuation.colon().join(filter(None, [title, others]))


def _proposed(item: Item, proposal: Proposal) -> list[str]:
    lines = [
        _("Proposed: %(when)s, %(place)s")
        % {
            "when": _when(item, proposal.starts_at, proposal.ends_at),
            "place": calendars.table_line(proposal.table),
        },
        _("Answer until %(when)s")
        % {"when": _when(item, proposal.expires_at, proposal.expires_at)},
    ]
    if proposal.note:
        lines.append(quoted(proposal.note))
    return lines


def _when(item: Item, start: datetime, end: datetime) -> str:
    """By the venue's clock, and by the reader's where it shows another time."""
    edition = item.meeting.edition
    said = calendars.moment_line(start, edition)
    own = zones.span(start, end, edition, zone_of(item.reader, edition))
    if own is None:
        return said
    day = f"{own.day} " if own.day else ""
    return _("%(when)s – with you (%(city)s) %(own)s") % {
        "when": said,
        "city": own.zone,
        "own": day + own.times.partition("–")[0],
    }


def zone_of(person: Person, edition: Edition) -> ZoneInfo | None:
    """The clock the person reads, None where it is the venue's."""
    user = person.user
    account = user.time_zone if user is not None and user.time_zone != "UTC" else ""
    name = person.time_zone or account
    if not name or name == edition.time_zone:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None
