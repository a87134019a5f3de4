"""Whose address counts, how often something may be done, what who does it too often is told."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from talex.core import limits
from talex.core.client import client_address, network_of
from talex.core.errors import TooMany
from talex.core.models import RateCount
from talex.settings import environment
from talex.web.limiting import READS, WRITES
from tests.editions.factories import make_user

PASSWORD = "correct horse battery"


@pytest.fixture
def on(settings: Any) -> Any:
    settings.TALEX_RATES_ON = True
    return settings


@pytest.fixture
def instant(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1_800_000_000.0]
    monkeypatch.setattr(limits, "_now", lambda: now[0])
    return now


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "expected"),
    [
        ([], "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (["10.0.0.0/8"], "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (["10.0.0.0/8"], "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (["10.0.0.0/8"], "10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
        (["10.0.0.0/8"], "10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", "", "10.0.0.1"),
        (["::1/128"], "::1", "2001:db8::5", "2001:db8::5"),
        ([], "::ffff:203.0.113.9", "", "203.0.113.9"),
        ([], "", "198.51.100.1", ""),
    ],
)
def test_the_address_is_what_a_trusted_proxy_saw(
    settings: Any, trusted: list[str], peer: str, forwarded: str, expected: str
) -> None:
    settings.TALEX_TRUSTED_PROXIES = trusted
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=peer, **headers)
    assert client_address(request) == expected


def test_a_household_of_ipv6_counts_as_one() -> None:
    assert network_of("2001:db8:1:2::5") == network_of("2001:db8:1:2:ffff::1")
    assert network_of("2001:db8:1:3::5") != network_of("2001:db8:1:2::5")


def test_limits_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X_RATES", "sign_in.address=60/10m, upload.account=5/h")
    assert environment.rates("X_RATES") == {
        "sign_in.address": (60, 600),
        "upload.account": (5, 3600),
    }
    monkeypatch.setattr(environment, "MISFITS", [])
    monkeypatch.setenv("X_RATES", "sign_in=many,upload.account=0/h")
    monkeypatch.setenv("X_PROXIES", "10.0.0.0/8,proxy.example")
    assert environment.rates("X_RATES") == {}
    assert environment.networks("X_PROXIES") == ["10.0.0.0/8"]
    assert [m.value for m in environment.MISFITS] == [
        "sign_in=many",
        "upload.account=0/h",
        "proxy.example",
    ]


@pytest.mark.django_db
def test_a_window_is_full_and_the_next_one_is_not(on: Any, instant: list[float]) -> None:
    on.TALEX_RATES = {"upload.account": (2, 60)}
    instant[0] += 20
    for _attempt in range(2):
        limits.check("upload", account="a")
    with pytest.raises(TooMany) as caught:
        limits.check("upload", account="a")
    assert caught.value.seconds == 40
    limits.check("upload", account="b")
    instant[0] += 40
    limits.check("upload", account="a")
    assert limits.sweep() == 0
    instant[0] += 7200
    assert limits.sweep() == 3
    assert not RateCount.objects.exists()


@pytest.mark.django_db
def test_beyond_the_limit_nothing_is_written_any_more(on: Any, instant: list[float]) -> None:
    on.TALEX_RATES = {"upload.account": (2, 60)}
    for _attempt in range(3):
        with suppress(TooMany):
            limits.check("upload", account="a")
    (before,) = RateCount.objects.values_list("count", "window", "ends")
    for _attempt in range(5):
        with pytest.raises(TooMany):
            limits.check("upload", account="a")
    assert list(RateCount.objects.values_list("count", "window", "ends")) == [before]
    assert before[0] == 3


@pytest.mark.django_db
def test_what_is_kept_names_nobody(on: Any) -> None:
    limits.check("sign_in", address="203.0.113.9", target="li@example.org")
    kept = " ".join(RateCount.objects.values_list("key", flat=True))
    assert RateCount.objects.count() == 2
    assert "203" not in kept.split() and "li@" not in kept


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_guessing_a_password_ends_with_a_page(on: Any, client: Client, language: str) -> None:
    make_user("li@example.org", password=PASSWORD)
    on.TALEX_RATES = {"sign_in.target": (2, 300)}
    client.cookies["talex_language"] = language
    for _attempt in range(2):
        wrong = {"login": "li@example.org", "password": "wrong"}
        assert client.post("/accounts/login/", wrong).status_code == 200
    answer = client.post("/accounts/login/", {"login": " LI@example.org", "password": PASSWORD})
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 300
    assert f'<html lang="{language}"' in answer.content.decode()
    other = client.post("/accounts/login/", {"login": "x@example.org", "password": "wrong"})
    assert other.status_code == 200


@pytest.mark.django_db
def test_the_api_answers_with_a_problem(on: Any, client: Client) -> None:
    on.TALEX_RATES = {"search.account": (1, 60)}
    client.force_login(make_user())
    assert client.get("/api/search?q=abc").status_code == 200
    answer = client.get("/api/search?q=abc")
    assert answer.status_code == 429
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["status"] == 429
    assert 1 <= int(answer["Retry-After"]) <= 60


@pytest.mark.django_db
def test_every_limited_address_exists() -> None:
    from django.urls import get_resolver

    names: set[str] = set()

    def walk(resolver: Any, space: str) -> None:
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                walk(pattern, inner)
            else:
                names.add(f"{space}{pattern.name}")

    walk(get_resolver(), "")
    off_until_configured = {
        "account_request_login_code", "account_confirm_login_code",
        "account_change_phone", "account_verify_phone", "socialaccount_signup",
    }  # fmt: skip
    assert {*READS, *WRITES} - names <= off_until_configured
    declared = {key.split(".")[0] for key in limits.known()}
    assert {*READS.values(), *WRITES.values(), "upload", "api_write"} <= declared


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("times", "status"), [(1, 200), (9, 429)])
def test_a_database_that_is_locked_is_tried_again_and_is_no_failure(
    on: Any, client: Client, monkeypatch: pytest.MonkeyPatch, times: int, status: int
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("of SQLite")
    counted, left = limits._counted, [times]

    def locked(*said: Any) -> int:
        if left[0]:
            left[0] -= 1
            raise OperationalError("database is locked")
        return counted(*said)

    monkeypatch.setattr(limits, "_counted", locked)
    wrong = {"login": "li@example.org", "password": "wrong"}
    answer = client.post("/accounts/login/", wrong)
    assert answer.status_code == status
    assert (RateCount.objects.count() > 0) == (status == 200)
