"""The ways a service may refuse. Views, API and command line translate them once each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Message = str | Promise
"""Text for a person: a lazily translated string, so that it is read in the reader's language."""


class TalexError(Exception):
    """The base of every refusal of a service."""

    default: Message = _("That did not work.")

    def __init__(self, message: Message | None = None) -> None:
        self.message: Message = message if message is not None else self.default
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(TalexError):
    """The actor may not do this."""

    default = _("You are not allowed to do this. Ask the organiser's office for the role you need.")


class NotFound(TalexError):
    """There is no such thing, or not for this actor."""

    default = _("This was not found. It may have been removed, or it is not open to you.")


class TooMany(TalexError):
    """It was done too often; `seconds` says how long to wait."""

    default = _("Too many attempts. Wait a little and try again.")

    def __init__(self, message: Message | None = None, *, seconds: int = 60) -> None:
        super().__init__(message)
        self.seconds = seconds


class Conflict(TalexError):
    """The state does not permit it (any more): taken, expired, changed meanwhile."""

    # Not "by somebody else": it may have been one's own other window.
    default = _("This was changed since you opened it. Load the page again and retry.")

    def __init__(self, message: Message | None = None, *, items: Sequence[Message] = ()) -> None:
        super().__init__(message)
        self.items = list(items)


class Invalid(TalexError):
    """Some fields are wrong: field name -> messages; the key '' is for the whole command."""

    default = _("Some answers need another look.")

    def __init__(self, fields: Mapping[str, Message | Sequence[Message]]) -> None:
        super().__init__(self.default)
        self.fields: dict[str, list[Message]] = {
            name: [given] if isinstance(given, str | Promise) else list(given)
            for name, given in fields.items()
        }

    def __str__(self) -> str:
        told = (
            f"{name}: {message}" if name else str(message)
            for name, messages in self.fields.items()
            for message in messages
        )
        return f"{self.message} " + " ".join(told)
