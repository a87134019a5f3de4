"""What the addresses of messages are filled with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.access.scene import Scene


def _stop(scene: Scene) -> str:
    from talex.messages.unsubscribing import Subscription, token_of

    return token_of(Subscription("guest@example.org", "requests", scene.edition.pk))


VALUES: dict[str, Callable[[Scene], Any]] = {"messages:unsubscribe token": _stop}


def _preferences(scene: Scene) -> dict[str, Any]:
    from talex.messages.preferences import TITLES

    return {"language": "en", **{str(group): "at_once" for group in TITLES}}


SENT: dict[tuple[str, str], Callable[[Scene], dict[str, Any]]] = {
    ("messages:preferences", "POST"): _preferences,
    # Somebody else's address: nobody but the operator lifts it this way.
    ("messages:lift_own", "POST"): lambda scene: {"address": "guest@example.org"},
}
