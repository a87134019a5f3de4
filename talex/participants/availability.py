"""When somebody can be met: stated by the clock where they live, kept as instants in UTC.

Somebody says "20 April, 22:00 to 02:00" and which clock that is. The night may cross a date line
or a change of the clock: a time that the clock leaps over does not exist and is refused; of one
that comes twice a stretch takes the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import formats
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talex.core.errors import Invalid, Message
from talex.editions.models import Edition

MOST = 60
"""The most stretches of one person in one conference."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From `start` to `end` by the person's own clock; an end not after the start is next day's."""

    date: date
    start: time
    end: time


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises `Invalid` (time_zone)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            {"time_zone": gettext_lazy("Choose a time zone, for example Europe/Berlin.")}
        ) from error


def instants(edition: Edition, zone: ZoneInfo, hours: Iterable[Hours]) -> list[dict[str, Any]]:
    """The stretches as {start, end} in UTC, in order; those that touch become one.

    Raises `Invalid` (windows): a day outside of the conference, a time that does not exist.
    """
    faults: list[Message] = []
    found: list[tuple[datetime, datetime]] = []
    given = list(hours)
    if len(given) > MOST:
        raise Invalid({"windows": gettext_lazy("These are too many stretches of time.")})
    # Where one lives it may be the day before or after.
    first, last = edition.starts_on - timedelta(days=1), edition.ends_on + timedelta(days=1)
    for one in given:
        if not first <= one.date <= last:
            faults.append(_outside(one.date, edition))
            continue
        ends_on = one.date + timedelta(days=one.end <= one.start)
        start, end = _instant(zone, one.date, one.start, 0), _instant(zone, ends_on, one.end, 1)
        for day, clock, moment in ((one.date, one.start, start), (ends_on, one.end, end)):
            if moment is None:
                faults.append(_leapt(day, clock))
        if start is not None and end is not None:
            found.append((start, end))
    if faults:
        raise Invalid({"windows": faults})
    return [{"start": start, "end": end} for start, end in _joined(found)]


def _joined(stretches: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _instant(zone: ZoneInfo, day: date, clock: time, fold: int) -> datetime | None:
    """The instant, or None where the clock leaps over it. `fold` 1 is the later of two."""
    wall = datetime.combine(day, clock.replace(tzinfo=None, fold=fold))
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    same = moment.astimezone(zone).replace(tzinfo=None, fold=0) == wall.replace(fold=0)
    return moment if same else None


def hours_of(windows: Sequence[Mapping[str, str]], zone: ZoneInfo) -> list[Hours]:
    """What is kept, by the clock of a zone; a stretch of more than a day is cut at midnight."""
    told: list[Hours] = []
    for window in windows:
        start = datetime.fromisoformat(window["start"]).astimezone(zone)
        end = datetime.fromisoformat(window["end"]).astimezone(zone)
        while True:
            midnight = datetime.combine(start.date() + timedelta(days=1), time(0), zone)
            # Wall clocks are compared: what `Hours` can say ends before the same time next day.
            if end.replace(tzinfo=None) <= start.replace(tzinfo=None) + timedelta(days=1):
                told.append(Hours(start.date(), _clock(start), _clock(end)))
                break
            told.append(Hours(start.date(), _clock(start), time(0)))
            start = midnight
    return told


def _clock(moment: datetime) -> time:
    return moment.time().replace(fold=0)


def shown(windows: Sequence[Mapping[str, str]], zone: ZoneInfo) -> list[str]:
    """One line a stretch, in the reader's language."""
    return [
        _("%(day)s, %(start)s to %(end)s")
        % {
            "day": formats.date_format(one.date, "SHORT_DATE_FORMAT"),
            "start": f"{one.start:%H:%M}",
            "end": f"{one.end:%H:%M}",
        }
        for one in hours_of(windows, zone)
    ]


def _say_outside(day: date, first: date, last: date) -> str:
    return _("The conference is from %(first)s to %(last)s; %(day)s is outside of it.") % {
        name: formats.date_format(value, "SHORT_DATE_FORMAT")
        for name, value in (("first", first), ("last", last), ("day", day))
    }


def _say_leapt(day: date, clock: time) -> str:
    return _(
        "On %(day)s there is no %(time)s in this time zone: the clocks are put forward then. "
        "Choose a time before or after."
    ) % {"day": formats.date_format(day, "SHORT_DATE_FORMAT"), "time": f"{clock:%H:%M}"}


_outside_text, _leapt_text = lazy(_say_outside, str), lazy(_say_leapt, str)


def _outside(day: date, edition: Edition) -> Message:
    return _outside_text(day, edition.starts_on, edition.ends_on)


def _leapt(day: date, clock: time) -> Message:
    return _leapt_text(day, clock)
