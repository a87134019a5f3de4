"""An organisation registers by itself, once; whoever comes second asks to be let in."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.ledger.models import Entry
from talex.messages.models import Message
from talex.participants import queries as people
from talex.participants.credentials import services
from talex.participants.credentials.models import Case, Draft, JoinRequest
from talex.participants.credentials.signs import signs
from talex.participants.models import Delegate, Organisation, Participation, Person
from tests.participants import factories as make
from tests.participants.test_sharing import _client

pytestmark = pytest.mark.django_db
CODE = "91110000600037341L"
ANSWERS: dict[str, Any] = {
    "name": {"zh-hans": "武汉光谷电池有限公司"},
    "kind": "enterprise",
    "country": "CN",
    "number_kind": "uscc",
    "registration_number": CODE,
    "region": "武汉",
    "person": "李雷",
    "title": "人事经理",
    "phone": "+86 27 8765 4321",
    "mode": "both",
}


def somebody(**values: Any) -> Actor:
    return actor_for(make.user(**values))


def again(actor: Actor) -> Actor:
    from talex.accounts.models import User

    return actor_for(User.objects.get(pk=actor.user))


def typed(actor: Actor, edition: Any, **changes: Any) -> None:
    services.save_draft(
        actor, services.SaveDraft(edition=edition.pk, answers={**ANSWERS, **changes})
    )


def register(actor: Actor, edition: Any, **changes: Any) -> Organisation:
    typed(actor, edition, **changes)
    return services.submit_registration(actor, services.SubmitRegistration(edition=edition.pk))


def test_what_is_typed_is_kept_as_it_is_and_one_draft_a_person() -> None:
    edition, actor = make.edition(), somebody()
    first = services.SaveDraft(edition=edition.pk, answers={"registration_number": "12", "x": 1})
    services.save_draft(actor, first)
    typed(actor, edition, registration_number="123")
    draft = Draft.objects.get()
    assert draft.answers["registration_number"] == "123" and "x" not in draft.answers
    with pytest.raises(NotAllowed):
        typed(somebody(), make.edition(state="draft"))
    with pytest.raises(NotAllowed):
        typed(somebody(), make.edition(state="closed"))


def test_a_registered_organisation_waits_with_its_head_and_its_case() -> None:
    edition, actor = make.edition(), somebody()
    row = register(actor, edition)
    assert row.registration_number == CODE and str(row.name) == "武汉光谷电池有限公司"
    part = Participation.objects.get(organisation=row)
    assert part.pending_since is not None
    delegate = Delegate.objects.get(organisation=row)
    assert delegate.role == "head" and delegate.person.name == "李雷"
    case = Case.objects.get(organisation=row)
    assert case.state == "gathering" and case.facts["number_kind"] == "uscc"
    assert not Draft.objects.exists()
    assert Entry.objects.filter(event="credentials.organisation_registered").exists()
    with pytest.raises(NotFound):  # a second click finds nothing to send
        services.submit_registration(actor, services.SubmitRegistration(edition=edition.pk))
    assert people.organisations(again(actor), edition.pk).get() == row
    assert not people.organisations(somebody(), edition.pk).exists()


def test_every_wrong_answer_is_told_and_nothing_is_made() -> None:
    edition, actor = make.edition(), somebody()
    with pytest.raises(Invalid) as refused:
        register(
            actor, edition, name={"en": ""}, registration_number="9111", website="no web", person=""
        )
    assert {"name", "registration_number", "website", "person"} <= set(refused.value.fields)
    assert not Organisation.objects.exists() and Draft.objects.count() == 1


def test_a_way_to_reach_somebody_is_not_what_they_are_called() -> None:
    edition, actor = make.edition(), somebody()
    with pytest.raises(Invalid) as refused:
        register(actor, edition, person="李雷 13800138000")
    assert set(refused.value.fields) == {"person"}
    make.organisation(edition, "Works", registration_number=CODE)
    with pytest.raises(Invalid) as refused:
        services.ask_to_join(actor, services.AskToJoin(edition=edition.pk))
    assert set(refused.value.fields) == {"person"}
    # An account that is called by its address gives no name along.
    typed(actor, edition, person="李雷")
    assert services.ask_to_join(actor, services.AskToJoin(edition=edition.pk)).name == "李雷"


def test_an_account_that_is_a_talent_becomes_the_delegate_as_the_same_person() -> None:
    edition = make.edition()
    actor = make.with_account(make.talent(edition, "Li Lei"))
    register(actor, edition)
    assert Person.objects.count() == 1
    roles = {grant.role for grant in again(actor).grants}
    assert roles == {"talent", "newcomer"}


@pytest.mark.parametrize("spelled", [CODE, "91110000-60003734 1l"])
def test_a_known_number_makes_no_second_organisation_and_tells_nothing(spelled: str) -> None:
    edition = make.edition()
    known = make.organisation(edition, "Secret Works", registration_number=spelled)
    actor = somebody()
    with pytest.raises(services.KnownOrganisation) as refused:
        register(actor, edition)
    assert "Secret" not in str(refused.value)
    assert Organisation.objects.get() == known


def test_the_same_number_of_another_countrys_register_is_another_organisation() -> None:
    edition = make.edition()
    other = {"number_kind": "other", "registration_number": "X-12345"}
    german = register(somebody(), edition, country="DE", **other)
    chinese = register(somebody(), edition, country="CN", **other)
    assert german.registration_number == "X-12345 (DE)"
    assert chinese.registration_number == "X-12345 (CN)"
    # The office is told of it, and decides.
    assert any("Another register" in sign for sign in signs(chinese, edition.pk))
    with pytest.raises(services.KnownOrganisation):
        register(somebody(), edition, country="DE", **{**other, "registration_number": "x 12345"})


def test_the_heads_let_a_colleague_in_with_a_role_and_nobody_lets_in_themselves() -> None:
    edition = make.edition()
    head, colleague = somebody(), somebody()
    row = register(head, edition)
    Participation.objects.update(pending_since=None)
    head = again(head)
    typed(colleague, edition, person="韩梅梅")
    asked = services.ask_to_join(
        colleague, services.AskToJoin(edition=edition.pk, message="销售部")
    )
    told = Message.objects.get(kind="credentials.join_asked", user_id=head.user)
    assert "韩梅梅" in told.text and "销售部" in told.text
    assert f"/e/{edition.slug}/requests-to-act/{asked.pk}/" in told.text
    typed(colleague, edition)
    with pytest.raises(Conflict):
        services.ask_to_join(colleague, services.AskToJoin(edition=edition.pk))
    answer = services.AnswerJoin(request=asked.pk, accept=True, role="assistant")
    with pytest.raises(NotAllowed):
        services.answer_join(colleague, answer)
    with pytest.raises(NotFound):
        services.answer_join(somebody(), answer)
    services.answer_join(head, answer)
    assert Delegate.objects.get(organisation=row, role="assistant").person.name == "韩梅梅"
    with pytest.raises(Conflict):
        services.answer_join(head, answer)
    assert again(colleague).acts_as(edition.pk, row.pk, "assistant")
    told = Message.objects.get(kind="credentials.join_answered")
    assert told.user_id == colleague.user and str(row.name) in told.text


def test_who_was_not_let_in_reads_nothing_of_who_asks_to_join() -> None:
    """Whoever was first to give a company's number may not be of the company."""
    edition = make.edition()
    squatter, true = somebody(), somebody()
    register(squatter, edition)
    squatter, office = again(squatter), make.office(edition)
    User.objects.get_or_create(pk=office.user, defaults={"email": "office@example.org"})
    typed(true, edition, person="韩梅梅")
    asked = services.ask_to_join(
        true, services.AskToJoin(edition=edition.pk, message="This is our number.")
    )
    assert not Message.objects.filter(kind="credentials.join_asked", user_id=squatter.user).exists()
    client = Client()
    client.force_login(User.objects.get(pk=squatter.user))
    page = f"/e/{edition.slug}/requests-to-act/"
    assert "韩梅梅" not in client.get(page).content.decode()
    assert client.get(f"{page}{asked.pk}/").status_code == 404
    answer = services.AnswerJoin(request=asked.pk, accept=False, reason="Ours.")
    with pytest.raises(NotFound):
        services.answer_join(squatter, answer)
    services.answer_join(office, services.AnswerJoin(request=asked.pk, accept=True, role="head"))


