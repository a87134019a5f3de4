"""Organisations abroad and the fair: nothing of a talent without the separate consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from django.test import Client

from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.editions.models import Consent
from talex.engine.matching import score
from talex.fair import privacy, queries, rules
from talex.fair.choices import EndedBy, InterestState, MatchState
from talex.fair.conversations.queries import conversations
from talex.fair.conversations.services import SendMessage, pair_of, send
from talex.fair.matching import frame
from talex.fair.models import Interest, Match
from talex.fair.services import (
    AnswerInterest,
    AskToMeet,
    Invite,
    answer,
    approve_matches,
    ask_to_meet,
    invite,
)
from talex.ledger.models import Entry as LedgerEntry
from talex.ledger.outbox import deliver
from talex.meetings import calendars, reasons
from talex.meetings import queries as meeting_reads
from talex.meetings import rules as meeting_rules
from talex.meetings.models import Meeting, MeetingRequest, TimetableVersion
from talex.meetings.services import BookMeeting, book_meeting
from talex.participants.commands import SetAbroad, UpdateOrganisation
from talex.participants.models import Organisation
from talex.participants.services import set_abroad, update_organisation
from tests.fair import factories as make
from tests.fair.test_matching import Letters

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before() -> object:
    with clock.at(make.BEFORE):
        yield


class Fair:
    """A conference in China, an opening at home and one in Germany, a talent who shows all."""

    def __init__(self) -> None:
        self.edition = make.edition()
        self.home = make.organisation(self.edition, "Home", country="CN")
        self.far = make.organisation(self.edition, "Fern GmbH", country="DE")
        self.talent = make.talent(self.edition, "Anna Weber", email="anna@example.org")
        for purpose in ("profile", "contact"):
            make.consent(self.talent, purpose)
        self.near_opening = make.opening(self.edition, self.home, "Near")
        self.far_opening = make.opening(self.edition, self.far, "Far")
        self.own = make.as_talent(self.talent)
        desk = make.as_delegate(make.delegate(self.edition, self.far))
        self.desk = replace(
            desk, grants=frozenset(replace(grant, abroad=True) for grant in desk.grants)
        )

    def agree(self, agreed: bool = True, to: Organisation | None = None) -> None:
        command = SetAbroad(
            talent=self.talent.pk, agreed=agreed, organisation=to.pk if to else None
        )
        set_abroad(self.own, command)

    def ask(self, **values: object) -> Interest:
        return ask_to_meet(self.own, self.edition, AskToMeet(self.far_opening.pk, **values))

    def invite(self, actor: Actor | None = None) -> Interest:
        return invite(actor or self.desk, self.edition, Invite(self.far_opening.pk, self.talent.pk))

    def state(self) -> tuple[str, str]:
        one = Interest.objects.get()
        return str(one.state), str(one.ended_by)


def test_one_abroad_is_shown_not_even_an_alias() -> None:
    fair = Fair()
    match = make.match(fair.talent, fair.far_opening)
    pair = (fair.talent.pk, fair.far.pk)

    def card() -> dict:
        return queries.faces(fair.desk, fair.edition, [(fair.talent, fair.far.pk)])[pair]

    assert card() == {}
    assert not queries.candidates(fair.desk, fair.edition).exists()
    assert not rules.can_see_match(fair.desk, match)
    # The talent still sees what fits.
    assert list(queries.for_you(fair.own, fair.edition, fair.talent)) == [match]
    fair.agree()
    assert card()["email"] == "anna@example.org"
    assert list(queries.candidates(fair.desk, fair.edition)) == [match]
    fair.agree(False)
    assert card() == {}
    at_home = privacy.shown_to(fair.home.pk, [fair.talent])[fair.talent.pk]
    assert at_home == privacy.ALL


def test_an_agreement_to_meet_shows_nothing_more_once_it_is_taken_back() -> None:
    fair = Fair()
    make.interest(fair.talent, fair.far_opening, state=InterestState.ACCEPTED)
    fair.agree(to=fair.far)
    assert privacy.shows_profile(fair.talent, fair.far.pk)
    fair.agree(False)
    assert not privacy.shows_profile(fair.talent, fair.far.pk)


def test_who_applies_abroad_agrees_in_that_step() -> None:
    fair = Fair()
    with pytest.raises(Invalid) as refused:
        fair.ask()
    assert "abroad" in refused.value.fields
    assert not Interest.objects.exists()
    fair.ask(abroad=True)
    row = Consent.objects.get(purpose="abroad")
    assert (row.recipient, row.country) == (str(fair.far.pk), "DE")
    asked = ask_to_meet(fair.own, fair.edition, AskToMeet(fair.near_opening.pk))
    assert asked.state == InterestState.ASKED
    assert Consent.objects.filter(purpose="abroad").count() == 1


def test_an_application_that_fails_leaves_no_consent_behind() -> None:
    fair = Fair()
    with pytest.raises(Invalid):
        fair.ask(abroad=True, rank=0)
    assert not Consent.objects.filter(purpose="abroad").exists()


def test_one_abroad_invites_only_who_agreed() -> None:
    fair = Fair()
    with pytest.raises(NotFound):
        fair.invite()
    with pytest.raises(Conflict):
        fair.invite(make.office(fair.edition))
    fair.agree()
    fair.invite()
    # Taken back before the answer: accepting asks for it once more.
    Consent.objects.filter(purpose="abroad").delete()
    interest = Interest.objects.get()
    with pytest.raises(Invalid):
        answer(fair.own, fair.edition, AnswerInterest(interest.pk, True))
    done = answer(fair.own, fair.edition, AnswerInterest(interest.pk, True, abroad=True))
    assert done.state == InterestState.ACCEPTED
    assert Consent.objects.get(purpose="abroad").recipient == str(fair.far.pk)


def test_one_abroad_accepts_only_while_it_holds() -> None:
    fair = Fair()
    asked = fair.ask(abroad=True)
    Consent.objects.filter(purpose="abroad").delete()
    with pytest.raises(Conflict):
        answer(fair.desk, fair.edition, AnswerInterest(asked.pk, True))


def test_taken_back_it_ends_what_waits_abroad_and_nothing_else() -> None:
    fair = Fair()
    fair.ask(abroad=True)
    near = ask_to_meet(fair.own, fair.edition, AskToMeet(fair.near_opening.pk))
    deliver()
    fair.agree(False, to=fair.far)
    deliver()
    far = Interest.objects.exclude(pk=near.pk).get()
    assert (far.state, far.ended_by) == (InterestState.WITHDRAWN, EndedBy.CONSENT)
    near.refresh_from_db()
    assert near.state == InterestState.ASKED


def test_one_that_is_left_out_loses_what_waits_and_the_others_keep_theirs() -> None:
    fair = Fair()
    other = make.organisation(fair.edition, "Autre SA", country="FR")
    third = make.opening(fair.edition, other, "Third")
    fair.agree()
    fair.ask()
    kept = ask_to_meet(fair.own, fair.edition, AskToMeet(third.pk))
    fair.agree(False, to=fair.far)
    deliver()
    gone = Interest.objects.exclude(pk=kept.pk).get()
    assert (gone.state, gone.ended_by) == (InterestState.WITHDRAWN, EndedBy.CONSENT)
    kept.refresh_from_db()
    assert kept.state == InterestState.ASKED


def test_one_that_comes_later_gets_nothing_of_who_agreed_before() -> None:
    fair = Fair()
    fair.agree()
    late = make.organisation(fair.edition, "Spät AG", country="CH")
    opening = make.opening(fair.edition, late, "Late")
    match = make.match(fair.talent, opening)
    near = make.match(fair.talent, fair.far_opening)
    office = make.office(fair.edition)
    done = approve_matches(office, fair.edition, [match.pk, near.pk])
    assert (done.approved, done.abroad) == (1, 1)
    assert privacy.shown_to(late.pk, [fair.talent])[fair.talent.pk] == privacy.NOTHING
    with pytest.raises(Conflict):
        invite(office, fair.edition, Invite(opening.pk, fair.talent.pk))
    with pytest.raises(Invalid):
        ask_to_meet(fair.own, fair.edition, AskToMeet(opening.pk))
    made = frame(fair.edition, Letters())
    assert made is not None
    pair = np.array([(made.talents.index(fair.talent.pk), made.openings.index(opening.pk))])
    assert not score(made.problem, pair).admissible.any()
    fair.agree()
    assert privacy.shown_to(late.pk, [fair.talent])[fair.talent.pk] == privacy.ALL
    made = frame(fair.edition, Letters())
    assert made is not None
    assert score(made.problem, pair).admissible.all()


def test_one_that_moves_to_another_country_is_no_longer_the_one_agreed_to() -> None:
    fair = Fair()
    fair.agree()
    fair.ask()
    deliver()
    update_organisation(
        SYSTEM,
        UpdateOrganisation(
            organisation=fair.far.pk, edition=fair.edition.pk, changes={"country": "US"}
        ),
    )
    deliver()
    assert fair.state() == (InterestState.WITHDRAWN, EndedBy.CONSENT)


def test_an_organisation_that_moves_abroad_loses_what_waits() -> None:
    fair = Fair()
    Organisation.objects.filter(pk=fair.far.pk).update(country="")
    fair.ask()
    deliver()
    update_organisation(
        SYSTEM,
        UpdateOrganisation(
            organisation=fair.far.pk, edition=fair.edition.pk, changes={"country": "DE"}
        ),
    )
    deliver()
    assert fair.state() == (InterestState.WITHDRAWN, EndedBy.CONSENT)


def test_the_office_approves_none_without_it() -> None:
    fair = Fair()
    match = make.match(fair.talent, fair.far_opening)
    near = make.match(fair.talent, fair.near_opening)
    office = make.office(fair.edition)
    done = approve_matches(office, fair.edition, [match.pk, near.pk])
    assert (done.approved, done.abroad, done.gone) == (1, 1, 0)
    assert Match.objects.get(pk=match.pk).state == MatchState.PROPOSED
    fair.agree()
    assert approve_matches(office, fair.edition, [match.pk]).approved == 1


def test_the_matching_pairs_nobody_with_one_abroad_who_did_not_agree() -> None:
    fair = Fair()
    other = make.organisation(fair.edition, "Autre SA", country="FR")
    third = make.opening(fair.edition, other, "Third")
    to_all = make.talent(fair.edition, "To all")
    to_one = make.talent(fair.edition, "To one")
    make.consent(to_all, "abroad")
    make.consent(to_one, "abroad", str(other.pk))

    def able(**values: bool) -> set[tuple[object, object]]:
        made = frame(fair.edition, Letters(), **values)
        assert made is not None
        pairs = np.array(
            [(i, j) for i in range(len(made.talents)) for j in range(len(made.openings))]
        )
        good = score(made.problem, pairs).admissible
        return {
            (made.talents[i], made.openings[j])
            for (i, j), yes in zip(pairs, good, strict=True)
            if yes
        }

    near, far, last = fair.near_opening.pk, fair.far_opening.pk, third.pk
    assert able() == {
        (fair.talent.pk, near),
        (to_all.pk, near), (to_all.pk, far), (to_all.pk, last),
        (to_one.pk, near), (to_one.pk, last),
    }  # fmt: skip
    # For a talent's own eyes nothing leaves the country.
    assert len(able(own=True)) == 9


def test_the_statement_stands_in_the_page_of_the_application() -> None:
    fair = Fair()
    account = User.objects.create_user("anna@example.org")
    fair.talent.person.user = account
    fair.talent.person.save()
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = f"/e/{fair.edition.slug}/openings/{fair.far_opening.pk}/ask/"
    shown = client.get(page).content.decode()
    assert "Fern GmbH (Germany)" in shown
    assert 'name="abroad"' in shown
    assert client.post(page, {"message": "Hello"}).status_code == 422
    assert not Interest.objects.exists()
    assert client.post(page, {"message": "Hello", "abroad": ["abroad"]}).status_code == 303
    assert Interest.objects.get().state == InterestState.ASKED
    near = page.replace(str(fair.far_opening.pk), str(fair.near_opening.pk))
    assert 'name="abroad"' not in client.get(near).content.decode()


def _placed(fair: Fair) -> Meeting:
    """Both agreed to meet the organisation abroad, and the meeting has its time."""
    fair.agree()
    asked = fair.ask()
    answer(fair.desk, fair.edition, AnswerInterest(asked.pk, True))
    request = MeetingRequest.objects.get()
    request.state = MeetingRequest.State.PLACED
    request.save()
    deliver()
    return make.held_meeting(request)


def _seen_abroad(fair: Fair, meeting: Meeting) -> list[bool]:
    """By page and API, by the agenda of the organisation, by the delegate's feed."""
    delegate = next(one.person for one in fair.desk.grants if one.person)
    agenda = meeting_reads.agenda(fair.desk, fair.edition, organisation=fair.far.pk, cancelled=True)
    _where, fed, _language, _readers = meeting_reads.feed(fair.edition.pk, delegate)
    return [
        meeting_rules.can_see(fair.desk, meeting),
        meeting_reads.meetings(fair.desk, fair.edition).exists(),
        agenda.exists(),
        fed.exists(),
    ]


