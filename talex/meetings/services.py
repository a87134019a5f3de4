"""The only writers of meetings: requests in, places out, changes one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.chunks import chunks
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.translated import TranslatedText
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.meetings import absences, calendars, events, places, queries, reasons, rules
from talex.meetings.models import (
    Meeting,
    MeetingRequest,
    Mode,
    Proposal,
    RequestParty,
    Side,
)
from talex.participants.models import Person
from talex.programme import occupancy
from talex.programme.models import Table

CHUNK = 500

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class AskedMeeting:
    """A meeting another room wants placed: both sides agreed, or the office approved."""

    subject_kind: str
    subject_id: UUID
    subject_title: TranslatedText
    organisation: UUID | None
    talents: tuple[UUID, ...]
    employers: tuple[UUID, ...]
    origin: str
    weight: float = 0.5
    mode: str = Mode.BOTH
    id: UUID | None = None


def request_meetings(
    actor: Actor, edition: Edition, asked: Sequence[AskedMeeting]
) -> list[MeetingRequest]:
    """Take up wanted meetings, set-based. The asking room has decided who may."""
    made: list[MeetingRequest] = []
    parties: list[RequestParty] = []
    now = clock.now()
    with work():
        for want in asked:
            request = MeetingRequest(
                edition=edition,
                subject_kind=want.subject_kind,
                subject_id=want.subject_id,
                subject_title=want.subject_title,
                organisation_id=want.organisation,
                origin=want.origin,
                weight=max(0.0, want.weight),
                mode=want.mode,
                created_at=now,
            )
            if want.id is not None:
                request.id = want.id
            made.append(request)
            sides = [(Side.TALENT, want.talents), (Side.EMPLOYER, want.employers)]
            parties += [
                RequestParty(request=request, person_id=person, side=side)
                for side, persons in sides
                for person in dict.fromkeys(persons)
            ]
        MeetingRequest.objects.bulk_create(made, batch_size=CHUNK)
        RequestParty.objects.bulk_create(parties, batch_size=CHUNK)
        for request in made:
            record(
                "meetings.request.made",
                actor=actor,
                edition=edition.id,
                obj=request,
                facts={"subject": str(request.subject_id), "origin": request.origin},
            )
    return made


def withdraw_requests(actor: Actor, edition: Edition, requests: Iterable[UUID], why: str) -> int:
    """Take wanted meetings back; what was placed is cancelled. The asking room decides who may."""
    with work():
        wanted = MeetingRequest.objects.filter(edition=edition, id__in=list(requests))
        rows = list(locked_rows(wanted.exclude(state=MeetingRequest.State.WITHDRAWN)))
        for meeting in Meeting.objects.filter(
            request__in=rows, status=Meeting.Status.PLANNED
        ).select_related("request"):
            call_off(actor, meeting, why, MeetingRequest.State.WITHDRAWN)
        for request in rows:
            request.state = MeetingRequest.State.WITHDRAWN
            request.save(update_fields=["state"])
            record("meetings.request.withdrawn", actor=actor, edition=edition.id, obj=request)
    return len(rows)


@dataclass(frozen=True, slots=True)
class MoveMeeting:
    """Another time (and table) for a meeting; `sequence` is what the mover saw."""

    meeting: UUID
    starts_at: datetime
    sequence: int
    table: UUID | None = None


def move_meeting(actor: Actor, edition: Edition, command: MoveMeeting) -> Meeting:
    """Move a meeting to a time that is free for both sides. Nobody else's meeting is touched."""
    with work():
        meeting = get_held(actor, edition, command.meeting)
        if not rules.can_move(actor, meeting):
            raise NotAllowed
        still_planned(meeting)
        if meeting.sequence != command.sequence:
            raise Conflict
        place = places.free_place(edition, meeting, command.starts_at, command.table)
        close_proposals(actor, [meeting.id])
        relocate(actor, meeting, place.starts_at, place.ends_at, place.table)
    return meeting


def relocate(
    actor: Actor, meeting: Meeting, starts_at: datetime, ends_at: datetime, table: Table | None
) -> None:
    """Give a meeting another place, with occupancy, calendar and ledger. In `work()`."""
    before = meeting.starts_at
    people = queries.persons_of([meeting.request_id])
    left = hold_of(meeting, people)
    occupancy.release("meeting", [meeting.id])
    _put(meeting, starts_at, ends_at, table)
    meeting.save()
    occupancy.hold(hold_of(meeting, people))
    absences.take_left(meeting.edition_id, [left])
    record(
        "meetings.meeting.moved",
        actor=actor,
        edition=meeting.edition_id,
        obj=meeting,
        facts=events.place_facts(meeting) | {"before": before.isoformat()},
    )


