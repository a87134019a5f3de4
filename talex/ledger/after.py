"""Rooms that tell people of an event a moment after it, in the worker.

The other way is `within`: in the transaction of the event. This one is for what is done so often,
by so many at once, that composing a mail inside each request would make everybody wait: the entry
that the change writes anyway is the note that a mail is owed. The worker composes many of them
together, in the transaction that moves its cursor: a worker that is killed amid them has written
none, of two workers one writes, and an entry whose change was taken back was never there.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import get_resolver
from django.utils import translation

from talex.ledger import outbox
from talex.ledger.outbox import BatchFollower

_names: set[str] = set()

#: So often an entry is tried, within a quarter of a minute, before those after it go on without it.
TRIES = 5


def register_after(name: str, events: frozenset[str], call: BatchFollower) -> None:
    """`call(blocks)` gets the entries of these events, a list for each unit of work, in the order
    of the chain. It writes messages and nothing to the ledger. What it raises is logged; the same
    is given to it again later, and what comes after it in the chain waits for it a little. After
    `TRIES` that unit of work is put aside (aside.py): one mail that cannot be written must not keep
    all others of its conference back."""
    outbox.register_batch_consumer(name, call, events, before=_load_addresses, tries=TRIES)
    _names.add(name)


def _load_addresses() -> None:
    """Mails hold links, and the first one in a process loads the pages of every room: seconds in
    which SQLite's one writer must not be this one."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            assert get_resolver().reverse_dict is not None


def names() -> frozenset[str]:
    """The followers that tell people."""
    return frozenset(_names)


def catch_up() -> int:
    """Write now what is owed; returns the blocks looked at. Whoever sends messages calls it first,
    so that they leave in the order of what they tell of."""
    return outbox.deliver(only=_names)
