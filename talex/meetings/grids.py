"""The timetable as a grid: by hall (times down, tables across), by organisation, by person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talex.core import clock
from talex.core.ids import parse
from talex.core.models import Job
from talex.editions.models import Edition
from talex.meetings import calendars, timetable
from talex.meetings.models import Meeting, RequestParty, Side
from talex.participants.models import Organisation, Person
from talex.programme.models import Hall

ACROSS = 40
"""The most tables shown side by side; a larger hall is paged."""
DOWN = 40
"""Organisations or persons a page."""
BREAK = timedelta(minutes=20)
"""A stretch without meetings that is at least this much longer than a pause is shown."""

KINDS = {
    "hall": gettext_lazy("Halls"),
    "organisation": gettext_lazy("Organisations"),
    "person": gettext_lazy("Persons"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the timetable is to be shown."""

    kind: str = "hall"
    hall: str = ""
    day: str = ""
    page: str = "1"
    search: str = ""

    def query(self, **changed: str) -> str:
        names = {"kind": "by", "hall": "hall", "day": "day", "page": "page", "search": "q"}
        values = {short: changed.get(name, getattr(self, name)) for name, short in names.items()}
        return urlencode({k: v for k, v in values.items() if v and (k, v) != ("page", "1")})


@dataclass(frozen=True, slots=True)
class Cell:
    """One meeting in the grid: two lines of text and its page."""

    meeting: Meeting
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Head:
    """The name of a row or column, and whose agenda it opens."""

    label: Any
    sub: str = ""
    kind: str = ""
    pk: UUID | None = None


@dataclass(slots=True)
class Row:
    """Cells a column; a row of a break has none."""

    head: Head
    cells: list[list[Cell]] = field(default_factory=list)
    is_break: bool = False
    now: bool = False


@dataclass(slots=True)
class Grid:
    """What the page draws. `days`, `halls`: (label, query, whether it is the one shown)."""

    wanted: Wanted
    days: list[tuple[date, str, bool]]
    halls: list[tuple[Hall, str, bool]]
    hall: Hall | None = None
    day: date | None = None
    columns: list[Head] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    page: Page[Any] | None = None
    used: int = 0
    places: int = 0


def wanted(parameters: Mapping[str, str]) -> Wanted:
    """What the address asks for; anything unknown is the default."""
    kind = parameters.get("by", "hall")
    return Wanted(
        kind if kind in KINDS else "hall",
        parameters.get("hall", ""),
        parameters.get("day", ""),
        parameters.get("page", "1"),
        parameters.get("q", "").strip()[:100],
    )


def tabs(view: Wanted, page: str) -> list[dict[str, Any]]:
    """The switch between halls, organisations and persons; the day stays."""
    return [
        {
            "label": label,
            "url": f"{page}?{urlencode({'by': kind} | ({'day': view.day} if view.day else {}))}",
            "current": kind == view.kind,
        }
        for kind, label in KINDS.items()
    ]


def grid(edition: Edition, view: Wanted) -> Grid:
    """The wanted hall (or organisations, or persons) on the wanted day, or the first of each."""
    slots = timetable.slots_of(edition)
    zone = ZoneInfo(edition.time_zone)
    days = sorted({start.astimezone(zone).date() for start, _end in slots})
    day = next((d for d in days if d.isoformat() == view.day), days[0] if days else None)
    made = Grid(
        view,
        [(d, view.query(day=d.isoformat(), page="1"), d == day) for d in days],
        [],
        day=day,
    )
    shown = [s for s in slots if s[0].astimezone(zone).date() == day]
    if view.kind == "hall":
        _by_hall(edition, made, shown)
    elif view.kind == "organisation":
        _by_organisation(edition, made, shown)
    else:
        _by_person(edition, made, shown)
    return made


def _by_hall(edition: Edition, made: Grid, slots: list[tuple[datetime, datetime]]) -> None:
    halls = list(
        Hall.objects.filter(edition=edition, online=False, tables__isnull=False)
        .distinct()
        .order_by("code")
    )
    chosen = parse(made.wanted.hall)
    hall = next((h for h in halls if h.id == chosen), halls[0] if halls else None)
    made.hall = hall
    made.halls = [(h, made.wanted.query(hall=str(h.id), page="1"), h == hall) for h in halls]
    if hall is None or made.day is None:
        return
    made.page = Paginator(hall.tables.order_by("number"), ACROSS).get_page(made.wanted.page)
    tables = list(made.page)
    owners = Organisation.objects.in_bulk({t.organisation_id for t in tables if t.organisation_id})
    made.columns = [
        Head(
            _("Table %(number)s") % {"number": table.number},
            str(owners[table.organisation_id].name) if table.organisation_id in owners else "",
            "table",
            table.id,
        )
        for table in tables
    ]
    placed: dict[tuple[UUID | None, datetime], list[Cell]] = defaultdict(list)
    for meeting in _meetings(edition, slots).filter(table__in=tables):
        cell = Cell(meeting, _employer(meeting), _names(meeting, Side.TALENT))
        placed[meeting.table_id, meeting.starts_at].append(cell)
    now = clock.now()
    last = None
    for start, end in slots:
        if last is not None and start - last >= BREAK:
            made.rows.append(Row(Head(_("Break")), is_break=True))
        last = end
        cells = [placed.pop((table.id, start), []) for table in tables]
        made.used += sum(bool(c) for c in cells)
        made.places += len(cells)
        made.rows.append(Row(_time(start, end), cells, now=start <= now < end))
    _off_grid(made, tables, placed)


