"""Somebody has registered: what other parts of the room do about it, in the same transaction.

A part registers what it does in `AppConfig.ready()`; where one raises, nobody registered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from talex.core.actor import Actor

#: The key of the session under which the code of a campaign link travels until registration.
REACHED = "reached"


@dataclass(frozen=True, slots=True)
class Arrival:
    """`kind`: talent, owner or organisation; `where`: where they live or are, as they said it."""

    edition: UUID
    kind: str
    record: UUID
    where: str = ""
    reached: str = ""


Listener = Callable[[Actor, Arrival], None]
_listeners: dict[str, Listener] = {}


def on_arrival(name: str, listener: Listener) -> None:
    """Registering the same name again replaces it (modules load twice)."""
    _listeners[name] = listener


def arrived(actor: Actor, arrival: Arrival) -> None:
    """Tell everybody who listens; called once a registration, inside its transaction."""
    for name in sorted(_listeners):
        _listeners[name](actor, arrival)
