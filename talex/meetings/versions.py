"""Timetables as they were: any version put together again, and two compared. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch

from talex.core import clock
from talex.core.chunks import chunks
from talex.core.errors import NotFound
from talex.editions.models import Edition
from talex.meetings.models import Meeting, MeetingRequest, Placement, RequestParty, TimetableVersion
from talex.participants.models import Person
from talex.programme.models import Table

LIVE = -1
"""Stands for what people see now, where a version's number is asked for."""

NEWS = timedelta(days=3)
"""How long the note of a release is told to those concerned."""

Stand = tuple[datetime, datetime, UUID | None]
"""Where a meeting is: start, end, table (None online)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One meeting that is not where it was."""

    request: UUID
    before: Stand | None
    after: Stand | None

    @property
    def kind(self) -> str:
        """`placed`, `moved` or `cancelled`."""
        if self.before is None:
            return Placement.Kind.PLACED
        return Placement.Kind.MOVED if self.after is not None else Placement.Kind.CANCELLED


def versions(edition: Edition) -> Iterable[TimetableVersion]:
    """The draft first, then the released ones, the newest first."""
    return TimetableVersion.objects.filter(edition=edition)


def version(edition: Edition, number: int | None) -> TimetableVersion:
    """A released version, or the draft (None). Raises NotFound."""
    found = TimetableVersion.objects.filter(edition=edition, number=number).first()
    if found is None:
        raise NotFound
    return found


def live_stands(edition: Edition) -> dict[UUID, Stand]:
    """Where people see their meetings now."""
    rows = Meeting.objects.filter(edition=edition).exclude(status=Meeting.Status.CANCELLED)
    return {
        request: (start, end, table)
        for request, start, end, table in rows.values_list(
            "request_id", "starts_at", "ends_at", "table_id"
        )
    }


def stands(edition: Edition, number: int | None) -> dict[UUID, Stand]:
    """The timetable of a version: request -> where; the draft for None, nothing for 0, and what
    people see now for `LIVE`."""
    if number == LIVE:
        return live_stands(edition)
    found: dict[UUID, Stand] = {}
    if number is None:
        found = live_stands(edition)
        rows = Placement.objects.filter(version__edition=edition, version__state="draft")
    else:
        rows = Placement.objects.filter(
            version__edition=edition, version__state="released", version__number__lte=number
        ).order_by("version__number")
    fields = ("request_id", "kind", "starts_at", "ends_at", "table_id")
    for request, kind, start, end, table in rows.values_list(*fields):
        if kind == Placement.Kind.CANCELLED:
            found.pop(request, None)
        else:
            found[request] = (start, end, table)
    return found


def between(before: Mapping[UUID, Stand], after: Mapping[UUID, Stand]) -> list[Difference]:
    """What differs, by time of where it is now (or was)."""
    found = [
        Difference(request, before.get(request), after.get(request))
        for request in before.keys() | after.keys()
        if before.get(request) != after.get(request)
    ]
    found.sort(key=lambda d: ((d.after or d.before)[0], str(d.request)))  # type: ignore[index]
    return found


def compare(edition: Edition, first: int | None, second: int | None) -> list[Difference]:
    """What became different from one version to another (see `stands`)."""
    return between(stands(edition, first), stands(edition, second))


def counts(found: Iterable[Difference]) -> dict[str, int]:
    """How many were placed, moved, cancelled, and all of them (`changed`)."""
    tally = Counter(d.kind for d in found)
    told = {str(kind): tally[kind] for kind in Placement.Kind.values}
    return told | {"changed": sum(told.values())}


@dataclass(frozen=True, slots=True)
class Line:
    """A difference with what a reader needs to see."""

    difference: Difference
    request: MeetingRequest
    before_table: Table | None
    after_table: Table | None


