"""Mail that is printed, where no mail server is set up (TALEX_MAIL_URL=console://)."""

from __future__ import annotations

import sys
from typing import Any

from django.core.mail.backends.console import EmailBackend as Printed


class EmailBackend(Printed):
    """To standard error, so that the answer of a command (`--json`) stays clean."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("stream", sys.stderr)
        super().__init__(*args, **kwargs)
