"""The link in a mail by which its reader wants no more of its kind, without signing in (RFC 8058).

A token names the address the mail went to, the group of kinds and the conference. Whoever has the
mail has the token; it opens nothing else. It does not expire: a mail may be read after years.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "talex.messages.unsubscribe"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a token is about. `group` is a name of `outbox.Group`; `edition` None: of no one."""

    address: str
    group: str
    edition: UUID | None = None


def token_of(about: Subscription) -> str:
    """What stands in the link."""
    edition = str(about.edition) if about.edition else ""
    return signing.dumps([about.address.lower(), about.group, edition], salt=SALT, compress=True)


def read_token(token: str) -> Subscription | None:
    """What the token is about; None where it is not ours."""
    try:
        address, group, edition = signing.loads(token, salt=SALT)
        return Subscription(str(address), str(group), UUID(edition) if edition else None)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def link(about: Subscription) -> str:
    """The whole address: a GET asks, a POST does it."""
    return settings.TALEX_URL + reverse("messages:unsubscribe", args=[token_of(about)])
