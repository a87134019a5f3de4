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

CHILD = Path(__file__).with_name("trial_child.py")
#: More than any list needs that is within the limits of its size.
MEGABYTES, SECONDS, PATIENCE = 1200, 60, 90.0
_KEPT = 64

_turns = BoundedSemaphore(2)
_lock = Lock()
_fine: OrderedDict[tuple[int, int, int, int], None] = OrderedDict()


def survives(path: Path, *, megabytes: int = MEGABYTES) -> bool:
    """Whether the parser reads the file to its end or refuses it; each file is tried once."""
    found = path.stat()
    known = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
    with _lock:
        if known in _fine:
            return True
    with _turns:
        fine = _tried(path, megabytes)
    if fine:
        with _lock:
            _fine[known] = None
            while len(_fine) > _KEPT:
                _fine.popitem(last=False)
    return fine


def _tried(path: Path, megabytes: int) -> bool:
    command = [sys.executable, "-I", str(CHILD), str(path), str(megabytes), str(SECONDS)]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=PATIENCE, stdin=subprocess.DEVNULL, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
