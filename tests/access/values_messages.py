"""What the addresses of messages are filled with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.access.scene import Scene


def _stop(scene: Scene) -> str:
    from talex.messages.unsubscribing import Subscription, token_of

    return token_of(Subscription("guest@example.org", "requests", scene.edition.pk))


VALUES: dict[str, Callable[[Scene], Any]] = {"messages:unsubscribe token": _stop}
