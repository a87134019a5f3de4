"""The lines of a CV file, got out of it by a process that may fail without harm."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

MEGABYTES, SECONDS, PATIENCE = 900, 25, 40.0
CHILD = Path(__file__).with_name("child.py")

#: A server reads so many files at once; the next one waits a little, then is told to come back.
_turns = BoundedSemaphore(2)
_WAIT = 20.0


class Unreadable(Exception):
    """`code` says why: broken, encrypted, no_text, macros, unpacks, entities, too_heavy, busy."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def lines_of(
    path: Path, kind: str, *, megabytes: int = MEGABYTES, seconds: int = SECONDS
) -> list[str]:
    """The text of a `docx` or `pdf` as lines in reading order. Raises `Unreadable`."""
    if not _turns.acquire(timeout=_WAIT):
        raise Unreadable("busy")
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(CHILD), str(path), kind, str(megabytes), str(seconds)],
            capture_output=True,
            timeout=min(PATIENCE, seconds + 15.0),
            stdin=subprocess.DEVNULL,
            env={"PYTHONIOENCODING": "utf-8", "OPENBLAS_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too_heavy") from error
    finally:
        _turns.release()
    try:
        told = json.loads(done.stdout)
    except ValueError as error:
        # Ended by a limit before it could answer.
        raise Unreadable("too_heavy" if done.returncode else "broken") from error
    if "fault" in told:
        raise Unreadable(str(told["fault"]))
    return [str(line) for line in told["lines"]]
