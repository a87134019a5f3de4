"""The link in a mail by which its reader wants no more of its kind, without signing in (RFC 8058).

A token names the address the mail went to, the group of kinds and the conference. Whoever has the
mail has the token; it opens nothing else. It does not expire: a mail may be read after years, when
its row was pruned long ago, so the token holds what it is about itself. It is encrypted, because
links end in the logs of servers and proxies, where nobody should read an address of e-mail.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

SALT = "talex.messages.unsubscribe"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a token is about. `group` is a name of `outbox.Group`, or several with commas between;
    `edition` None: of no one conference. `daily`: it stands in a daily mail, so who takes it back
    has them once a day again."""

    address: str
    group: str
    edition: UUID | None = None
    daily: bool = False

    @property
    def groups(self) -> list[str]:
        """The names one by one."""
        return self.group.split(",")


def token_of(about: Subscription) -> str:
    """What stands in the link."""
    edition = str(about.edition) if about.edition else ""
    told = [about.address.lower(), about.group, edition, *(["daily"] if about.daily else [])]
    return _cipher().encrypt(json.dumps(told).encode()).decode().rstrip("=")


def read_token(token: str) -> Subscription | None:
    """What the token is about; None where it is not ours."""
    try:
        address, group, edition, *more = _told(token)
        return Subscription(
            str(address), str(group), UUID(edition) if edition else None, "daily" in more
        )
    except (InvalidToken, signing.BadSignature, ValueError, TypeError):
        return None


def _told(token: str) -> list[str]:
    if ":" in token:  # as mails were sent before: signed, and readable
        signed: list[str] = signing.loads(token, salt=SALT)
        return signed
    told: list[str] = json.loads(_cipher().decrypt(token + "=" * (-len(token) % 4)))
    return told


def _cipher() -> MultiFernet:
    """By the key of the installation; what was sent under a former one is read still."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in keys])


def _key(secret: str | bytes) -> bytes:
    made = salted_hmac(f"{SALT}.key", b"", secret=secret, algorithm="sha256")
    return urlsafe_b64encode(made.digest())


def link(about: Subscription) -> str:
    """The whole address: a GET asks, a POST does it."""
    return settings.TALEX_URL + reverse("messages:unsubscribe", args=[token_of(about)])