def _off_grid(
    made: Grid, tables: list[Any], placed: dict[tuple[UUID | None, datetime], list[Cell]]
) -> None:
    """Meetings that keep a time which the day's hours no longer have."""
    for start in sorted({start for _table, start in placed}):
        cells = [placed.get((table.id, start), []) for table in tables]
        if any(cells):
            end = next(c[0].meeting.ends_at for c in cells if c)
            made.rows.append(Row(_time(start, end), cells))


def _by_organisation(edition: Edition, made: Grid, slots: list[tuple[datetime, datetime]]) -> None:
    found = (
        Organisation.objects.filter(
            id__in=Meeting.objects.filter(edition=edition)
            .exclude(status=Meeting.Status.CANCELLED)
            .values("request__organisation_id")
        )
        .filter(name_line__icontains=made.wanted.search)
        .order_by("name_line", "id")
    )
    made.page = Paginator(found, DOWN).get_page(made.wanted.page)
    rows = {o.id: Head(o.name, "", "organisation", o.id) for o in made.page}
    cells: dict[UUID, list[Cell]] = defaultdict(list)
    for meeting in _meetings(edition, slots).filter(request__organisation_id__in=list(rows)):
        cells[meeting.request.organisation_id].append(  # type: ignore[index]
            Cell(meeting, _names(meeting, Side.TALENT), calendars.place_line(meeting))
        )
    _times_across(made, slots, rows, cells)


def _by_person(edition: Edition, made: Grid, slots: list[tuple[datetime, datetime]]) -> None:
    found = (
        Person.objects.filter(
            id__in=RequestParty.objects.filter(
                Q(request__meeting__isnull=False) & ~Q(request__meeting__status="cancelled"),
                request__edition=edition,
            ).values("person_id")
        )
        .filter(name__icontains=made.wanted.search)
        .order_by("name", "id")
    )
    made.page = Paginator(found, DOWN).get_page(made.wanted.page)
    rows = {p.id: Head(p.name or _("No name"), "", "person", p.id) for p in made.page}
    cells: dict[UUID, list[Cell]] = defaultdict(list)
    with_them = RequestParty.objects.filter(person_id__in=list(rows)).values("request_id")
    for meeting in _meetings(edition, slots).filter(request_id__in=with_them):
        for party in meeting.request.parties.all():
            other = Side.TALENT if party.side == Side.EMPLOYER else Side.EMPLOYER
            first = _names(meeting, other) if other == Side.TALENT else _employer(meeting)
            cells[party.person_id].append(Cell(meeting, first, calendars.place_line(meeting)))
    _times_across(made, slots, rows, cells)


def _times_across(
    made: Grid,
    slots: list[tuple[datetime, datetime]],
    rows: dict[UUID, Head],
    cells: dict[UUID, list[Cell]],
) -> None:
    made.columns = [_time(start, end) for start, end in slots]
    for key, head in rows.items():
        row = Row(head, [[] for _slot in slots])
        for cell in cells.get(key, []):
            at = max(
                (n for n, (start, _e) in enumerate(slots) if start <= cell.meeting.starts_at),
                default=0,
            )
            row.cells[at].append(cell)
        made.rows.append(row)


def _time(start: datetime, end: datetime) -> Head:
    return Head(f"{timezone.localtime(start):%H:%M}", f"–{timezone.localtime(end):%H:%M}")


def _employer(meeting: Meeting) -> str:
    organisation = meeting.request.organisation
    return str(organisation.name) if organisation else _names(meeting, Side.EMPLOYER)


def _names(meeting: Meeting, side: str) -> str:
    found = [p.person.name or _("No name") for p in meeting.request.parties.all() if p.side == side]
    return ", ".join(found)


def _meetings(edition: Edition, slots: list[tuple[datetime, datetime]]) -> QuerySet[Meeting]:
    """The meetings of the day on which these slots are, with what a cell shows."""
    if not slots:
        return Meeting.objects.none()
    zone = ZoneInfo(edition.time_zone)
    day = slots[0][0].astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return (
        Meeting.objects.filter(
            edition=edition, starts_at__gte=day, starts_at__lt=day + timedelta(days=1)
        )
        .exclude(status=Meeting.Status.CANCELLED)
        .select_related("request__organisation", "table__hall")
        .prefetch_related(
            Prefetch("request__parties", RequestParty.objects.select_related("person"))
        )
        .order_by("starts_at", "id")
    )


def last_job(edition: Edition) -> Job | None:
    """The timetable being made now, or the last one that was."""
    return (
        Job.objects.filter(edition_id=edition.id, kind="meetings.schedule")
        .order_by("-created_at")
        .first()
    )
