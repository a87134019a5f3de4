"""What people do in a rehearsal: ask, answer, come or stay away, agree. All through the services.

Each act is done by somebody who may do it (the talent, the delegate, the office), at the moment
it would have happened, so that pages, figures and the ledger look as after a real conference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from talex.accounts.actors import actor_for
from talex.core import clock
from talex.core.actor import SYSTEM, Actor, Grant
from talex.core.errors import Conflict, Invalid, TalexError
from talex.core.work import work
from talex.editions.models import Edition
from talex.editions.roles import Role
from talex.editions.sign_in_links import rehearsal_holder
from talex.fair.models import Opening
from talex.fair.services import interests, outcomes
from talex.meetings import services as meetings
from talex.meetings.models import Meeting
from talex.meetings.reasons import NOT_COMING
from talex.participants.abroad import organisations_abroad
from talex.participants.choices import Paper
from talex.participants.commands import VerifyTalents
from talex.participants.models import Delegate, Talent
from talex.participants.services.talents import verify_talents
from talex.rehearsal import model
from talex.rehearsing.load import Loaded, Tell

PORTION = 200
SOON = ("mutual_intent", "offer_accepted")
CLERK = ("林瑶 Lin Yao", "zh-hans")
T = TypeVar("T")


def portions(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut into portions that share a transaction."""
    for at in range(0, len(items), PORTION):
        yield items[at : at + PORTION]


@dataclass(frozen=True)
class Cast:
    """Who is who in the installation."""

    people: dict[UUID, UUID]  # talent -> person
    employers: dict[UUID, UUID]  # opening -> organisation
    delegates: dict[UUID, UUID]  # organisation -> a delegate's person
    abroad: set[UUID] = field(default_factory=set)  # the organisations in other countries

    def talent(self, edition: Edition, talent: UUID) -> Actor:
        grant = Grant("talent", edition.id, person=self.people[talent])
        return Actor(name="rehearsal", kind="user", grants=frozenset([grant]))

    def delegate(self, edition: Edition, organisation: UUID) -> Actor:
        grant = Grant(
            "delegate",
            edition.id,
            organisation=organisation,
            person=self.delegates.get(organisation),
            abroad=organisation in self.abroad,
        )
        return Actor(name="rehearsal", kind="user", grants=frozenset([grant]))


def cast_of(edition: Edition) -> Cast:
    return Cast(
        dict(Talent.objects.filter(edition=edition).values_list("id", "person_id")),
        dict(Opening.objects.filter(edition=edition).values_list("id", "organisation_id")),
        dict(Delegate.objects.filter(edition=edition).values_list("organisation_id", "person_id")),
        set(organisations_abroad(edition).values_list("id", flat=True)),
    )


def ask_and_answer(loaded: Loaded, tell: Tell = lambda step, done, total: None) -> dict[str, int]:
    """Talents ask, employers invite, the other side answers. Returns how many of each."""
    edition, made = loaded.edition, loaded.rehearsal
    cast = cast_of(edition)
    counts = {"asked": 0, "accepted": 0, "declined": 0, "refused": 0}
    every = list(made.interests())
    for number, portion in enumerate(portions(every)):
        tell("interests", number * PORTION, len(every))
        with work():
            for interest in portion:
                _one(loaded, cast, interest, counts)
    tell("interests", len(every), len(every))
    return counts


def _one(loaded: Loaded, cast: Cast, interest: model.Interest, counts: dict[str, int]) -> None:
    edition = loaded.edition
    talent = loaded.talents.get(interest.talent)
    opening = loaded.openings.get(interest.opening)
    if talent is None or opening is None or talent not in cast.people:
        return
    person = cast.talent(edition, talent)
    employer = cast.delegate(edition, cast.employers[opening])
    try:
        if interest.by == "talent":
            ask = interests.AskToMeet(opening, interest.message, interest.rank, talent, abroad=True)
            asked, other = interests.ask_to_meet(person, edition, ask), employer
        else:
            call = interests.Invite(opening, talent, interest.message, interest.rank)
            asked, other = interests.invite(employer, edition, call), person
    except TalexError:
        counts["refused"] += 1  # a limit, a hidden profile, modes that do not meet
        return
    counts["asked"] += 1
    answer = loaded.rehearsal.answer(interest)
    if answer.kind == "expired" or asked.state != "asked":
        return
    try:
        interests.answer(
            other,
            edition,
            interests.AnswerInterest(asked.id, answer.kind == "accepted", abroad=True),
        )
    except TalexError:
        counts["refused"] += 1
        return
    counts[answer.kind] += 1


