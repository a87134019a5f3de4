"""Whether the parser of workbooks survives a file: tried in a process that may end without harm.

The parser is native code. It trusts counts and places that a file names, asks for as much memory as
they say, and where that is not there the whole process ends. Guards that read the file before
(`workbook.check_package`) refuse what they know of; this holds for what they do not.
"""

from __future__ import annotations

import subprocess
import sys
from collections import OrderedDict
from pathlib import Path
from threading import BoundedSemaphore, Lock

from talex.participants.importing.notes import TableError

CHILD = Path(__file__).with_name("trial_child.py")
#: More than any list needs that is within the limits of its size.
MEGABYTES, SECONDS, PATIENCE = 1200, 20, 40.0
#: How long somebody waits for their turn: threads that wait serve nobody else.
WAIT = 5.0
_KEPT = 256

_turns = BoundedSemaphore(2)
_lock = Lock()
_fine: OrderedDict[tuple[int, int, int, int, str | None], None] = OrderedDict()


def survives(path: Path, sheet: str | None = None) -> bool:
    """Whether the parser opens the file, and reads the sheet, to the end or refuses it; each is
    tried once. Raises `TableError` (busy) where too many others are being tried."""
    found = path.stat()
    known = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, sheet)
    with _lock:
        if known in _fine:
            return True
    if not _turns.acquire(timeout=WAIT):
        raise TableError("busy")
    try:
        fine = _tried(path, sheet)
    finally:
        _turns.release()
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
    except (subprocess.TimeoutExpired, ValueError):  # or a name that no process can be given
        return False
    return done.returncode == 0
