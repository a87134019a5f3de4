"""The reader's own time beside the venue's, where the two differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import formats

from talex.core.actor import Actor
from talex.core.cities import city
from talex.editions.models import Edition
from talex.participants.models import Person


@dataclass(frozen=True, slots=True)
class Span:
    """A time in the reader's own zone. `day` is '' where it is the same day as at the venue."""

    times: str
    day: str
    zone: str


def own_zone(actor: Actor, edition: Edition) -> ZoneInfo | None:
    """The zone the reader lives in, or None where it is the venue's or not known.

    What the person stated counts before the account's; an account's UTC is what it has before
    anything was chosen, so it says nothing.
    """
    stated = (
        Person.objects.filter(id__in=actor.persons())
        .exclude(time_zone="")
        .values_list("time_zone", flat=True)
        .first()
        if actor.persons()
        else None
    )
    name = stated or (actor.time_zone if actor.time_zone != "UTC" else "")
    if not name or name == edition.time_zone:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def span(start: datetime, end: datetime, edition: Edition, zone: ZoneInfo | None) -> Span | None:
    """[start, end) in the reader's zone; None where clocks there show the venue's time."""
    if zone is None:
        return None
    venue, own = start.astimezone(ZoneInfo(edition.time_zone)), start.astimezone(zone)
    if venue.utcoffset() == own.utcoffset():
        return None
    other_day = venue.date() != own.date()
    return Span(
        f"{own:%H:%M}–{end.astimezone(zone):%H:%M}",
        formats.date_format(own.date(), "SHORT_DATE_FORMAT") if other_day else "",
        city(zone.key),
    )
