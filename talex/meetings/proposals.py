"""Another time, proposed by one side and answered by the other; meanwhile the slot is held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import SYSTEM, Actor
from talex.core.chunks import chunks
from talex.core.errors import Conflict, Message, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.meetings import board, places, punctuation, queries, rules, services
from talex.meetings.models import Meeting, MeetingRequest, Proposal, Side
from talex.programme import occupancy
from talex.programme.models import Table

OFFICE = "office"
HOLDER = "proposal"


@dataclass(frozen=True, slots=True)
class ProposeTime:
    """Another time (and table) for a meeting; `sequence` is what the proposer saw."""

    meeting: UUID
    starts_at: datetime
    sequence: int
    table: UUID | None = None
    note: str = ""


def propose(actor: Actor, edition: Edition, command: ProposeTime) -> Proposal:
    """Propose a time that is free for both sides, and hold it for as long as the edition says.

    The meeting stays where it is until the other side accepts. A later proposal of the same side
    replaces its earlier one; a proposal of the other side has to be answered first.
    """
    with work():
        meeting = services.get_held(actor, edition, command.meeting)
        if not rules.can_propose(actor, meeting):
            raise NotAllowed
        services.still_planned(meeting)
        if meeting.sequence != command.sequence:
            raise Conflict
        side = _side(actor, meeting)
        if _expire(Proposal.objects.filter(meeting=meeting)):
            meeting.refresh_from_db(fields=["status"])
            services.still_planned(meeting)
        earlier = Proposal.objects.filter(meeting=meeting, state="open").first()
        if earlier is not None:
            if earlier.side == side and earlier.starts_at == command.starts_at:
                return earlier  # a second click
            if earlier.side != side:
                raise Conflict(_("The other side has proposed a time. Answer that first."))
            services.end_proposal(actor, earlier, Proposal.State.WITHDRAWN)
        place = places.free_place(edition, meeting, command.starts_at, command.table)
        if place.starts_at == meeting.starts_at:
            raise Conflict(_("The meeting is at this time already. Propose another one."))
        offer = Offer(side, place.starts_at, place.ends_at, place.table, command.note)
        return make(actor, meeting, offer)


@dataclass(frozen=True, slots=True)
class Offer:
    """What is proposed for a meeting, by which side; see `Proposal`."""

    side: str
    starts_at: datetime
    ends_at: datetime
    table: Table | None
    note: str = ""
    asked_side: str = ""
    otherwise: str = ""


def make(actor: Actor, meeting: Meeting, offer: Offer) -> Proposal:
    """Keep a proposal and hold its time. In `work()`; raises Conflict where that is taken."""
    now = clock.now()
    holds = timedelta(minutes=board.rules_of(meeting.edition).hold_minutes)
    made = Proposal.objects.create(
        meeting=meeting,
        side=offer.side,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        table=offer.table,
        note=offer.note.strip()[:300],
        asked_side=offer.asked_side,
        otherwise=offer.otherwise,
        made_at=now,
        made_by=actor.id,
        # Nobody can accept a time that is over.
        expires_at=min(now + holds, offer.starts_at, meeting.starts_at),
    )
    occupancy.hold(_hold(meeting, made))
    record(
        "meetings.proposal.made",
        actor=actor,
        edition=meeting.edition_id,
        obj=meeting,
        facts={
            "proposal": str(made.id),
            "starts_at": made.starts_at.isoformat(),
            "expires_at": made.expires_at.isoformat(),
            "side": made.side,
        },
    )
    return made


def _side(actor: Actor, meeting: Meeting) -> str:
    sides = rules.sides_of(actor, meeting)
    return sorted(sides)[0] if sides else OFFICE


def _hold(meeting: Meeting, proposal: Proposal) -> occupancy.Hold:
    people = queries.persons_of([meeting.request_id]).get(meeting.request_id, [])
    resources = [(occupancy.PERSON, person) for person in people]
    if proposal.table_id:
        resources.append((occupancy.TABLE, proposal.table_id))
    return occupancy.Hold(
        meeting.edition_id,
        tuple(resources),
        proposal.starts_at,
        proposal.ends_at,
        (HOLDER, proposal.id),
        proposal.expires_at,
    )


@dataclass(frozen=True, slots=True)
class AnswerProposal:
    proposal: UUID
    accept: bool


def may_answer(actor: Actor, proposal: Proposal) -> bool:
    """The side that is asked (see `_asked`); the office always."""
    meeting = proposal.meeting
    if rules.can_schedule(actor, meeting.edition_id):
        return True
    return _asked(rules.sides_of(actor, meeting), proposal)


def _asked(sides: set[str], proposal: Proposal) -> bool:
    """The side that did not propose; where the office proposed, the side it asks, or either."""
    if proposal.asked_side:
        return proposal.asked_side in sides
    return bool(sides - {proposal.side})


def may_withdraw(actor: Actor, proposal: Proposal) -> bool:
    """The side that proposed; the office always."""
    meeting = proposal.meeting
    if rules.can_schedule(actor, meeting.edition_id):
        return True
    return proposal.side in rules.sides_of(actor, meeting)


def answer(actor: Actor, edition: Edition, command: AnswerProposal) -> Meeting:
    """Accept (the meeting moves into the held slot) or decline (it stays where it is).

    Where its place is gone (`otherwise`), a meeting that is declined is called off.

    Raises Conflict where the proposal has expired or was answered otherwise.
    """
    with work():
        proposal = _held(actor, edition, command.proposal)
        if not may_answer(actor, proposal):
            raise NotAllowed
        wanted = Proposal.State.ACCEPTED if command.accept else Proposal.State.DECLINED
        meeting = proposal.meeting
        if proposal.state == wanted:
            return meeting  # a second click
        _still_open(proposal)
        services.end_proposal(actor, proposal, wanted)
        if command.accept:
            services.still_planned(meeting)
            services.relocate(
                actor, meeting, proposal.starts_at, proposal.ends_at, proposal.table
            )  # fmt: skip
        else:
            _lapse(actor, proposal)
    return meeting


def _lapse(actor: Actor, proposal: Proposal) -> None:
    """Nobody accepted: a meeting whose place is gone is called off, and waits for another."""
    meeting = proposal.meeting
    if proposal.otherwise and meeting.status == Meeting.Status.PLANNED:
        services.call_off(actor, meeting, proposal.otherwise, MeetingRequest.State.OPEN)
        MeetingRequest.objects.filter(pk=meeting.request_id).update(unplaced="not_accepted")


def withdraw(actor: Actor, edition: Edition, proposal_id: UUID) -> Proposal:
    """Take a proposal back; its slot is free at once."""
    with work():
        proposal = _held(actor, edition, proposal_id)
        if not may_withdraw(actor, proposal):
            raise NotAllowed
        if proposal.state != Proposal.State.WITHDRAWN:
            _still_open(proposal)
            services.end_proposal(actor, proposal, Proposal.State.WITHDRAWN)
            _lapse(actor, proposal)
    return proposal


def _held(actor: Actor, edition: Edition, proposal_id: UUID) -> Proposal:
    known = Proposal.objects.filter(id=proposal_id, meeting__edition=edition)
    meeting = known.values_list("meeting_id", flat=True).first()
    if meeting is None:
        raise NotFound
    held = services.get_held(actor, edition, meeting)
    proposal = known.select_related("table__hall").get()
    proposal.meeting = held
    return proposal


def _still_open(proposal: Proposal) -> None:
    if proposal.state != Proposal.State.OPEN:
        raise Conflict(_("This proposal was answered or taken back already."))
    if proposal.expires_at <= clock.now():
        raise Conflict(_("This proposal has expired; its time is free for others again."))


def expire_due() -> int:
    """End every proposal whose time has run out, and free its slot. Called by the worker.

    Several may call it at once: each proposal is ended by one of them.
    """
    due = Proposal.objects.filter(state="open", expires_at__lte=clock.now())
    count = 0
    for pk, meeting in list(due.values_list("id", "meeting_id")[:500]):
        with work():
            # First the meeting, as everybody does who answers or moves it.
            services.hold_meeting(meeting)
            count += _expire(Proposal.objects.filter(id=pk))
    return count


def _expire(rows: QuerySet[Proposal]) -> int:
    due = rows.filter(state="open", expires_at__lte=clock.now())
    count = 0
    for proposal in due.select_for_update(of=("self",)).select_related("meeting__request"):
        services.end_proposal(SYSTEM, proposal, Proposal.State.EXPIRED)
        _lapse(SYSTEM, proposal)
        count += 1
    return count


def open_for(meetings: Iterable[UUID]) -> dict[UUID, Proposal]:
    """meeting -> the proposal that waits for an answer and has not expired."""
    found: dict[UUID, Proposal] = {}
    for some in chunks(meetings):
        rows = Proposal.objects.filter(
            meeting_id__in=some, state="open", expires_at__gt=clock.now()
        ).select_related("table__hall", "meeting__request__organisation")
        found |= {p.meeting_id: p for p in rows}
    return found


def latest(meeting: UUID) -> Proposal | None:
    """The last proposal for a meeting, whatever became of it."""
    return (
        Proposal.objects.filter(meeting_id=meeting)
        .select_related("table__hall", "meeting__request")
        .first()
    )


def waiting_for(actor: Actor, edition: Edition) -> list[Proposal]:
    """What waits for this actor's answer as one of the two sides."""
    persons, organisations = actor.persons(), actor.organisations(edition.id)
    mine = Q(meeting__request__parties__person_id__in=persons)
    mine |= Q(meeting__request__organisation_id__in=organisations)
    rows = (
        Proposal.objects.filter(
            mine, meeting__edition=edition, state="open", expires_at__gt=clock.now()
        )
        .select_related("meeting__request__organisation", "table__hall")
        .distinct()
        .order_by("expires_at", "id")
    )
    return [p for p in rows if _asked(rules.sides_of(actor, p.meeting), p)]


