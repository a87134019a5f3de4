"""Telling the result of an act where it happened, with a way back where there is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

from talex.core.errors import Conflict

_UNDO = "undo:"


def flash_done(request: HttpRequest, act: Callable[[], object], done: Any) -> None:
    """Carry out `act` and say `done`, or why it cannot be done (any more): the page that is shown
    next says where it stands."""
    try:
        act()
    except Conflict as error:
        flash(request, str(error), state="warning")
    else:
        flash(request, done)


def flash(request: HttpRequest, text: Any, *, state: str = "ok", undo_url: str = "") -> None:
    """Say `text` on the next page shown. `state` is ok, info, warning or danger.

    `undo_url` is an address that takes a POST and takes the act back.
    """
    level = {
        "ok": messages.SUCCESS,
        "info": messages.INFO,
        "warning": messages.WARNING,
        "danger": messages.ERROR,
    }[state]
    messages.add_message(request, level, text, extra_tags=f"{_UNDO}{undo_url}" if undo_url else "")


def undo_url(message: Message) -> str:
    """The address that takes the told act back, or an empty string."""
    tags = message.extra_tags or ""
    url = tags.removeprefix(_UNDO) if tags.startswith(_UNDO) else ""
    # Only an address of this site: the text of a message may come from far away.
    return url if url.startswith("/") and not url.startswith("//") else ""
