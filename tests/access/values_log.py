"""What the addresses of the log of messages are filled with: a failed one of the edition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.access.scene import Scene


def _failed(scene: Scene) -> Any:
    from talex.messages.models import Message, State

    made, _new = Message.objects.get_or_create(
        message_id="<log@scene.example>",
        defaults={
            "kind": "editions.invitation",
            "edition": scene.edition,
            "address": "guest@scene.example.com",
            "language": "en",
            "subject": "Invitation",
            "text": "Come",
            "state": State.FAILED,
        },
    )
    return made.pk


_API = "/api/editions/{slug}/message-log/{message}"
VALUES: dict[str, Callable[[Scene], Any]] = {
    name + " message": _failed
    for name in (
        "messages:message",
        "messages:again",
        "messages:lift",
        _API,
        f"{_API}/send-again",
        f"{_API}/lift",
    )
}
