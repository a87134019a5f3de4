"""A case comes back: what is told, in which language, and what may be handed in again."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client

from talex.accounts.actors import load_actor
from talex.accounts.models import User
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import Conflict, Invalid
from talex.ledger.models import Entry
from talex.messages.models import Message
from talex.participants import services as people
from talex.participants.commands import ErasePerson
from talex.participants.credentials import services
from talex.participants.credentials.models import Case
from talex.participants.own_data import export_person
from tests.core.hostile import pdf
from tests.participants import factories as make
from tests.participants.credentials.test_cases import an_identity, hand_in, send_back
from tests.participants.credentials.test_looked_at import rename
from tests.participants.credentials.test_registering import register, somebody

pytestmark = pytest.mark.django_db


def client_of(actor: Actor, language: str = "en") -> Client:
    user = User.objects.get(pk=actor.user)
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def test_the_checker_is_told_which_language_is_read() -> None:
    edition = make.edition()
    office = make.office(edition)
    register(somebody(language="zh-hans"), edition)
    case = Case.objects.get()
    hand_in(load_actor(case.opened_by), case, "licence")  # type: ignore[arg-type]
    client = client_of(office)
    here = f"/e/{edition.slug}/verification/"
    client.post(f"{here}{case.pk}/claim/")
    page = client.get(f"{here}{case.pk}/").content.decode()
    assert "Those who read it use Talex in: Chinese." in page
    many = client.get(
        f"{here}queue/decide/", {"act": "return", "case": str(case.pk)}
    ).content.decode()
    assert "Those who read it use Talex in: Chinese." in many


def test_the_note_stands_apart_from_the_reason() -> None:
    edition = make.edition()
    actor, case = an_identity(edition)
    send_back(make.office(edition), case.pk, note="Only page 2.\nAll of it, please.")
    told = Message.objects.get(kind="credentials.decided").text
    reason = "The document cannot be read. Photograph it again, all of it.\n\n"
    assert reason + "The office writes:\nOnly page 2.\nAll of it, please.\n\nMend it" in told
    client = client_of(actor)
    for page in ("", f"{case.pk}/"):
        shown = client.get(f"/e/{edition.slug}/verification/{page}").content.decode()
        assert "<p>The office writes:</p>" in shown
        assert ">Only page 2.<br>All of it, please.</blockquote>" in shown


def test_an_organisation_is_labelled_as_one_in_chinese() -> None:
    edition = make.edition()
    register(somebody(language="zh-hans"), edition)
    case = Case.objects.get()
    head = load_actor(case.opened_by)  # type: ignore[arg-type]
    page = client_of(head, "zh-hans").get(f"/e/{edition.slug}/verification/{case.pk}/")
    assert "<dt>名称</dt>" in page.content.decode() and "<dt>姓名</dt>" not in page.content.decode()


def returned() -> tuple[Any, Actor, Actor, Case]:
    edition = make.edition()
    office = make.office(edition)
    actor, case = an_identity(edition)
    send_back(office, case.pk)
    return edition, office, actor, case


def test_what_was_returned_is_not_handed_in_again_as_it_was() -> None:
    _edition, _office, actor, case = returned()
    with pytest.raises(Invalid) as refused:
        services.submit_case(actor, case.pk)
    assert set(refused.value.fields) == {"answer"}
    paper = case.papers.get()
    services.remove_paper(actor, case.pk, paper.pk)
    with pytest.raises(Invalid):  # the same paper is no newer one
        hand_in(actor, case, "passport")
    assert hand_in(actor, case, "passport", pdf(more=b"% 2")).state == "waiting"


def test_facts_that_were_mended_are_a_change() -> None:
    _edition, _office, actor, case = returned()
    rename(actor, case, "Han Meimei")
    assert services.submit_case(actor, case.pk).state == "waiting"


def test_the_same_number_once_more_is_no_change() -> None:
    edition = make.edition()
    row = register(somebody(), edition)
    case = Case.objects.get()
    head = load_actor(case.opened_by)  # type: ignore[arg-type]
    hand_in(head, case, "licence")
    send_back(make.office(edition), case.pk, reason="number_differs")
    same = {"number_kind": "uscc", "registration_number": row.registration_number}
    services.mend_number(head, services.MendNumber(case=case.pk, country="CN", **same))
    with pytest.raises(Invalid):
        services.submit_case(head, case.pk)


def test_who_thinks_it_right_says_why_and_the_checker_reads_it() -> None:
    edition, office, actor, case = returned()
    client = client_of(actor)
    here = f"/e/{edition.slug}/verification/{case.pk}/"
    page = client.post(f"{here}submit/").content.decode()
    assert "Nothing has changed since it was returned." in page
    client.post(f"{here}submit/", {"answer": "That is the whole document."})
    case.refresh_from_db()
    assert case.state == "waiting"
    page = client_of(office).get(here).content.decode()
    assert "This was returned before" in page and "That is the whole document." in page
    assert "The document cannot be read" in page
    send_back(office, case.pk)
    with pytest.raises(Invalid):  # the answer was for once
        services.submit_case(actor, case.pk)


def test_an_answer_goes_with_the_person_and_stands_in_the_archive() -> None:
    _edition, _office, actor, case = returned()
    services.submit_case(actor, case.pk, "Look at the stamp.")
    assert case.talent is not None
    person = case.talent.person_id
    assert "Look at the stamp." in str(export_person(SYSTEM, person))
    people.erase_person(SYSTEM, ErasePerson(person=person))
    case.refresh_from_db()
    assert "answer" not in case.facts


def test_a_paper_comes_after_while_nobody_checks() -> None:
    edition = make.edition()
    office = make.office(edition)
    actor, case = an_identity(edition)
    client = client_of(actor)
    here = f"/e/{edition.slug}/verification/{case.pk}/"
    assert "you can still add a document" in client.get(here).content.decode()
    more = services.AddPaper(case=case.pk, kind="visa", file=io.BytesIO(pdf(more=b"% 2")))
    services.add_paper(actor, more)
    told = Entry.objects.filter(event="credentials.paper_added").values_list("canonical", flat=True)
    assert sum('"state":"waiting"' in one for one in told) == 1
    services.claim_case(office, case.pk)
    assert "Add the document" not in client.get(here).content.decode()
    third = services.AddPaper(case=case.pk, kind="visa", file=io.BytesIO(pdf(more=b"% 3")))
    with pytest.raises(Conflict, match="checks this at the moment"):
        services.add_paper(actor, third)
    with pytest.raises(Conflict):  # what waits is only added to
        services.remove_paper(actor, case.pk, case.papers.first().pk)  # type: ignore[union-attr]
