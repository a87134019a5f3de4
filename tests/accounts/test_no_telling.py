"""Whoever asks learns nothing about who has an account: not by the page, not by the work done."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client

from tests.editions.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
CASES = {
    "sign up": (
        "/accounts/signup/",
        {"name": "N", "email": "?", "password1": PASSWORD, "password2": PASSWORD},
    ),
    "reset": ("/accounts/password/reset/", {"email": "?"}),
    "sign in": ("/accounts/login/", {"login": "?", "password": "wrong"}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_known_address_looks_and_costs_like_an_unknown_one(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user("known@example.org", password=PASSWORD)
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    path, fields = CASES[case]
    told = []
    for address in ("known@example.org", "unknown@example.org"):
        hashed.clear()
        mail.outbox.clear()
        client = Client()
        sent = {name: address if value == "?" else value for name, value in fields.items()}
        answer = client.post(path, sent, follow=True)
        page = re.sub(r'value="[^"]*"|[A-Za-z0-9]{64}', "", answer.content.decode())
        told.append(
            (
                answer.status_code,
                answer.redirect_chain,
                page.replace(address, "?"),
                len(hashed),
                [letter.to == [address] for letter in mail.outbox],
            )
        )
    assert told[0] == told[1]
    assert told[0][3] > 0 or case == "reset"


def test_an_address_that_was_mailed_a_moment_ago_looks_like_a_new_one() -> None:
    said = {"name": "N", "password1": PASSWORD, "password2": PASSWORD}
    pages = []
    Client().post("/accounts/signup/", {**said, "email": "known@example.org"})
    for address in ("known@example.org", "unknown@example.org"):
        answer = Client().post("/accounts/signup/", {**said, "email": address}, follow=True)
        page = re.sub(r'value="[^"]*"|[A-Za-z0-9]{64}', "", answer.content.decode())
        pages.append((answer.redirect_chain, page.replace(address, "?")))
    assert pages[0] == pages[1]
