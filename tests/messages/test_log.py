"""The office's log of messages: who reads what, and sending again with the same Message-ID."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from talex.core import outbox
from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.core.outbox import Group, Kind, Recipient
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.models import Entry
from talex.messages import preferences
from talex.messages.again import SendAgain, send_again, send_many_again
from talex.messages.models import Message, State
from talex.messages.sending import deliver
from talex.messages.unsubscribing import Subscription
from talex.participants.looking.models import Look
from talex.participants.models import Person
from tests.editions.factories import grant, make_actor, make_edition, make_user
from tests.messages.conftest import Box

pytestmark = pytest.mark.django_db
TO = "guest@mail.example.com"


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_kinds", dict(outbox._kinds))
    template = "accounts/mail/new_sign_in"
    outbox.register_kind(Kind("test.news", "News", template, group=Group.NEWS))
    outbox.register_kind(Kind("test.door", "Door", template, secret=True))


def tell(edition: Edition, kind: str = "test.news", to: str = TO, **user: Any) -> Message:
    with work():
        pk = outbox.tell(Recipient(to, "en", **user), kind, {"zone": "UTC"}, edition=edition.pk)
    return Message.objects.get(pk=pk)


def failed(edition: Edition, kind: str = "test.news", **more: Any) -> Message:
    message = tell(edition, kind, **more)
    Message.objects.filter(pk=message.pk).update(
        state=State.FAILED, attempts=3, error="{'li@x': (550, b'no such user')}"
    )
    message.refresh_from_db()
    return message


def test_a_refused_mail_goes_out_again_with_the_same_message_id(box: Box) -> None:
    edition = make_edition()
    message = tell(edition)
    box.answer = lambda to, before: "550 no" if before == 0 else "250 OK"
    assert deliver() == 0
    office = make_actor(edition, "organiser")
    for _click in range(2):
        assert send_again(office, SendAgain(message.pk)).state == State.QUEUED
    (event,) = Entry.objects.filter(event="messages.sent_again")
    assert '"550"' in event.canonical and TO not in event.canonical
    assert deliver() == 1
    assert [mail["Message-ID"] for mail in box.taken] == [message.message_id]
    with pytest.raises(Conflict):
        send_again(office, SendAgain(message.pk))


def test_only_the_office_sends_again() -> None:
    edition = make_edition()
    message = failed(edition)
    with pytest.raises(NotAllowed):
        send_again(make_actor(edition, "auditor"), SendAgain(message.pk))
    for other in (make_actor(edition, "press"), make_actor(make_edition(), "organiser")):
        with pytest.raises(NotFound):
            send_again(other, SendAgain(message.pk))
    message.refresh_from_db()
    assert message.state == State.FAILED and message.attempts == 3


def test_what_is_blank_closed_or_unwanted_is_not_sent_again() -> None:
    edition = make_edition()
    office = make_actor(edition, "organiser")
    blank = failed(edition, "test.door")
    Message.objects.filter(pk=blank.pk).update(text="")
    gone = failed(edition)
    Message.objects.filter(pk=gone.pk).update(address="x@erased.invalid")
    unwanted = failed(edition, to="no@mail.example.com")
    preferences.unsubscribe(Subscription("no@mail.example.com", "news", edition.pk))
    for message in (blank, gone, unwanted):
        with pytest.raises(Conflict):
            send_again(office, SendAgain(message.pk))
    fine = failed(edition)
    assert send_many_again(office, [blank.pk, fine.pk, gone.pk]) == (1, 2)
    assert Message.objects.get(pk=fine.pk).state == State.QUEUED


def test_the_pages_are_for_office_and_auditors_and_a_look_is_noted(client: Client) -> None:
    edition = make_edition()
    reader = make_user("li@mail.example.com")
    person = Person.objects.create(user=reader, name="Li", email=reader.email)
    message = failed(edition, to=reader.email, user=reader.pk)
    door = failed(edition, "test.door")
    Message.objects.filter(pk=door.pk).update(text="https://door.example")
    Message.objects.filter(pk=message.pk).update(text="Hello\n\n-- \nhttps://stop.example")
    base = f"/e/{edition.slug}/message-log/"
    for role, answer in (("organiser", 200), ("auditor", 200), ("press", 403)):
        user = make_user()
        grant(user, edition, role)
        client.force_login(user)
        listed = client.get(base)
        assert listed.status_code == answer
        page = client.get(f"{base}{message.pk}/")
        assert page.status_code == answer
        if answer == 200:
            assert reader.email in listed.content.decode()
            told = page.content.decode()
            assert "Hello" in told and "stop.example" not in told
            assert (f"{message.pk}/again/" in told) == (role == "organiser")
            assert "door.example" not in client.get(f"{base}{door.pk}/").content.decode()
            ways = Look.objects.filter(person=person.pk, viewer=user.pk)
            assert set(ways.values_list("way", flat=True)) == {"list", "message"}
        else:
            assert client.post(f"{base}{message.pk}/again/").status_code == 403
    assert not client.get(f"{base}?address=nobody").content.count(b"Li<")


def test_the_button_and_the_api(client: Client) -> None:
    edition = make_edition()
    message = failed(edition)
    user = make_user()
    grant(user, edition, "organiser")
    client.force_login(user)
    api = f"/api/editions/{edition.slug}/message-log"
    listed = client.get(f"{api}?state=failed&address=guest").json()
    assert listed["count"] == 1 and listed["items"][0]["problem"]
    assert client.get(f"{api}?state=sent").json()["count"] == 0
    assert client.get(f"{api}/{message.pk}").json()["text"]
    for _click in range(2):
        sent = client.post(f"/e/{edition.slug}/message-log/{message.pk}/again/")
        assert sent.status_code in (302, 303)
    assert client.get(f"{api}/{message.pk}").json()["state"] == "queued"
    assert Entry.objects.filter(event="messages.sent_again").count() == 1
