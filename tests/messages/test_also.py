"""What is urgent, told by a text message or WeCom as well where its reader asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from talex.accounts.models import User
from talex.core import outbox
from talex.core.actor import SYSTEM
from talex.core.errors import Invalid, NotAllowed, NotFound
from talex.core.outbox import Group, Kind, Letter, Recipient
from talex.core.work import work
from talex.messages import also, sending
from talex.messages.models import Message
from tests.editions.factories import make_actor, make_edition, make_user
from tests.messages import providers
from tests.messages.providers import Provider

pytestmark = pytest.mark.django_db
PHONE = "+8613800138000"


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    cache.clear()
    monkeypatch.setattr(outbox, "_kinds", dict(outbox._kinds))
    for name, urgent in (("test.moved", True), ("test.placed", False)):
        kind = Kind(name, name, "accounts/mail/new_sign_in", group=Group.MEETINGS, urgent=urgent)
        outbox.register_kind(kind)
    with providers.running(Provider(answer=lambda asked: (200, {}))) as found:
        settings.TALEX_SMS = {
            "kind": "http",
            "url": found.url,
            "body": '{"to": "{to}", "text": "{text}"}',
            "headers": {},
            "success": "",
        }
        yield found


def reader() -> User:
    user = make_user("li@example.org", language="de")
    User.objects.filter(pk=user.pk).update(phone=PHONE)
    user.refresh_from_db()
    return user


def tell(user: User, kind: str, **more: Any) -> None:
    to = Recipient(user.email, user.language, user.pk)
    with work():
        outbox.tell_many([Letter(to, kind, {"zone": "UTC"}, **more)])


def test_only_who_asked_for_it_gets_what_is_urgent_twice(
    client: Client, provider: Provider
) -> None:
    user = reader()
    tell(user, "test.moved", key="a")
    assert Message.objects.count() == 1
    client.force_login(user)
    page = client.get("/account/messages/", headers={"Accept-Language": "de"}).content.decode()
    assert 'name="also"' in page and "SMS" in page
    ways = {str(group): "never" for group in Group}
    sent = client.post("/account/messages/", {"language": "de", **ways, "also": ["sms"]})
    assert sent.status_code == 303 and also.chosen(user.pk) == ["sms"]

    for _twice in range(2):
        tell(user, "test.moved", key="b")
    tell(user, "test.placed", key="c")
    assert sorted(Message.objects.values_list("channel", "address")) == [
        ("mail", "li@example.org"),
        ("mail", "li@example.org"),
        ("sms", PHONE),
    ]
    sending.deliver()
    (asked,) = provider.asked
    assert b"Neue Anmeldung in Ihrem Konto" in asked.body

    client.post("/account/messages/", {"language": "de", **ways})
    tell(user, "test.moved", key="d")
    assert Message.objects.filter(channel="sms").count() == 1


def test_a_rehearsal_costs_no_text_message(provider: Provider) -> None:
    user = reader()
    also.choose(make_actor_of(user), ["sms"])
    tell(user, "test.moved", edition=make_edition(rehearsal=True).pk)
    assert not Message.objects.filter(channel="sms").exists()


def test_nobody_chooses_what_does_not_reach_them(provider: Provider) -> None:
    actor = make_actor()
    with pytest.raises(Invalid):
        also.choose(actor, ["sms"])
    with pytest.raises(Invalid):
        also.choose(actor, ["pigeon"])


def test_the_operator_says_who_somebody_is_in_wecom(settings: Any, provider: Provider) -> None:
    user = reader()
    with pytest.raises(NotAllowed):
        also.set_handle(make_actor_of(user), also.SetHandle(user.email, "li"))
    with pytest.raises(NotFound):
        also.set_handle(SYSTEM, also.SetHandle("nobody@example.org", "li"))
    with pytest.raises(Invalid):
        also.set_handle(SYSTEM, also.SetHandle(user.email, "@all"))
    also.set_handle(SYSTEM, also.SetHandle(user.email, "li"))
    assert also.channels_of(user.pk) == ["sms"]  # WeCom is not set up
    settings.TALEX_WECOM = {"corp_id": "w", "secret": "s", "agent_id": 1, "api": provider.url}
    assert also.channels_of(user.pk) == ["sms", "wecom"]
    also.choose(make_actor_of(user), ["wecom"])
    tell(user, "test.moved")
    assert Message.objects.get(channel="wecom").address == "li"
    also.set_handle(SYSTEM, also.SetHandle(user.email, ""))
    tell(user, "test.moved")
    assert Message.objects.filter(channel="wecom").count() == 1


def make_actor_of(user: User) -> Any:
    from talex.accounts.actors import actor_for

    return actor_for(user)
