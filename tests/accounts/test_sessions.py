"""Where one is signed in, and the mail that tells of a new browser."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client

from talex.accounts import browsers
from talex.accounts.models import User
from talex.messages import sending
from tests.accounts.test_account import PASSWORD
from tests.editions.factories import make_user

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.40"
)


def enter(client: Client, user: User, agent: str = FIREFOX) -> None:
    cache.clear()
    client.post(
        "/accounts/login/",
        {"login": user.email, "password": PASSWORD},
        headers={"User-Agent": agent},
    )
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox, Windows"),
        (WECHAT, "WeChat, iOS"),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
            "Edge, Linux",
        ),
        ("", "Unknown browser"),
        ("<script>", "Unknown browser"),
    ],
)
def test_a_browser_in_two_words(agent: str, said: str) -> None:
    assert browsers.named(agent) == said


def test_a_new_browser_is_told_of_once() -> None:
    user = make_user("li@example.org", password=PASSWORD, language="de")
    first, second = Client(), Client()
    enter(first, user)
    sending.deliver()
    assert mail.outbox == []  # the first of all is no surprise
    enter(second, user, WECHAT)
    second.post("/accounts/logout/")
    enter(second, user, WECHAT)
    enter(first, user)
    sending.deliver()
    (told,) = mail.outbox
    assert told.subject == "Neue Anmeldung in Ihrem Konto" and "WeChat, iOS" in told.body
    assert "/accounts/sessions/" in told.body


def test_a_forged_cookie_does_not_hide_a_sign_in() -> None:
    user = make_user("li@example.org", password=PASSWORD)
    enter(Client(), user)
    other = Client()
    other.cookies[browsers.COOKIE] = "WyJ4Il0:forged:signature"
    enter(other, user, WECHAT)
    sending.deliver()
    assert len(mail.outbox) == 1


def test_sessions_are_seen_and_ended_by_their_owner_alone() -> None:
    user = make_user("li@example.org", password=PASSWORD)
    here, there = Client(), Client()
    enter(here, user)
    enter(there, user, WECHAT)
    page = here.get("/accounts/sessions/").content.decode()
    assert "Firefox, Windows" in page and "WeChat, iOS" in page
    away = UserSession.objects.get(session_key=there.session.session_key)

    stranger = Client()
    enter(stranger, make_user("han@example.org", password=PASSWORD))
    assert stranger.post("/accounts/sessions/", {"session": away.pk}).status_code == 404
    assert stranger.post("/accounts/sessions/", {"session": "x"}).status_code == 404
    assert there.get("/account/profile/").status_code == 200

    assert here.post("/accounts/sessions/", {"session": away.pk}).status_code == 303
    assert there.get("/account/profile/").status_code == 302
    assert here.get("/account/profile/").status_code == 200


def test_everywhere_else_ends_at_once() -> None:
    user = make_user("li@example.org", password=PASSWORD)
    here, *others = Client(), Client(), Client()
    for client in (here, *others):
        enter(client, user)
    here.post("/accounts/sessions/")
    assert [one.get("/account/profile/").status_code for one in others] == [302, 302]
    assert here.get("/account/profile/").status_code == 200


def test_somebody_who_is_not_signed_in_is_asked_to() -> None:
    for address in ("/accounts/sessions/", "/account/sign-in/"):
        answer = Client().get(address)
        assert answer.status_code == 302 and "login" in answer.headers["Location"]
