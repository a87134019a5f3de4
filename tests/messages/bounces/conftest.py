"""Messages that were sent, and the mails by which they come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from talex.core import clock, outbox
from talex.core.outbox import Group, Kind, Recipient
from talex.core.work import work
from talex.editions.models import Edition
from talex.messages.bounces import verp
from talex.messages.models import Message, State

HERE = Path(__file__).parent
TO = "li@mail.example.com"


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_kinds", dict(outbox._kinds))
    template = "accounts/mail/new_sign_in"
    outbox.register_kind(Kind("test.news", "News", template, group=Group.NEWS))
    outbox.register_kind(Kind("test.door", "Door", template, secret=True))


def tell(
    to: str = TO, kind: str = "test.news", edition: Edition | None = None, **u: Any
) -> Message:
    with work():
        pk = outbox.tell(
            Recipient(to, "en", **u), kind, {"zone": "UTC"}, edition=edition.pk if edition else None
        )
    return Message.objects.get(pk=pk)


def sent(to: str = TO, state: State = State.SENT, **more: Any) -> Message:
    message = tell(to, **more)
    Message.objects.filter(pk=message.pk).update(state=state, ended_at=clock.now())
    message.refresh_from_db()
    return message


def mail(name: str, message: Message, **instead: str) -> bytes:
    """The sample as it comes back for this message."""
    values = {
        "to": message.address,
        "message_id": message.message_id,
        "sender": verp.sender_of(message.pk) or "talex@talex.example",
        "number": message.pk.hex,
        **instead,
    }
    text = (HERE / f"{name}.eml").read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return text.replace("\n", "\r\n").encode()
