"""Telling somebody something: the one call by which any room writes a message to a person.

A room names each kind of message once, in `AppConfig.ready()`, and writes two templates for it, a
subject and a text, which are translated by the catalogue of the room:

    outbox.register_kind(Kind("editions.invitation", _("Invitation"), "editions/mail/invitation"))

and then calls, inside the transaction of the change that causes it (`with work():`):

    outbox.tell(Recipient(user.email, user.language, user.pk), "editions.invitation", {...},
                edition=edition.pk)

The message is written in that transaction, with its words as they are then: where the change is
taken back there is no message, and where the process dies right after, there is one. The worker
sends it, later and apart from the request (talex/messages). What is done very often is told by the
worker as well, from the entry of the ledger (talex/ledger/after.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction

from talex.core.chunks import chunks
from talex.core.errors import Message as Text
from talex.core.work import work

Context = Mapping[str, Any] | Callable[[], Mapping[str, Any]]
"""What the templates say. A function is called in the recipient's language."""


class Group(StrEnum):
    """What people choose how to be told of (talex/messages/preferences.py)."""

    REQUESTS = "requests"
    MEETINGS = "meetings"
    MESSAGES = "messages"
    REMINDERS = "reminders"
    ALERTS = "alerts"
    NEWS = "news"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message. `template` names `<template>_subject.txt` and `<template>.txt`.

    `secret`: the text holds what opens a door (a link that works once); it is not kept once the
    message has left. `last`: it is the last to an address that is erased, so the address goes as
    well. `group`: what its readers may choose to have once a day or never; without one
    it is always sent. `urgent`: sent at once whatever they chose of the group. `by_day`: not sent
    at night, by the reader's clock. `whom` says who gets it, for the list of all kinds.
    `fields` names what of the context goes to providers of text messages that word a message by
    templates of their own; else a text message is worded by `<template>_short.txt`.
    """

    name: str
    title: Text
    template: str
    secret: bool = False
    last: bool = False
    group: Group | None = None
    urgent: bool = False
    by_day: bool = False
    whom: Text = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message goes to; `user` is the account, None for somebody who has none yet.

    `handle` is where another channel than mail reaches them: a telephone number (E.164), an
    openid of WeChat, a member of WeCom.
    """

    email: str
    language: str
    user: UUID | None = None
    handle: str = ""


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An iCalendar object (RFC 5545) that mail programmes offer to accept (RFC 6047).

    REQUEST and CANCEL are about one entry (RFC 5546 wants one UID in them), PUBLISH about several.
    """

    content: bytes
    method: str  # REQUEST | CANCEL | PUBLISH


@dataclass(frozen=True, slots=True)
class Letter:
    """What is told to one person; see `tell`."""

    to: Recipient
    kind: str
    context: Context
    edition: UUID | None = None
    key: str | None = None
    calendar: Callable[[], CalendarPart] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    channel: str = "mail"
    #: When it happened, where it is told a moment later (`ledger.after`).
    at: datetime | None = None
    #: The persons of whom it tells its reader something: erased with them.
    about: frozenset[UUID] = frozenset()


class Seen(StrEnum):
    """How somebody may read of a person."""

    NAMED = "named"
    UNNAMED = "unnamed"
    NOTHING = "nothing"


Seer = Callable[[UUID, UUID, frozenset[UUID]], Mapping[UUID, Seen]]
"""(account, edition, persons) -> how that account may read of each of them now."""


class Writer(Protocol):
    """What keeps the messages: talex/messages. Answers letter by letter, as `tell` does."""

    def __call__(self, letters: Sequence[Letter]) -> list[UUID | None]: ...


_kinds: dict[str, Kind] = {}
_writers: list[Writer] = []
_channels: list[Callable[[str], bool]] = []
_seers: list[Seer] = []


def register_kind(kind: Kind) -> None:
    """Name a kind of message; naming it again replaces it (modules load twice)."""
    _kinds[kind.name] = kind


def kinds() -> dict[str, Kind]:
    """All kinds by name."""
    return dict(sorted(_kinds.items()))


def secret_kinds() -> list[str]:
    """The kinds whose text is not kept once the message has left."""
    return [kind.name for kind in _kinds.values() if kind.secret]


def last_kinds() -> list[str]:
    """The kinds whose address and text are not kept once the message has left, or never will."""
    return [kind.name for kind in _kinds.values() if kind.last]


def title_of(name: str) -> Text:
    """What people call this kind of message."""
    found = _kinds.get(name)
    return found.title if found else name


def use(writer: Writer) -> None:
    """Say who keeps the messages (one room does)."""
    _writers[:] = [writer]


def use_channels(configured: Callable[[str], bool]) -> None:
    """Say who knows which channels the operator set up."""
    _channels[:] = [configured]


def use_seer(seer: Seer) -> None:
    """Say who knows what an account may read of a person: asked before the daily mail tells."""
    _seers[:] = [seer]


def seen(user: UUID, edition: UUID, persons: frozenset[UUID]) -> Mapping[UUID, Seen]:
    """How the account may read of each of them now."""
    for seer in _seers if persons else ():
        return seer(user, edition, persons)
    return dict.fromkeys(persons, Seen.NAMED)


def can(channel: str) -> bool:
    """Whether messages can go out by this channel: mail, sms, wechat, wecom."""
    return channel == "mail" or any(configured(channel) for configured in _channels)


def tell(
    to: Recipient,
    kind: str,
    context: Context,
    *,
    edition: UUID | None = None,
    key: str | None = None,
    calendar: Callable[[], CalendarPart] | None = None,
    headers: Mapping[str, str] | None = None,
    channel: str = "mail",
    about: frozenset[UUID] = frozenset(),
) -> UUID | None:
    """Write a message to somebody; returns its id, None where there is nobody to write to.

    `key` names what caused it: with one, the same cause writes at most one message, however often
    it is told. `calendar` makes a calendar part, in the recipient's language. By another channel
    than mail it goes to the recipient's `handle`, at once, whatever they chose. Raises RuntimeError
    outside of a transaction (the message could outlive the change) and LookupError for a kind that
    nobody registered.
    """
    made = Letter(to, kind, context, edition, key, calendar, headers or {}, channel, about=about)
    return tell_many([made])[0]


def tell_many(letters: Sequence[Letter]) -> list[UUID | None]:
    """The same for many at once, in a few statements."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a message is written outside of the transaction that causes it")
    for letter in letters:
        if letter.kind not in _kinds:
            raise LookupError(f"no message of the kind {letter.kind!r} is registered")
    if not letters:
        return []
    (writer,) = _writers
    return writer(letters)


def tell_in_portions(letters: Sequence[Letter]) -> int:
    """Write what a periodic run found, a unit of work for each portion.

    Returns how many were told now or before.
    """
    told = 0
    for some in chunks(letters):
        with work():
            told += sum(1 for pk in tell_many(some) if pk is not None)
    return told


def unsubscribe_headers(url: str) -> dict[str, str]:
    """What makes mail programmes show a button of their own (RFC 2369, RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def kind_of(name: str) -> Kind:
    """The kind of this name. Raises LookupError where nobody registered it."""
    return _kinds[name]
