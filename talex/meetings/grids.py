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
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talex.core import clock
from talex.core.chunks import chunks
from talex.core.ids import parse
from talex.editions.models import Edition
from talex.meetings import board, calendars, conflicts, punctuation, timetable
from talex.meetings.board import Spot
from talex.meetings.models import Meeting, MeetingRequest, RequestParty, Side
from talex.participants.models import Organisation, Person
from talex.programme.models import Hall, Table

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
    """One meeting in the grid: two lines of text, and whether it may still be moved."""

    spot: Spot
    first: str
    second: str
    movable: bool = False
    # Its people are asked for another time (see `marks`).
    asked: bool = False

    @property
    def status(self) -> Any:
        """What became of it, as a word."""
        return Meeting.Status(self.spot.status).label


@dataclass(frozen=True, slots=True)
class Head:
    """The name of a row or column, and whose agenda it opens."""

    label: Any
    sub: str = ""
    kind: str = ""
    pk: UUID | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A slot at a table (or of a row's owner): what stands there, and what it is called."""

    label: str
    cells: list[Cell]
    starts_at: datetime | None = None
    table: UUID | None = None
    # What `marks` puts there: why nothing can be held ('' where it can), and what it is held for.
    away: Any = ""
    held: tuple[tuple[UUID, str], ...] = ()


@dataclass(slots=True)
class Row:
    """Cells a column; a row of a break has none. `away`: why nothing can be held in any of them."""

    head: Head
    cells: list[Place] = field(default_factory=list)
    is_break: bool = False
    now: bool = False
    away: Any = ""


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


def days_of(edition: Edition) -> list[date]:
    """The days with meeting times, at the venue."""
    return sorted({date_at(edition, start) for start, _end in timetable.slots_of(edition)})


def date_at(edition: Edition, instant: datetime) -> date:
    """The venue's date of an instant."""
    return instant.astimezone(ZoneInfo(edition.time_zone)).date()


def day_of(edition: Edition, view: Wanted) -> date | None:
    """The wanted day; else today where there are meetings, else the first day."""
    days = days_of(edition)
    chosen = next((d for d in days if d.isoformat() == view.day), None)
    today = date_at(edition, clock.now())
    return chosen or (today if today in days else days[0] if days else None)


def grid(edition: Edition, view: Wanted) -> Grid:
    """The wanted hall (or organisations, or persons) on the wanted day, or the first of each."""
    slots = timetable.slots_of(edition)
    day = day_of(edition, view)
    made = Grid(
        view,
        [(d, view.query(day=d.isoformat(), page="1"), d == day) for d in days_of(edition)],
        [],
        day=day,
    )
    shown = [s for s in slots if date_at(edition, s[0]) == day]
    if view.kind == "hall":
        _by_hall(edition, made, shown)
    elif view.kind == "organisation":
        _by_organisation(edition, made, shown)
    else:
        _by_person(edition, made, shown)
    return made


def halls_of(edition: Edition, *, usable: bool = False) -> list[Hall]:
    """The halls on site that have tables; `usable`: less those that are closed for good."""
    found = Hall.objects.filter(edition=edition, online=False, tables__isnull=False)
    return list((found.filter(closed=False) if usable else found).distinct().order_by("code"))


def hall_of(halls: list[Hall], view: Wanted) -> Hall | None:
    """The wanted hall, or the first."""
    chosen = parse(view.hall)
    return next((h for h in halls if h.id == chosen), halls[0] if halls else None)


def page_of(hall: Hall, view: Wanted) -> Page[Table]:
    """The tables of a hall that are shown side by side."""
    return Paginator(hall.tables.order_by("number"), ACROSS).get_page(view.page)


def tables_of(edition: Edition, view: Wanted) -> list[Table]:
    """The tables that a view by hall shows."""
    hall = hall_of(halls_of(edition), view)
    return list(page_of(hall, view)) if hall is not None else []


def _by_hall(edition: Edition, made: Grid, slots: list[tuple[datetime, datetime]]) -> None:
    halls = halls_of(edition)
    hall = hall_of(halls, made.wanted)
    made.hall = hall
    made.halls = [(h, made.wanted.query(hall=str(h.id), page="1"), h == hall) for h in halls]
    if hall is None or made.day is None:
        return
    made.page = page_of(hall, made.wanted)
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
    for spot in _spots(edition, slots, tables=[t.id for t in tables]):
        placed[spot.table_id, spot.starts_at].append(
            _cell(spot, _employer(spot), punctuation.listed(_names(spot, Side.TALENT)))
        )
    now = clock.now()
    last = None
    for start, end in slots:
        if last is not None and start - last >= BREAK:
            made.rows.append(Row(Head(_("Break")), is_break=True))
        last = end
        cells = [
            Place(str(head.label), placed.pop((table.id, start), []), start, table.id)
            for table, head in zip(tables, made.columns, strict=True)
        ]
        made.used += sum(bool(c.cells) for c in cells)
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
            end = next(c[0].spot.ends_at for c in cells if c)
            heads = zip(made.columns, cells, strict=True)
            made.rows.append(
                Row(_time(start, end), [Place(str(head.label), cell) for head, cell in heads])
            )


def _by_organisation(edition: Edition, made: Grid, slots: list[tuple[datetime, datetime]]) -> None:
    found = (
        Organisation.objects.filter(
            id__in=MeetingRequest.objects.filter(_planned(edition), edition=edition).values(
                "organisation_id"
            )
        )
        .filter(name_line__icontains=made.wanted.search)
        .order_by("name_line", "id")
    )
    made.page = Paginator(found, DOWN).get_page(made.wanted.page)
    rows = {o.id: Head(o.name, "", "organisation", o.id) for o in made.page}
    cells: dict[UUID, list[Cell]] = defaultdict(list)
    tables = Tables()
    for spot in tables.read(_spots(edition, slots, organisations=list(rows))):
        organisation = spot.request.organisation_id
        assert organisation is not None
        cells[organisation].append(
            _cell(spot, punctuation.listed(_names(spot, Side.TALENT)), tables.line(spot))
        )
    _times_across(made, slots, rows, cells)


def _by_person(edition: Edition, made: Grid, slots: list[tuple[datetime, datetime]]) -> None:
    requests = MeetingRequest.objects.filter(_planned(edition), edition=edition)
    found = (
        Person.objects.filter(
            id__in=RequestParty.objects.filter(request__in=requests).values("person_id")
        )
        .filter(name__icontains=made.wanted.search)
        .order_by("name", "id")
    )
    made.page = Paginator(found, DOWN).get_page(made.wanted.page)
    rows = {p.id: Head(p.name or _("No name"), "", "person", p.id) for p in made.page}
    cells: dict[UUID, list[Cell]] = defaultdict(list)
    tables = Tables()
    for spot in tables.read(_spots(edition, slots, persons=list(rows))):
        for party in spot.request.parties.all():
            other = Side.TALENT if party.side == Side.EMPLOYER else Side.EMPLOYER
            first = (
                _employer(spot)
                if other == Side.EMPLOYER
                else punctuation.listed(_names(spot, other))
            )
            cells[party.person_id].append(_cell(spot, first, tables.line(spot)))
    _times_across(made, slots, rows, cells)


def _planned(edition: Edition) -> Q:
    """Wanted meetings that have a place, as people see it or in the draft."""
    planned = Q(meeting__isnull=False) & ~Q(meeting__status="cancelled")
    draft = board.draft_of(edition)
    if draft is not None:
        planned |= Q(id__in=draft.placements.values("request_id"))
    return planned


class Tables:
    """The names of the tables of some meetings, read at once."""

    def __init__(self) -> None:
        self.known: dict[UUID, Table] = {}

    def read(self, spots: list[Spot]) -> list[Spot]:
        wanted = {s.table_id for s in spots if s.table_id}
        for some in chunks(wanted):
            rows = Table.objects.filter(id__in=some).select_related("hall")
            self.known |= {t.id: t for t in rows}
        return spots

    def line(self, spot: Spot) -> str:
        return calendars.table_line(self.known.get(spot.table_id) if spot.table_id else None)


def _times_across(
    made: Grid,
    slots: list[tuple[datetime, datetime]],
    rows: dict[UUID, Head],
    cells: dict[UUID, list[Cell]],
) -> None:
    made.columns = [_time(start, end) for start, end in slots]
    for key, head in rows.items():
        row = Row(
            head,
            [
                Place(f"{column.label}{column.sub}", [], start)
                for column, (start, _end) in zip(made.columns, slots, strict=True)
            ],
        )
        for cell in cells.get(key, []):
            at = max(
                (n for n, (start, _e) in enumerate(slots) if start <= cell.spot.starts_at),
                default=0,
            )
            row.cells[at].cells.append(cell)
        made.rows.append(row)


def _time(start: datetime, end: datetime) -> Head:
    return Head(f"{timezone.localtime(start):%H:%M}", f"–{timezone.localtime(end):%H:%M}")


def _cell(spot: Spot, first: str, second: str) -> Cell:
    return Cell(spot, first or _("No name"), second, conflicts.movable(spot, clock.now()))


def _employer(spot: Spot) -> str:
    organisation = spot.request.organisation
    return (
        str(organisation.name) if organisation else punctuation.listed(_names(spot, Side.EMPLOYER))
    )


def _names(spot: Spot, side: str) -> list[str]:
    return [
        str(p.person.name or _("No name")) for p in spot.request.parties.all() if p.side == side
    ]


def _spots(edition: Edition, slots: list[tuple[datetime, datetime]], **narrowed: Any) -> list[Spot]:
    """The meetings of the day on which these slots are, as the draft has them."""
    if not slots:
        return []
    zone = ZoneInfo(edition.time_zone)
    day = slots[0][0].astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return board.spots(edition, between=(day, day + timedelta(days=1)), **narrowed)
