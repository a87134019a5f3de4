"""The office refuses an organisation with a reason, and can take it up again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from talex.accounts.models import User
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.translated import TranslatedText
from talex.evidence.models import Evidence
from talex.fair import services as fair
from talex.fair.models import Opening
from talex.messages.models import Message
from talex.participants import queries as people
from talex.participants.credentials import services
from talex.participants.credentials.models import Case
from talex.participants.models import Delegate, Organisation, Participation
from tests.participants import factories as make
from tests.participants.credentials.test_cases import accept, an_identity, hand_in, send_back
from tests.participants.credentials.test_registering import again, register, somebody

pytestmark = pytest.mark.django_db


class Place:
    """An organisation that was verified and let in, with an open opening."""

    def __init__(self) -> None:
        self.edition = make.edition()
        self.office = make.office(self.edition)
        head = somebody(language="zh-hans")
        self.company: Organisation = register(head, self.edition)
        self.head = again(head)
        self.case = Case.objects.get(organisation=self.company)
        hand_in(self.head, self.case, "licence")
        services.claim_case(self.office, self.case.pk)
        accept(self.office, self.case.pk)
        self.head = again(self.head)
        self.opening = self.write("open")

    def write(self, state: str) -> Opening:
        return fair.save_opening(
            self.head,
            self.edition,
            fair.SaveOpening(
                organisation=self.company.pk, title=TranslatedText.of("Engineer"), state=state
            ),
        )

    def refuse(
        self, reason: str = "fake", note: str = "查无此公司。", by: Actor | None = None
    ) -> Case:
        command = services.RefuseOrganisation(case=self.case.pk, reason=reason, note=note)
        return services.refuse_organisation(by or self.office, command)

    def open(self) -> None:
        fair.set_openings_state(self.head, self.edition, [self.opening.pk], "open")


def verified(company: Organisation) -> bool:
    rows = Evidence.objects.filter(subject_id=company.pk, rung="verified")
    return rows.filter(withdraws__isnull=True, withdrawal__isnull=True).exists()


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user))
    return client


def test_a_refused_organisation_is_not_seen_publishes_nothing_and_is_told_why() -> None:
    place = Place()
    stranger = somebody()
    assert people.organisations(stranger, place.edition.pk).exists()
    colleague = make.delegate(place.edition, place.company, "Kollegin")
    address = again(make.with_account(colleague)).user
    assert verified(place.company)
    place.refuse()
    place.case.refresh_from_db()
    place.opening.refresh_from_db()
    assert (place.case.state, place.case.reason) == ("refused", "fake")
    assert place.opening.state == "closed"
    assert not verified(place.company)
    assert not people.organisations(stranger, place.edition.pk).exists()
    assert people.organisations(again(place.head), place.edition.pk).exists()
    place.head = again(place.head)
    with pytest.raises(Invalid):
        place.open()
    with pytest.raises(Invalid):
        place.write("open")
    told = Message.objects.filter(kind="credentials.refused")
    assert {one.user_id for one in told} == {place.head.user, address}
    chinese = told.get(user=place.head.user)
    assert chinese.language == "zh-hans" and "查无此公司。" in chinese.text
    with pytest.raises(Conflict):  # twice
        place.refuse()
    assert told.count() == 2
    # Nothing lets it in by another door.
    with pytest.raises(Conflict, match="refused"):
        services.let_in(place.office, place.edition.pk, place.company.pk)
    with pytest.raises(Conflict):
        services.submit_case(place.head, place.case.pk)
    with pytest.raises(Conflict):
        accept(place.office, place.case.pk)
    assert Participation.objects.get(organisation=place.company).pending_since is not None


def test_it_is_taken_up_again_checked_and_opens_what_it_wrote() -> None:
    place = Place()
    with pytest.raises(Conflict):
        services.take_up_again(place.office, place.case.pk)
    place.refuse()
    done = services.take_up_again(place.office, place.case.pk)
    assert (done.state, done.reason, done.note) == ("waiting", "", "")
    assert Message.objects.filter(kind="credentials.taken_up").count() == 1
    with pytest.raises(Invalid):  # not let in by that
        place.open()
    services.claim_case(place.office, place.case.pk)
    accept(place.office, place.case.pk)
    place.head = again(place.head)
    place.open()
    place.opening.refresh_from_db()
    assert place.opening.state == "open"
    assert verified(place.company)


def test_only_the_office_refuses_and_not_its_own_nor_without_a_reason() -> None:
    place = Place()
    with pytest.raises(NotAllowed):
        place.refuse(by=place.head)
    with pytest.raises(NotFound):
        place.refuse(by=somebody())
    for reason, note, field in (
        ("", "", "reason"),
        ("other", " ", "note"),
        ("fake", "x" * 1001, "note"),
    ):
        with pytest.raises(Invalid) as wrong:
            place.refuse(reason, note)
        assert set(wrong.value.fields) == {field}
    _talent, identity = an_identity(place.edition)
    with pytest.raises(NotFound):  # persons are returned, never refused
        services.refuse_organisation(
            place.office, services.RefuseOrganisation(case=identity.pk, reason="fake")
        )
    row = Delegate.objects.get(organisation=place.company)
    row.person.user_id = place.office.user
    row.person.save()
    with pytest.raises(NotAllowed):
        place.refuse(by=again(place.office))


def test_the_pages_and_the_api() -> None:
    place = Place()
    base = f"/e/{place.edition.slug}/verification/{place.case.pk}/"
    api = f"/api/editions/{place.edition.slug}/verification/{place.case.pk}"
    office, head = client_of(place.office), client_of(place.head)
    assert head.get(f"{base}refuse/").status_code == 403
    assert f"{base}refuse/" in office.get(base).content.decode()
    assert office.post(f"{base}refuse/", {"reason": ""}).status_code == 422
    assert office.post(f"{base}refuse/", {"reason": "rules"}).status_code in (302, 303)
    assert f"{base}take-up/" in office.get(base).content.decode()
    assert f"{base}let-in/" not in office.get(base).content.decode()
    assert "It broke the rules of this conference." in office.get(base).content.decode()
    page = head.get(base).content.decode()
    assert "take-up" not in page and "该单位违反了本次大会的规则。" in page
    assert head.get(f"/e/{place.edition.slug}/verification/").status_code == 200
    assert office.post(f"{base}take-up/").status_code in (302, 303)

    def call(client: Client, end: str, **body: Any) -> int:
        return client.post(f"{api}/{end}", body, "application/json").status_code

    assert call(head, "refuse", reason="fake") == 403
    assert call(office, "refuse", reason="nonsense") == 422
    assert call(office, "refuse", reason="fake") == 200
    assert call(office, "refuse", reason="fake") == 409
    assert call(office, "take-up") == 200


def test_one_that_was_returned_before_is_returned_again_with_its_reason() -> None:
    edition = make.edition()
    office = make.office(edition)
    head = somebody()
    company = register(head, edition)
    case = Case.objects.get(organisation=company)
    hand_in(again(head), case, "licence")
    services.claim_case(office, case.pk)
    send_back(office, case.pk, note="Page 2.")
    refuse = services.RefuseOrganisation(case=case.pk, reason="rules")
    services.refuse_organisation(office, refuse)
    done = services.take_up_again(office, case.pk)
    assert (done.state, done.reason, done.note) == ("returned", "unreadable", "Page 2.")
    told = Message.objects.get(kind="credentials.taken_up")
    assert "Page 2." in told.text and "still waits to be mended" in told.text


def test_the_page_of_an_organisation_leads_to_its_case_for_who_may_see_it() -> None:
    place = Place()
    here = f"/e/{place.edition.slug}"
    case = f'href="{here}/verification/{place.case.pk}/"'
    page = f"{here}/organisations/{place.company.pk}/"
    for who, seen in ((place.office, True), (place.head, True), (somebody(), False)):
        answer = client_of(who).get(page)
        assert answer.status_code == 200
        assert (case in answer.content.decode()) == seen
