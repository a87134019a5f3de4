"""A real SMTP server in the test's process, which remembers what it took."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller


class Box:
    """What the server took, and how it answers: `answer` gets (recipient, how many came before)."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.answer: Callable[[str, int], str] = lambda to, before: "250 OK"
        self.recipient: Callable[[str], str] = lambda to: "250 OK"
        self.asked = 0

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        said = self.recipient(address)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        said = self.answer(envelope.rcpt_tos[0], self.asked)
        self.asked += 1
        if said.startswith("250"):
            read = message_from_bytes(envelope.content, policy=policy.default)
            self.taken.append(read)  # type: ignore[arg-type]
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return said


@pytest.fixture
def box(settings: Any) -> Iterator[Box]:
    box = Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    try:
        yield box
    finally:
        server.stop()