def test_a_late_answer_is_told_who_answered_and_when() -> None:
    edition = make.edition()
    head, asker = somebody(), somebody()
    register(head, edition)
    Participation.objects.update(pending_since=None)
    head = again(head)
    typed(asker, edition, person="韩梅梅")
    asked = services.ask_to_join(asker, services.AskToJoin(edition=edition.pk))
    link = f"/e/{edition.slug}/requests-to-act/{asked.pk}/"
    office = make.office(edition)
    User.objects.filter(pk=office.user).update(name="Ms Office")
    services.answer_join(
        office, services.AnswerJoin(request=asked.pk, accept=False, reason="Not of us.")
    )
    for who, status in ((head, 200), (office, 200), (asker, 404), (somebody(), 404)):
        client = Client()
        client.force_login(User.objects.get(pk=who.user))
        for address in (link, f"{link}?decline=1"):
            page = client.get(address)
            assert page.status_code == status
            if status == 200:
                text = page.content.decode()
                assert "Ms Office declined this on" in text and "Not of us." in text
                assert f'href="/e/{edition.slug}/requests-to-act/"' in text


def test_who_is_declined_reads_why_and_not_what_the_organisation_is_called() -> None:
    edition = make.edition()
    make.organisation(edition, "Secret Works", registration_number=CODE)
    asker = somebody(language="de")
    typed(asker, edition)
    asked = services.ask_to_join(asker, services.AskToJoin(edition=edition.pk))
    office = make.office(edition)
    with pytest.raises(Invalid) as refused:
        services.answer_join(office, services.AnswerJoin(request=asked.pk, accept=False))
    assert set(refused.value.fields) == {"reason"}
    why = services.AnswerJoin(request=asked.pk, accept=False, reason="Unbekannt.")
    services.answer_join(office, why)
    told = Message.objects.get(kind="credentials.join_answered")
    assert told.language == "de" and "Unbekannt." in told.text and CODE in told.text
    assert "Secret" not in told.text + told.subject
    assert not Delegate.objects.filter(person__user=asker.user).exists()


