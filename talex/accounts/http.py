"""What a request carries once the middlewares of this room have seen it."""

from __future__ import annotations

from django.http import HttpRequest

from talex.core.actor import Actor


class ActorRequest(HttpRequest):
    """A request whose `actor` is known (for annotations)."""

    actor: Actor


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request (in the API, where requests are annotated as Django's own)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def key_of(request: HttpRequest) -> str | None:
    """The idempotency key that the caller sent, for `core.idempotency.once`."""
    return request.headers.get("Idempotency-Key") or None
