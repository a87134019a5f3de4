"""A telephone number: confirmed by a code, one account's at a time, and a way to sign in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from talex.accounts import phones
from talex.accounts.models import User
from talex.ledger.models import Entry
from talex.messages import sending
from talex.settings import base
from tests.accounts.test_account import PASSWORD, sign_in
from tests.editions.factories import make_user
from tests.messages import providers
from tests.messages.providers import Provider

pytestmark = pytest.mark.django_db
PHONE = "+8613800138000"


@pytest.fixture
def texts(settings: Any) -> Iterator[Provider]:
    """A provider of text messages that takes all."""
    cache.clear()
    with providers.running(Provider(answer=lambda asked: (200, {}))) as provider:
        settings.TALEX_SMS = {
            "kind": "http",
            "url": provider.url,
            "body": '{"to": "{to}", "text": "{text}"}',
            "headers": {},
            "success": "",
        }
        yield provider


def code(provider: Provider, to: str = PHONE) -> str:
    """The code that came last to this number."""
    sending.deliver()
    said = json.loads(provider.asked[-1].body)
    assert said["to"] == to
    found = re.search(r"\b\d{6}\b", said["text"])
    assert found is not None
    return found[0]


def confirm(client: Client, provider: Provider, number: str = "+86 138 0013 8000") -> Any:
    client.post("/accounts/phone/change/", {"phone": number})
    return client.post("/accounts/phone/verify/", {"code": code(provider)})


@pytest.mark.parametrize(
    ("given", "region", "wanted"),
    [
        ("+86 138 0013 8000", "", PHONE),
        ("138-0013-8000", "CN", PHONE),
        ("0151 23456789", "DE", "+4915123456789"),
        ("0049 151 23456789", "DE", "+4915123456789"),
        ("＋86 13800138000", "", PHONE),
    ],
)
def test_a_number_has_one_form(settings: Any, given: str, region: str, wanted: str) -> None:
    settings.TALEX_PHONE_REGION = region
    assert phones.normal_phone(given) == wanted


@pytest.mark.parametrize("given", ["13800138000", "+86 138", "call me", "+999 1234567", "+"])
def test_what_is_no_number(settings: Any, given: str) -> None:
    with pytest.raises(ValidationError):
        phones.normal_phone(given)


def test_without_a_provider_there_is_no_such_way(client: Client) -> None:
    sign_in(client, make_user(password=PASSWORD))
    assert client.get("/accounts/phone/change/").status_code == 404
    assert "Telephone" not in client.get("/account/sign-in/").content.decode()
    assert 'name="phone"' not in Client().get("/accounts/login/code/").content.decode()


def test_a_number_is_confirmed_by_its_code_and_signs_in(client: Client, texts: Provider) -> None:
    user = make_user("li@example.org", password=PASSWORD, language="zh-hans")
    sign_in(client, user)
    assert confirm(client, texts).status_code == 302
    user.refresh_from_db()
    assert user.phone == PHONE
    assert "验证码" in json.loads(texts.asked[-1].body)["text"]
    entry = Entry.objects.get(event="accounts.phone_confirmed")
    assert "13800138000" not in entry.canonical
    assert "+86 138 0013 8000" in client.get("/account/sign-in/").content.decode()

    other = Client()
    cache.clear()
    other.post("/accounts/login/code/", {"phone": "+86 13800138000"})
    answer = other.post("/accounts/login/code/confirm/", {"code": code(texts)})
    assert answer.status_code == 302 and other.session["_auth_user_id"] == str(user.pk)


def test_another_code_for_a_number_that_is_to_be_confirmed(
    client: Client, texts: Provider, settings: Any
) -> None:
    """Who got no text message asks again: at once they are told to wait, later one comes."""
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    user = make_user(password=PASSWORD)
    sign_in(client, user)
    change, verify = "/accounts/phone/change/", "/accounts/phone/verify/"
    client.post(change, {"phone": PHONE})
    first = code(texts)
    for address, given in ((verify, {"action": "resend"}), (change, {"phone": PHONE})):
        answer = client.post(address, given, follow=True)
        assert answer.redirect_chain == [(verify, 302)]
        assert "A code was sent a moment ago" in answer.content.decode()
    assert len(texts.asked) == 1
    cache.clear()
    answer = client.post(verify, {"action": "resend"}, follow=True)
    assert answer.status_code == 200 and "moment ago" not in answer.content.decode()
    second = code(texts)
    assert len(texts.asked) == 2 and first != second
    assert client.post(verify, {"code": second}).status_code == 302
    user.refresh_from_db()
    assert user.phone == PHONE


def test_asking_again_tells_not_whether_a_number_has_an_account(
    client: Client, texts: Provider
) -> None:
    user = make_user(password=PASSWORD)
    sign_in(client, user)
    confirm(client, texts)
    pages = []
    for number in (PHONE, "+8613800138001"):
        cache.clear()
        other = Client()
        other.post("/accounts/login/code/", {"phone": number})
        page = other.post("/accounts/login/code/confirm/", {"action": "resend"}, follow=True)
        assert page.status_code == 200
        words = page.content.decode()
        assert "A sign-in code has been sent" in words
        main = words[words.index("<main") : words.index("</main>")]
        pages.append(re.sub(r'value="[^"]*"', "", main).replace(number, "…"))
    assert pages[0] == pages[1]


def test_a_wrong_code_confirms_nothing(client: Client, texts: Provider) -> None:
    user = make_user(password=PASSWORD)
    sign_in(client, user)
    client.post("/accounts/phone/change/", {"phone": PHONE})
    right = code(texts)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _try in range(3):
        client.post("/accounts/phone/verify/", {"code": wrong})
    client.post("/accounts/phone/verify/", {"code": right})
    user.refresh_from_db()
    assert user.phone is None


def test_nobody_learns_whether_a_number_has_an_account(client: Client, texts: Provider) -> None:
    user = make_user("li@example.org")
    User.objects.filter(pk=user.pk).update(phone=PHONE)
    pages = []
    for number in (PHONE, "+4915123456789"):
        cache.clear()
        one = Client()
        answer = one.post("/accounts/login/code/", {"phone": number})
        page = one.get(answer.headers["Location"])
        text = re.sub(r"\b\w{64}\b|\+\d+", "", page.content.decode())
        pages.append((answer.status_code, page.status_code, text))
    assert pages[0] == pages[1]
    sending.deliver()
    assert len(texts.asked) == 1


def test_a_number_that_was_given_to_somebody_else_moves_and_its_former_owner_is_told(
    client: Client, texts: Provider
) -> None:
    former = make_user("former@example.org", language="de")
    User.objects.filter(pk=former.pk).update(phone=PHONE)
    now = make_user("now@example.org", password=PASSWORD)
    sign_in(client, now)
    confirm(client, texts)
    former.refresh_from_db()
    now.refresh_from_db()
    assert (former.phone, now.phone) == (None, PHONE)
    sending.deliver()
    (told,) = [letter for letter in mail.outbox if letter.to == ["former@example.org"]]
    assert "Telefonnummer" in told.subject and "+86 138 0013 8000" in told.body


def test_it_is_removed(client: Client, texts: Provider) -> None:
    user = make_user(password=PASSWORD)
    User.objects.filter(pk=user.pk).update(phone=PHONE)
    client.force_login(user)
    assert client.post("/account/phone/remove/").status_code == 303
    user.refresh_from_db()
    assert user.phone is None
    assert Entry.objects.filter(event="accounts.phone_removed").count() == 1


def test_neither_a_mail_nor_a_number_is_no_request(client: Client, texts: Provider) -> None:
    page = client.post("/accounts/login/code/", {}, headers={"Accept-Language": "de"})
    assert "Geben Sie Ihre E-Mail-Adresse oder Ihre Telefonnummer an" in page.content.decode()