def test_one_of_an_earlier_conference_is_let_in_by_the_office_alone() -> None:
    earlier, edition = make.edition(), make.edition()
    known = make.organisation(earlier, registration_number=CODE)
    actor = somebody()
    typed(actor, edition)
    asked = services.ask_to_join(actor, services.AskToJoin(edition=edition.pk))
    office = make.office(edition)
    services.answer_join(office, services.AnswerJoin(request=asked.pk, accept=True, role="head"))
    assert Participation.objects.filter(organisation=known, edition=edition).exists()
    assert JoinRequest.objects.get().state == "accepted"


def test_signs_of_a_fake_are_hints_for_the_office() -> None:
    edition = make.edition()
    real = make.organisation(edition, "Real Works", website="https://real.example")
    make.delegate(edition, real, email="a@real.example", phone="+49 30 1234567")
    assert signs(real, edition.pk) == ["There is no registration number."]
    fake = make.organisation(edition, "real works", website="https://www.other.example")
    make.delegate(edition, fake, email="boss@qq.com", phone="+49 30 1234567")
    make.delegate(edition, fake, email="b@third.example")
    told = " ".join(signs(fake, edition.pk))
    for part in ("qq.com", "third.example, other.example", "Real Works", "same name"):
        assert part in told


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("website", "javascript:alert(1)", "works.example"),
        ("phone", "027 1234", "+86 (0)27 8765-4321"),
        ("phone", "+86", "0086 27 8765 4321"),
        ("phone", "call me", ""),
    ],
)
def test_contacts_are_checked_where_they_are_typed(name: str, wrong: str, right: str) -> None:
    edition, user = make.edition(), make.user()
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    here = reverse("credentials:register", kwargs={"edition": edition.slug, "step": "contact"})
    typed_in = {"region": "武汉", "person": "李雷", "mode": "both"}
    refused = client.post(here, {**typed_in, name: wrong})
    page = refused.content.decode()
    assert refused.status_code == 422 and f'href="#id_{name}"' in page
    assert client.post(here, {**typed_in, name: right}).status_code == 303


