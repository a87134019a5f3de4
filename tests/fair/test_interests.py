"""Asking, inviting, answering, taking back, and what expires."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.fair import limits, queries
from talex.fair.models import Interest
from talex.fair.services import (
    AnswerInterest,
    AskToMeet,
    Invite,
    WithdrawInterest,
    answer,
    ask_to_meet,
    expire_interests,
    invite,
    withdraw,
)
from talex.ledger.models import Entry
from talex.meetings.models import Meeting, MeetingRequest, RequestParty
from talex.participants import rules as people
from talex.participants.models import Delegate
from talex.programme.models import Occupancy
from tests.fair import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before() -> object:
    with clock.at(make.BEFORE):
        yield


class Pair:
    def __init__(self) -> None:
        self.edition = make.edition()
        self.company = make.organisation(self.edition)
        self.delegate = make.delegate(self.edition, self.company)
        self.talent = make.talent(self.edition)
        self.opening = make.opening(self.edition, self.company)
        self.as_talent = make.as_talent(self.talent)
        self.as_delegate = make.as_delegate(self.delegate)

    def ask(self, **values: object) -> Interest:
        return ask_to_meet(self.as_talent, self.edition, AskToMeet(self.opening.pk, **values))


@pytest.fixture
def pair() -> Pair:
    return Pair()


def test_a_request_accepted_becomes_a_wanted_meeting_and_blocks_no_time(pair: Pair) -> None:
    asked = pair.ask(message=" I built such packs. ", rank=1)
    assert (asked.state, asked.message, asked.side) == ("asked", "I built such packs.", "talent")
    assert not MeetingRequest.objects.exists()
    done = answer(pair.as_delegate, pair.edition, AnswerInterest(asked.pk, True, "Welcome"))
    assert done.state == "accepted"
    request = MeetingRequest.objects.get()
    assert (request.origin, request.subject_id, request.mode) == ("mutual", pair.opening.pk, "both")
    parties = set(RequestParty.objects.values_list("person_id", "side"))
    assert parties == {
        (pair.talent.person_id, "talent"),
        (pair.delegate.person_id, "employer"),
    }
    assert not Occupancy.objects.exists()
    events = list(Entry.objects.order_by("id").values_list("event", flat=True))
    assert {"fair.interest.asked", "fair.interest.accepted", "meetings.request.made"} <= set(events)


def test_declined_makes_no_meeting_and_is_not_asked_again(pair: Pair) -> None:
    asked = pair.ask()
    done = answer(pair.as_delegate, pair.edition, AnswerInterest(asked.pk, False, reason="skills"))
    assert done.state == "declined"
    assert not MeetingRequest.objects.exists()
    with pytest.raises(Conflict, match="declined"):
        pair.ask()
    # The side that declined may think better of it.
    turned = invite(pair.as_delegate, pair.edition, Invite(pair.opening.pk, pair.talent.pk))
    assert (turned.state, turned.side) == ("asked", "employer")


def test_both_asking_is_agreement(pair: Pair) -> None:
    make.consent(pair.talent, "profile")
    sent = invite(pair.as_delegate, pair.edition, Invite(pair.opening.pk, pair.talent.pk))
    both = pair.ask()
    assert (both.pk, both.state) == (sent.pk, "accepted")
    assert MeetingRequest.objects.get().origin == "mutual"


def test_only_the_asked_side_answers(pair: Pair) -> None:
    asked = pair.ask()
    with pytest.raises(NotAllowed):
        answer(pair.as_talent, pair.edition, AnswerInterest(asked.pk, True))
    stranger = make.as_talent(make.talent(pair.edition, "Somebody"))
    with pytest.raises(NotFound):
        answer(stranger, pair.edition, AnswerInterest(asked.pk, True))
    answer(make.office(pair.edition), pair.edition, AnswerInterest(asked.pk, True))


def test_an_expired_request_cannot_be_accepted_and_can_be_asked_anew(pair: Pair) -> None:
    asked = pair.ask()
    assert asked.expires_at == make.BEFORE + limits.ANSWER_WITHIN
    with clock.at(make.BEFORE + limits.ANSWER_WITHIN + timedelta(minutes=1)):
        with pytest.raises(Conflict, match="expired"):
            answer(pair.as_delegate, pair.edition, AnswerInterest(asked.pk, True))
        again = pair.ask()
        assert again.pk != asked.pk
        asked.refresh_from_db()
        assert asked.state == "expired"
        assert expire_interests(SYSTEM) == 0


def test_the_worker_ends_what_is_over(pair: Pair) -> None:
    pair.ask()
    assert expire_interests(SYSTEM) == 0
    with clock.at(make.BEFORE + timedelta(days=6)):
        assert expire_interests(SYSTEM, pair.edition) == 1
    assert Interest.objects.get().state == "expired"
    assert Entry.objects.filter(event="fair.interest.expired").count() == 1


def test_nobody_waits_longer_than_the_conference_lasts(pair: Pair) -> None:
    late = datetime(2027, 4, 21, 12, tzinfo=UTC)  # 20:00 in Wuhan, the last evening
    with clock.at(late):
        asked = pair.ask()
        assert asked.expires_at.date() == datetime(2027, 4, 21).date()
    with clock.at(datetime(2027, 4, 22, 12, tzinfo=UTC)), pytest.raises(Conflict, match="over"):
        pair.ask()


def test_a_talent_has_a_limited_number_of_open_requests(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "OPEN_PER_TALENT", 2)
    first = pair.ask()
    for _number in range(1):
        more = make.opening(pair.edition, pair.company)
        ask_to_meet(pair.as_talent, pair.edition, AskToMeet(more.pk))
    third = make.opening(pair.edition, pair.company)
    with pytest.raises(Conflict, match="2 of 2"):
        ask_to_meet(pair.as_talent, pair.edition, AskToMeet(third.pk))
    answer(pair.as_delegate, pair.edition, AnswerInterest(first.pk, False, reason="filled"))
    ask_to_meet(pair.as_talent, pair.edition, AskToMeet(third.pk))


def test_an_opening_has_a_limited_number_of_open_invitations(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "OPEN_PER_OPENING", 1)
    for name in ("One", "Two"):
        make.consent(make.talent(pair.edition, name), "profile")
    one, two = type(pair.talent).objects.exclude(pk=pair.talent.pk).order_by("id")
    invite(pair.as_delegate, pair.edition, Invite(pair.opening.pk, one.pk))
    with pytest.raises(Conflict, match="1 of 1"):
        invite(pair.as_delegate, pair.edition, Invite(pair.opening.pk, two.pk))


def test_whoever_shows_nothing_cannot_be_invited(pair: Pair) -> None:
    with pytest.raises(NotFound):
        invite(pair.as_delegate, pair.edition, Invite(pair.opening.pk, pair.talent.pk))
    make.match(pair.talent, pair.opening)
    invite(pair.as_delegate, pair.edition, Invite(pair.opening.pk, pair.talent.pk))


@pytest.mark.parametrize(
    ("talent", "opening", "delegate"),
    [("onsite", "online", "both"), ("online", "both", "onsite")],
)
def test_no_common_way_to_meet_is_told(
    pair: Pair, talent: str, opening: str, delegate: str
) -> None:
    type(pair.talent).objects.filter(pk=pair.talent.pk).update(mode=talent)
    type(pair.opening).objects.filter(pk=pair.opening.pk).update(mode=opening)
    Delegate.objects.filter(pk=pair.delegate.pk).update(mode=delegate)
    with pytest.raises(Invalid, match="only on site"):
        asked = pair.ask()
        answer(pair.as_delegate, pair.edition, AnswerInterest(asked.pk, True))
    assert not MeetingRequest.objects.exists()
    assert not Interest.objects.filter(state="accepted").exists()


def test_the_delegate_with_fewer_meetings_is_chosen(pair: Pair) -> None:
    second = make.delegate(pair.edition, pair.company, "韩梅梅")
    for number in range(4):
        who = make.talent(pair.edition, f"T{number}")
        asked = ask_to_meet(make.as_talent(who), pair.edition, AskToMeet(pair.opening.pk))
        answer(pair.as_delegate, pair.edition, AnswerInterest(asked.pk, True))
    counts = {
        person: RequestParty.objects.filter(person_id=person).count()
        for person in (pair.delegate.person_id, second.person_id)
    }
    assert set(counts.values()) == {2}


def test_an_organisation_without_delegates_gets_one_unnamed(pair: Pair) -> None:
    nobody = make.organisation(pair.edition, "New firm")
    for number in range(2):
        about = make.opening(pair.edition, nobody)
        asked = ask_to_meet(
            make.as_talent(make.talent(pair.edition, f"N{number}")),
            pair.edition,
            AskToMeet(about.pk),
        )
        answer(make.office(pair.edition), pair.edition, AnswerInterest(asked.pk, True))
    one = Delegate.objects.get(organisation=nobody)
    assert one.person.name == ""
    assert RequestParty.objects.filter(person=one.person).count() == 2


def test_taking_back_an_agreement_calls_the_meeting_off(pair: Pair) -> None:
    asked = pair.ask()
    with pytest.raises(NotAllowed):
        withdraw(pair.as_delegate, pair.edition, WithdrawInterest(asked.pk))
    answer(pair.as_delegate, pair.edition, AnswerInterest(asked.pk, True))
    meeting = make.held_meeting(MeetingRequest.objects.get())
    with pytest.raises(Invalid, match="why"):
        withdraw(pair.as_delegate, pair.edition, WithdrawInterest(asked.pk))
    withdraw(pair.as_delegate, pair.edition, WithdrawInterest(asked.pk, "The seat is taken."))
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.CANCELLED
    assert MeetingRequest.objects.get().state == "withdrawn"
    with pytest.raises(Conflict):
        withdraw(pair.as_talent, pair.edition, WithdrawInterest(asked.pk, "late"))


def test_closed_and_drafted_openings_cannot_be_asked_for(pair: Pair) -> None:
    for state, error in (("draft", NotFound), ("closed", NotFound)):
        hidden = make.opening(pair.edition, pair.company, state=state)
        with pytest.raises(error):
            ask_to_meet(pair.as_talent, pair.edition, AskToMeet(hidden.pk))
    over = make.opening(pair.edition, pair.company, closes_on=datetime(2027, 3, 31).date())
    with pytest.raises(Conflict, match="not open"):
        ask_to_meet(pair.as_talent, pair.edition, AskToMeet(over.pk))


def test_a_second_standing_interest_is_refused_by_the_database(pair: Pair) -> None:
    from django.db import IntegrityError, transaction

    pair.ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        make.interest(pair.talent, pair.opening, "employer")


@pytest.mark.parametrize(
    ("values", "field"), [({"message": "x" * 1001}, "message"), ({"rank": 0}, "rank")]
)
def test_wrong_words_are_told(pair: Pair, values: dict, field: str) -> None:
    with pytest.raises(Invalid) as told:
        pair.ask(**values)
    assert field in told.value.fields


def test_who_is_no_talent_here_cannot_ask(pair: Pair) -> None:
    with pytest.raises(NotAllowed):
        ask_to_meet(pair.as_delegate, pair.edition, AskToMeet(pair.opening.pk))
    other = make.talent(pair.edition, "Other")
    with pytest.raises(NotAllowed):
        ask_to_meet(pair.as_talent, pair.edition, AskToMeet(pair.opening.pk, talent=other.pk))


def test_an_agreement_shows_the_profile_beside_the_request_and_ends_with_it(pair: Pair) -> None:
    words = "Write to anna@example.org"
    made = pair.ask(message=words)
    talent = pair.talent

    def seen() -> queries.Asked:
        rows = [Interest.objects.select_related("talent__person", "opening").get(pk=made.pk)]
        (one,) = queries.asked(pair.as_delegate, pair.edition, rows, "employer")
        return one

    # Asked for, without the consent: the words came with it, the name did not.
    assert (seen().words.message, "name" in seen().facts) == ("Write to •••", False)
    answer(pair.as_delegate, pair.edition, AnswerInterest(made.pk, True))
    assert (seen().words.message, seen().facts["name"]) == (words, talent.person.name)
    # Docs/organisers/privacy.md: beside the request alone, not on the talent's own page.
    assert not people.can_see_talent(pair.as_delegate, talent)
    withdraw(pair.as_talent, pair.edition, WithdrawInterest(made.pk, "Found another."))
    over = seen()
    assert (over.words.message, "name" in over.facts) == ("", False)
    rows = queries.asked(pair.as_talent, pair.edition, [over.interest], "talent")
    assert rows[0].words.message == words
