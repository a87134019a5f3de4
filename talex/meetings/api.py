"""Meetings over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Schema
from ninja.pagination import paginate

from talex.accounts.http import ActorRequest
from talex.core.actor import SYSTEM
from talex.core.errors import NotAllowed, NotFound
from talex.core.paging import Pages
from talex.core.shapes import Body, one_of
from talex.editions.models import Edition
from talex.editions.queries import edition_by_slug
from talex.meetings import places, queries, rules, services, tasks
from talex.meetings.models import Meeting, MeetingRequest, Mode

router = Router(tags=["meetings"])


class MeetingOut(Schema):
    """A meeting; instants in UTC."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    online: bool
    hall: str | None
    table: int | None
    status: Annotated[str, one_of(Meeting.Status)]
    sequence: int
    locked: bool
    subject_id: UUID
    subject: dict[str, str]
    organisation: UUID | None
    persons: list[UUID]


def _out(meeting: Meeting) -> dict[str, Any]:
    return {
        "id": meeting.id,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "online": meeting.online,
        "hall": meeting.table.hall.code if meeting.table else None,
        "table": meeting.table.number if meeting.table else None,
        "status": meeting.status,
        "sequence": meeting.sequence,
        "locked": meeting.locked,
        "subject_id": meeting.request.subject_id,
        "subject": meeting.request.subject_title.texts(),
        "organisation": meeting.request.organisation_id,
        "persons": [party.person_id for party in meeting.request.parties.all()],
    }


class _Page(Pages):
    def paginate_queryset(
        self, queryset: Any, pagination: Any, request: Any = None, **params: Any
    ) -> Any:
        page = super().paginate_queryset(queryset, pagination, request, **params)
        page["items"] = [_out(meeting) for meeting in page["items"]]
        return page


def _reload(request: ActorRequest, edition: Edition, pk: UUID) -> dict[str, Any]:
    found = queries.meetings(request.actor, edition).filter(id=pk).first()
    if found is None:
        raise NotFound
    return _out(found)


@router.get("/editions/{slug}/meetings", response=list[MeetingOut], operation_id="listMeetings")
@paginate(_Page)
def list_meetings(request: ActorRequest, slug: str) -> Any:
    edition = edition_by_slug(request.actor, slug)
    if not rules.can_list(request.actor, edition.id):
        raise NotAllowed
    return queries.meetings(request.actor, edition)


@router.get("/editions/{slug}/meetings/{pk}", response=MeetingOut, operation_id="getMeeting")
def get_meeting(request: ActorRequest, slug: str, pk: UUID) -> Any:
    return _reload(request, edition_by_slug(request.actor, slug), pk)


class PlaceOut(Schema):
    """A time that is free for both sides, with a table that is free then."""

    starts_at: datetime
    ends_at: datetime
    table: UUID | None


@router.get(
    "/editions/{slug}/meetings/{pk}/places",
    response=list[PlaceOut],
    operation_id="listFreePlaces",
)
def list_places(request: ActorRequest, slug: str, pk: UUID) -> Any:
    edition = edition_by_slug(request.actor, slug)
    found = queries.meetings(request.actor, edition).filter(id=pk).first()
    if found is None:
        raise NotFound
    return [
        {"starts_at": p.starts_at, "ends_at": p.ends_at, "table": p.table.id if p.table else None}
        for p in places.places_for(edition, found)
    ]


class MeetingMoveIn(Body):
    """Where to; `sequence` is the one that was read."""

    starts_at: datetime
    sequence: int
    table: UUID | None = None


@router.post("/editions/{slug}/meetings/{pk}/move", response=MeetingOut, operation_id="moveMeeting")
def move(request: ActorRequest, slug: str, pk: UUID, body: MeetingMoveIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = services.MoveMeeting(pk, body.starts_at, body.sequence, body.table)
    services.move_meeting(request.actor, edition, command)
    return _reload(request, edition, pk)


class CancelIn(Body):
    sequence: int
    reason: str


@router.post(
    "/editions/{slug}/meetings/{pk}/cancel", response=MeetingOut, operation_id="cancelMeeting"
)
def cancel(request: ActorRequest, slug: str, pk: UUID, body: CancelIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = services.CancelMeeting(pk, body.sequence, body.reason)
    services.cancel_meeting(request.actor, edition, command)
    # Who called it off may not see it any more (`ended`), but what became of their act.
    return _out(queries.meetings(SYSTEM, edition).get(id=pk))


class OutcomeIn(Body):
    status: Annotated[str, one_of("held", "no_show")]


@router.post(
    "/editions/{slug}/meetings/{pk}/outcome", response=MeetingOut, operation_id="tellMeetingOutcome"
)
def outcome(request: ActorRequest, slug: str, pk: UUID, body: OutcomeIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    services.tell_outcome(request.actor, edition, services.TellOutcome(pk, body.status))
    return _reload(request, edition, pk)


class MeetingLockIn(Body):
    locked: bool


@router.post("/editions/{slug}/meetings/{pk}/lock", response=MeetingOut, operation_id="lockMeeting")
def lock(request: ActorRequest, slug: str, pk: UUID, body: MeetingLockIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    services.lock_meeting(request.actor, edition, pk, body.locked)
    return _reload(request, edition, pk)


class BookIn(Body):
    request: UUID
    starts_at: datetime
    table: UUID | None = None


@router.post("/editions/{slug}/meetings", response={201: MeetingOut}, operation_id="bookMeeting")
def book(request: ActorRequest, slug: str, body: BookIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = services.BookMeeting(body.request, body.starts_at, body.table)
    made = services.book_meeting(request.actor, edition, command)
    return 201, _reload(request, edition, made.id)


class RequestOut(Schema):
    """A wanted meeting without a place."""

    id: UUID
    subject_id: UUID
    origin: Annotated[str, one_of(MeetingRequest.Origin)]
    weight: float
    mode: Annotated[str, one_of(Mode)]
    unplaced: str


@router.get(
    "/editions/{slug}/meeting-requests",
    response=list[RequestOut],
    operation_id="listMeetingRequests",
)
@paginate(Pages)
def list_requests(request: ActorRequest, slug: str) -> Any:
    edition = edition_by_slug(request.actor, slug)
    if not rules.can_schedule(request.actor, edition.id):
        raise NotAllowed
    return queries.open_requests(edition)


class ScheduleIn(Body):
    seconds: float = 30
    seed: int = 0


class ScheduleOut(Schema):
    job: UUID


@router.post(
    "/editions/{slug}/timetable", response={202: ScheduleOut}, operation_id="makeTimetable"
)
def make(request: ActorRequest, slug: str, body: ScheduleIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    job = tasks.start(request.actor, edition, seconds=body.seconds, seed=body.seed)
    return 202, {"job": job.id}