def test_a_number_is_read_as_one_of_the_country_that_was_given() -> None:
    edition, user = make.edition(), make.user()
    actor = actor_for(user)
    typed(actor, edition, phone="")
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    here = reverse("credentials:register", kwargs={"edition": edition.slug, "step": "contact"})
    given = {"region": "武汉", "person": "李雷", "mode": "both", "phone": "138 0013 8000"}
    assert client.post(here, given).status_code == 303
    assert Draft.objects.get().answers["phone"] == "+86 138 0013 8000"
    # What was kept while it was typed, or came by the API, is read alike.
    register(actor, edition, phone="13800138000")
    assert Delegate.objects.get().person.phone == "+86 138 0013 8000"


def test_a_number_that_is_none_is_told_at_the_end() -> None:
    edition, actor = make.edition(), somebody()
    with pytest.raises(Invalid) as refused:
        register(actor, edition, phone="call me")
    assert set(refused.value.fields) == {"phone"}


def test_what_is_wrong_at_the_end_names_its_question() -> None:
    edition, user = make.edition(), make.user()
    typed(actor_for(user), edition, website="javascript:alert(1)")
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.post(
        reverse("credentials:register", kwargs={"edition": edition.slug, "step": "send"})
    ).content.decode()
    assert "What is its website? This is no web address" in page


def test_the_second_click_leads_where_the_first_one_led() -> None:
    edition, actor = make.edition(), somebody()
    typed(actor, edition)
    client = _client(actor)
    url = reverse("credentials:register", kwargs={"edition": edition.slug, "step": "send"})
    sent = [client.post(url) for _click in range(2)]
    case = reverse("credentials:case", args=[edition.slug, Case.objects.get().pk])
    assert [(one.status_code, one["Location"]) for one in sent] == [(303, case)] * 2
    # Who registered nothing here has nothing to be led to.
    assert _client(somebody()).post(url).status_code == 404


def test_who_asked_sees_where_it_stands_and_why_it_was_declined() -> None:
    edition = make.edition()
    make.organisation(edition, "Works", registration_number=CODE)
    office = make.office(edition)
    asker = somebody()
    typed(asker, edition)
    asked = services.ask_to_join(asker, services.AskToJoin(edition=edition.pk))
    client = _client(asker)
    home, page = f"/e/{edition.slug}/", f"/e/{edition.slug}/requests-to-act/"
    assert f"You asked to act for an organisation ({CODE})" in client.get(home).content.decode()
    shown = client.get(page).content.decode()
    assert "waits for an answer" in shown
    assert "Works" not in shown and CODE in shown
    assert "Nobody asks at the moment." not in shown
    why = services.AnswerJoin(request=asked.pk, accept=False, reason="We do not know you.")
    services.answer_join(office, why)
    assert "We do not know you." in client.get(home).content.decode()
    shown = client.get(page).content.decode()
    assert "declined" in shown
    assert "We do not know you." in shown
    other = _client(somebody())
    assert "We do not know you." not in other.get(page).content.decode()


def test_who_answers_reads_the_address_of_who_asks() -> None:
    edition = make.edition()
    make.organisation(edition, "Works", registration_number=CODE)
    office = make.office(edition)
    asker = somebody()
    typed(asker, edition)
    asked = services.ask_to_join(asker, services.AskToJoin(edition=edition.pk))
    client = _client(office)
    page = f"/e/{edition.slug}/requests-to-act/"
    address = User.objects.get(pk=asker.user).email
    assert address in client.get(page).content.decode()
    services.answer_join(office, services.AnswerJoin(request=asked.pk, accept=True))
    assert address in client.get(f"{page}{asked.pk}/").content.decode()
