"""Requests that may arrive twice are carried out once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.canonical import canonical, digest, plain
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.ids import Kept
from talex.core.models import Answer

T = TypeVar("T")


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
    fingerprint = digest(canonical([type(command).__name__, command]))
    with transaction.atomic():
        answer = Answer(actor=actor.id, key=key, command=fingerprint, answered_at=clock.now())
        try:
            with transaction.atomic():
                # Waits here, on PostgreSQL, for the same request that is still running.
                answer.save(force_insert=True)
        except IntegrityError:
            return cast(T, _again(actor, key, fingerprint))
        given = call()
        answer.result = _kept(given)
        answer.save(update_fields=["result"])
    return given


def _kept(given: object) -> Any:
    if isinstance(given, Kept):
        return {"row": given._meta.label_lower, "id": str(given.pk)}
    return {"value": plain(given)}


def _again(actor: Actor, key: str, fingerprint: str) -> Any:
    answer = Answer.objects.get(actor=actor.id, key=key)
    if answer.command != fingerprint:
        raise Conflict(
            _("This idempotency key was used for another request. Use a new key for a new request.")
        )
    result: dict[str, Any] = answer.result or {"value": None}
    if "row" not in result:
        return result["value"]
    model = apps.get_model(result["row"])
    found = model._base_manager.filter(pk=result["id"]).first()
    if found is None:
        raise NotFound
    return found
