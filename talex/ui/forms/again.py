"""A form that is sent twice is carried out once.

A page puts a key into each form (`key_for`). Of a signed-in person it is kept, with what was sent,
before the service is called, and forgotten where the service refuses. No transaction stands around
the call: it may read large files, and nobody else waits for that. Kept is where it led to, not what
was told: that may name people.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from talex.core import idempotency
from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Conflict
from talex.core.models import Answer

KEY_FIELD = "idempotency_key"
#: How long the second of two clicks waits for the first.
WAIT_SECONDS = 5.0
#: So long the same form is the same click, or the same request that was sent again by itself.
AT_ONCE_SECONDS = 60
_NOT_SAID = {KEY_FIELD, "csrfmiddlewaretoken"}

SENT_BEFORE = _("This form was sent before, and it was done once.")
SPENT = _(
    "This form was sent before, with other content, and that was done. Look at what it made; to "
    "have this done as well, press the button again."
)
UNSURE = _(
    "The same form is still being carried out, or was broken off. Look whether it was done; if it "
    "was not, press the button again."
)


DONE_BEFORE = _(
    "This form was sent before and done, and something may have changed since. To have it done as "
    "it stands here, press the button again."
)


class SentBefore(Exception):
    """The form was sent before and done; `url` is where that led to."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


def key_for(request: HttpRequest) -> str:
    """The idempotency key of this form: the one sent (unless it is used up), else a new one."""
    sent = _sent_key(request)
    if sent and not getattr(request, "_ui_key_spent", False):
        return sent
    made: str | None = getattr(request, "_ui_idempotency_key", None)
    if made is None:
        made = str(uuid.uuid4())
        request._ui_idempotency_key = made  # type: ignore[attr-defined]
    return made


def begin(request: HttpRequest, form: forms.BaseForm) -> Answer | None:
    """The row that keeps this form, now to be carried out; None where it carries no key.

    Raises `SentBefore` where it was done, `Conflict` where the key was used for other content; then
    whoever sends the form that is shown again sends a new one.
    """
    actor: Actor | None = getattr(request, "actor", None)
    key = _sent_key(request)
    if actor is None or not actor.signed_in or not key:
        return None
    # One page may show several forms, under one key.
    place = hashlib.sha256(f"{request.path} {type(form).__name__}".encode()).hexdigest()
    try:
        row, new = idempotency.begin(actor, f"page {key} {place}", _said(request))
    except Conflict as error:
        raise _used_up(request, SPENT) from error
    if new:
        return row
    if _long_ago(row):
        raise _used_up(request, DONE_BEFORE)
    try:
        told = idempotency.told_before(row, seconds=WAIT_SECONDS, closed_since=lambda _at: False)
    except Conflict as error:
        done = Answer.objects.filter(pk=row.pk, result__isnull=False).exists()
        raise _used_up(request, error if done else UNSURE) from error
    raise SentBefore(told["url"])


def _long_ago(row: Answer) -> bool:
    """A second click comes at once; whoever sends an old page again means it perhaps."""
    return row.result is not None and now() - row.answered_at > timedelta(seconds=AT_ONCE_SECONDS)


def carried_out(row: Answer | None, call: Callable[[], Any]) -> Any:
    """What `call()` gives; where it is refused the same form may be sent again."""
    try:
        result = call()
    except BaseException:
        drop(row)
        raise
    if row is not None and isinstance(result, HttpResponseBase):
        if 300 <= result.status_code < 400 or "HX-Redirect" in result:
            idempotency.forget(row)  # it leads on, or back: sent again it leads there again
        else:
            idempotency.end(row, None)  # it may show a secret, once
    return result


def keep(row: Answer | None, url: str) -> None:
    """The form was done and led to `url`."""
    if row is not None:
        idempotency.end(row, {"url": url})


def drop(row: Answer | None) -> None:
    """The form was refused: it may be sent again."""
    if row is not None:
        idempotency.forget(row)


def _used_up(request: HttpRequest, why: Any) -> Conflict:
    request._ui_key_spent = True  # type: ignore[attr-defined]
    return Conflict(str(why))


def _sent_key(request: HttpRequest) -> str:
    try:
        return str(uuid.UUID(request.POST.get(KEY_FIELD, "")))
    except ValueError:
        return ""


def _said(request: HttpRequest) -> list[Any]:
    """What was typed and chosen; of files their content."""
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in _NOT_SAID}
    files = [
        [name, one.name, _digest(one)]
        for name in request.FILES
        for one in request.FILES.getlist(name)
    ]
    return [request.get_full_path(), typed, files]


def _digest(file: Any) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()