def close_proposals(actor: Actor, meetings: Sequence[UUID]) -> int:
    """Take back what was proposed for meetings that were moved or called off otherwise.

    In `work()`. Returns how many proposals ended.
    """
    count = 0
    for some in chunks(meetings):
        rows = Proposal.objects.filter(
            meeting_id__in=some, state=Proposal.State.OPEN
        ).select_related("meeting")
        for proposal in rows:
            end_proposal(actor, proposal, Proposal.State.WITHDRAWN)
            count += 1
    return count


def end_proposal(actor: Actor, proposal: Proposal, state: str) -> None:
    """End an open proposal: its slot is free again, the ledger knows. In `work()`."""
    occupancy.release("proposal", [proposal.id])
    proposal.state, proposal.ended_at = state, clock.now()
    proposal.save(update_fields=["state", "ended_at"])
    record(
        f"meetings.proposal.{state}",
        actor=actor,
        edition=proposal.meeting.edition_id,
        obj=proposal.meeting,
        facts={"proposal": str(proposal.id), "starts_at": proposal.starts_at.isoformat()},
    )


@dataclass(frozen=True, slots=True)
class BookMeeting:
    """Place one wanted meeting by hand."""

    request: UUID
    starts_at: datetime
    table: UUID | None = None


def book_meeting(actor: Actor, edition: Edition, command: BookMeeting) -> Meeting:
    """The office, or (once a timetable is out) one of the two sides, places an agreed meeting at a
    time that is free for both."""
    with work():
        request = _hold_request(edition, command.request)
        meeting = Meeting.objects.filter(request=request).first() or Meeting(
            edition=edition, request=request, sequence=-1
        )
        if not rules.can_place(actor, request):
            raise NotAllowed
        if request.state != MeetingRequest.State.OPEN:
            raise Conflict(reasons.NOT_WANTED)
        place = places.free_place(edition, meeting, command.starts_at, command.table)
        _put(meeting, place.starts_at, place.ends_at, place.table)
        meeting.save()
        request.state, request.unplaced = MeetingRequest.State.PLACED, ""
        request.save(update_fields=["state", "unplaced"])
        occupancy.hold(hold_of(meeting, queries.persons_of([request.id])))
        record(
            "meetings.meeting.placed",
            actor=actor,
            edition=edition.id,
            obj=meeting,
            facts=events.place_facts(meeting),
        )
    return meeting


@dataclass(frozen=True, slots=True)
class CancelMeeting:
    meeting: UUID
    sequence: int
    reason: str = ""


def cancel_meeting(actor: Actor, edition: Edition, command: CancelMeeting) -> Meeting:
    """Call a meeting off; its time is free again at once. Both calendars are told."""
    if not command.reason.strip():
        raise Invalid({"reason": _("Say why, so that the other side understands.")})
    with work():
        meeting = get_held(actor, edition, command.meeting)
        check_can_cancel(actor, meeting)
        if meeting.sequence != command.sequence:
            raise Conflict
        call_off(actor, meeting, command.reason.strip()[:300], MeetingRequest.State.WITHDRAWN)
    return meeting


def check_can_cancel(actor: Actor, meeting: Meeting) -> None:
    """Raises `Conflict` where it is over, to its sides as well: that the other one was quicker is
    no matter of who may. Raises `NotAllowed`."""
    if rules.can_cancel(actor, meeting) or rules.sides_of(actor, meeting):
        still_planned(meeting)
    if not rules.can_cancel(actor, meeting):
        raise NotAllowed


def lock_meeting(actor: Actor, edition: Edition, meeting_id: UUID, locked: bool) -> Meeting:
    """A locked meeting keeps its time and table in every new timetable."""
    with work():
        meeting = get_held(actor, edition, meeting_id)
        if not rules.can_schedule(actor, edition.id):
            raise NotAllowed
        meeting.locked = locked
        meeting.save(update_fields=["locked"])
        record(
            "meetings.meeting.locked" if locked else "meetings.meeting.unlocked",
            actor=actor,
            edition=edition.id,
            obj=meeting,
        )
    return meeting


@dataclass(frozen=True, slots=True)
class TellOutcome:
    """Whether the meeting was held (status `held`) or somebody did not come (`no_show`)."""

    meeting: UUID
    status: str


AfterOutcome = Callable[[Actor, Meeting], None]
_after_outcome: list[AfterOutcome] = []


def on_outcome(port: AfterOutcome) -> None:
    """A room above takes part in the transaction that tells how a meeting went."""
    if port not in _after_outcome:
        _after_outcome.append(port)


def has_begun(meeting: Meeting) -> bool:
    """Before it begins nobody can know how a meeting went, not even that somebody stays away."""
    return meeting.starts_at <= clock.now()


