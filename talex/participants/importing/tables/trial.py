"""Whether the parser of workbooks survives a file: tried in a process that may end without harm.

The parser is native code. It trusts counts and places that a file names, asks for as much memory as
they say, and where that is not there the whole process ends. Guards that read the file before
(`workbook.check_package`) refuse what they know of; this holds for what they do not.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import OrderedDict
from pathlib import Path
from threading import BoundedSemaphore, Lock

from talex.participants.importing.notes import TableError

CHILD = Path(__file__).with_name("trial_child.py")
#: More than any list needs that is within the limits of its size.
MEGABYTES, SECONDS, PATIENCE = 1200, 20, 40.0
#: How long somebody waits for their turns, all together: threads that wait serve nobody else.
WAIT = 3.0
_KEPT = 256

_turns = BoundedSemaphore(2)
_lock = Lock()
_fine: OrderedDict[tuple[int, int, int, int, str | None], None] = OrderedDict()


class Patience:
    """What is left of the time that one workbook may wait for its turns, and be tried, in
    seconds."""

    def __init__(self, trying: float | None = None) -> None:
        self.waiting = WAIT
        self.trying = SECONDS if trying is None else trying


def survives(path: Path, sheet: str | None = None, patience: Patience | None = None) -> bool:
    """Whether the parser opens the file, and reads the sheet, to the end or refuses it; each is
    tried once. Raises `TableError`: busy where too many others are being tried, unpacks_too_large
    where the patience is over."""
    left = patience or Patience()
    found = path.stat()
    known = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, sheet)
    with _lock:
        if known in _fine:
            return True
    if left.trying <= 0:
        raise TableError("unpacks_too_large")
    began = time.monotonic()
    if not _turns.acquire(timeout=max(0.0, left.waiting)):
        raise TableError("busy")
    turn = time.monotonic()
    left.waiting -= turn - began
    try:
        fine = _tried(path, sheet)
    finally:
        _turns.release()
        left.trying -= time.monotonic() - turn
    if fine:
        with _lock:
            _fine[known] = None
            while len(_fine) > _KEPT:
                _fine.popitem(last=False)
    return fine


def _tried(path: Path, sheet: str | None) -> bool:
    command = [sys.executable, "-I", str(CHILD), str(path), str(MEGABYTES), str(SECONDS)]
    command += [] if sheet is None else [sheet]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=PATIENCE, stdin=subprocess.DEVNULL, check=False
        )
    except (subprocess.TimeoutExpired, ValueError, OSError):  # or no name that can be given
        return False
    return done.returncode == 0