def proposer(proposal: Proposal) -> Message:
    """Who proposed, for a sentence."""
    if proposal.side == OFFICE:
        return _("The organiser's office")
    request = proposal.meeting.request
    if proposal.side == Side.EMPLOYER and request.organisation is not None:
        return str(request.organisation.name)
    names = [p.person.name for p in request.parties.all() if p.side == proposal.side]
    return punctuation.listed(filter(None, names)) or _("The other side")


def ended(proposal: Proposal) -> Message:
    """What became of the last proposal, while that is news."""
    at = proposal.ended_at or proposal.expires_at
    if at < clock.now() - timedelta(days=3):
        return ""
    texts = {
        Proposal.State.DECLINED: _("The time that was proposed last does not suit the other side."),
        Proposal.State.EXPIRED: _("Nobody answered the last proposal in time; it has expired."),
        Proposal.State.OPEN: _("Nobody answered the last proposal in time; it has expired."),
    }
    return texts.get(Proposal.State(proposal.state), "")


def ended_for(actor: Actor, edition: Edition) -> list[Proposal]:
    """One's own proposals that were declined or ran out lately, where nothing followed since."""
    since = clock.now() - timedelta(days=1)
    rows = (
        Proposal.objects.filter(
            meeting__edition=edition,
            made_by=actor.id,
            state__in=[Proposal.State.DECLINED, Proposal.State.EXPIRED],
            ended_at__gt=since,
            meeting__status=Meeting.Status.PLANNED,
        )
        .select_related("meeting__request__organisation")
        .order_by("-ended_at")
    )
    return [p for p in rows if (last := latest(p.meeting_id)) is not None and last.id == p.id]
