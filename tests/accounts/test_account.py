"""One's own account: profile, tokens, second factors; and the operator's way to make accounts."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from talex.accounts import services
from talex.accounts.actors import actor_for
from talex.accounts.models import ApiToken, User
from talex.core.actor import NOBODY, SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.ledger.models import Entry
from tests.editions.factories import make_actor, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "open sesame 12"


def sign_in(client: Client, user: User) -> None:
    """With the password, and once more as sensitive pages ask for it."""
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def test_signing_in_and_out_is_told_in_the_language_of_the_next_page() -> None:
    user = make_user(password=PASSWORD)
    User.objects.filter(pk=user.pk).update(language="de")
    browser = Client(headers={"accept-language": "zh-hans"})
    body = {"login": user.email, "password": PASSWORD}
    inside = browser.post("/accounts/login/", body, follow=True).content.decode()
    assert '<html lang="de"' in inside and "Erfolgreich als" in inside
    outside = browser.post("/accounts/logout/", follow=True).content.decode()
    assert '<html lang="zh-hans"' in outside and "您已退出登录" in outside


def test_the_profile_is_changed_and_told_to_the_ledger(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    response = client.post(
        "/account/profile/",
        {"name": "李雷", "language": "zh-hans", "time_zone": "Asia/Shanghai"},
    )
    assert response.status_code == 303
    user.refresh_from_db()
    assert (user.name, user.language, user.time_zone) == ("李雷", "zh-hans", "Asia/Shanghai")
    entry = Entry.objects.get(event="accounts.profile_edited")
    assert "李雷" not in entry.canonical
    assert entry.subject == user.pk


def test_a_key_is_shown_once(client: Client) -> None:
    client.force_login(make_user())
    page = client.post("/account/tokens/", {"name": "script", "days": "365"}).content.decode()
    token = ApiToken.objects.get()
    assert page.count(token.prefix) >= 2
    key = page.split('readonly value="')[1].split('"')[0]
    assert key.startswith("talex_")
    assert key not in client.get("/account/tokens/").content.decode()


def test_somebody_elses_token_is_not_found() -> None:
    owner, other = make_actor(), make_actor(is_site_admin=True)
    token, _key = services.make_token(owner, services.MakeToken("script"))
    with pytest.raises(NotFound):
        services.revoke_token(other, token.pk)
    services.revoke_token(owner, token.pk)
    token.refresh_from_db()
    assert not token.usable


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"language": "xx"}, "language"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"time_zone": "../etc"}, "time_zone"),
        ({"password": "12345678"}, "password"),
        ({"name": "n" * 201}, "name"),
    ],
)
def test_what_an_account_cannot_be(change: dict[str, str], field: str) -> None:
    command = services.CreateUser(**{"email": "a@example.org", **change})  # type: ignore[arg-type]
    with pytest.raises(Invalid) as caught:
        services.create_user(SYSTEM, command)
    assert list(caught.value.fields) == [field]
    assert not User.objects.exists()


def test_only_who_runs_the_site_makes_accounts() -> None:
    command = services.CreateUser(email="a@example.org")
    for actor in (NOBODY, make_actor()):
        with pytest.raises(NotAllowed):
            services.create_user(actor, command)
    services.create_user(make_actor(is_site_admin=True), command)
    with pytest.raises(Conflict):
        services.create_user(SYSTEM, services.CreateUser(email="A@Example.org"))


def test_the_last_administrator_stays() -> None:
    admin = make_user(is_site_admin=True)
    with pytest.raises(Conflict):
        services.set_site_admin(SYSTEM, services.SetSiteAdmin(admin.email, False))
    other = make_user()
    services.set_site_admin(SYSTEM, services.SetSiteAdmin(other.email, True))
    services.set_site_admin(SYSTEM, services.SetSiteAdmin(admin.email, False))
    admin.refresh_from_db()
    assert not admin.is_site_admin


def test_a_closed_account_acts_as_nobody() -> None:
    assert actor_for(make_user(is_active=False)) == NOBODY


def test_a_second_factor_is_asked_for_and_recorded(client: Client) -> None:
    user = make_user("two@example.org", password=PASSWORD)
    sign_in(client, user)
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]

    def code() -> str:
        return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

    client.post("/accounts/2fa/totp/activate/", {"code": code()})
    kinds = set(Authenticator.objects.values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    assert Entry.objects.filter(event="accounts.authenticator_added").count() == 2
    client.post("/accounts/logout/")
    response = client.post("/accounts/login/", {"login": user.email, "password": "open sesame 12"})
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/account/profile/").status_code == 302
    # A code counts once; here it is the same half minute still.
    cache.clear()
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert client.get("/account/profile/").status_code == 200


def test_who_has_a_key_only_reads_that_a_recovery_code_works(client: Client) -> None:
    user = make_user("key@example.org", password=PASSWORD)
    sign_in(client, user)
    page = client.get("/accounts/2fa/webauthn/add/").content.decode()
    assert "asks for a second step: this key, or one of the recovery codes" in page
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": user.email, "password": "open sesame 12"})
    for language, named in (("en", "Code"), ("de", "Code"), ("zh-hans", "验证码")):
        client.cookies["talex_language"] = language
        page = client.get("/accounts/2fa/authenticate/").content.decode()
        assert f'placeholder="{named}"' in page and "Kürzel" not in page
        assert language != "en" or "one of your recovery codes" in page


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
        "/account/profile/",
        "/account/tokens/",
    ],
)
@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_every_page_of_the_account(client: Client, path: str, language: str) -> None:
    sign_in(client, make_user("p@example.org", password=PASSWORD))
    client.cookies["talex_language"] = language
    response = client.get(path)
    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.content.decode()


def test_the_page_of_tokens_names_the_api(client: Client) -> None:
    client.force_login(make_user())
    assert 'href="/api/openapi.json"' in client.get("/account/tokens/").content.decode()
