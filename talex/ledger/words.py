"""What events are called. An event's code is what is hashed and filtered; this is for people."""

from __future__ import annotations

from collections.abc import Mapping

from talex.core.errors import Message

_names: dict[str, Message] = {}


def name_events(names: Mapping[str, Message]) -> None:
    """A room tells in `AppConfig.ready()` what its events are called: code -> words."""
    _names.update(names)


def name_of(event: str) -> Message:
    """The event in the reader's language; its code where a newer or older Talex recorded it."""
    return _names.get(event, event)


def named_events() -> Mapping[str, Message]:
    """All events that have a name."""
    return _names
