"""What events and their facts are called. Codes are hashed and filtered; this is for people."""

from __future__ import annotations

from collections.abc import Mapping

from talex.core.errors import Message

_names: dict[str, Message] = {}
_facts: dict[str, Message] = {}


def name_events(names: Mapping[str, Message]) -> None:
    """A room tells in `AppConfig.ready()` what its events are called: code -> words."""
    _names.update(names)


def name_of(event: str) -> Message:
    """The event in the reader's language; its code where a newer or older Talex recorded it."""
    return _names.get(event, event)


def name_facts(names: Mapping[str, Message]) -> None:
    """A room tells in `AppConfig.ready()` what its facts are called: code -> words. A code that
    has a name keeps it: the ledger's own hold for all rooms."""
    for code, words in names.items():
        _facts.setdefault(code, words)


def fact_of(code: str) -> Message | None:
    """The fact in the reader's language; None where it has no name."""
    return _facts.get(code)


def named_events() -> Mapping[str, Message]:
    """All events that have a name."""
    return _names
