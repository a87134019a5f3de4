"""Cut-offs as they are written in addresses, forms and on the command line."""

from __future__ import annotations

import zoneinfo
from datetime import datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from talex.bulletin.counting import Cutoff
from talex.bulletin.rules import sees_small_counts
from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Invalid
from talex.editions.models import Edition


def instant(text: str, zone: zoneinfo.ZoneInfo) -> datetime | None:
    """`2027-05-31` (all of that day), `2027-05-31T18:00` (in `zone`), or with an offset.

    None where it is none of these.
    """
    # A plus sign in an address arrives as a blank.
    text = text.strip().replace(" ", "+") if "T" in text else text.strip()
    try:
        day = parse_date(text)
        if day is not None:
            midnight = datetime.combine(day + timedelta(days=1), time(), zone)
            return midnight - timedelta(microseconds=1)
        found = parse_datetime(text)
    except (ValueError, OverflowError):
        return None
    if found is None:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=zone)


def read(edition: Edition, until: str = "", known: str = "") -> Cutoff:
    """The cut-off that was asked for; what is left out is now. Raises `Invalid` (until, known)."""
    zone = zoneinfo.ZoneInfo(edition.time_zone)
    now = clock.now()
    faults = {}
    found: dict[str, datetime] = {"until": now, "known": now}
    for name, text in (("until", until), ("known", known)):
        if not text.strip():
            continue
        value = instant(text, zone)
        if value is None:
            faults[name] = _("Give a day or an instant, for example 2027-05-31T18:00.")
        elif name == "known" and value > now:
            # What will be known then is not known yet: the figure would not stay as it is.
            found[name] = now
        else:
            found[name] = value
    if faults:
        raise Invalid(faults)
    return Cutoff(found["until"], found["known"])


def permitted(actor: Actor, edition_id: UUID, time_zone: str, cutoff: Cutoff) -> Cutoff:
    """The cut-off as this reader gets it: the press in whole days of the edition's zone.

    With any instant to choose, the difference of two large numbers would show one person.
    """
    if sees_small_counts(actor, edition_id):
        return cutoff
    zone = zoneinfo.ZoneInfo(time_zone)

    def whole(value: datetime) -> datetime:
        day = (value + timedelta(microseconds=1)).astimezone(zone).date()
        return datetime.combine(day, time(), zone) - timedelta(microseconds=1)

    return Cutoff(whole(cutoff.until), whole(cutoff.known))


def query(cutoff: Cutoff, **more: str) -> str:
    """The cut-off for an address, exact to the microsecond, with whatever else is not empty."""
    return urlencode(
        {
            "until": _written(cutoff.until),
            "known": _written(cutoff.known),
            **{key: value for key, value in more.items() if value},
        }
    )


def _written(value: datetime) -> str:
    utc = value.astimezone(zoneinfo.ZoneInfo("UTC"))
    return utc.isoformat().replace("+00:00", "Z")
