"""Abuse: reported with evidence, decided by one of the office, told to both, appealed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.registries import erase
from talex.fair.conversations import reporting, rules
from talex.fair.conversations.models import Message, Report
from talex.fair.models import Suspension
from talex.ledger.models import Entry
from tests.fair import factories as make
from tests.fair.test_conversations import write
from tests.fair.test_interests import Pair

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before() -> object:
    with clock.at(make.BEFORE):
        yield


@pytest.fixture
def pair() -> Pair:
    made = Pair()
    made.ask()
    return made


def reported(pair: Pair) -> tuple[Message, Report]:
    message = write(pair, pair.as_delegate, "Pay me 500 first")
    command = reporting.MakeReport("message", message.pk, "fees", "They ask for money.")
    return message, reporting.report(pair.as_talent, pair.edition, command)


def test_a_reported_message_is_kept_as_evidence_also_after_it_is_erased(pair: Pair) -> None:
    message, case = reported(pair)
    assert case.against_organisation == pair.company.pk and case.against_person is None
    erase["conversations.persons"].erase(SYSTEM, pair.talent.person_id)
    message.refresh_from_db()
    case.refresh_from_db()
    assert message.body == ""
    assert case.evidence["messages"][-1]["body"] == "Pay me 500 first"
    assert "Pay me" not in "".join(Entry.objects.values_list("canonical", flat=True))


def test_only_what_one_sees_of_the_other_side_can_be_reported(pair: Pair) -> None:
    message = write(pair, pair.as_delegate)
    command = reporting.MakeReport("message", message.pk, "insult")
    stranger = make.as_talent(make.talent(pair.edition, "Other"))
    for actor in (stranger, pair.as_delegate, make.office(pair.edition)):
        with pytest.raises(NotFound):
            reporting.report(actor, pair.edition, command)
    with pytest.raises(Invalid) as wrong:
        reporting.report(
            pair.as_talent, pair.edition, reporting.MakeReport("message", message.pk, "other")
        )
    assert set(wrong.value.fields) == {"words"}
    reporting.report(pair.as_talent, pair.edition, command)
    with pytest.raises(Conflict, match="already"):
        reporting.report(pair.as_talent, pair.edition, command)
    opening = reporting.MakeReport("opening", pair.opening.pk, "fake")
    assert reporting.report(stranger, pair.edition, opening).evidence["title"]
    profile = reporting.MakeReport("profile", pair.talent.pk, "fake")
    facts = reporting.report(pair.as_delegate, pair.edition, profile).evidence["facts"]
    assert "name" not in facts  # nobody showed it to them


def test_one_of_the_office_claims_and_decides_and_both_read_it(pair: Pair) -> None:
    message, case = reported(pair)
    first, second = make.office(pair.edition), make.office(pair.edition)
    decision = reporting.DecideReport(case.pk, "hide", "Nobody pays for an interview here.")
    with pytest.raises(NotAllowed):
        reporting.opened(pair.as_delegate, pair.edition, case.pk)
    with pytest.raises(Conflict, match="Claim"):
        reporting.decide(first, pair.edition, decision)
    reporting.claim(first, pair.edition, case.pk)
    with pytest.raises(Conflict, match="Somebody else"):
        reporting.claim(second, pair.edition, case.pk)
    with pytest.raises(Conflict, match="Claim"):
        reporting.decide(second, pair.edition, decision)
    with pytest.raises(Invalid):  # there is no person to suspend
        reporting.decide(
            first, pair.edition, reporting.DecideReport(case.pk, "suspend_person", "x")
        )
    reporting.opened(first, pair.edition, case.pk)
    own = Report.objects.filter(rules.own_cases(pair.as_delegate, pair.edition.pk))
    assert not own.exists()  # not told before it is decided
    reporting.decide(first, pair.edition, decision)
    message.refresh_from_db()
    assert message.hidden_at is not None
    assert own.exists()
    assert Report.objects.filter(rules.own_cases(pair.as_talent, pair.edition.pk)).exists()
    events = set(Entry.objects.values_list("event", flat=True))
    assert {f"fair.report.{what}" for what in ("made", "claimed", "read", "decided")} <= events
    with pytest.raises(Conflict, match="decided already"):
        reporting.decide(first, pair.edition, decision)


def test_a_suspension_holds_until_an_appeal_lifts_it(pair: Pair) -> None:
    _message, case = reported(pair)
    office = make.office(pair.edition)
    reporting.claim(office, pair.edition, case.pk)
    reporting.decide(
        office, pair.edition, reporting.DecideReport(case.pk, "suspend_org", "Asks for money.")
    )
    assert Suspension.objects.get().case == case.pk
    with pytest.raises(Conflict, match="Asks for money"):
        write(pair, pair.as_delegate)
    words = reporting.Appeal(case.pk, "It was a joke among friends.")
    with pytest.raises(NotFound):  # the decision is not against them
        reporting.appeal(pair.as_talent, pair.edition, words)
    reporting.appeal(pair.as_delegate, pair.edition, words)
    with pytest.raises(Conflict, match="already"):
        reporting.appeal(pair.as_delegate, pair.edition, words)
    reporting.answer_appeal(
        office, pair.edition, reporting.AnswerAppeal(case.pk, False, "We believe you.")
    )
    write(pair, pair.as_delegate)


def test_evidence_goes_when_its_term_is_over(pair: Pair) -> None:
    _message, case = reported(pair)
    office = make.office(pair.edition)
    with clock.at(make.BEFORE + timedelta(days=900)):
        assert reporting.forget_evidence() == 0  # nobody has decided yet
    reporting.claim(office, pair.edition, case.pk)
    reporting.decide(office, pair.edition, reporting.DecideReport(case.pk, "nothing", "Fine."))
    with clock.at(make.BEFORE + timedelta(days=366)):
        assert reporting.forget_evidence() == 1
        assert reporting.forget_evidence() == 0
    case.refresh_from_db()
    assert (case.evidence, case.words, case.decision) == ({}, "", "nothing")


def test_the_talent_sees_that_the_office_read_a_case_about_them(pair: Pair) -> None:
    from talex.participants.looking.models import Look

    message = write(pair, pair.as_talent, "You fools")
    command = reporting.MakeReport("message", message.pk, "insult")
    case = reporting.report(pair.as_delegate, pair.edition, command)
    assert not Look.objects.exists()
    reporting.opened(make.office(pair.edition), pair.edition, case.pk)
    assert Look.objects.get().person == pair.talent.person_id
