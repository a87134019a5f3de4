"""The halls of one day: how full by the hour, and what is on at this moment."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count

from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.meetings.models import Meeting
from talex.programme.models import Activity, Day, Hall

Spans = list[tuple[datetime, datetime]]

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class HallNow:
    """One hall: its tables, how many are taken now, and the share (0 to 100) by hour."""

    name: TranslatedText
    online: bool
    tables: int
    busy: int
    shares: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class DayShown:
    """One day of meetings in the edition's zone.

    `place`: before, during or after what is going on (`now` within this day or not). `hours` are
    the beginnings of the columns. `planned`, `held`, `missed` count the day's meetings.
    """

    date: date
    number: int
    of: int
    place: str
    hours: tuple[datetime, ...]
    halls: tuple[HallNow, ...]
    on_now: int
    planned: int
    held: int
    missed: int
    over: int
    next_at: datetime | None
    activities: tuple[Activity, ...]
    coming: tuple[Activity, ...]

    @property
    def tables(self) -> int:
        """Tables on site."""
        return sum(hall.tables for hall in self.halls if not hall.online)

    @property
    def busy(self) -> int:
        """Tables on site that are taken now."""
        return sum(hall.busy for hall in self.halls if not hall.online)

    @property
    def total(self) -> int:
        """All meetings of the day that were not cancelled."""
        return self.planned + self.held + self.missed


def _chosen(days: list[Day], today: date) -> tuple[int, str]:
    """The day to show, and whether it is `before` (still to come), `during` or `after`."""
    for index, day in enumerate(days):
        if day.date == today:
            return index, "during"
        if day.date > today:
            return index, "before"
    return len(days) - 1, "after"


def show(edition: Edition, now: datetime) -> DayShown | None:
    """The present day, else the next one, else the last; None where no day has been set.

    Four statements, whatever the number of halls and meetings: days, halls with their tables,
    meetings by hall and time (as many rows as there are slots), activities.
    """
    zone = zoneinfo.ZoneInfo(edition.time_zone)
    days = list(Day.objects.filter(edition=edition).order_by("date"))
    if not days:
        return None
    index, place = _chosen(days, now.astimezone(zone).date())
    day = days[index]
    opens = datetime.combine(day.date, day.opens, zone)
    closes = datetime.combine(day.date, day.closes, zone)
    midnight = datetime.combine(day.date, time(), zone)
    tomorrow = datetime.combine(day.date + timedelta(days=1), time(), zone)

    halls = list(
        Hall.objects.filter(edition=edition, closed=False)
        .annotate(table_count=Count("tables"))
        .order_by("online", "code")
    )
    meetings = list(
        Meeting.objects.filter(edition=edition, starts_at__gte=midnight, starts_at__lt=tomorrow)
        .exclude(status=Meeting.Status.CANCELLED)
        .order_by()
        .values_list("table__hall_id", "starts_at", "ends_at", "status")
        .annotate(n=Count("pk"))
    )
    activities = list(
        Activity.objects.filter(edition=edition, ends_at__gt=now, starts_at__lt=tomorrow)
        .select_related("hall")
        .order_by("starts_at", "pk")
    )

    starts = [opens, *(start for _hall, start, _end, _status, _n in meetings)]
    ends = [closes, *(end for _hall, _start, end, _status, _n in meetings)]
    hours = _hours(min(starts), max(ends), zone)
    open_spans = _open(day, opens, closes, zone)
    shown = []
    for hall in halls:
        mine = [
            (start, end, n)
            for hall_id, start, end, _status, n in meetings
            if hall_id == hall.pk or (hall_id is None and hall.online)
        ]
        shown.append(
            HallNow(
                name=hall.name,
                online=hall.online,
                tables=hall.table_count,
                busy=sum(n for start, end, n in mine if start <= now < end),
                shares=tuple(_share(mine, hour, hall.table_count, open_spans) for hour in hours),
            )
        )
    by_status = dict.fromkeys(Meeting.Status.values, 0)
    for _hall, _start, _end, status, n in meetings:
        by_status[status] += n
    coming = [start for _hall, start, _end, status, _n in meetings if start > now]
    return DayShown(
        date=day.date,
        number=index + 1,
        of=len(days),
        place=place,
        hours=tuple(hours),
        halls=tuple(shown),
        on_now=sum(n for _h, start, end, _s, n in meetings if start <= now < end),
        planned=by_status[Meeting.Status.PLANNED],
        held=by_status[Meeting.Status.HELD],
        missed=by_status[Meeting.Status.NO_SHOW],
        over=sum(n for _h, _start, end, _s, n in meetings if end <= now),
        next_at=min(coming) if coming else None,
        activities=tuple(a for a in activities if a.starts_at <= now),
        coming=tuple(a for a in activities if a.starts_at > now)[:4],
    )


def _hours(first: datetime, last: datetime, zone: zoneinfo.ZoneInfo) -> list[datetime]:
    """The beginnings of all hours that the day touches, counted in UTC (clocks may change)."""
    local = first.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    hour, found = local.astimezone(UTC), []
    while hour < last:
        found.append(hour.astimezone(zone))
        hour += HOUR
    return found


def _open(day: Day, opens: datetime, closes: datetime, zone: zoneinfo.ZoneInfo) -> Spans:
    """When tables can be used: from opening to closing without the breaks."""
    found, start = [], opens
    for begins, ends in sorted(day.breaks):
        pause = datetime.combine(day.date, time.fromisoformat(begins), zone)
        found.append((start, min(pause, closes)))
        start = max(start, datetime.combine(day.date, time.fromisoformat(ends), zone))
    found.append((start, closes))
    return [(a, b) for a, b in found if a < b]


def _within(spans: Spans, hour: datetime) -> float:
    """How many seconds of the hour lie in the spans."""
    end = hour + HOUR
    return sum(
        (min(b, end) - max(a, hour)).total_seconds() for a, b in spans if a < end and b > hour
    )


def _share(
    meetings: list[tuple[datetime, datetime, int]], hour: datetime, tables: int, spans: Spans
) -> float | None:
    """How much of the tables' open time in this hour is taken, 0 to 100; None in a break."""
    there = tables * _within(spans, hour)
    if not there:
        return None
    taken = sum(n * _within([(start, stop)], hour) for start, stop, n in meetings)
    return float(min(100, round(100 * taken / there)))
