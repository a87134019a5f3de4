"""Signing in through a provider of OpenID Connect, from the button to the account and back."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from talex.accounts import hooks
from talex.accounts.models import User
from talex.ledger.models import Entry
from tests.accounts import oidc_server
from tests.accounts.oidc_server import CLIENT, SECRET, Provider
from tests.accounts.test_account import PASSWORD, sign_in
from tests.editions.factories import make_user

pytestmark = pytest.mark.django_db
LI = {
    "sub": "li-1",
    "email": "Li@uni.example",
    "email_verified": True,
    "name": "李雷",
    "phone_number": "+8613800138000",
}


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with oidc_server.running(**LI) as found:
        set_up(settings, found)
        yield found
        assert found.faults == []


def set_up(settings: Any, provider: Provider, *, trusted: bool = False) -> None:
    app = {
        "provider_id": "uni",
        "name": "University of Nowhere",
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {
            "server_url": provider.url,
            "oauth_pkce_enabled": True,
            "email_authentication": trusted,
        },
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}


def go(client: Client, process: str = "login") -> Any:
    """Press the button, let the provider answer, come back."""
    page = client.post(f"/accounts/oidc/uni/login/?process={process}")
    assert page.status_code == 200 and "Location" not in page.headers
    onward = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.content.decode())
    assert onward is not None
    answer = requests.get(html.unescape(onward[1]), allow_redirects=False, timeout=5)
    return client.get(answer.headers["Location"].removeprefix("http://testserver"))


def test_nobody_sees_a_provider_that_is_not_set_up(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "oidc" not in page and "weixin" not in page
    assert client.post("/accounts/oidc/uni/login/").status_code == 404
    assert client.post("/accounts/weixin/login/").status_code == 404


def test_a_new_account_begins_with_a_mail_where_the_address_is_not_trusted(
    client: Client, provider: Provider
) -> None:
    page = client.get("/accounts/login/", headers={"Accept-Language": "de"}).content.decode()
    assert "University of Nowhere" in page
    answer = go(client)
    assert answer.headers["Location"] == "/accounts/confirm-email/"
    user = User.objects.get(email="li@uni.example")
    assert user.name == "李雷" and not user.has_usable_password()
    assert not EmailAddress.objects.get(user=user).verified
    assert mail.outbox[-1].to == ["li@uni.example"]
    assert "_auth_user_id" not in client.session
    kept = SocialAccount.objects.get(user=user).extra_data
    assert "phone_number" not in kept and kept["email"] == "Li@uni.example"
    events = set(Entry.objects.values_list("event", flat=True))
    assert {"accounts.created", "accounts.provider_linked"} <= events


def test_a_trusted_address_is_confirmed_at_once_and_comes_back(
    client: Client, provider: Provider, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(settings, provider, trusted=True)
    told: list[str] = []
    monkeypatch.setattr(hooks, "_email_confirmed", [lambda user, address: told.append(address)])
    go(client)
    user = User.objects.get(email="li@uni.example")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert told == ["li@uni.example"]
    again = Client()
    provider.bare = True  # a provider need not repeat beside the token what it told in it
    go(again)
    assert again.session["_auth_user_id"] == str(user.pk)
    assert "Li@uni.example" in again.get("/account/sign-in/").content.decode()
    assert User.objects.count() == 1


def test_claiming_an_address_elsewhere_does_not_open_its_account(
    client: Client, provider: Provider
) -> None:
    owner = make_user("li@uni.example", password=PASSWORD)
    answer = go(client)
    assert answer.headers["Location"] == "/accounts/confirm-email/"
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()
    assert mail.outbox[-1].to == [owner.email]


def test_the_owner_links_it_with_a_proof_and_unlinks_it_again(
    client: Client, provider: Provider
) -> None:
    owner = make_user("li@home.example", password=PASSWORD)
    sign_in(client, owner)
    assert go(client, "connect").status_code == 302
    linked = SocialAccount.objects.get()
    assert linked.user == owner
    page = client.get("/account/sign-in/").content.decode()
    assert "University of Nowhere" in page and "Li@uni.example" in page
    other = Client()
    go(other)
    assert other.session["_auth_user_id"] == str(owner.pk)
    client.post("/accounts/3rdparty/", {"account": linked.pk})
    assert not SocialAccount.objects.exists()
    events = list(Entry.objects.values_list("event", flat=True))
    assert events.count("accounts.provider_unlinked") == 1


def test_linking_asks_for_the_proof_where_the_sign_in_is_long_ago(
    client: Client, provider: Provider
) -> None:
    client.force_login(make_user("li@home.example", password=PASSWORD))
    answer = go(client, "connect")
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not SocialAccount.objects.exists()


def test_what_belongs_to_another_account_is_not_linked(client: Client, provider: Provider) -> None:
    first = make_user("one@home.example", password=PASSWORD)
    sign_in(client, first)
    go(client, "connect")
    second = Client()
    sign_in(second, make_user("two@home.example", password=PASSWORD))
    go(second, "connect")
    assert SocialAccount.objects.get().user == first


def test_turning_back_and_an_old_answer_are_told(client: Client, provider: Provider) -> None:
    provider.refuse = "access_denied"
    answer = go(client)
    assert answer.headers["Location"] == "/accounts/3rdparty/login/cancelled/"
    page = client.get(answer.headers["Location"], headers={"Accept-Language": "de"})
    assert "Nichts wurde geändert" in page.content.decode()
    stale = client.get("/accounts/oidc/uni/login/callback/?code=x&state=forged")
    assert "Try once more" in stale.content.decode()
    assert "_auth_user_id" not in client.session and not User.objects.exists()


@pytest.mark.parametrize("odd", [{"sub": "L" * 300}, {"name": ["a", "b"]}, {"email": "x" * 300}])
def test_what_a_provider_says_that_cannot_be_used_is_told(
    client: Client, settings: Any, odd: dict[str, Any]
) -> None:
    client.raise_request_exception = False
    with oidc_server.running(**{**LI, **odd}) as found:
        set_up(settings, found)
        answer = go(client)
        assert answer.status_code < 500
        # A name that is no text is left out; the person may give one.
        assert (answer.status_code == 400) is ("sub" in odd)
    assert SocialAccount.objects.exists() is ("name" in odd)


def test_what_is_told_of_another_person_than_the_token_names_is_refused(
    client: Client, settings: Any
) -> None:
    with oidc_server.running(**LI) as found:
        set_up(settings, found)
        found.otherwise = {"sub": "somebody-else"}
        assert go(client).status_code == 400
    assert not SocialAccount.objects.exists()


def test_a_provider_that_is_down_is_told(client: Client, settings: Any) -> None:
    with oidc_server.running(**LI) as gone:
        pass
    set_up(settings, gone)
    answer = client.post("/accounts/oidc/uni/login/")
    assert answer.status_code == 502
    assert "Try once more" in answer.content.decode()
