"""Reading files of strangers in a process of its own, which may end without harm.

The process bounds its own memory and time (`core.bounds`), knows nothing of what the server's
environment holds, and gives back what it writes. Whatever keeps it busy keeps nobody else waiting.
"""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, BinaryIO


class Busy(Exception):
    """Too many others are being read at the moment."""


class Ended(Exception):
    """A limit was met, or the process broke."""


class Apart:
    """Processes of one script: so many at once, and how long the next one waits (seconds)."""

    def __init__(self, script: Path, *, wait: float, at_once: int = 2) -> None:
        self.script = script
        self.wait = wait
        self.turns = BoundedSemaphore(at_once)

    def run(self, *arguments: object, patience: float, given: BinaryIO | bytes = b"") -> bytes:
        """What the script writes, told `arguments` and `given` at its standard input.

        `patience`: seconds of the clock until it is ended. Raises Busy, Ended.
        """
        if not self.turns.acquire(timeout=self.wait):
            raise Busy
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(self.script), *map(str, arguments)],
                capture_output=True,
                timeout=patience,
                env={"PYTHONIOENCODING": "utf-8", "OPENBLAS_NUM_THREADS": "1"},
                check=False,
                **_given(given),
            )
        except subprocess.TimeoutExpired as error:
            raise Ended from error
        finally:
            self.turns.release()
        if done.returncode:
            raise Ended
        return done.stdout


def _given(given: BinaryIO | bytes) -> dict[str, Any]:
    """A file itself as the child's input, or what lies in memory."""
    if isinstance(given, bytes):
        return {"input": given}
    try:
        given.fileno()
    except (OSError, AttributeError, io.UnsupportedOperation):
        return {"input": given.read()}
    return {"stdin": given}