def tell_outcome(actor: Actor, edition: Edition, command: TellOutcome) -> Meeting:
    """Record that a meeting was held or that somebody did not come."""
    if command.status not in (Meeting.Status.HELD, Meeting.Status.NO_SHOW):
        raise Invalid({"status": _("Say whether the meeting was held or somebody did not come.")})
    with work():
        meeting = get_held(actor, edition, command.meeting)
        if not rules.can_tell_outcome(actor, meeting):
            raise NotAllowed
        if meeting.status == Meeting.Status.CANCELLED:
            raise Conflict(_("This meeting was called off, so it has no outcome."))
        if not has_begun(meeting):
            raise Conflict(
                _("This meeting begins on %(when)s. How it went can be recorded from then on.")
                % {"when": calendars.when_line(meeting)}
            )
        if meeting.status == command.status:
            return meeting
        meeting.status = command.status
        meeting.changed_at = clock.now()
        meeting.save(update_fields=["status", "changed_at"])
        record(f"meetings.meeting.{command.status}", actor=actor, edition=edition.id, obj=meeting)
        for port in _after_outcome:
            port(actor, meeting)
    return meeting


def hold_of(meeting: Meeting, persons: dict[UUID, list[UUID]]) -> occupancy.Hold:
    """What a meeting occupies: each of its persons, and its table."""
    resources = [(occupancy.PERSON, p) for p in persons.get(meeting.request_id, [])]
    if meeting.table_id:
        resources.append((occupancy.TABLE, meeting.table_id))
    return occupancy.Hold(
        meeting.edition_id,
        tuple(resources),
        meeting.starts_at,
        meeting.ends_at,
        ("meeting", meeting.id),
    )


def locked_rows(rows: QuerySet[Row]) -> QuerySet[Row]:
    """The rows in one order for everybody, held until the commit.

    Whoever changes a meeting holds its request, then its persons: two who change the same wait
    for each other, and a daily maximum counted by one is not passed by another meanwhile. On
    SQLite there is one writer at a time anyway.
    """
    return rows.order_by("id").select_for_update(no_key=True)


def get_held(actor: Actor, edition: Edition, meeting_id: UUID) -> Meeting:
    """A meeting that the actor may see, its request and persons held until the commit."""
    known = Meeting.objects.filter(edition=edition, id=meeting_id)
    request = known.values_list("request_id", flat=True).first()
    if request is None:
        raise NotFound
    _hold_request(edition, request)
    meeting = known.select_related("request", "table__hall").get()
    if not rules.can_see(actor, meeting):
        raise NotFound
    return meeting


def hold_meeting(meeting_id: UUID) -> None:
    """Hold a meeting's request and persons until the commit, in the order everybody does."""
    meeting = Meeting.objects.select_related("edition").filter(id=meeting_id).first()
    if meeting is not None:
        _hold_request(meeting.edition, meeting.request_id)


def _hold_request(edition: Edition, request_id: UUID) -> MeetingRequest:
    request = locked_rows(MeetingRequest.objects.filter(edition=edition, id=request_id)).first()
    if request is None:
        raise NotFound
    with_them = RequestParty.objects.filter(request_id=request_id).values("person_id")
    list(locked_rows(Person.objects.filter(id__in=with_them)).values_list("id", flat=True))
    return request


def still_planned(meeting: Meeting) -> None:
    """Raises Conflict where the meeting is over or was called off."""
    if meeting.status != Meeting.Status.PLANNED:
        raise Conflict(_("This meeting is over or was called off, so it can no longer be changed."))


def _put(meeting: Meeting, starts_at: datetime, ends_at: datetime, table: Table | None) -> None:
    meeting.starts_at, meeting.ends_at = starts_at, ends_at
    meeting.table, meeting.online = table, table is None
    meeting.status, meeting.reason = Meeting.Status.PLANNED, ""
    meeting.sequence += 1
    meeting.changed_at = clock.now()


def call_off(actor: Actor, meeting: Meeting, why: str, then: str) -> None:
    """Free a meeting's time and tell its request what becomes of it (`then`, a request state)."""
    left = hold_of(meeting, queries.persons_of([meeting.request_id]))
    occupancy.release("meeting", [meeting.id])
    absences.take_left(meeting.edition_id, [left])
    close_proposals(actor, [meeting.id])
    meeting.status, meeting.reason = Meeting.Status.CANCELLED, why
    meeting.sequence += 1
    meeting.changed_at = clock.now()
    meeting.save()
    meeting.request.state = then
    meeting.request.save(update_fields=["state"])
    record(
        "meetings.meeting.cancelled",
        actor=actor,
        edition=meeting.edition_id,
        obj=meeting,
        facts={"sequence": str(meeting.sequence)},
    )
