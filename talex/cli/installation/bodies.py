"""Bodies that are larger than is taken: the site itself says so, in the reader's language.

Waitress would answer them in plain English and hang up while they are still being sent, of which
browsers only show that the connection broke. Here the rest is read past, kept nowhere, and then the
site is asked as for an empty body, with a mark at which it refuses (`web.nowhere`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import WSGITask
from waitress.utilities import RequestEntityTooLarge

from talex.cli.installation import slow
from talex.web.nowhere import UNREAD

#: So much of a body is read past; of a larger one the connection is closed after the answer.
READ_PAST = 2 * 1024**3


class _Nowhere:
    """What waitress writes a body to."""

    def append(self, data: bytes) -> None: ...

    def __len__(self) -> int:
        return 0

    def getfile(self) -> BytesIO:
        return BytesIO()

    def close(self) -> None: ...


class Parser(HTTPRequestParser):
    """Reads past what waitress refuses as too large."""

    unread = False
    expect_continue: bool = False
    _past = 0

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.watched = slow.Watched()

    def received(self, data: bytes) -> int:
        """As waitress': the bytes of `data` that belong to this request."""
        self.watched.came += len(data)
        if self.unread and not self.completed:
            return self._passed(data)
        consumed: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self._begin()
        return consumed

    def _begin(self) -> None:
        self.unread, self.error = True, None
        self.body_rcv.getbuf().close()
        self.body_rcv.buf = _Nowhere()
        # Who waits to be told to go on sends nothing; of a few terabytes nobody waits for the end.
        self.completed = self.expect_continue or self.content_length > READ_PAST
        self.expect_continue = False
        self.headers |= {"CONTENT_LENGTH": "0", "CONNECTION": "close"}

    def _passed(self, data: bytes) -> int:
        body = self.body_rcv
        consumed: int = body.received(data)
        self._past += consumed
        self.error = body.error
        self.completed = bool(body.completed or body.error or self._past > READ_PAST)
        return consumed


class _Task(WSGITask):
    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[UNREAD] = getattr(self.request, "unread", False)
        return environ


class _Channel(HTTPChannel):
    parser_class = Parser
    task_class = _Task


def watch(sockets: Mapping[int, object]) -> None:
    """Let these servers of waitress read so; before they are run."""
    for one in sockets.values():
        if isinstance(one, BaseWSGIServer):
            one.channel_class = _Channel
            one.maintenance = partial(_maintain, one, one.maintenance)


def _maintain(server: BaseWSGIServer, silent: Callable[[float], None], now: float) -> None:
    silent(now)
    slow.leave(server)
