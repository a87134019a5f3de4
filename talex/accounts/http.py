"""What a request carries once the middlewares of this room have seen it."""

from __future__ import annotations

from django.http import HttpRequest

from talex.core.actor import Actor


class ActorRequest(HttpRequest):
    """A request whose `actor` is known (for annotations)."""

    actor: Actor