def test_taken_back_its_meeting_is_gone_abroad_and_called_off() -> None:
    fair = Fair()
    meeting = _placed(fair)
    assert _seen_abroad(fair, meeting) == [True] * 4
    fair.agree(False)
    # At once, before the worker comes round.
    assert _seen_abroad(fair, meeting) == [False] * 4
    assert meeting_rules.can_see(fair.own, meeting)
    deliver()
    meeting.refresh_from_db()
    assert (meeting.status, meeting.reason) == (Meeting.Status.CANCELLED, reasons.CONSENT)
    assert MeetingRequest.objects.get().state == MeetingRequest.State.WITHDRAWN
    assert fair.state() == (InterestState.WITHDRAWN, EndedBy.CONSENT)
    assert _seen_abroad(fair, meeting) == [False] * 4
    assert b"Anna" not in calendars.calendar(fair.edition, [meeting])
    # Each side is told once, of the meeting alone.
    told = LedgerEntry.objects.filter(event="meetings.meeting.cancelled")
    assert told.count() == 1
    deliver()
    assert told.count() == 1


def test_a_meeting_that_is_over_is_not_called_off() -> None:
    fair = Fair()
    meeting = _placed(fair)
    fair.agree(False)
    with clock.at(meeting.ends_at):
        deliver()
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.PLANNED
    assert not meeting_rules.can_see(fair.desk, meeting)


