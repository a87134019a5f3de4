"""The timetable as it would be: what people see, overlaid with the draft. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from talex.core.chunks import CHUNK, chunks
from talex.core.errors import Conflict
from talex.editions.models import Edition
from talex.meetings import punctuation
from talex.meetings.models import (
    Meeting,
    MeetingRequest,
    Placement,
    RequestParty,
    Side,
    TimetableRules,
    TimetableVersion,
)


class DraftChanged(Conflict):
    """The draft is no longer the one that was looked at."""

    def __init__(self) -> None:
        super().__init__(
            _("The draft was changed meanwhile. Look at what it changes now, then decide again.")
        )


@dataclass(slots=True)
class Spot:
    """One meeting where it would be held, and where people see it now (`live`)."""

    request: MeetingRequest
    starts_at: datetime
    ends_at: datetime
    table_id: UUID | None
    online: bool
    status: str = Meeting.Status.PLANNED
    locked: bool = False
    live: Meeting | None = None
    draft: Placement | None = None

    @property
    def mark(self) -> str:
        """What tells one state of it from the next: sent with every edit, compared before it."""
        return mark_of(self.live, self.draft)

    @property
    def change(self) -> str:
        """'' where the draft leaves it alone, else `placed` or `moved`."""
        return self.draft.kind if self.draft is not None else ""

    @property
    def persons(self) -> list[UUID]:
        return [party.person_id for party in self.request.parties.all()]

    @property
    def title(self) -> str:
        """What it is called in a sentence: the talent, and the organisation."""
        return title_of(self.request)


def title_of(request: MeetingRequest) -> str:
    """What a meeting is called in a sentence: the talent, and the organisation."""
    sides: dict[str, list[str]] = {Side.TALENT: [], Side.EMPLOYER: []}
    for party in request.parties.all():
        if party.person.name:
            sides[party.side].append(party.person.name)
    organisation = request.organisation
    employer = str(organisation.name) if organisation else punctuation.listed(sides[Side.EMPLOYER])
    return " – ".join(part for part in (punctuation.listed(sides[Side.TALENT]), employer) if part)


def mark_of(live: Meeting | None, draft: Placement | None) -> str:
    """The mark of a meeting (see `Spot.mark`); "-" where it has no place at all."""
    parts = ["-"] if live is None else [f"{live.sequence}{live.status[:1]}{int(live.locked)}"]
    if draft is not None:
        parts.append(f"{draft.version_id.hex[:8]}{draft.revision}")
    return ".".join(parts)


def draft_of(edition: Edition) -> TimetableVersion | None:
    """The draft being worked on, if there is one."""
    return TimetableVersion.objects.filter(edition=edition, state="draft").first()


def rules_of(edition: Edition) -> TimetableRules:
    """What the office decided, or the defaults (not saved)."""
    found = TimetableRules.objects.filter(edition=edition).first()
    return found if found is not None else TimetableRules(edition=edition)


def requests_with_people() -> QuerySet[MeetingRequest]:
    return MeetingRequest.objects.select_related("organisation").prefetch_related(
        Prefetch("parties", RequestParty.objects.select_related("person"))
    )


def spots(
    edition: Edition,
    *,
    between: tuple[datetime, datetime] | None = None,
    tables: Collection[UUID] | None = None,
    persons: Collection[UUID] | None = None,
    organisations: Collection[UUID] | None = None,
    requests: Collection[UUID] | None = None,
    draft: TimetableVersion | None = None,
) -> list[Spot]:
    """Every meeting that would stand, narrowed down by whatever is given, in order of time.

    `between`: [first, last) instants of the start. `draft`: where the caller has it already.
    """
    draft = draft or draft_of(edition)
    if requests is not None and len(requests) > CHUNK:
        found = [s for some in chunks(requests) for s in spots(edition, requests=some, draft=draft)]
        return sorted(found, key=_order)
    at: Q = Q()
    if between is not None:
        at &= Q(starts_at__gte=between[0], starts_at__lt=between[1])
    if tables is not None:
        at &= Q(table_id__in=list(tables))
    if persons is not None:
        mine = RequestParty.objects.filter(person_id__in=list(persons)).values("request_id")
        at &= Q(request_id__in=mine)
    if organisations is not None:
        at &= Q(request__organisation_id__in=list(organisations))
    if requests is not None:
        at &= Q(request_id__in=list(requests))
    live = (
        Meeting.objects.filter(at, edition=edition)
        .exclude(status=Meeting.Status.CANCELLED)
        .select_related("request__organisation")
        .prefetch_related(
            Prefetch("request__parties", RequestParty.objects.select_related("person"))
        )
    )
    found = []
    if draft is not None:
        live = live.exclude(request_id__in=draft.placements.values("request_id"))
        rows = list(
            draft.placements.filter(at)
            .exclude(kind=Placement.Kind.CANCELLED)
            .select_related("request__organisation", "request__meeting")
            .prefetch_related(
                Prefetch("request__parties", RequestParty.objects.select_related("person"))
            )
        )
        found += [_drafted(row) for row in rows]
    found += [
        Spot(
            m.request, m.starts_at, m.ends_at, m.table_id, m.online, m.status, m.locked, live=m
        )
        for m in live
    ]  # fmt: skip
    return sorted(found, key=_order)


def _order(spot: Spot) -> tuple[datetime, str]:
    return spot.starts_at, str(spot.request.id)


def _drafted(row: Placement) -> Spot:
    assert row.starts_at is not None and row.ends_at is not None
    return Spot(
        row.request,
        row.starts_at,
        row.ends_at,
        row.table_id,
        row.online,
        Meeting.Status.PLANNED,
        row.locked,
        live=getattr(row.request, "meeting", None),
        draft=row,
    )


def spot_of(edition: Edition, request: UUID) -> Spot | None:
    """Where one meeting would be held; None where it would have no place."""
    found = spots(edition, requests=[request])
    return found[0] if found else None


class Stood(NamedTuple):
    """A meeting as a whole timetable reads it: ten thousand of these are made at a time."""

    request_id: UUID
    id: UUID | None
    starts_at: datetime
    ends_at: datetime
    table_id: UUID | None
    status: str
    locked: bool
    sequence: int


def standing(edition: Edition) -> dict[UUID, Stood]:
    """request -> its meeting as people see it, where it was not called off."""
    rows = Meeting.objects.filter(edition=edition).exclude(status=Meeting.Status.CANCELLED)
    return {row[0]: Stood(*row) for row in rows.values_list(*Stood._fields)}


def overlaid(meetings: dict[UUID, Stood], draft: TimetableVersion | None) -> dict[UUID, Stood]:
    """Where the meetings would stand: as people see them, with the draft's changes over them."""
    if draft is None:
        return meetings
    found = dict(meetings)
    for row in draft.placements.all():
        live = meetings.get(row.request_id)
        if row.sequence != (live.sequence if live is not None else -1) and live is not None:
            continue  # changed under the draft: what people see counts
        if row.kind == Placement.Kind.CANCELLED:
            found.pop(row.request_id, None)
            continue
        assert row.starts_at is not None and row.ends_at is not None
        found[row.request_id] = Stood(
            row.request_id,
            None,
            row.starts_at,
            row.ends_at,
            row.table_id,
            Meeting.Status.PLANNED,
            row.locked,
            max(0, row.sequence),
        )
    return found


