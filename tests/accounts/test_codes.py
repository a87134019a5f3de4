"""Asking for another code while one signs in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.editions.factories import make_user

pytestmark = pytest.mark.django_db
TO = "lena@example.org"
ASK, CONFIRM = "account_request_login_code", "account_confirm_login_code"


@pytest.fixture
def asked(client: Client, settings: Any) -> Client:
    settings.TALEX_RATES_ON = True
    settings.TALEX_RATES = {"code_sent.target": (5, 3600)}
    make_user(TO)
    client.post(reverse(ASK), {"email": TO})
    return client


def test_asking_again_is_no_wrong_code(asked: Client) -> None:
    for sent in range(2, 6):
        answer = asked.post(reverse(CONFIRM), {"action": "resend"})
        assert answer["Location"] == reverse(CONFIRM) and len(mail.outbox) == sent
    for _press in range(5):
        answer = asked.post(reverse(CONFIRM), {"action": "resend"}, follow=True)
        page = answer.content.decode()
        assert answer.redirect_chain == [(reverse(CONFIRM), 302)]
        assert "Many codes were sent already" in page and "error-summary" not in page
    assert len(mail.outbox) == 5
    # All three tries are still there, and the last code works.
    for _wrong in range(2):
        assert asked.post(reverse(CONFIRM), {"code": "WRONG"}).status_code == 200
    code = re.search(r"\b[A-Z0-9-]{6,}\b", mail.outbox[-1].body)
    assert code is not None
    asked.post(reverse(CONFIRM), {"code": code[0]})
    assert "_auth_user_id" in asked.session


def test_another_browser_counts_for_the_same_address(asked: Client) -> None:
    for _more in range(4):
        Client().post(reverse(ASK), {"email": f" {TO.upper()}"})
    assert len(mail.outbox) == 5
    page = Client().post(reverse(ASK), {"email": TO}).content.decode()
    assert "Many codes were sent already" in page and len(mail.outbox) == 5
    # The same is said of an address that nobody has here.
    for _more in range(6):
        page = Client().post(reverse(ASK), {"email": "no@example.org"}).content.decode()
    assert "Many codes were sent already" in page