def office_clerk(edition: Edition) -> Actor:
    """The invented person of the office who looks at papers: a rung is confirmed by somebody."""
    name, language = CLERK
    return actor_for(rehearsal_holder(SYSTEM, edition, "clerk", Role.ORGANISER, name, language))


def verify_people(loaded: Loaded) -> int:
    """The office checks papers: those who showed them are verified."""
    shown = [
        talent
        for key, talent in loaded.talents.items()
        if loaded.rehearsal.attendance(key).verified
    ]
    clerk = office_clerk(loaded.edition)
    return sum(
        verify_talents(
            clerk,
            VerifyTalents(
                edition=loaded.edition.id, talents=list(portion), seen=Paper.PASSPORT.value
            ),
        )
        for portion in portions(shown)
    )


def hold_meetings(loaded: Loaded, tell: Tell = lambda step, done, total: None) -> dict[str, int]:
    """Every planned meeting that is over by now is held, missed or called off, and followed up."""
    edition = loaded.edition
    keys = {talent: key for key, talent in loaded.talents.items()}
    openings = {opening: key for key, opening in loaded.openings.items()}
    over = list(
        Meeting.objects.filter(
            edition=edition, status=Meeting.Status.PLANNED, ends_at__lte=clock.now()
        ).select_related("request")
    )
    of_person = {person: talent for talent, person in cast_of(edition).people.items()}
    counts = {"held": 0, "no_show": 0, "cancelled": 0, "mutual_intent": 0, "offer_accepted": 0}
    for number, meeting in enumerate(over):
        if number % 50 == 0:
            tell("meetings", number, len(over))
        talent = next(
            (
                of_person[p.person_id]
                for p in meeting.request.parties.all()
                if p.side == "talent" and p.person_id in of_person
            ),
            None,
        )
        opening = openings.get(meeting.request.subject_id)
        if talent is None or opening is None or talent not in keys:
            continue
        fate = loaded.rehearsal.fate(keys[talent], opening)
        try:
            with work():
                _meet(edition, meeting, talent, fate, counts)
        except (Conflict, Invalid):
            continue
    tell("meetings", len(over), len(over))
    return counts


def _meet(
    edition: Edition, meeting: Meeting, talent: UUID, fate: model.Fate, counts: dict[str, int]
) -> None:
    cast = cast_of_meeting(meeting, talent)
    organisation = meeting.request.organisation_id
    employer = cast.delegate(edition, organisation) if organisation else SYSTEM
    person = cast.talent(edition, talent)
    if fate.cancelled_by is not None:
        who = person if fate.cancelled_by == "talent" else employer
        with clock.at(meeting.starts_at - timedelta(hours=fate.hours_before or 1)):
            # A reason that is told in every reader's language.
            command = meetings.CancelMeeting(meeting.id, meeting.sequence, NOT_COMING)
            meetings.cancel_meeting(who, edition, command)
        counts["cancelled"] += 1
        return
    with clock.at(meeting.ends_at):
        status = "no_show" if fate.no_show else "held"
        meetings.tell_outcome(employer, edition, meetings.TellOutcome(meeting.id, status))
    counts[status] += 1
    for rung, days in fate.reached:
        at = meeting.ends_at + timedelta(days=days, minutes=1)
        if rung in SOON:
            at = min(at, clock.now())  # in a rehearsal people make up their minds at once
        if at > clock.now():
            return
        with clock.at(at):
            if not _reach(edition, meeting, rung, employer, person):
                continue
        if rung in counts:
            counts[rung] += 1


def _reach(edition: Edition, meeting: Meeting, rung: str, employer: Actor, person: Actor) -> bool:
    if rung == "mutual_intent":
        for side, who in (("talent", person), ("employer", employer)):
            outcomes.say(who, edition, outcomes.SayIntent(meeting.id, side, True))
        return True
    if rung in ("offer_accepted", "arrived", "retained"):
        outcomes.record_outcome(employer, edition, outcomes.RecordOutcome(meeting.id, rung))
        return True
    return False


def cast_of_meeting(meeting: Meeting, talent: UUID) -> Cast:
    """The two sides of one meeting."""
    sides = {party.side: party.person_id for party in meeting.request.parties.all()}
    people = {talent: sides["talent"]}
    employers: dict[UUID, UUID] = {}
    delegates: dict[UUID, UUID] = {}
    if meeting.request.organisation_id and "employer" in sides:
        delegates[meeting.request.organisation_id] = sides["employer"]
    return Cast(people, employers, delegates)