def table_times(
    edition: Edition, between: tuple[datetime, datetime], draft: TimetableVersion | None
) -> list[tuple[UUID, UUID, datetime, datetime]]:
    """(table, request, start, end) of every meeting at a table that would begin in `between`."""
    at = Q(starts_at__gte=between[0], starts_at__lt=between[1], table_id__isnull=False)
    fields = ("table_id", "request_id", "starts_at", "ends_at")
    live = Meeting.objects.filter(at, edition=edition).exclude(status=Meeting.Status.CANCELLED)
    found: list[tuple[UUID, UUID, datetime, datetime]] = []
    if draft is not None:
        live = live.exclude(request_id__in=draft.placements.values("request_id"))
        rows = draft.placements.filter(at).exclude(kind=Placement.Kind.CANCELLED)
        found += list(rows.values_list(*fields))
    return [*found, *live.values_list(*fields)]


def now_mark(edition: Edition, request: UUID, draft: TimetableVersion | None) -> str:
    """The mark of a meeting that may have no place."""
    live = Meeting.objects.filter(edition=edition, request_id=request).first()
    row = draft.placements.filter(request_id=request).first() if draft is not None else None
    return mark_of(live, row)


def differing(draft: TimetableVersion | None) -> int:
    """How many meetings the draft puts elsewhere than people see them now (0 without a draft)."""
    if draft is None:
        return 0
    off = Q(request__meeting__isnull=True) | Q(request__meeting__status=Meeting.Status.CANCELLED)
    same = Q(
        Q(request__meeting__table_id=F("table_id"))
        | Q(request__meeting__table_id__isnull=True, table_id__isnull=True),
        request__meeting__starts_at=F("starts_at"),
        request__meeting__ends_at=F("ends_at"),
    )
    there = Q(request__meeting__in=Meeting.objects.exclude(status=Meeting.Status.CANCELLED))
    rows, gone = draft.placements.all(), Q(kind=Placement.Kind.CANCELLED)
    # Only what is the same is asked for by conditions: a missing meeting makes them unknown.
    alike = rows.filter(gone & off).count() + rows.exclude(gone).filter(same & there).count()
    return rows.count() - alike


def stale(draft: TimetableVersion) -> list[Placement]:
    """Rows of a draft whose meeting was changed, or is over, since they were written."""
    rows = draft.placements.select_related("request__meeting", "request__organisation")
    return [row for row in rows if is_stale(row)]


def is_stale(row: Placement) -> bool:
    live: Meeting | None = getattr(row.request, "meeting", None)
    if row.request.state == MeetingRequest.State.WITHDRAWN:
        return True
    if live is None:
        return row.sequence != -1
    return live.sequence != row.sequence or live.status not in ("planned", "cancelled")
