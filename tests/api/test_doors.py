"""Who gets into the API, and how it refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from talex.accounts import services
from talex.accounts.actors import actor_for
from talex.accounts.models import ApiToken, User
from talex.core import clock
from tests.editions.factories import grant, make_edition, make_user
from tests.keys import KEY

pytestmark = pytest.mark.django_db


def make_key(user: User, **fields: Any) -> str:
    command = services.MakeToken(**{"name": "script", **fields})
    return services.make_token(actor_for(user), command)[1]


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_nobody_is_asked_to_sign_in_with_a_problem_document(client: Client) -> None:
    response = client.get("/api/me", headers={"Accept-Language": "en"})
    assert response.status_code == 401
    assert response["Content-Type"].startswith("application/problem+json")
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response.json()["status"] == 401
    assert response.json()["instance"] == "/api/me"


def test_a_token_acts_as_its_owner(client: Client) -> None:
    user = make_user()
    grant(user, make_edition("one"), "judge")
    key = make_key(user)
    told = client.get("/api/me", headers=bearer(key)).json()
    assert told["email"] == user.email
    assert [g["role"] for g in told["grants"]] == ["judge"]


def test_only_a_hash_of_the_key_is_kept() -> None:
    key = make_key(make_user())
    token = ApiToken.objects.get()
    assert key not in " ".join(str(v) for v in token.__dict__.values())
    assert len(token.digest) == 64


@pytest.mark.parametrize("how", ["revoked", "expired", "closed", "made up"])
def test_a_token_that_does_not_count(client: Client, how: str) -> None:
    user = make_user()
    key = make_key(user, days=1)
    if how == "revoked":
        services.revoke_token(actor_for(user), ApiToken.objects.get().pk)
    elif how == "expired":
        ApiToken.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    elif how == "closed":
        User.objects.update(is_active=False)
    else:
        key = "talex_" + "x" * 43
    assert client.get("/api/me", headers=bearer(key)).status_code == 401
    # Nor does a bad token fall back to the session beside it, or to nobody where all may read.
    client.force_login(make_user())
    assert client.get("/api/me", headers=bearer(key)).status_code == 401
    assert client.get("/api/editions", headers=bearer(key)).status_code == 401


def test_a_token_counts_on_the_api_only(client: Client) -> None:
    key = make_key(make_user())
    assert client.get("/account/profile/", headers=bearer(key)).status_code == 302


def test_a_token_that_may_only_read(client: Client) -> None:
    key = make_key(make_user(), read_only=True)
    assert client.get("/api/me", headers=bearer(key)).status_code == 200
    response = client.patch(
        "/api/me", {"name": "N"}, content_type="application/json", headers=bearer(key)
    )
    assert response.status_code == 403


def test_a_session_writes_with_its_csrf_token_only() -> None:
    user = make_user()
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    send = {"path": "/api/me", "data": {"name": "Neu"}, "content_type": "application/json"}
    assert client.patch(**send).status_code == 403
    page = client.get("/account/profile/").content.decode()
    given = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert client.patch(**send, headers={"X-CSRFToken": given}).status_code == 200
    user.refresh_from_db()
    assert user.name == "Neu"


def test_a_token_needs_no_csrf_token() -> None:
    key = make_key(make_user())
    client = Client(enforce_csrf_checks=True)
    response = client.patch(
        "/api/me", {"name": "Neu"}, content_type="application/json", headers=bearer(key)
    )
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "This is needed."), ("de", "Das wird gebraucht."), ("zh-hans", "此项必填。")],
)
def test_what_is_wrong_is_told_by_field_in_the_readers_language(
    client: Client, language: str, words: str
) -> None:
    client.force_login(make_user(is_site_admin=True))
    response = client.post(
        "/api/editions",
        {"slug": "x", "name": {"en": "X"}, "starts_on": "31.5.2027"},
        content_type="application/json",
        headers={"Accept-Language": language},
    )
    assert response.status_code == 422
    errors = {e["field"]: e["messages"] for e in response.json()["errors"]}
    assert errors["ends_on"] == [words]
    assert "2027-05-31" in errors["starts_on"][0]


def test_what_a_service_refuses_has_the_same_form(client: Client) -> None:
    client.force_login(make_user(is_site_admin=True))
    body = {
        "slug": "Bad Slug",
        "name": {},
        "starts_on": "2027-05-12",
        "ends_on": "2027-05-11",
        "accent": "#ffee88",
    }
    response = client.post("/api/editions", body, content_type="application/json")
    assert response.status_code == 422
    fields = {e["field"] for e in response.json()["errors"]}
    assert fields == {"slug", "name", "ends_on", "accent"}


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_an_address_that_is_none_is_a_problem_document_and_a_page_elsewhere(
    client: Client, language: str
) -> None:
    answer = client.get("/api/nope", headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["status"] == 404 and "/api/openapi.json" in answer.json()["detail"]
    assert client.post("/api/editions/x/nope", {}).json()["status"] == 404
    assert client.get("/nope")["Content-Type"].startswith("text/html")


def test_broken_json(client: Client) -> None:
    client.force_login(make_user())
    response = client.patch("/api/me", "{", content_type="application/json")
    assert response.status_code == 400
    assert response["Content-Type"].startswith("application/problem+json")


def test_the_same_request_sent_twice_makes_one_edition(client: Client) -> None:
    client.force_login(make_user(is_site_admin=True))
    body = {
        "slug": "made",
        "name": {"en": "Made", "zh-hans": "大会"},
        "starts_on": "2027-05-12",
        "ends_on": "2027-05-14",
    }
    answers = [
        client.post(
            "/api/editions",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": KEY},
        )
        for _ in range(2)
    ]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert answers[0].json()["name"] == {"en": "Made", "zh-hans": "大会"}
    assert len(client.get("/api/editions").json()) == 1


def test_a_change_that_somebody_overtook_is_a_conflict(client: Client) -> None:
    client.force_login(make_user(is_site_admin=True))
    edition = make_edition("one")
    change = {"revision": edition.revision, "tagline": {"en": "first"}}
    first = client.patch("/api/editions/one", change, content_type="application/json")
    assert first.status_code == 200
    second = client.patch("/api/editions/one", change, content_type="application/json")
    assert second.status_code == 409
