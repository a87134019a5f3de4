"""Who uses the installation's folder: servers and workers share it, a restore needs it alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from talex.core.errors import Conflict

try:
    import fcntl
except ImportError:  # not on Windows, where an open database file cannot be replaced anyway
    fcntl = None  # type: ignore[assignment]

NAME = "running.lock"


@contextmanager
def _held(exclusive: bool) -> Iterator[bool]:
    """Whether the lock could be had; it goes with the process, however that ends."""
    with (Path(settings.HOME) / NAME).open("a") as stream:
        if fcntl is None:
            yield True
            return
        try:
            fcntl.flock(stream, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def running() -> Iterator[None]:
    """Held by a server or worker as long as it runs."""
    with _held(exclusive=False) as got:
        if not got:
            raise Conflict(_("A backup is being restored here. Start Talex when it is done."))
        yield


@contextmanager
def alone() -> Iterator[None]:
    """Held while everything is replaced. Raises Conflict where a server or worker runs."""
    with _held(exclusive=True) as got:
        if not got:
            raise Conflict(
                _("Talex is running on this installation. Stop `talex serve` and `talex worker`.")
            )
        yield
