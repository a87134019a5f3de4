"""From which address a request comes, also behind reverse proxies that are trusted."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@lru_cache(maxsize=8)
def _networks(given: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(one, strict=False) for one in given)


def _address(text: str) -> Address | None:
    try:
        found = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped or found


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks; '' where the server does not tell one.

    `X-Forwarded-For` is believed only as far as TALEX_TRUSTED_PROXIES wrote it: read from the
    right, the first address that is no trusted proxy counts. What stands left of it anybody can
    have written.
    """
    peer = _address(request.META.get("REMOTE_ADDR", "") or "")
    if peer is None:
        return ""
    trusted = _networks(tuple(settings.TALEX_TRUSTED_PROXIES))
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    here = peer
    while hops and any(here in network for network in trusted):
        before = _address(hops.pop())
        if before is None:
            break
        here = before
    return str(here)


def network_of(address: str) -> str:
    """What limits count for: an IPv4 address, of IPv6 the /64 that one household holds."""
    found = _address(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{found}/64", strict=False))
    return str(found or "")
