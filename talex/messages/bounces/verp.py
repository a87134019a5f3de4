"""The sender of the envelope as a signed token of the message (variable envelope return paths).

`bounces+<token>@host`: only who got the mail, or carried it, can know the token, so a forged bounce
concerns nothing. The token is in base 32, since some servers write addresses in small letters.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "talex.messages.bounces"
_SIGNED = 10  # bytes: nobody tries 2**80


def _signature(pk: UUID) -> bytes:
    return salted_hmac(SALT, pk.bytes, algorithm="sha256").digest()[:_SIGNED]


def token_of(pk: UUID) -> str:
    return base64.b32encode(pk.bytes + _signature(pk)).decode().rstrip("=").lower()


def sender_of(pk: UUID) -> str:
    """The sender of the envelope; '' where the operator set no address up."""
    name, at, host = settings.TALEX_BOUNCE_ADDRESS.partition("@")
    return f"{name}+{token_of(pk)}@{host}" if at else ""


def message_of(addresses: Iterable[str]) -> UUID | None:
    """The message whose token one of the addresses carries; None where none is genuine."""
    name, at, host = settings.TALEX_BOUNCE_ADDRESS.lower().partition("@")
    for address in addresses:
        local, _at, domain = address.lower().rpartition("@")
        before, plus, token = local.partition("+")
        if not (at and plus) or (before, domain) != (name, host):
            continue
        try:
            data = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
        except (binascii.Error, ValueError):
            continue
        if len(data) != 16 + _SIGNED:
            continue
        pk = UUID(bytes=data[:16])
        if hmac.compare_digest(data[16:], _signature(pk)):
            return pk
    return None
