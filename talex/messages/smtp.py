"""SMTP in two steps, so that a mail is neither lost nor sent twice.

A server has a mail once it has read the line with the single dot that ends it (RFC 5321, 4.1.1.4);
a connection that breaks before leaves nothing behind. So everything but that line is sent first;
then the outbox writes down that the mail is being handed over, and only then the line goes.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

#: Seconds that a server may take for one answer.
PATIENCE = 60


def _nothing() -> None:
    """A connection that nobody watches (it is opened, and its mails are sent at once)."""


class _TwoSteps(smtplib.SMTP):
    before_end: Callable[[], None] = staticmethod(_nothing)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """As smtplib's, with `before_end()` called right before the line that ends the mail."""
        self.putcmd("data")
        code, answer = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, answer)
        content = msg.encode("ascii") if isinstance(msg, str) else msg
        content = re.sub(rb"(?m)^\.", b"..", content)
        if not content.endswith(b"\r\n"):
            content += b"\r\n"
        self.send(content)
        self.before_end()
        self.send(b".\r\n")
        return self.getreply()


class _TwoStepsSSL(_TwoSteps, smtplib.SMTP_SSL):
    pass


class TwoStepBackend(EmailBackend):
    """Django's, with `before_end` for the mail that is sent next."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "timeout": options.get("timeout") or PATIENCE})

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _TwoStepsSSL if self.use_ssl else _TwoSteps

    def watch(self, before_end: Callable[[], None]) -> None:
        """Call this before the last line of the next mail; needs an open connection."""
        self.connection.before_end = before_end  # type: ignore[union-attr]

    def drop(self) -> None:
        """Hang up without a word: in the middle of a mail, a QUIT would be a line of it."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None