def test_taken_back_nobody_abroad_chooses_a_time() -> None:
    fair = Fair()
    fair.agree()
    asked = fair.ask()
    answer(fair.desk, fair.edition, AnswerInterest(asked.pk, True))
    request = MeetingRequest.objects.get()
    TimetableVersion.objects.create(
        edition=fair.edition, number=1, state="released", released_at=clock.now()
    )
    assert meeting_rules.can_place(fair.desk, request)
    fair.agree(False)
    assert not meeting_rules.can_place(fair.desk, request)
    assert meeting_rules.can_place(fair.own, request)
    start = datetime(2027, 4, 20, 2, tzinfo=UTC)
    with pytest.raises(NotAllowed):
        book_meeting(fair.desk, fair.edition, BookMeeting(request.pk, start))
    deliver()
    request.refresh_from_db()
    assert request.state == MeetingRequest.State.WITHDRAWN


def test_an_approved_proposal_abroad_may_be_proposed_again_once_taken_back() -> None:
    fair = Fair()
    fair.agree()
    match = make.match(fair.talent, fair.far_opening)
    assert approve_matches(make.office(fair.edition), fair.edition, [match.pk]).approved == 1
    deliver()
    fair.agree(False)
    deliver()
    match.refresh_from_db()
    assert match.state == MatchState.SUPERSEDED
    assert MeetingRequest.objects.get().state == MeetingRequest.State.WITHDRAWN


def test_a_conversation_is_listed_where_its_page_opens() -> None:
    fair = Fair()
    asked = fair.ask(abroad=True)
    send(fair.own, fair.edition, SendMessage(fair.talent.pk, fair.far_opening.pk, "Hello"))
    assert [c.opening_id for c in conversations(fair.desk, fair.edition)] == [asked.opening_id]
    fair.agree(False, to=fair.far)
    assert not conversations(fair.desk, fair.edition).exists()
    with pytest.raises(NotFound):
        pair_of(fair.desk, fair.edition, fair.talent.pk, fair.far_opening.pk)
    assert conversations(fair.own, fair.edition).exists()


def test_an_entry_of_a_calendar_names_the_other_side() -> None:
    fair = Fair()
    meeting = _placed(fair)
    delegate = next(one.person for one in fair.desk.grants if one.person)

    def entry(reader: object) -> str:
        return calendars.calendar(fair.edition, [meeting], readers={reader}).decode()

    theirs = entry(delegate)
    assert "Anna Weber" in theirs
    assert "Fern GmbH" not in theirs
    own = entry(fair.talent.person_id)
    assert "Fern GmbH" in own
    assert "Anna Weber" not in own
