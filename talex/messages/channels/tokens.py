"""Access tokens of WeChat and WeCom: fetched once, kept until shortly before they end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.cache import cache

from talex.messages.channels.base import Later, ask

#: Seconds before its end that a token is not used any more.
_MARGIN = 300
#: The token is not valid (any more): fetch another one, once.
STALE = {40001, 40014, 42001}


def token(key: str, fetch: Callable[[], tuple[str, int]], *, fresh: bool = False) -> str:
    """The token kept under `key`, or a new one from `fetch` -> (token, seconds)."""
    kept = None if fresh else cache.get(key)
    if kept:
        return str(kept)
    found, seconds = fetch()
    cache.set(key, found, timeout=max(seconds - _MARGIN, 60))
    return found


def answer_of(url: str, **what: Any) -> dict[str, Any]:
    """What one of these providers answers; raises Later where it is out of order."""
    status, said, text = ask(url, **what)
    if status >= 500 or not said:
        raise Later(f"{status}: {text[:200]}")
    return said
