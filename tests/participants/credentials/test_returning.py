"""A case comes back: what is told, in which language, and what may be handed in again."""

from __future__ import annotations

import pytest
from django.test import Client

from talex.accounts.actors import load_actor
from talex.accounts.models import User
from talex.core.actor import Actor
from talex.messages.models import Message
from talex.participants.credentials.models import Case
from tests.participants import factories as make
from tests.participants.credentials.test_cases import an_identity, hand_in, send_back
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
