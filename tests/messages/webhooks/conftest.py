"""Another system on this machine, which checks what Standard Webhooks ask of a sender."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.messages.providers import Asked, Provider, running


class Receiver(Provider):
    """`secrets`: what it knows; `says`: how it answers, (status, headers are not needed)."""

    def __init__(self) -> None:
        super().__init__(answer=self._answer)
        self.secrets: list[str] = []
        self.says = 204
        self.text = b""
        # webhook-id -> how often it came
        self.ids: dict[str, int] = {}

    def _answer(self, asked: Asked) -> tuple[int, Any]:
        self._check(asked)
        if 200 <= self.says < 300:
            self.sent.append(json.loads(asked.body))
        return self.says, self.text

    def _check(self, asked: Asked) -> None:
        """https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""
        head = asked.headers
        if asked.method != "POST":
            self.wrong(f"{asked.method} instead of POST")
        if head.get("content-type") != "application/json":
            self.wrong(f"content type {head.get('content-type')}")
        number, when = head.get("webhook-id", ""), head.get("webhook-timestamp", "")
        if not re.fullmatch(r"msg_[0-9a-f]{32}", number):
            self.wrong(f"webhook-id {number!r}")
        if not when.isdecimal() or abs(int(when) - time.time()) > 300:
            self.wrong(f"webhook-timestamp {when!r}")
        given = head.get("webhook-signature", "").split(" ")
        wanted = []
        for secret in self.secrets:
            prefix, key = secret[:6], base64.b64decode(secret[6:], validate=True)
            if prefix != "whsec_" or not 24 <= len(key) <= 64:
                self.wrong("secret of a wrong form")
            told = b".".join([number.encode(), when.encode(), asked.body])
            made = base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
            wanted.append(f"v1,{made}")
        if given != wanted:
            self.wrong(f"signature {given} instead of {wanted}")
        body = json.loads(asked.body)
        if set(body) != {"type", "timestamp", "data"} or not body["timestamp"].endswith("Z"):
            self.wrong(f"payload {body}")
        if not re.fullmatch(r"[a-zA-Z0-9_.]+", body["type"]):
            self.wrong(f"type {body['type']}")
        self.ids[number] = self.ids.get(number, 0) + 1


@pytest.fixture
def there(settings: Any) -> Iterator[Receiver]:
    settings.TALEX_WEBHOOKS_PRIVATE = True
    receiver = Receiver()
    with running(receiver):
        yield receiver
    assert receiver.faults == []
