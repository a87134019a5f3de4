"""Another time: held while the other side thinks; moved when they accept, free when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from talex.core import clock
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.editions.models import Consent
from talex.editions.next_steps import next_steps
from talex.ledger.models import Entry
from talex.meetings import places, proposals, scheduling, services
from talex.meetings.models import Meeting, Proposal
from talex.programme.models import Occupancy
from tests.meetings.fair_factory import Fair, actor, make_fair, schedule

pytestmark = pytest.mark.django_db


def sides(fair: Fair, n: int = 0) -> tuple[Actor, Actor]:
    talent = actor(fair.edition, "talent", fair.talents[n])
    return talent, actor(fair.edition, "delegate", organisation=fair.organisation)


def propose(fair: Fair, who: Actor, meeting: Meeting, nth: int = -1) -> Proposal:
    free = [p for p in places.places_for(fair.edition, meeting) if p.starts_at != meeting.starts_at]
    command = proposals.ProposeTime(
        meeting.id, free[nth].starts_at, meeting.sequence, note="School"
    )
    return proposals.propose(who, fair.edition, command)


def answer(fair: Fair, who: Actor, made: Proposal, accept: bool) -> Meeting:
    return proposals.answer(who, fair.edition, proposals.AnswerProposal(made.id, accept))


def held(made: Proposal) -> int:
    return Occupancy.objects.filter(holder_kind="proposal", holder_id=made.id).count()


def keys(who: Actor, fair: Fair) -> list[str]:
    return [s.key for s in next_steps(who, fair.edition) if "proposal" in s.key]


def test_a_proposed_time_is_held_and_accepted() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    talent, employer = sides(fair)
    meeting = Meeting.objects.get(request=fair.requests[0])
    made = propose(fair, talent, meeting)
    assert held(made) == 4 * 3  # twenty minutes of two persons and a table
    meeting.refresh_from_db()
    assert meeting.sequence == 0  # stays where it is
    other = Meeting.objects.get(request=fair.requests[1])
    assert made.starts_at not in {p.starts_at for p in places.places_for(fair.edition, other)}
    assert keys(employer, fair) == [f"meetings.proposal.{made.id}"] and keys(talent, fair) == []
    with pytest.raises(NotAllowed):
        answer(fair, talent, made, True)  # not one's own
    with pytest.raises(NotFound):
        answer(fair, actor(fair.edition, "talent", fair.talents[1]), made, True)
    moved = answer(fair, employer, made, True)
    assert (moved.starts_at, moved.sequence) == (made.starts_at, 1)
    answer(fair, employer, made, True)  # a second click
    assert Entry.objects.filter(event="meetings.meeting.moved").count() == 1
    assert held(made) == 0 and scheduling.verify_edition(fair.edition) == []
    assert keys(employer, fair) == []


def test_declined_the_meeting_stays_and_the_proposer_is_told() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition)
    talent, employer = sides(fair)
    meeting = Meeting.objects.get()
    made = propose(fair, employer, meeting)
    answer(fair, talent, made, False)
    meeting.refresh_from_db()
    assert meeting.sequence == 0 and held(made) == 0
    assert keys(employer, fair) == [f"meetings.proposal.ended.{made.id}"]
    with pytest.raises(Conflict):
        answer(fair, talent, made, True)


def test_a_hold_expires_is_cleared_and_told() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    talent, employer = sides(fair)
    meeting = Meeting.objects.get(request=fair.requests[0])
    made = propose(fair, talent, meeting)
    assert proposals.expire_due() == 0
    with clock.at(made.expires_at):
        with pytest.raises(Conflict, match="expired"):
            answer(fair, employer, made, True)
        # The time is free again even before anybody cleared it.
        other = Meeting.objects.get(request=fair.requests[1])
        assert made.starts_at in {p.starts_at for p in places.places_for(fair.edition, other)}
        services.move_meeting(
            SYSTEM, fair.edition, services.MoveMeeting(other.id, made.starts_at, 0)
        )
        assert proposals.expire_due() == 1 and proposals.expire_due() == 0
        made.refresh_from_db()
        assert made.state == "expired" and held(made) == 0
        assert keys(talent, fair) == [f"meetings.proposal.ended.{made.id}"]
    assert Entry.objects.filter(event="meetings.proposal.expired").count() == 1
    assert scheduling.verify_edition(fair.edition) == []


def test_one_proposal_at_a_time_and_a_later_one_replaces_ones_own() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition)
    talent, employer = sides(fair)
    meeting = Meeting.objects.get()
    first = propose(fair, talent, meeting, -1)
    assert propose(fair, talent, meeting, -1).id == first.id
    second = propose(fair, talent, meeting, 0)
    first.refresh_from_db()
    assert first.state == "withdrawn" and held(first) == 0 and held(second) == 12
    with pytest.raises(Conflict, match="Answer that first"):
        propose(fair, employer, meeting, 1)
    with pytest.raises(NotAllowed):
        proposals.withdraw(employer, fair.edition, second.id)
    proposals.withdraw(talent, fair.edition, second.id)
    assert held(second) == 0


def test_no_side_is_offered_to_call_off_what_the_office_locked() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition)
    meeting = Meeting.objects.get()
    for side in sides(fair):
        services.check_can_cancel(side, meeting)
    meeting.locked = True
    for side in sides(fair):
        with pytest.raises(NotAllowed):
            services.check_can_cancel(side, meeting)


def test_what_moves_or_ends_the_meeting_ends_the_proposal() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition)
    talent, employer = sides(fair)
    meeting = Meeting.objects.get()
    made = propose(fair, talent, meeting)
    services.cancel_meeting(employer, fair.edition, services.CancelMeeting(meeting.id, 0, "ill"))
    made.refresh_from_db()
    assert made.state == "withdrawn" and held(made) == 0
    # Who had the page open still hears what became of it, not that they may not.
    with pytest.raises(Conflict, match="called off"):
        services.cancel_meeting(talent, fair.edition, services.CancelMeeting(meeting.id, 0, "ill"))
    # Nothing is agreed any more, so the organisation sees it only where the talent shows a profile.
    with pytest.raises(NotFound):
        answer(fair, employer, made, True)
    (person,) = talent.persons()
    Consent.objects.create(edition=fair.edition, person=person, purpose="profile", wording="x")
    with pytest.raises(Conflict):
        answer(fair, employer, made, True)


def test_a_side_does_not_move_the_other_without_asking() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition)
    meeting = Meeting.objects.get()
    free = places.places_for(fair.edition, meeting)
    for who in sides(fair):
        with pytest.raises(NotAllowed):
            services.move_meeting(
                who, fair.edition, services.MoveMeeting(meeting.id, free[-1].starts_at, 0)
            )
    services.lock_meeting(SYSTEM, fair.edition, meeting.id, True)
    with pytest.raises(NotAllowed):
        propose(fair, sides(fair)[0], meeting)


def test_a_proposal_never_outlives_its_time() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition)
    meeting = Meeting.objects.get()
    with clock.at(meeting.starts_at - timedelta(minutes=30)):
        made = propose(fair, sides(fair)[0], meeting)
        assert made.expires_at == meeting.starts_at
