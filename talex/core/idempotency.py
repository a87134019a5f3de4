"""Requests that may arrive twice are carried out once.

Where making the thing and remembering it are one transaction, a service's caller takes `once`: what
is kept is the row that was made. Where the work is not one transaction, or its answer is no row,
`begin` marks the key as taken before, and `end` keeps the answer (`api.repeating`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.canonical import fingerprint, plain
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.ids import Kept
from talex.core.models import Answer

T = TypeVar("T")
#: How long an answer is kept in its words; that the key was used is known ever after.
KEPT = timedelta(days=1)
_GONE = {"gone": True}
_LOOKS_PER_SECOND = 10
DONE = _("This was done already; what it was answered is not told again.")


def once(actor: Actor, key: str | None, command: Any, call: Callable[[], T]) -> T:
    """Call `call()` unless the actor sent this key before; then give what it gave.

    `command` is what was asked (a dataclass): the same key with another command is a Conflict.
    `call` returns a kept row (looked up again), or what JSON can hold. The key is kept in the
    transaction of the call: where it fails, nothing is kept and the request may be sent again.
    """
    if key is None:
        return call()
    if not actor.signed_in:
        raise NotAllowed
    if not 1 <= len(key) <= 200:
        raise Invalid({"": _("An idempotency key has 1 to 200 characters.")})
    asked = fingerprint([type(command).__name__, command])
    with transaction.atomic():
        answer = Answer(actor=actor.id, key=key, command=asked, answered_at=clock.now())
        try:
            with transaction.atomic():
                # Waits here, on PostgreSQL, for the same request that is still running.
                answer.save(force_insert=True)
        except IntegrityError:
            return cast(T, _again(actor, key, asked))
        given = call()
        answer.result = _kept(given)
        answer.save(update_fields=["result"])
    return given


def begin(actor: Actor, key: str, command: object) -> tuple[Answer, bool]:
    """The row of this key, and whether it is new: then whoever asked carries the request out, and
    calls `end` or `forget`. Raises `Conflict` where the key was used for another command."""
    asked = fingerprint(command)
    answer = Answer(actor=actor.id, key=key, command=asked, answered_at=clock.now())
    try:
        with transaction.atomic():
            answer.save(force_insert=True)
    except IntegrityError:
        return _same(actor, key, asked), False
    return answer, True


def end(answer: Answer, told: dict[str, Any] | None) -> None:
    """Keep what the request was answered, or only that it was answered (None: it is secret)."""
    answer.result = {"told": told} if told is not None else _GONE
    answer.answered_at = clock.now()
    answer.save(update_fields=["result", "answered_at"])


def forget(answer: Answer) -> None:
    """The request was refused: it may be sent again under the same key."""
    Answer.objects.filter(pk=answer.pk).delete()


def told_before(
    answer: Answer, *, seconds: float, closed_since: Callable[[datetime], bool]
) -> dict[str, Any]:
    """What the request was answered when it came first; waits while that is still being done.

    `closed_since(moment)`: whether what was answered then may not be read any more. Raises
    `Conflict` where there is no answer to give.
    """
    for _look in range(int(seconds * _LOOKS_PER_SECOND)):
        if answer.result is not None:
            break
        time.sleep(1 / _LOOKS_PER_SECOND)
        found = Answer.objects.filter(pk=answer.pk).first()
        if found is None:
            raise Conflict(_("The same request was refused a moment ago. Send it again."))
        answer = found
    if answer.result is None:
        raise Conflict(
            _(
                "The same request is still being carried out, or was broken off. Look whether it "
                "was done before you send it with a new key."
            )
        )
    told: dict[str, Any] | None = answer.result.get("told")
    if told is None or closed_since(answer.answered_at):
        raise Conflict(DONE)
    return told


def answered(actor: Actor, key: str) -> datetime | None:
    """When the actor's request under this key was answered; None where there was none."""
    rows = Answer.objects.filter(actor=actor.id, key=key)
    return rows.values_list("answered_at", flat=True).first()


def sweep() -> int:
    """Forget answers after a day, not that there was one; called by the worker now and then."""
    old = Answer.objects.filter(answered_at__lt=clock.now() - KEPT)
    return old.filter(Q(result__has_key="told") | Q(result__isnull=True)).update(result=_GONE)


def forget_words() -> None:
    """Forget what was answered, not that it was."""
    Answer.objects.filter(result__has_key="told").update(result=_GONE)


def _kept(given: object) -> Any:
    if isinstance(given, Kept):
        return {"row": given._meta.label_lower, "id": str(given.pk)}
    return {"value": plain(given)}


def _same(actor: Actor, key: str, asked: str) -> Answer:
    answer = Answer.objects.filter(actor=actor.id, key=key).first()
    if answer is None:  # forgotten in this moment
        raise Conflict(_("The same request was refused a moment ago. Send it again."))
    if answer.command != asked:
        raise Conflict(
            _("This idempotency key was used for another request. Use a new key for a new request.")
        )
    return answer


def _again(actor: Actor, key: str, asked: str) -> Any:
    answer = _same(actor, key, asked)
    result: dict[str, Any] = answer.result or {"value": None}
    if "row" not in result:
        return result["value"]
    model = apps.get_model(result["row"])
    found = model._base_manager.filter(pk=result["id"]).first()
    if found is None:
        raise NotFound
    return found
