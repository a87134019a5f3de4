"""What the pages of the living day offer to choose from, and what they call it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.chunks import chunks
from talex.editions.models import Edition
from talex.meetings import board, calendars
from talex.meetings.happened import Happened
from talex.meetings.models import Absence, Meeting, MeetingRequest, RequestParty
from talex.participants.models import Person
from talex.programme.models import Hall, Table

MOST = 20
NEAR = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Named:
    """An absence with the name of whom or what it takes away, and how many with it."""

    absence: Absence
    name: Any
    more: int


def people(edition: Edition, search: str) -> list[Person]:
    """Those with meetings whose name holds the text."""
    if not search:
        return []
    mine = RequestParty.objects.filter(
        request__edition=edition, request__meeting__status=Meeting.Status.PLANNED
    ).values("person_id")
    return list(Person.objects.filter(id__in=mine, name__icontains=search).order_by("name")[:MOST])


def person(pk: UUID) -> Person | None:
    return Person.objects.filter(id=pk).first()


def _with_people(rows: QuerySet[Any], path: str) -> QuerySet[Any]:
    return rows.prefetch_related(Prefetch(path, RequestParty.objects.select_related("person")))


def near_meetings(edition: Edition, search: str) -> list[tuple[UUID, str, Meeting]]:
    """Planned meetings that have just begun or are to come; all days where one searches."""
    now = clock.now()
    rows = Meeting.objects.filter(
        edition=edition, status=Meeting.Status.PLANNED, ends_at__gt=now - NEAR
    )
    if search:
        rows = rows.filter(
            Q(request__parties__person__name__icontains=search)
            | Q(request__organisation__name_line__icontains=search)
        ).distinct()
    rows = rows.select_related("request__organisation", "table__hall").order_by("starts_at", "id")
    return [
        (m.id, board.title_of(m.request), m) for m in _with_people(rows, "request__parties")[:MOST]
    ]


def waiting(edition: Edition, search: str) -> list[tuple[UUID, str, MeetingRequest]]:
    """Wanted meetings without a place, the weightiest first."""
    rows = MeetingRequest.objects.filter(edition=edition, state=MeetingRequest.State.OPEN)
    if search:
        rows = rows.filter(
            Q(parties__person__name__icontains=search)
            | Q(organisation__name_line__icontains=search)
        ).distinct()
    rows = rows.select_related("organisation").order_by("-weight", "id")
    return [(r.id, board.title_of(r), r) for r in _with_people(rows, "parties")[:MOST]]


def hall_of(halls: Sequence[Hall], told: Happened) -> Hall | None:
    """The hall that was chosen, or that of the table; the only one where there is but one."""
    if told.table is not None:
        wanted = Table.objects.filter(id=told.table).values_list("hall_id", flat=True).first()
    else:
        wanted = told.hall
    if wanted is None and len(halls) == 1:
        return halls[0]
    return next((hall for hall in halls if hall.id == wanted), None)


def subject(edition: Edition, told: Happened) -> Any:
    """Whom or what it happened to."""
    if told.person is not None:
        known = person(told.person)
        return known.name if known is not None and known.name else _("No name")
    if told.table is not None:
        return calendars.table_line(
            Table.objects.select_related("hall").filter(id=told.table).first()
        )
    if told.hall is not None:
        return Hall.objects.get(edition=edition, id=told.hall).name
    request = told.request
    if told.meeting is not None:
        request = Meeting.objects.get(edition=edition, id=told.meeting).request_id
    wanted = board.requests_with_people().filter(
        edition=edition, id__in=[request] if request else []
    )
    return board.title_of(found) if (found := wanted.first()) is not None else ""


def named(edition: Edition, absences: Sequence[Absence]) -> list[Named]:
    """Absences as lines: tables that were closed together are one."""
    groups: dict[tuple[Any, ...], list[Absence]] = {}
    for absence in absences:
        alone = absence.resource_id if absence.resource_kind == "person" else None
        key = (absence.reason, absence.starts_at, absence.ends_at, absence.made_at, alone)
        groups.setdefault(key, []).append(absence)
    persons = Person.objects.in_bulk(
        [a.resource_id for a in absences if a.resource_kind == "person"]
    )
    firsts = [rows[0].resource_id for rows in groups.values()]
    tables = {
        t.id: t
        for some in chunks(firsts)
        for t in Table.objects.filter(id__in=some).select_related("hall")
    }
    found: list[Named] = []
    for rows in groups.values():
        first = rows[0]
        if first.resource_kind == "person":
            known = persons.get(first.resource_id)
            name: Any = known.name if known is not None and known.name else _("No name")
        elif first.resource_id not in tables:
            continue
        elif len(rows) > 1:
            name = tables[first.resource_id].hall.name
        else:
            name = calendars.table_line(tables[first.resource_id])
        found.append(Named(first, name, len(rows) - 1))
    return found
