"""Applications of a side: each pair once, with its stage, what comes next, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Message
from talex.editions.models import Edition
from talex.evidence.models import unwithdrawn
from talex.evidence.vocabulary import Rung
from talex.fair import disclosing, outside, planned, privacy, queries, rules, stages
from talex.fair.choices import STANDING, InterestState, MatchState, Side
from talex.fair.models import Interest, Match, Opening, Shortlisting, Statement
from talex.fair.services import outcomes, quotas
from talex.fair.services.arranging import SUBJECT
from talex.fair.services.deadlines import takes_requests
from talex.fair.stages import Stage
from talex.meetings.models import Meeting, MeetingRequest, RequestParty
from talex.meetings.models import Side as MeetingSide
from talex.meetings.queries import was_released
from talex.participants.models import Organisation, Talent

Pair = tuple[UUID, UUID]
"""A talent record and an opening."""


@dataclass(slots=True)
class Application:
    """A pair as one side reads it. `facts` are what the reader may see of the talent."""

    talent: Talent
    opening: Opening
    stage: str
    next: Message
    interest: Interest | None = None
    listed: Shortlisting | None = None
    meeting: Meeting | None = None
    request: UUID | None = None
    rung: str = ""
    mine: bool = False
    reason: Message = ""
    url: str = ""
    action: Message = ""
    facts: dict[str, Any] = field(default_factory=dict)
    alias: str = ""
    answer: str = ""

    @property
    def name(self) -> str:
        """The talent as the reader may call them, or ''."""
        return str(self.facts.get("name") or "")

    @property
    def stage_label(self) -> Message:
        if self.stage == Stage.OUTCOME and self.rung:
            return Rung(self.rung).label
        return Stage(self.stage).label

    @property
    def state(self) -> str:
        """How the face marks the stage."""
        return stages.STATES[self.stage]


@dataclass(frozen=True, slots=True)
class _Placed:
    """What became of an agreed pair: the wanted meeting, its place, what was said and reached."""

    requests: dict[tuple[UUID, UUID], UUID]  # (opening, person)
    meetings: dict[UUID, Meeting]  # by request
    said: set[tuple[UUID, str]]
    rungs: dict[str, str]  # by meeting


def rows_of(actor: Actor, edition: Edition, side: str) -> QuerySet[Any]:
    """The interests of the reader's own side."""
    rows = queries.interests(actor, edition)
    if side == Side.TALENT:
        return rows.filter(talent__person_id__in=actor.persons())
    return rows.filter(opening__organisation_id__in=actor.organisations(edition.pk))


def applications(
    actor: Actor, edition: Edition, side: str, *, opening: UUID | None = None
) -> list[Application]:
    """All of a side, what asks for an act of the reader first, then the newest."""
    rows = rows_of(actor, edition, side)
    listed = Shortlisting.objects.filter(edition=edition)
    decided = Match.objects.filter(edition=edition)
    if side == Side.TALENT:
        own = {"talent__person_id__in": actor.persons()}
        listed = listed.filter(told=True, **own)
    else:
        own = {"opening__organisation_id__in": actor.organisations(edition.pk)}
        listed = listed.filter(**own)
    decided = decided.filter(**own)
    if opening is not None:
        rows = rows.filter(opening_id=opening)
        listed, decided = listed.filter(opening_id=opening), decided.filter(opening_id=opening)
    approved = decided.filter(state=MatchState.APPROVED)
    latest: dict[Pair, Interest] = {}
    for one in rows.order_by("asked_at", "id"):
        key = (one.talent_id, one.opening_id)
        before = latest.get(key)
        if before is None or before.state not in STANDING or one.state in STANDING:
            latest[key] = one
    listings = {(one.talent_id, one.opening_id): one for one in _full(listed)}
    plans = {(one.talent_id, one.opening_id): one for one in _full(approved)}
    off = {(one.talent_id, one.opening_id): one for one in _full(planned.called_off(decided))}
    placed = _placed(edition, [*latest.values(), *plans.values()], side)
    released = was_released(edition)
    pairs = dict.fromkeys([*latest, *listings, *plans])
    found = [
        _application(edition, side, pair, latest.get(pair), listings.get(pair),
                     plans.get(pair), placed, released)
        for pair in pairs
    ]  # fmt: skip
    found += [_called_off(edition, side, one) for pair, one in off.items() if pair not in pairs]
    faces = queries.faces(actor, edition, [(a.talent, a.opening.organisation_id) for a in found])
    words = disclosing.words_read(actor, [a.interest for a in found if a.interest])
    employers = {a.opening.organisation_id: a.opening.organisation for a in found}
    gone = outside.suspended(edition, employers)
    barred = {}
    if side == Side.EMPLOYER:
        barred = {pk: outside.outside(edition, employers[pk]) for pk in gone}
        _only_read(found, rules.assisted(actor, edition.pk))
    elif side == Side.TALENT:
        _no_asking([a for a in found if a.opening.organisation_id in gone], stages.NOT_OPEN[side])
    if side == Side.TALENT and any(outside.is_suspended(edition.pk, p) for p in actor.persons()):
        _no_asking(found, _("Suspended by the office"))
    for one in found:
        _no_act(one, barred.get(one.opening.organisation_id))
        one.facts = faces[one.talent.pk, one.opening.organisation_id]
        one.alias = privacy.alias(one.talent)
        one.answer = words[one.interest.pk].answer if one.interest else ""
    order = {stage: at for at, stage in enumerate(Stage.values)}
    return sorted(found, key=lambda a: (not a.url, order[a.stage], -_age(a)))


