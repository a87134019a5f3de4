"""What the pages say of states that end a way: run out, taken out, declined without a number."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from talex.participants import services as people
from talex.participants.credentials import services
from talex.participants.credentials.models import Case, JoinRequest
from talex.participants.credentials.services import retention
from tests.participants import factories as make
from tests.participants.credentials.test_cases import accept, an_identity
from tests.participants.credentials.test_looked_at import client_of
from tests.participants.credentials.test_registering import again, register, somebody

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_what_ran_out_is_not_said_to_be_changed_and_leads_on() -> None:
    edition = make.edition()
    office = make.office(edition)
    actor, case = an_identity(edition)
    accept(office, case.pk, valid_until=date(2999, 1, 1))
    Case.objects.filter(pk=case.pk).update(valid_until=date(2020, 1, 1))
    assert retention.expire() == 1
    address = f"/e/{edition.slug}/verification/{case.pk}/"
    own = text(client_of(again(actor)), address)
    assert "This has run out." in own and "Have it verified again" in own
    assert "changed since" not in own
    assert "Have it verified again" not in text(client_of(office), address)


def test_who_acts_for_one_that_was_taken_out_is_told_so() -> None:
    edition = make.edition()
    office = make.office(edition)
    company = make.organisation(edition, "Gone Works")
    head = make.with_account(make.delegate(edition, company))
    people.withdraw_organisations(office, edition.pk, [company.pk])
    client = client_of(again(head))
    landing = text(client, f"/e/{edition.slug}/")
    assert "does not take part in this conference at the moment" in landing
    page = text(client, f"/e/{edition.slug}/verification/")
    assert "does not take part any more" in page and "Gone Works" in page
    assert "There is nothing of yours" not in page


def test_who_waits_to_be_let_in_reads_that_and_not_that_it_takes_no_part() -> None:
    edition, actor = make.edition(), somebody()
    company = register(actor, edition)
    client = client_of(again(actor))
    Case.objects.filter(organisation=company).update(state="waiting")
    landing = text(client, f"/e/{edition.slug}/")
    assert "waits for the office" in landing and f"/e/{edition.slug}/verification/" in landing
    assert "does not take part in this conference" not in landing
    Case.objects.filter(organisation=company).update(state="gathering")
    assert "waits for the office" not in text(client, f"/e/{edition.slug}/")


def test_a_declined_request_without_a_number_has_no_empty_brackets() -> None:
    edition = make.edition()
    company = make.organisation(edition)
    asker = somebody()
    request = JoinRequest.objects.create(user_id=asker.user, edition=edition, organisation=company)
    client = client_of(asker)
    landing = text(client, f"/e/{edition.slug}/")
    assert "You asked to act for an organisation" in landing and "()" not in landing
    head = make.with_account(make.delegate(edition, company))
    command = services.AnswerJoin(request=request.pk, accept=False, reason="Who?")
    services.answer_join(head, command)
    landing = text(client, f"/e/{edition.slug}/")
    assert "Your request was declined" in landing and "()" not in landing
    assert "The organisation with the number" not in text(
        client, f"/e/{edition.slug}/requests-to-act/"
    )


def test_what_an_asker_says_of_themselves_stands_apart_and_cannot_be_markup() -> None:
    edition = make.edition()
    company: Any = make.organisation(edition)
    request = JoinRequest.objects.create(
        user_id=somebody().user, edition=edition, organisation=company, name="Kim", title="<b>CEO",
        message="Let me in",
    )  # fmt: skip
    head = make.with_account(make.delegate(edition, company))
    page = text(client_of(head), f"/e/{edition.slug}/requests-to-act/{request.pk}/")
    assert "<p>Let me in</p>" in page and "&lt;b&gt;CEO" in page and "<b>CEO" not in page
