"""Reading files of strangers in a process of its own, which may end without harm.

The process bounds its own memory and time (`core.bounds`), knows nothing of what the server's
environment holds, and gives back what it writes. Whatever keeps it busy keeps nobody else waiting.
"""

from __future__ import annotations

import errno
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any, BinaryIO

log = logging.getLogger(__name__)
#: How the system ends what used up its time, or wrote more than it may.
_TOO_MUCH = (signal.SIGXCPU, signal.SIGXFSZ, signal.SIGKILL)


class Busy(Exception):
    """Too many others are being read at the moment."""


class Ended(Exception):
    """The process broke, or met a limit: `too_long` where that was its time or what it wrote."""

    def __init__(self, too_long: bool = False) -> None:
        super().__init__()
        self.too_long = too_long


#: Threads of this process that are in or wait for a turn, whatever is read; see `leave_free`.
_room = BoundedSemaphore(6)


def leave_free(threads: int) -> None:
    """Of so many threads of a server, two at least serve who sends no file (one where there are
    two)."""
    global _room
    _room = BoundedSemaphore(max(1, threads - 2))


class Apart:
    """Processes of one script: so many at once, and how long the next one waits (seconds)."""

    def __init__(self, script: Path, *, wait: float, at_once: int = 2) -> None:
        self.script = script
        self.wait = wait
        self._turns = BoundedSemaphore(at_once)

    @contextmanager
    def turn(self, wait: float | None = None) -> Iterator[None]:
        """Within it one may `run`. Raises Busy, at once where too many wait already."""
        room = _room
        if not room.acquire(blocking=False):
            raise Busy
        try:
            if not self._turns.acquire(timeout=max(0.0, self.wait if wait is None else wait)):
                raise Busy
            try:
                yield
            finally:
                self._turns.release()
        finally:
            room.release()

    def run(
        self,
        *arguments: object,
        patience: float,
        given: BinaryIO | bytes = b"",
        into: IO[bytes] | None = None,
    ) -> bytes:
        """What the script writes (where not `into` a file), told `arguments`, and `given` at its
        standard input.

        `patience`: seconds of the clock until it is ended. Raises Ended; OSError where there is
        no room on the disk, which is no fault of the file.
        """
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(self.script), *map(str, arguments)],
                stdout=into or subprocess.PIPE,
                stderr=subprocess.PIPE,
                timeout=patience,
                env={"PYTHONIOENCODING": "utf-8", "OPENBLAS_NUM_THREADS": "1"},
                check=False,
                **_given(given),
            )
        except subprocess.TimeoutExpired as error:
            raise Ended(too_long=True) from error
        if done.returncode:
            told = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            log.warning("%s ended with %d: %s", self.script.name, done.returncode, told[:500])
        if done.returncode == errno.ENOSPC:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(into))
        if done.returncode:
            raise Ended(too_long=-done.returncode in _TOO_MUCH)
        return done.stdout or b""


def _given(given: BinaryIO | bytes) -> dict[str, Any]:
    """A file itself as the child's input, or what lies in memory."""
    if isinstance(given, bytes):
        return {"input": given}
    try:
        given.fileno()
    except (OSError, AttributeError):
        return {"input": given.read()}
    return {"stdin": given}
