"""What the grid shows besides meetings: who or what is away, who is asked, and what is held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from talex.core import clock
from talex.editions.models import Edition
from talex.meetings import board, timetable
from talex.meetings.grids import Grid, Place, Row
from talex.meetings.models import Absence, Proposal, RequestParty


@dataclass(slots=True)
class _Marks:
    """Of one day. Owners are tables, organisations and persons.

    `away`: owner -> spans; `held`: owner -> (start, request, title); `asked`: requests.
    """

    away: dict[UUID, list[tuple[datetime, datetime]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    held: dict[UUID, list[tuple[datetime, UUID, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    asked: set[UUID] = field(default_factory=set)


def marked(edition: Edition, grid: Grid) -> Grid:
    """The grid with its marks (changed in place): as many queries for many as for few."""
    if grid.day is None:
        return grid
    zone = ZoneInfo(edition.time_zone)
    first = datetime(grid.day.year, grid.day.month, grid.day.day, tzinfo=zone)
    found = _read(edition, first, first + timedelta(days=1))
    ends = dict(timetable.slots_of(edition))
    closed = grid.hall is not None and grid.hall.closed
    for row in grid.rows:
        row.cells = [_place(found, grid, row, place, ends, closed) for place in row.cells]
        # Where a whole hall is closed a telephone shows it once.
        if row.cells and all(place.away for place in row.cells) and grid.hall is not None:
            row.away = row.cells[0].away
    return grid


def _read(edition: Edition, first: datetime, last: datetime) -> _Marks:
    found = _Marks()
    spans = Absence.objects.filter(
        edition=edition, ended_at=None, starts_at__lt=last, ends_at__gt=first
    )
    for owner, start, end in spans.values_list("resource_id", "starts_at", "ends_at"):
        found.away[owner].append((start, end))
    parties = Prefetch("meeting__request__parties", RequestParty.objects.select_related("person"))
    for made in (
        Proposal.objects.filter(
            meeting__edition=edition, state=Proposal.State.OPEN, expires_at__gt=clock.now()
        )
        .select_related("meeting__request__organisation")
        .prefetch_related(parties)
    ):
        request = made.meeting.request
        found.asked.add(request.id)
        if not first <= made.starts_at < last:
            continue
        owners = {made.table_id, request.organisation_id}
        owners |= {party.person_id for party in request.parties.all()}
        for one in owners:
            if one is not None:
                found.held[one].append((made.starts_at, request.id, board.title_of(request)))
    return found


def _place(
    found: _Marks,
    grid: Grid,
    row: Row,
    place: Place,
    ends: dict[datetime, datetime],
    closed: bool,
) -> Place:
    start, owner = place.starts_at, place.table or row.head.pk
    cells = [replace(c, asked=c.spot.request.id in found.asked) for c in place.cells]
    if start is None or owner is None:
        return replace(place, cells=cells)
    end = ends.get(start, start)
    away: Any = ""
    if closed or _overlaps(found.away.get(owner, ()), start, end):
        away = _("Closed") if grid.hall is not None else _("Away")
    held = tuple(
        (request, title) for at, request, title in found.held.get(owner, ()) if start <= at < end
    )
    return replace(place, cells=cells, away=away, held=held)


def _overlaps(spans: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime) -> bool:
    return any(a < end and start < b for a, b in spans)
