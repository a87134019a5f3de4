"""Looks through the file on the standard input; a process of its own (see `hazards`).

It is told the type, and how much memory and time it may take, and writes the code of what was
found: nothing for a file that may be kept. Being ended by a limit is an answer as well.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

#: The folder that holds Talex, wherever it was started from.
sys.path.insert(0, str(Path(__file__).parents[3]))

from talex.core.bounds import limit
from talex.core.looking import Hazard, look


def main(media_type: str, megabytes: str, seconds: str) -> None:
    limit(int(megabytes), int(seconds))
    given = sys.stdin.buffer
    stream = given if given.seekable() else io.BytesIO(given.read())
    try:
        look(stream, media_type)
    except Hazard as hazard:
        sys.stdout.write(hazard.code)


if __name__ == "__main__":
    main(*sys.argv[1:])