def _called_off(edition: Edition, side: str, plan: Match) -> Application:
    """A meeting that only the office wanted, and one side did not."""
    made = Application(plan.talent, plan.opening, Stage.OVER, stages.PLAN_CALLED_OFF)
    if side == Side.TALENT and takes_requests(made.opening, edition):
        made.url, made.action = _ask_url(made, edition, side)
    return made


def _full(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(
        talent__withdrawn_at__isnull=True,
        talent__merged_into__isnull=True,
        talent__erased_at__isnull=True,
    ).select_related("talent__person", "opening__organisation")


def _age(one: Application) -> float:
    when = one.interest.asked_at if one.interest else one.listed.made_at if one.listed else None
    return when.timestamp() if when else 0.0


def _placed(edition: Edition, rows: Sequence[Interest | Match], side: str) -> _Placed:
    agreed = [
        one for one in rows
        if isinstance(one, Match) or one.state == InterestState.ACCEPTED
    ]  # fmt: skip
    if not agreed:
        return _Placed({}, {}, set(), {})
    parties = RequestParty.objects.filter(
        request__edition=edition,
        request__subject_kind=SUBJECT,
        request__subject_id__in={one.opening_id for one in agreed},
        person_id__in={one.talent.person_id for one in agreed},
        side=MeetingSide.TALENT,
    ).exclude(request__state=MeetingRequest.State.WITHDRAWN)
    requests = {
        (subject, person): request
        for subject, person, request in parties.values_list(
            "request__subject_id", "person_id", "request_id"
        )
    }
    meetings = {
        one.request_id: one
        for one in Meeting.objects.filter(request_id__in=requests.values()).exclude(
            status=Meeting.Status.CANCELLED
        )
    }
    ids = [one.pk for one in meetings.values()]
    said = set(
        Statement.objects.filter(meeting_id__in=ids, side=side).values_list("meeting_id", "side")
    )
    reached = unwithdrawn().filter(
        edition=edition,
        source_kind=outcomes.SOURCE,
        source_id__in=[str(pk) for pk in ids],
        rung__in=outcomes.LADDER[1:],
    )
    order = {rung.value: at for at, rung in enumerate(outcomes.LADDER)}
    rungs: dict[str, str] = {}
    for meeting, rung in reached.values_list("source_id", "rung"):
        if order[rung] >= order.get(rungs.get(meeting, ""), -1):
            rungs[meeting] = rung
    return _Placed(requests, meetings, said, rungs)


def _application(
    edition: Edition,
    side: str,
    pair: Pair,
    interest: Interest | None,
    listed: Shortlisting | None,
    plan: Match | None,
    placed: _Placed,
    released: bool,
) -> Application:
    source = interest or listed or plan
    assert source is not None
    made = Application(source.talent, source.opening, Stage.OVER, "", interest, listed)
    state = queries.state_now(interest) if interest else ""
    made.mine = interest is not None and interest.side == side
    if plan is not None or state == InterestState.ACCEPTED:
        _agreed(made, edition, side, placed, released, office=state != InterestState.ACCEPTED)
    elif state == InterestState.ASKED and interest is not None:
        asked = Stage.ASKED if interest.side == Side.TALENT else Stage.INVITED
        made.stage = Stage.SHORTLISTED if listed and asked == Stage.ASKED else asked
        made.next = stages.next_words(
            made.stage, side, edition, interest.expires_at, mine=made.mine
        )
        if not made.mine:
            made.url = reverse("fair:answer", args=[edition.slug, interest.pk])
            made.action = _("Answer")
    elif listed is not None and not _declined_since(listed, interest):
        made.stage = Stage.SHORTLISTED
        made.next = stages.next_words(made.stage, side, edition)
        if state == InterestState.DECLINED and made.mine:
            # Who was declined cannot ask again, only be asked.
            made.next = stages.over_words(state, "", made.mine)
        elif takes_requests(made.opening, edition):
            made.url, made.action = _ask_url(made, edition, side)
        else:
            made.next = stages.NOT_OPEN[side]
    elif interest is not None:
        made.next = stages.over_words(state, interest.ended_by, made.mine)
        if side == Side.EMPLOYER and not (interest.ended_by or _takes_part(made.talent)):
            # Nobody can ask them or be asked by them any more.
            made.next = stages.TALENT_GONE
        if state == InterestState.DECLINED:
            made.reason = (
                stages.declined_words(interest.decline_reason, interest.side)
                if made.mine
                else interest.get_decline_reason_display()
            )
    return made


def _takes_part(talent: Talent) -> bool:
    return talent.withdrawn_at is None and talent.erased_at is None


def _declined_since(listed: Shortlisting, interest: Interest | None) -> bool:
    """Whether one side said no after the talent was last put on the shortlist."""
    return (
        interest is not None
        and interest.state == InterestState.DECLINED
        and interest.answered_at is not None
        and listed.made_at <= interest.answered_at
    )


def _no_act(one: Application, why: outside.Outside | None) -> None:
    """Nothing that is refused is offered; why, and where to go on, stands in its place."""
    if why and one.url and one.stage in (Stage.ASKED, Stage.SHORTLISTED, Stage.INVITED):
        one.next, one.url, one.action = why.text, why.url, why.action


def _only_read(found: Iterable[Application], assisted: set[UUID]) -> None:
    """An assistant reads where it stands, and has meetings; what decides is for the others."""
    for one in found:
        if one.opening.organisation_id in assisted and not (one.request or one.meeting):
            one.url, one.action = "", ""


def _no_asking(found: Iterable[Application], why: Message) -> None:
    """Nobody asks where either side is suspended, but may still decline; why stands in its place
    (of the reader's own suspension the page says more, once)."""
    for one in found:
        if one.url and one.stage in (Stage.SHORTLISTED, Stage.OVER):
            one.next, one.url, one.action = why, "", ""


def _ask_url(made: Application, edition: Edition, side: str) -> tuple[str, Message]:
    if side == Side.TALENT:
        return reverse("fair:ask", args=[edition.slug, made.opening.pk]), _("Ask to meet")
    return (
        reverse("fair:invite_talent", args=[edition.slug, made.opening.pk, made.talent.pk]),
        _("Invite"),
    )


def _agreed(
    made: Application,
    edition: Edition,
    side: str,
    placed: _Placed,
    released: bool,
    *,
    office: bool,
) -> None:
    made.request = placed.requests.get((made.opening.pk, made.talent.person_id))
    made.meeting = meeting = placed.meetings.get(made.request) if made.request else None
    if meeting is None:
        made.stage = Stage.PLANNED if office else Stage.MUTUAL
        if made.request is None and not office and made.interest is not None:
            # What both agreed to asks for a meeting at once; this one was called off.
            made.next = stages.CALLED_OFF
            made.url = reverse("fair:withdraw", args=[edition.slug, made.interest.pk])
            made.action = _("Take it back")
            return
        made.next = stages.next_words(made.stage, side, edition, released=released, office=office)
        if released and made.request:
            made.url = reverse("meetings:book", args=[edition.slug, made.request])
            made.action = _("Choose a time")
        return
    made.rung = placed.rungs.get(str(meeting.pk), "")
    if made.rung:
        made.stage = Stage.OUTCOME
        return
    page = reverse("meetings:meeting", args=[edition.slug, meeting.pk])
    past = meeting.ends_at <= now()
    if meeting.status == Meeting.Status.HELD:
        made.stage = Stage.HELD
        said = (meeting.pk, side) in placed.said
        made.next = stages.next_words(made.stage, side, edition, said=said)
        if not said:
            made.url, made.action = page, _("Say it")
    elif meeting.status == Meeting.Status.NO_SHOW:
        made.stage, made.next = Stage.OVER, _("Somebody did not come to the meeting.")
    else:
        made.stage = Stage.PLACED
        made.next = stages.next_words(made.stage, side, edition, meeting.starts_at, past=past)
        if past and side == Side.EMPLOYER:
            made.url, made.action = page, _("Say it")


def counted(found: Iterable[Application]) -> dict[str, int]:
    """How many stand at each stage."""
    counts = dict.fromkeys(Stage.values, 0)
    for one in found:
        counts[one.stage] += 1
    return counts


def rooms(actor: Actor, edition: Edition, side: str, talent: Talent | None) -> list[Any]:
    """(what is counted, how many wait, how many may, how many are left) of the reader's side."""
    most = quotas.stated(edition)
    if side == Side.TALENT:
        own_room = (
            [quotas.room_of_talent(talent, most)] if talent and not talent.withdrawn_at else []
        )
        found = [(str(_("Your requests")), room) for room in own_room]
    else:
        own = Organisation.objects.filter(pk__in=actor.organisations(edition.pk))
        found = [
            (str(one.name), quotas.room_of_organisation(edition, one, most))
            for one in own.order_by("name_line")
        ]
    return [{"what": what, "open": r.open, "most": r.most, "left": r.left} for what, r in found]
