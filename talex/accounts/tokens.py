"""Keys for programs and secrets of links: how they look, how they are recognised.

Neither a key nor a secret is ever kept, only its digest.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.http import HttpRequest

from talex.accounts.models import ApiToken
from talex.core import clock
from talex.core.prepared import PreparedRecords

# A fixed beginning, so that scanners find a token that was published by mistake.
BEGINNING = "talex_"
# Writing the time of the last use on every call would make each read a write.
_USE_EVERY = timedelta(minutes=5)


def make() -> str:
    """A new key: 43 random signs (256 bits) after the beginning."""
    return BEGINNING + secret()


def secret() -> str:
    """What a link or a key holds that nobody guesses: 43 random signs (256 bits)."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256 in hexadecimal. What is digested is random and long: no salt, no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def bearer(request: HttpRequest) -> str:
    """The key in the header `Authorization: Bearer …`, on the API's addresses only."""
    if not request.path.startswith("/api/"):
        return ""
    kind, _space, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if kind.lower() == "bearer" else ""


_TOKENS = PreparedRecords(
    lambda digest: ApiToken.objects.select_related("user").filter(digest=digest).order_by()
)


def user_of(key: str) -> ApiToken | None:
    """The usable token of this key with its user, or None."""
    found = _TOKENS(digest(key))
    token = found[0] if found else None
    if token is None or not token.usable or not token.user.is_active:
        return None
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at > _USE_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token
