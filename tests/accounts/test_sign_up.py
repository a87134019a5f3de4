"""Signing up, confirming, signing in, resetting: with mails in the person's language."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from talex.accounts.models import User
from talex.ledger.models import Entry
from tests.editions.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def sign_up(client: Client, language: str = "de", email: str = "Neu@Example.org") -> EmailMessage:
    response = client.post(
        "/accounts/signup/",
        {
            "name": "Neue Person",
            "email": email,
            "password1": PASSWORD,
            "password2": PASSWORD,
            "time_zone": "Europe/Berlin",
        },
        headers={"Accept-Language": language},
    )
    assert response.status_code == 302, response.content.decode()
    return mail.outbox[-1]


def link(message: EmailMessage) -> str:
    found = re.search(r"http://testserver(/\S+)", str(message.body))
    assert found is not None
    return found[1]


def events() -> list[str]:
    return list(
        Entry.objects.order_by("block__recorded_at", "index").values_list("event", flat=True)
    )


def test_from_sign_up_to_signed_in(client: Client) -> None:
    message = sign_up(client)
    user = User.objects.get()
    assert (user.email, user.name) == ("neu@example.org", "Neue Person")
    assert (user.language, user.time_zone) == ("de", "Europe/Berlin")
    assert not EmailAddress.objects.get().verified
    # Before the address is confirmed nobody is signed in.
    assert client.get("/account/profile/").status_code == 302
    assert client.get(link(message)).status_code == 200
    client.post(link(message))
    assert EmailAddress.objects.get().verified
    client.post("/accounts/login/", {"login": "neu@example.org", "password": PASSWORD})
    assert client.get("/account/profile/").status_code == 200
    assert events() == ["accounts.created", "accounts.email_confirmed"]


@pytest.mark.parametrize(
    ("language", "words"), [("de", "bestätigen"), ("zh-hans", "邮"), ("en", "confirm")]
)
def test_the_mail_is_in_the_language_of_the_sign_up(
    client: Client, language: str, words: str
) -> None:
    message = sign_up(client, language)
    assert words in str(message.body)
    if language != "en":
        assert "this e-mail" not in str(message.body)
        assert "Hello" not in str(message.body)


def test_a_reset_is_mailed_in_the_accounts_language_not_the_browsers(client: Client) -> None:
    user = make_user("li@example.org", password=PASSWORD, language="zh-hans")
    client.post(
        "/accounts/password/reset/",
        {"email": "li@example.org"},
        headers={"Accept-Language": "de"},
    )
    message = mail.outbox[-1]
    assert "密码" in str(message.body)
    response = client.get(link(message), follow=True)
    form = response.redirect_chain[-1][0]
    client.post(form, {"password1": "another horse 42", "password2": "another horse 42"})
    user.refresh_from_db()
    assert user.check_password("another horse 42")
    assert "accounts.password_set" in events()


def test_who_asks_learns_nothing_about_other_accounts(client: Client) -> None:
    make_user("neu@example.org", password=PASSWORD)
    known = sign_up(client)
    assert User.objects.count() == 1
    # The owner is told; the page looks as for a new account.
    assert known.to == ["neu@example.org"]


def test_the_password_of_the_ledger_is_nowhere(client: Client) -> None:
    sign_up(client)
    told = " ".join(Entry.objects.values_list("canonical", flat=True))
    assert "neu@example.org" not in told
    assert PASSWORD not in told


def test_a_zone_that_the_browser_made_up_is_left_out(client: Client) -> None:
    client.post(
        "/accounts/signup/",
        {
            "name": "N",
            "email": "n@example.org",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "time_zone": "../../etc/passwd",
        },
    )
    assert User.objects.get().time_zone == "UTC"


def test_the_pages_follow_the_accounts_language_until_another_is_chosen(client: Client) -> None:
    client.force_login(make_user(language="de"))
    assert '<html lang="de"' in client.get("/account/profile/").content.decode()
    client.post("/language/", {"language": "zh-hans", "next": "/"})
    assert '<html lang="zh-hans"' in client.get("/account/profile/").content.decode()


@pytest.mark.parametrize("language", ["de", "zh-hans", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/confirm-email/",
    ],
)
def test_the_doors_speak_every_language(client: Client, path: str, language: str) -> None:
    page = client.get(path, headers={"Accept-Language": language}).content.decode()
    assert f'<html lang="{language}"' in page
    if language != "en":
        for word in ("Sign In", "Sign Up", "Password", "Forgot", "Verify Your"):
            assert f">{word}" not in page and f"{word}</" not in page


@pytest.fixture
def other_browser() -> Client:
    return Client()


BEFORE = "/e/wuhan/join/K9RATRPYW/?a=1"


def sign_up_from(client: Client, after: str) -> str:
    client.post(
        "/accounts/signup/",
        {
            "name": "Neu",
            "email": "neu@example.org",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "next": after,
        },
    )
    return link(mail.outbox[-1])


def test_who_confirms_in_the_same_browser_goes_on_where_they_came_from(client: Client) -> None:
    way = sign_up_from(client, BEFORE)
    page = client.get(way)
    assert "K9RATRPYW" in page.content.decode()
    answer = client.post(way.split("?")[0], {"next": BEFORE})
    assert answer.headers["Location"] == BEFORE
    assert client.get("/account/profile/").status_code == 200


def test_who_confirms_in_another_browser_signs_in_and_goes_on(
    client: Client, other_browser: Client
) -> None:
    way = sign_up_from(client, BEFORE)
    assert other_browser.get(way).status_code == 200
    door = other_browser.post(way).headers["Location"]
    assert door.startswith("/accounts/login/?next=")
    assert other_browser.get("/account/profile/").status_code == 302
    answer = other_browser.post(door, {"login": "neu@example.org", "password": PASSWORD})
    assert answer.headers["Location"] == BEFORE


@pytest.mark.parametrize("after", ["https://evil.example/", "//evil.example/", "/" + "a" * 400])
def test_only_paths_of_this_site_are_kept(
    client: Client, other_browser: Client, after: str
) -> None:
    way = sign_up_from(client, after)
    assert "next" not in way
    answer = other_browser.post(f"{way}?next=https://evil.example/")
    assert answer.headers["Location"] == "/accounts/login/"


def test_the_mail_is_sent_again_and_still_knows_the_way(client: Client) -> None:
    sign_up_from(client, BEFORE)
    page = client.get("/accounts/confirm-email/").content.decode()
    assert "neu@example.org" in page
    client.post("/accounts/confirm-email/")
    assert len(mail.outbox) == 2
    assert "K9RATRPYW" in link(mail.outbox[-1])


def test_the_mail_is_not_sent_again_at_once(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    sign_up_from(client, BEFORE)
    page = client.post("/accounts/confirm-email/", follow=True).content.decode()
    assert len(mail.outbox) == 1
    assert "only just now" in page


def test_sending_again_tells_nothing_of_an_account(client: Client) -> None:
    make_user("neu@example.org", password=PASSWORD)
    sign_up(client)
    page = client.get("/accounts/confirm-email/").content.decode()
    assert "neu@example.org" in page
    client.post("/accounts/confirm-email/")
    assert [message.to for message in mail.outbox] == [["neu@example.org"]] * 2
    assert "confirm-email" not in str(mail.outbox[-1].body)


def test_a_browser_that_did_not_sign_up_sends_nothing(client: Client) -> None:
    client.post("/accounts/confirm-email/", {"email": "other@example.org"})
    assert mail.outbox == []
    page = client.get("/accounts/confirm-email/").content.decode()
    assert "/accounts/login/" in page
