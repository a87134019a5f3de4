"""One signed request to an address that somebody else chose.

The name is resolved once, every address it has must be public, and the connection goes to exactly
the address that was looked at: a name that answers otherwise the second time gains nothing.
Redirects are not followed, and no proxy of the environment is used.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from standardwebhooks import Webhook

from talex import __version__

#: Seconds: to connect, for each piece of the answer, and for all of it.
CONNECT, READ, WHOLE = 5.0, 15.0, 25.0
#: No more of an answer is read (bytes).
LONGEST = 4096

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Unsuitable(Exception):
    """The address leads to where nothing is sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str
    retry_after: str


def signed_headers(message_id: str, at: datetime, body: str, secrets: list[str]) -> dict[str, str]:
    """https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""
    signatures = [Webhook(secret).sign(message_id, at, body) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
        "Content-Type": "application/json",
        "User-Agent": f"Talex/{__version__}",
    }


def public(address: str) -> bool:
    """Whether the address is one of the open net, also where it is wrapped in IPv6."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if found.teredo is not None:
            return False
        if inner is not None:
            return public(str(inner))
    return found.is_global and not found.is_multicast


def resolve(url: str) -> str:
    """The address to connect to. Raises Unsuitable."""
    parts = urlsplit(url)
    private = bool(settings.TALEX_WEBHOOKS_PRIVATE)
    if parts.scheme != "https" and not (parts.scheme == "http" and private):
        raise Unsuitable("not https")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError) as error:
        raise Unsuitable(f"{parts.hostname}: {error}") from error
    addresses = [str(one[4][0]) for one in found]
    if not addresses:
        raise Unsuitable(f"{parts.hostname}: no address")
    if not private and not all(public(address) for address in addresses):
        raise Unsuitable(f"{parts.hostname} is an address inside")
    return addresses[0]


class _Pinned(HTTPAdapter):
    """Connects to an address, and asks for the certificate of the name."""

    def __init__(self, name: str) -> None:
        self._name = name
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(
            *args, server_hostname=self._name, assert_hostname=self._name, **more
        )


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send it. Raises Unsuitable, `requests.RequestException`."""
    parts, address = urlsplit(url), resolve(url)
    inside = f"[{address}]" if ":" in address else address
    netloc = f"{inside}:{parts.port}" if parts.port else inside
    target = urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))
    until = time.monotonic() + WHOLE
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", _Pinned((parts.hostname or "").rstrip(".")))
        with session.post(
            target,
            data=body,
            headers={**headers, "Host": parts.netloc},
            timeout=(CONNECT, READ),
            allow_redirects=False,
            stream=True,
        ) as answer:
            said = b""
            for piece in answer.iter_content(1024):
                said += piece
                if len(said) >= LONGEST or time.monotonic() > until:
                    break
            return Answer(
                answer.status_code,
                said[:LONGEST].decode("utf-8", "replace"),
                answer.headers.get("Retry-After", ""),
            )
