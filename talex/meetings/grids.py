"""The timetable as a grid: times down, the tables of one hall across."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from talex.core.ids import parse
from talex.core.models import Job
from talex.editions.models import Edition
from talex.meetings import timetable
from talex.meetings.models import Meeting, RequestParty
from talex.programme.models import Hall, Table

ACROSS = 60
"""The most tables shown side by side; a larger hall is paged by its numbers."""


@dataclass(frozen=True)
class Grid:
    """One hall on one day. `rows`: (start, end, one meeting or None a table)."""

    halls: list[Hall]
    days: list[date]
    hall: Hall | None
    day: date | None
    tables: list[Table]
    rows: list[tuple[datetime, datetime, list[Meeting | None]]]
    used: int
    cells: int


def hall_grid(edition: Edition, hall_id: str, day_text: str) -> Grid:
    """The wanted hall and day, or the first of each."""
    halls = list(
        Hall.objects.filter(edition=edition, online=False, tables__isnull=False).distinct()
    )
    slots = timetable.slots_of(edition)
    zone = ZoneInfo(edition.time_zone)
    days = sorted({start.astimezone(zone).date() for start, _end in slots})
    wanted = parse(hall_id)
    hall = next((h for h in halls if h.id == wanted), halls[0] if halls else None)
    day = next((d for d in days if d.isoformat() == day_text), days[0] if days else None)
    if hall is None or day is None:
        return Grid(halls, days, hall, day, [], [], 0, 0)
    tables = list(hall.tables.select_related("hall").order_by("number")[:ACROSS])
    shown = [s for s in slots if s[0].astimezone(zone).date() == day]
    placed = _placed(edition, tables, shown)
    rows = [
        (start, end, [placed.get((table.id, start)) for table in tables]) for start, end in shown
    ]
    return Grid(halls, days, hall, day, tables, rows, len(placed), len(tables) * len(shown))


def _placed(
    edition: Edition, tables: list[Table], slots: list[tuple[datetime, datetime]]
) -> dict[tuple[UUID | None, datetime], Meeting]:
    if not slots:
        return {}
    found = (
        Meeting.objects.filter(
            edition=edition,
            table__in=tables,
            starts_at__gte=slots[0][0],
            starts_at__lte=slots[-1][0],
        )
        .exclude(status=Meeting.Status.CANCELLED)
        .select_related("request__organisation")
        .prefetch_related(
            Prefetch("request__parties", RequestParty.objects.select_related("person"))
        )
    )
    return {(m.table_id, m.starts_at): m for m in found}


def running_job(edition: Edition) -> Job | None:
    """The timetable being made now, or the last one that was."""
    return (
        Job.objects.filter(edition_id=edition.id, kind="meetings.schedule")
        .order_by("-created_at")
        .first()
    )
