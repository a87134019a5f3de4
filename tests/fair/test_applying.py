"""Limits, shortlists, reasons of a decline, stages, reminders and what a consent's end does."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.editions.consents import WithdrawConsent, withdraw_consent
from talex.fair import queries_applications as told
from talex.fair import services
from talex.fair.models import Interest, Shortlisting
from talex.fair.services import ending, quotas
from talex.fair.services.interests import (
    AnswerInterest,
    AskToMeet,
    Invite,
    WithdrawInterest,
    answer,
    ask_to_meet,
    invite,
    withdraw,
)
from talex.ledger.models import Entry
from talex.ledger.outbox import deliver
from talex.meetings.models import MeetingRequest, TimetableVersion
from talex.meetings.services import CancelMeeting, cancel_meeting
from talex.programme.models import Occupancy
from tests.fair import factories as make
from tests.fair.test_api import Api
from tests.fair.test_interests import Pair

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before() -> object:
    with clock.at(make.BEFORE):
        yield


@pytest.fixture
def pair() -> Pair:
    return Pair()


def stage(pair: Pair, side: str) -> tuple[str, bool]:
    """(stage, whether there is something to do) as one side reads its only application."""
    actor = pair.as_talent if side == "talent" else pair.as_delegate
    (one,) = told.applications(actor, pair.edition, side)
    assert str(one.next)
    return one.stage, bool(one.url)


def test_the_office_states_the_limits(pair: Pair) -> None:
    office = make.office(pair.edition)
    wanted = services.SetRequestRules(1, 1, 2, 48, 12)
    with pytest.raises(NotAllowed):
        services.set_request_rules(pair.as_delegate, pair.edition, wanted)
    with pytest.raises(Invalid) as wrong:
        services.set_request_rules(
            office, pair.edition, services.SetRequestRules(0, 1, 2000, 1, 99)
        )
    assert set(wrong.value.fields) == {
        "open_per_talent", "open_per_organisation", "answer_hours", "reminder_hours",
    }  # fmt: skip
    services.set_request_rules(office, pair.edition, wanted)
    asked = pair.ask()
    assert asked.expires_at == make.BEFORE + timedelta(hours=48)
    other = make.opening(pair.edition, pair.company)
    with pytest.raises(Conflict, match="1 of 1"):
        ask_to_meet(pair.as_talent, pair.edition, AskToMeet(other.pk))
    most = quotas.stated(pair.edition)
    assert quotas.room_of_talent(pair.talent, most).left == 0
    # What expires makes room, before anybody wrote that it did.
    with clock.at(make.BEFORE + timedelta(hours=49)):
        assert quotas.room_of_talent(pair.talent, most).left == 1
        ask_to_meet(pair.as_talent, pair.edition, AskToMeet(other.pk))


def test_an_organisation_has_a_number_over_all_its_openings(pair: Pair) -> None:
    services.set_request_rules(
        make.office(pair.edition), pair.edition, services.SetRequestRules(5, 5, 1, 48, 0)
    )
    second = make.opening(pair.edition, pair.company)
    for name, about in (("One", pair.opening), ("Two", second)):
        who = make.talent(pair.edition, name)
        make.consent(who, "profile")
        command = Invite(about.pk, who.pk)
        if name == "One":
            invite(pair.as_delegate, pair.edition, command)
        else:
            with pytest.raises(Conflict, match="your organisation"):
                invite(pair.as_delegate, pair.edition, command)


def test_an_organisation_says_why_it_declines_and_the_talent_reads_it_kindly(pair: Pair) -> None:
    asked = pair.ask()
    for reason in ("", "pay", "nonsense"):
        with pytest.raises(Invalid) as wrong:
            answer(pair.as_delegate, pair.edition, AnswerInterest(asked.pk, False, reason=reason))
        assert set(wrong.value.fields) == {"reason"}
    answer(pair.as_delegate, pair.edition, AnswerInterest(asked.pk, False, "Good luck", "skills"))
    (one,) = told.applications(pair.as_talent, pair.edition, "talent")
    assert one.stage == "over"
    assert str(one.reason) == "For this position they need other skills at the moment."
    (other,) = told.applications(pair.as_delegate, pair.edition, "employer")
    assert str(other.reason) == "Important skills are missing"


def test_a_shortlist_is_the_own_side_s_unless_it_tells(pair: Pair) -> None:
    command = services.Shortlist(pair.opening.pk, pair.talent.pk, note="ask about lasers")
    with pytest.raises(NotFound):  # nothing of this talent was ever shown to them
        services.shortlist(pair.as_delegate, pair.edition, command)
    make.consent(pair.talent, "profile")
    services.shortlist(pair.as_delegate, pair.edition, command)
    services.shortlist(pair.as_delegate, pair.edition, command)
    assert Shortlisting.objects.count() == 1
    assert stage(pair, "employer") == ("shortlisted", True)
    assert told.applications(pair.as_talent, pair.edition, "talent") == []
    stranger = make.as_delegate(make.delegate(pair.edition, make.organisation(pair.edition)))
    assert told.applications(stranger, pair.edition, "employer") == []
    with pytest.raises(NotAllowed):
        services.shortlist(stranger, pair.edition, command)
    told_now = services.Shortlist(pair.opening.pk, pair.talent.pk, told=True)
    services.shortlist(pair.as_delegate, pair.edition, told_now)
    assert stage(pair, "talent") == ("shortlisted", True)
    assert services.unlist(pair.as_delegate, pair.edition, pair.opening.pk, pair.talent.pk)
    assert told.applications(pair.as_talent, pair.edition, "talent") == []


def test_a_shortlist_of_what_is_not_open_says_so(pair: Pair) -> None:
    make.consent(pair.talent, "profile")
    told_now = services.Shortlist(pair.opening.pk, pair.talent.pk, told=True)
    services.shortlist(pair.as_delegate, pair.edition, told_now)
    pair.opening.state = "closed"
    pair.opening.save()
    assert stage(pair, "talent") == stage(pair, "employer") == ("shortlisted", False)
    for actor, side in ((pair.as_talent, "talent"), (pair.as_delegate, "employer")):
        (one,) = told.applications(actor, pair.edition, side)
        assert "not open at present" in str(one.next)
    pair.opening.state = "open"
    pair.opening.save()
    assert stage(pair, "talent") == stage(pair, "employer") == ("shortlisted", True)
    services.suspend(
        make.office(pair.edition),
        pair.edition,
        services.Suspend("Fake posts.", organisation=pair.company.pk),
    )
    (one,) = told.applications(pair.as_talent, pair.edition, "talent")
    assert "not open at present" in str(one.next) and not one.url


def test_a_no_ends_the_shortlisting_until_it_is_renewed(pair: Pair) -> None:
    asked = ask_to_meet(pair.as_talent, pair.edition, AskToMeet(pair.opening.pk))
    keep = services.Shortlist(pair.opening.pk, pair.talent.pk, told=True)
    services.shortlist(pair.as_delegate, pair.edition, keep)
    with clock.at(make.BEFORE + timedelta(minutes=1)):
        answer(pair.as_delegate, pair.edition, AnswerInterest(asked.pk, False, reason="skills"))
        assert stage(pair, "talent") == stage(pair, "delegate") == ("over", False)
        (one,) = told.applications(pair.as_talent, pair.edition, "talent")
        assert "other skills" in str(one.reason)
    with clock.at(make.BEFORE + timedelta(minutes=2)):
        services.shortlist(pair.as_delegate, pair.edition, keep)
        # Who was declined is not led to what would be refused; the other side can invite.
        assert stage(pair, "talent") == ("shortlisted", False)
        assert stage(pair, "delegate") == ("shortlisted", True)
        with pytest.raises(Conflict):
            ask_to_meet(pair.as_talent, pair.edition, AskToMeet(pair.opening.pk))


def test_the_stages_from_the_first_wish_to_the_outcome(pair: Pair) -> None:
    asked = pair.ask()
    assert stage(pair, "talent") == ("asked", False)
    assert stage(pair, "employer") == ("asked", True)
    services.shortlist(
        pair.as_delegate, pair.edition, services.Shortlist(pair.opening.pk, pair.talent.pk)
    )
    assert stage(pair, "employer") == ("shortlisted", True)
    assert stage(pair, "talent") == ("asked", False)
    answer(pair.as_delegate, pair.edition, AnswerInterest(asked.pk, True))
    assert stage(pair, "talent") == stage(pair, "employer") == ("mutual", False)
    TimetableVersion.objects.create(
        edition=pair.edition, state="released", number=1, released_at=clock.now()
    )
    assert stage(pair, "talent") == stage(pair, "employer") == ("mutual", True)
    meeting = make.held_meeting(MeetingRequest.objects.get())
    assert stage(pair, "talent") == ("placed", False)
    with clock.at(meeting.ends_at + timedelta(minutes=1)):
        assert stage(pair, "employer") == ("placed", True)
        type(meeting).objects.update(status="held")
        assert stage(pair, "talent") == ("held", True)


def test_after_a_meeting_was_called_off_both_know_how_to_meet_after_all(pair: Pair) -> None:
    asked = pair.ask()
    answer(pair.as_delegate, pair.edition, AnswerInterest(asked.pk, True))
    meeting = make.held_meeting(MeetingRequest.objects.get())
    cancel_meeting(SYSTEM, pair.edition, CancelMeeting(meeting.pk, meeting.sequence, "Ill."))
    for side, actor in (("talent", pair.as_talent), ("employer", pair.as_delegate)):
        (one,) = told.applications(actor, pair.edition, side)
        assert one.stage == "mutual" and "called off" in str(one.next)
        assert one.url.endswith(f"/requests/{asked.pk}/withdraw/")
    withdraw(pair.as_talent, pair.edition, WithdrawInterest(asked.pk, "Another day."))
    assert pair.ask().state == "asked"


def test_sentences_with_times_name_the_clock_of_the_conference(pair: Pair) -> None:
    """Also by the API, where a request is answered in the zone of the account."""
    asked = pair.ask()
    api = Api(pair.edition, pair.talent.person)

    def said() -> str:
        return str(api.get("/applications").json()["items"][0]["next"])

    with timezone.override("UTC"):
        assert said().startswith("The organisation can answer until ")
        assert "(Wuhan time)" in said() or "(Shanghai time)" in said()
        answer(pair.as_delegate, pair.edition, AnswerInterest(asked.pk, True))
        meeting = make.held_meeting(MeetingRequest.objects.get())
        local = meeting.starts_at.astimezone(ZoneInfo("Asia/Shanghai"))
        assert f"{local:%H:%M} (Shanghai time)" in said()


def test_what_is_one_sided_never_becomes_a_meeting_nor_holds_a_time(pair: Pair) -> None:
    make.consent(pair.talent, "profile")
    asked = pair.ask()
    services.shortlist(
        pair.as_delegate, pair.edition, services.Shortlist(pair.opening.pk, pair.talent.pk)
    )
    other = make.opening(pair.edition, pair.company)
    sent = invite(pair.as_delegate, pair.edition, Invite(other.pk, pair.talent.pk))
    with clock.at(make.BEFORE + timedelta(days=6)):
        ending.run_by_itself()
    assert not MeetingRequest.objects.exists() and not Occupancy.objects.exists()
    assert {one.state for one in Interest.objects.filter(pk__in=[asked.pk, sent.pk])} == {"expired"}


def test_who_is_asked_is_reminded_once(pair: Pair) -> None:
    pair.ask()
    assert ending.remind() == 0
    # Nobody at night: what waited for the morning would remind of what was answered.
    for hours in (5, 15):
        with clock.at(make.BEFORE + timedelta(days=4, hours=hours)):
            assert ending.remind() == 0
    with clock.at(make.BEFORE + timedelta(days=4, hours=1)):
        assert ending.remind() == 1
        assert ending.remind() == 0
    entry = Entry.objects.get(event="fair.interest.reminded")
    assert '"asked_side":"employer"' in entry.canonical


def test_the_end_of_a_consent_ends_what_waits_with_that_recipient_only(pair: Pair) -> None:
    other = make.organisation(pair.edition, "Another")
    about = make.opening(pair.edition, other)
    for recipient in (str(pair.company.pk), str(other.pk)):
        make.consent(pair.talent, "profile", recipient)
    first = pair.ask()
    second = ask_to_meet(pair.as_talent, pair.edition, AskToMeet(about.pk))
    deliver()
    withdraw_consent(
        pair.as_talent,
        WithdrawConsent(pair.edition.pk, pair.talent.person_id, "profile", str(pair.company.pk)),
    )
    deliver()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.ended_by, second.state) == ("withdrawn", "consent", "asked")
    # An agreement is no open request.
    answer(make.office(pair.edition), pair.edition, AnswerInterest(second.pk, True))
    withdraw_consent(
        pair.as_talent, WithdrawConsent(pair.edition.pk, pair.talent.person_id, "profile")
    )
    deliver()
    second.refresh_from_db()
    assert second.state == "accepted"


def test_a_block_ends_what_waits_and_lets_nothing_new_through(pair: Pair) -> None:
    make.consent(pair.talent, "profile")
    sent = invite(pair.as_delegate, pair.edition, Invite(pair.opening.pk, pair.talent.pk))
    block = services.SetBlock(pair.company.pk, pair.talent.pk, "talent")
    with pytest.raises(NotAllowed):  # nobody blocks for somebody else
        services.set_block(pair.as_delegate, pair.edition, block)
    assert services.set_block(pair.as_talent, pair.edition, block)
    assert not services.set_block(pair.as_talent, pair.edition, block)
    sent.refresh_from_db()
    assert (sent.state, sent.ended_by) == ("withdrawn", "block")
    with pytest.raises(Conflict, match="other side takes no"):
        invite(pair.as_delegate, pair.edition, Invite(pair.opening.pk, pair.talent.pk))
    with pytest.raises(Conflict, match="You blocked"):
        pair.ask()
    lifted = services.SetBlock(pair.company.pk, pair.talent.pk, "talent", blocked=False)
    assert services.set_block(pair.as_talent, pair.edition, lifted)
    pair.ask()


def test_who_is_suspended_asks_nobody_until_it_is_lifted(pair: Pair) -> None:
    office = make.office(pair.edition)
    asked = pair.ask()
    with pytest.raises(NotAllowed):
        services.suspend(
            pair.as_delegate, pair.edition, services.Suspend("x", pair.talent.person_id)
        )
    row = services.suspend(office, pair.edition, services.Suspend("Insults", pair.talent.person_id))
    asked.refresh_from_db()
    assert (asked.state, asked.ended_by) == ("withdrawn", "office")
    with pytest.raises(NotAllowed, match=r"Insults\. You can appeal"):
        pair.ask()
    services.lift_suspension(office, pair.edition, row.pk)
    pair.ask()
    assert ending.expire_interests(SYSTEM) == 0


def test_nobody_asks_a_suspended_organisation(pair: Pair) -> None:
    office = make.office(pair.edition)
    organisation = pair.opening.organisation_id
    command = services.Suspend("Fake posts.", organisation=organisation)
    row = services.suspend(office, pair.edition, command)
    # Its openings are closed with the decision; why is between the office and the organisation.
    with pytest.raises(NotFound) as refused:
        pair.ask()
    assert "Fake posts" not in str(refused.value)
    assert not Interest.objects.exists()
    services.lift_suspension(office, pair.edition, row.pk)
    # Its openings were closed; it opens them itself.
    services.set_openings_state(pair.as_delegate, pair.edition, [pair.opening.pk], "open")
    pair.ask()


def test_a_board_of_many_takes_as_many_queries_as_one_of_few(pair: Pair) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            told.applications(pair.as_delegate, pair.edition, "employer")
        return len(found)

    pair.ask()
    few = queries()
    for number in range(4):
        make.interest(make.talent(pair.edition, f"T{number}"), pair.opening)
    assert queries() == few
