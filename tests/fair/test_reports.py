"""Abuse: reported with evidence, decided by one of the office, told to both, appealed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.registries import erase
from talex.editions.models import RoleGrant
from talex.fair.conversations import reporting, rules
from talex.fair.conversations.evidence import evidence_in_words, kept_facts
from talex.fair.conversations.models import Message, Report
from talex.fair.models import Suspension
from talex.ledger.models import Entry
from talex.messages.models import Message as Mail
from talex.participants.looking.models import Look
from tests.fair import factories as make
from tests.fair.test_conversations import write
from tests.fair.test_interests import Pair
from tests.fair.test_pages import World

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
    answer = reporting.AnswerAppeal(case.pk, False, "We believe you.")
    with pytest.raises(NotAllowed, match="nobody else is in the office"):
        reporting.answer_appeal(office, pair.edition, answer)
    second = make.office(pair.edition)
    grant(pair.edition, second)
    with pytest.raises(NotAllowed, match="Somebody else of the office"):
        reporting.answer_appeal(office, pair.edition, answer)
    with pytest.raises(Conflict, match="Asks for money"):  # it holds until it is answered
        write(pair, pair.as_delegate)
    reporting.answer_appeal(second, pair.edition, answer)
    assert Suspension.objects.get().lifted_at is not None
    # What waited ended with the decision; the two ask each other again.
    with pytest.raises(Conflict, match="office ended it"):
        write(pair, pair.as_delegate)


def test_a_profile_as_evidence_is_read_in_words() -> None:
    facts = kept_facts({
        "degree_level": "doctorate", "skills": ["optics", "lasers"], "mode": "both",
        "languages": [{"code": "de", "level": "B2"}], "available_from": date(2027, 5, 1),
        "disciplines": [], "experience_years": Decimal("7.5"), "wished_industries": ["laser"],
    })  # fmt: skip
    json.dumps(facts)
    told = {str(name): str(value) for name, value in evidence_in_words(facts)}
    assert told["Skills"] == "optics, lasers" and told["Languages"] == "German B2"
    assert told["Years of experience"] == "7.5" and told["Available from"] == "2027-05-01"
    assert not {"degree_level", "mode", "Disciplines"} & set(told)
    assert "[" not in "".join(told.values()) and "doctorate" not in told.values()
    # What was kept as text before stays as it is.
    assert evidence_in_words({"skills": "['optics']"})[0][1] == "['optics']"


def test_an_appeal_says_against_what_and_is_offered_once() -> None:
    world = World()
    case = Report.objects.create(
        edition=world.edition, kind="opening", target=world.opening.pk, reason="fake",
        reporter="system", against_organisation=world.company.pk, state="decided",
        decision="warn", decision_words="Too loud.", decided_at=clock.now(),
    )  # fmt: skip
    here = {"edition": world.edition.slug}
    url = reverse("conversations:appeal", kwargs={**here, "pk": case.pk})
    delegate = world.clients["delegate"]
    assert "Decided: Warn. Too loud." in delegate.get(url).content.decode()
    assert delegate.post(url, {"words": "It was not."}).status_code == 303
    again = delegate.get(url)
    assert (again.status_code, again["Location"]) == (
        302,
        reverse("conversations:cases", kwargs=here),
    )
    Report.objects.update(upheld=False, appeal_answer="Right.")
    page = world.clients["office"].get(
        reverse("conversations:case", kwargs={**here, "pk": case.pk})
    )
    text = page.content.decode()
    assert "Reported: An opening" in text and "The decision was taken back" in text


def grant(edition: Any, actor: Actor) -> None:
    saved(actor)
    RoleGrant.objects.create(edition=edition, user_id=actor.user, role="organiser")


def saved(actor: Actor) -> User:
    """The account of an actor of the scene."""
    return User.objects.get_or_create(
        pk=actor.user, defaults={"email": f"{actor.user}@example.org"}
    )[0]


def shown(pair: Pair, of: Actor, name: str, **more: Any) -> str:
    """A page of cases as somebody reads it."""
    client = Client()
    client.force_login(User.objects.get(pk=of.user))
    address = reverse(f"conversations:{name}", kwargs={"edition": pair.edition.slug, **more})
    return client.get(address).content.decode()


def account(actor: Actor, language: str, person: Any) -> str:
    """Give somebody of the scene an account that is written to; returns its address."""
    user = saved(actor)
    user.language = language
    user.save()
    person.user = user
    person.save()
    return user.email


def test_both_sides_are_written_to_once_each_in_their_language(pair: Pair) -> None:
    reporter = account(pair.as_talent, "de", pair.talent.person)
    accused = account(pair.as_delegate, "zh-hans", pair.delegate.person)
    _message, case = reported(pair)
    office, second = make.office(pair.edition), make.office(pair.edition)
    assert not Mail.objects.filter(kind__startswith="conversations.report").exists()
    reporting.claim(office, pair.edition, case.pk)
    words = "Niemand zahlt hier für ein Gespräch."
    # Who decides is told for whom the words are.
    for one in (office, second):
        grant(pair.edition, one)
    assert "They use Talex in: Chinese, German." in shown(pair, office, "case", pk=case.pk)
    reporting.decide(office, pair.edition, reporting.DecideReport(case.pk, "warn", words))
    told = Mail.objects.get(kind="conversations.report_decided")
    assert (told.address, told.language) == (reporter, "de")
    assert words not in told.text and "entschieden" in told.text
    against = Mail.objects.get(kind="conversations.decided_against")
    assert (against.address, against.language) == (accused, "zh-hans")
    assert words in against.text and f"/cases/{case.pk}/appeal/" in against.text
    assert "申诉" in against.text
    reporting.appeal(pair.as_delegate, pair.edition, reporting.Appeal(case.pk, "No."))
    assert "They use Talex in: Chinese." in shown(pair, second, "case", pk=case.pk)
    reporting.answer_appeal(
        second, pair.edition, reporting.AnswerAppeal(case.pk, True, "It stands.")
    )
    answered = Mail.objects.get(kind="conversations.appeal_answered")
    assert answered.address == accused and "It stands." in answered.text


def test_nobody_is_told_of_a_report_that_came_to_nothing_but_its_reporter(pair: Pair) -> None:
    account(pair.as_talent, "en", pair.talent.person)
    account(pair.as_delegate, "en", pair.delegate.person)
    _message, case = reported(pair)
    office = make.office(pair.edition)
    reporting.claim(office, pair.edition, case.pk)
    reporting.decide(office, pair.edition, reporting.DecideReport(case.pk, "nothing", "Fine."))
    assert Mail.objects.filter(kind="conversations.report_decided").count() == 1
    assert not Mail.objects.filter(kind="conversations.decided_against").exists()


def test_reading_a_case_again_is_one_look_of_both_sides_and_one_entry(pair: Pair) -> None:
    account(pair.as_delegate, "en", pair.delegate.person)
    account(pair.as_talent, "en", pair.talent.person)
    write(pair, pair.as_talent, "Why?")
    _message, case = reported(pair)
    first, second = make.office(pair.edition), make.office(pair.edition)

    def read(office: Actor, after: timedelta = timedelta()) -> int:
        with clock.at(make.BEFORE + after):
            reporting.opened(office, pair.edition, case.pk)
        return Entry.objects.filter(event="fair.report.read").count()

    assert [read(first), read(first), read(second), read(second)] == [1, 1, 2, 2]
    looks = set(Look.objects.values_list("person", "viewer", "way"))
    both = (pair.talent.person_id, pair.delegate.person_id)
    assert looks == {(p, a.user, "case") for p in both for a in (first, second)}
    assert read(first, timedelta(hours=7)) == 3
    assert Look.objects.count() == 4 + 2 * (clock_day(timedelta(hours=7)) != clock_day())


def clock_day(after: timedelta = timedelta()) -> Any:
    return (make.BEFORE + after).date()


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
    message = write(pair, pair.as_talent, "You fools")
    command = reporting.MakeReport("message", message.pk, "insult")
    case = reporting.report(pair.as_delegate, pair.edition, command)
    assert not Look.objects.exists()
    reporting.opened(make.office(pair.edition), pair.edition, case.pk)
    assert Look.objects.get().person == pair.talent.person_id


def test_who_reported_hears_that_the_decision_was_taken_back(pair: Pair) -> None:
    reporter = account(pair.as_talent, "de", pair.talent.person)
    account(pair.as_delegate, "en", pair.delegate.person)
    _message, case = reported(pair)
    office, second = make.office(pair.edition), make.office(pair.edition)
    reporting.claim(office, pair.edition, case.pk)
    reporting.decide(office, pair.edition, reporting.DecideReport(case.pk, "warn", "Stop."))
    reporting.appeal(pair.as_delegate, pair.edition, reporting.Appeal(case.pk, "No."))
    secret = "Between us and them."
    reporting.answer_appeal(second, pair.edition, reporting.AnswerAppeal(case.pk, False, secret))
    told = Mail.objects.get(kind="conversations.decision_taken_back")
    assert (told.address, told.language) == (reporter, "de")
    assert secret not in told.text
    # A warning ended nothing.
    answered = Mail.objects.get(kind="conversations.appeal_answered")
    assert secret in answered.text and "come back by itself" not in answered.text


def test_both_sides_read_what_was_decided_on_and_that_it_was_taken_back(pair: Pair) -> None:
    account(pair.as_delegate, "en", pair.delegate.person)
    account(pair.as_talent, "en", pair.talent.person)
    message, case = reported(pair)
    title, words = str(pair.opening.title), "Pay me 500 first"

    def page(of: Actor, name: str = "cases", **more: Any) -> str:
        return shown(pair, of, name, **more)

    office, second = make.office(pair.edition), make.office(pair.edition)
    grant(pair.edition, office)
    assert title in page(office, "reports") and str(pair.company.name) in page(office, "reports")
    reporting.claim(office, pair.edition, case.pk)
    reporting.decide(office, pair.edition, reporting.DecideReport(case.pk, "hide", "Stop."))
    # Whoever wrote it reads what is meant, and appeals knowing it.
    for against in (page(pair.as_delegate), page(pair.as_delegate, "appeal", pk=case.pk)):
        assert title in against and words in against
    assert title in Mail.objects.get(kind="conversations.decided_against").text
    # It is hidden from the other side, in its case as well.
    assert title in page(pair.as_talent) and words not in page(pair.as_talent)
    reporting.appeal(pair.as_delegate, pair.edition, reporting.Appeal(case.pk, "No."))
    assert "Taken back after an appeal" not in page(pair.as_talent)
    reporting.answer_appeal(second, pair.edition, reporting.AnswerAppeal(case.pk, False, "Right."))
    told = page(pair.as_talent)
    assert "Taken back after an appeal" in told and "Right." not in told

    def answer(of: Actor) -> str:
        client = Client()
        client.force_login(User.objects.get(pk=of.user))
        return client.get(f"/api/editions/{pair.edition.slug}/cases").json()[0]["appeal_answer"]

    assert (answer(pair.as_talent), answer(pair.as_delegate)) == ("", "Right.")
    assert "Taken back after an appeal" not in page(pair.as_delegate)
    # The evidence goes when its term is over, and the case is read all the same.
    with clock.at(make.BEFORE + timedelta(days=366)):
        reporting.forget_evidence()
        assert words not in page(pair.as_delegate) and "A message" in page(pair.as_talent)
    assert Report.objects.get().target == message.pk


@pytest.mark.parametrize(("decision", "told"), [("suspend_org", True), ("warn", False)])
def test_who_is_suspended_reads_what_ends_with_it(pair: Pair, decision: str, told: bool) -> None:
    account(pair.as_delegate, "en", pair.delegate.person)
    _message, case = reported(pair)
    office = make.office(pair.edition)
    reporting.claim(office, pair.edition, case.pk)
    reporting.decide(office, pair.edition, reporting.DecideReport(case.pk, decision, "Stop."))
    words = "openings are closed"
    assert (words in Mail.objects.get(kind="conversations.decided_against").text) == told
    client = Client()
    client.force_login(User.objects.get(pk=pair.as_delegate.user))
    page = client.get(reverse("conversations:cases", args=[pair.edition.slug])).content.decode()
    assert "Stop." in page and (words in page) == told


def test_an_appeal_that_lifts_a_suspension_says_what_stays_ended(pair: Pair) -> None:
    account(pair.as_delegate, "de", pair.delegate.person)
    _message, case = reported(pair)
    office, second = make.office(pair.edition), make.office(pair.edition)
    reporting.claim(office, pair.edition, case.pk)
    reporting.decide(office, pair.edition, reporting.DecideReport(case.pk, "suspend_org", "Stop."))
    reporting.appeal(pair.as_delegate, pair.edition, reporting.Appeal(case.pk, "No."))
    assert case.stays_ended == ""
    reporting.answer_appeal(second, pair.edition, reporting.AnswerAppeal(case.pk, False, "Right."))
    told = Mail.objects.get(kind="conversations.appeal_answered")
    assert "Öffnen Sie die Stellen wieder" in told.text