def lines(found: Iterable[Difference]) -> list[Line]:
    """The differences with their meetings, people and tables (for one page of them)."""
    rows = list(found)
    requests: dict[UUID, MeetingRequest] = {}
    tables: dict[UUID, Table] = {}
    wanted = {s[2] for d in rows for s in (d.before, d.after) if s is not None and s[2]}
    for some in chunks(d.request for d in rows):
        for request in (
            MeetingRequest.objects.filter(id__in=some)
            .select_related("organisation")
            .prefetch_related(
                Prefetch("parties", RequestParty.objects.select_related("person"))
            )
        ):  # fmt: skip
            requests[request.id] = request
    for some in chunks(w for w in wanted if w is not None):
        tables |= {t.id: t for t in Table.objects.filter(id__in=some).select_related("hall")}
    return [
        Line(
            d,
            requests[d.request],
            tables.get(d.before[2]) if d.before and d.before[2] else None,
            tables.get(d.after[2]) if d.after and d.after[2] else None,
        )
        for d in rows
        if d.request in requests
    ]


def persons_of(found: Iterable[Difference]) -> dict[UUID, Counter[str]]:
    """person -> how many of their meetings were placed, moved, cancelled."""
    kinds = {d.request: d.kind for d in found}
    tally: dict[UUID, Counter[str]] = {}
    for some in chunks(kinds):
        for request, person in RequestParty.objects.filter(request_id__in=some).values_list(
            "request_id", "person_id"
        ):
            tally.setdefault(person, Counter())[kinds[request]] += 1
    return tally


def by_person(
    tally: Mapping[UUID, Counter[str]], most: int | None = None
) -> list[tuple[Person, dict[str, int]]]:
    """Those concerned (see `persons_of`), who has most changes first; at most `most` of them."""
    ids = sorted(tally, key=lambda p: (-tally[p].total(), str(p)))[:most]
    people: list[Person] = []
    for some in chunks(ids):
        people += Person.objects.filter(id__in=some)
    people.sort(key=lambda p: (-tally[p.id].total(), p.name, str(p.id)))
    return [(p, {str(k): tally[p.id][k] for k in Placement.Kind.values}) for p in people]


def by_hall(found: Iterable[Difference]) -> list[tuple[str, dict[str, int]]]:
    """For each hall ('' online) how many meetings were placed there, moved, came in, went."""
    rows = list(found)
    wanted = {s[2] for d in rows for s in (d.before, d.after) if s is not None and s[2]}
    halls: dict[UUID | None, str] = {None: ""}
    names: dict[str, str] = {"": ""}
    for some in chunks(w for w in wanted if w is not None):
        for table in Table.objects.filter(id__in=some).select_related("hall"):
            halls[table.id] = table.hall.code
            names[table.hall.code] = str(table.hall.name)
    tally: dict[str, Counter[str]] = {}
    for d in rows:
        was = halls.get(d.before[2], "") if d.before else None
        now = halls.get(d.after[2], "") if d.after else None
        if was is None and now is not None:
            tally.setdefault(now, Counter())["placed"] += 1
        elif now is None and was is not None:
            tally.setdefault(was, Counter())["cancelled"] += 1
        elif was is not None and now is not None and was == now:
            tally.setdefault(now, Counter())["moved"] += 1
        elif was is not None and now is not None:
            tally.setdefault(now, Counter())["in"] += 1
            tally.setdefault(was, Counter())["out"] += 1
    kinds = ("placed", "cancelled", "moved", "in", "out")
    return [(names.get(c, c), {k: tally[c][k] for k in kinds}) for c in sorted(tally)]


def news_for(edition: Edition, persons: Iterable[UUID]) -> TimetableVersion | None:
    """The last release with a note that changed a meeting of these persons, while it is news."""
    mine = RequestParty.objects.filter(person_id__in=list(persons)).values("request_id")
    return (
        TimetableVersion.objects.filter(
            edition=edition,
            state="released",
            released_at__gt=clock.now() - NEWS,
            placements__request_id__in=mine,
        )
        .exclude(note="")
        .order_by("-number")
        .first()
    )
