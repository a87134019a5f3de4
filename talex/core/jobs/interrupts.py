"""Ctrl-C while a job runs in the process of a command.

Python raises KeyboardInterrupt wherever it happens to be: in a finaliser or a callback of an
extension that is swallowed, in the first import of one it comes out as some other exception. So it
is remembered as well: the job's next step raises it again, and what fails after it counts as
interrupted.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_seen = threading.Event()


@contextmanager
def remembered() -> Iterator[None]:
    """Within it Ctrl-C is remembered; where something else answers to it, or ignores it, that
    stays."""
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield
        return
    _seen.clear()
    signal.signal(signal.SIGINT, _on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _seen.clear()


def _on_interrupt(number: int, frame: FrameType | None) -> None:
    _seen.set()
    raise KeyboardInterrupt


def raise_again() -> None:
    """Raise KeyboardInterrupt where it came and was lost; in the thread it is meant for."""
    if _seen.is_set() and threading.current_thread() is threading.main_thread():
        raise KeyboardInterrupt
