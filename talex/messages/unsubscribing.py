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
    """What a token is about. `group` is a name of `outbox.Group`, or several with commas between;
    `edition` None: of no one. `daily`: it stands in a daily mail, so who takes it back has them
    once a day again."""

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
    return signing.dumps(told, salt=SALT, compress=True)


def read_token(token: str) -> Subscription | None:
    """What the token is about; None where it is not ours."""
    try:
        address, group, edition, *more = signing.loads(token, salt=SALT)
        return Subscription(
            str(address), str(group), UUID(edition) if edition else None, "daily" in more
        )
    except (signing.BadSignature, ValueError, TypeError):
        return None


def link(about: Subscription) -> str:
    """The whole address: a GET asks, a POST does it."""
    return settings.TALEX_URL + reverse("messages:unsubscribe", args=[token_of(about)])
