"""Connections that are held open: many are taken, and who sends nothing or a byte a second is left.

Waitress takes 100, and keeps each as long as anything comes. A proxy in front does better
(docs/operators/running.md); without one a hundred silent callers would keep everybody else out.
"""

from __future__ import annotations

import time
from typing import Any

from waitress.server import BaseWSGIServer

#: Of the files that the process may open, so many are kept for everything else.
_KEPT = 200
_MOST = 2000
#: A request has so many seconds, and one more for each so many bytes that came.
GRACE, BYTES_A_SECOND = 30.0, 4096
#: Seconds of silence between two requests; how often all connections are looked at.
SILENCE, LOOK = 60, 5


def options() -> dict[str, Any]:
    """For `create_server`: how many connections, for how long."""
    return {
        "connection_limit": _connections(),
        "channel_timeout": SILENCE,
        "cleanup_interval": LOOK,
        # More than 1,024 files are beyond what `select` knows.
        "asyncore_use_poll": True,
    }


def _connections() -> int:
    try:
        import resource
    except ImportError:  # Windows
        return _MOST
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST + _KEPT
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(100, min(_MOST, soft - _KEPT) if soft > 0 else _MOST)


class Watched:
    """A request that knows since when it is read, and how much of it came."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.came = 0

    def is_slow(self) -> bool:
        return time.monotonic() - self.began > GRACE + self.came / BYTES_A_SECOND


def leave(server: BaseWSGIServer) -> None:
    """Close the connections whose request comes too slowly; as often as waitress looks at them."""
    for channel in list(server.active_channels.values()):
        request = channel.request
        if isinstance(getattr(request, "watched", None), Watched) and request.watched.is_slow():
            channel.will_close = True
