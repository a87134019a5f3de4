"""What a request carries once the middlewares of this room have seen it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Invalid

KEY_HEADER = "Idempotency-Key"


class ActorRequest(HttpRequest):
    """A request whose `actor` is known (for annotations)."""

    actor: Actor


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request (in the API, where requests are annotated as Django's own)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def sent_key(request: HttpRequest) -> str | None:
    """The idempotency key of the header, always written alike. Raises `Invalid` for no UUID."""
    sent = request.headers.get(KEY_HEADER)
    if sent is None:
        return None
    try:
        return str(UUID(sent.strip()))
    except ValueError:
        raise Invalid(
            {KEY_HEADER: _("Give a UUID, a new one for each thing that you want done.")}
        ) from None


def key_of(request: HttpRequest) -> str | None:
    """The key for `core.idempotency.once`; none where the API sees to it itself
    (`api.repeating`)."""
    return None if getattr(request, "key_is_kept", False) else sent_key(request)
