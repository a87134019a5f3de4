"""What a file must not hold, whatever it is for: bombs, macros, scripts, disguises.

`check(stream, media_type)` is asked by `core.uploads.store` for every purpose. The looking is done
in a process of its own (`core.looking.child`). It is no virus scanner.
"""

from __future__ import annotations

import io
from math import ceil
from pathlib import Path
from typing import BinaryIO

from talex.core import looking
from talex.core.apart import Apart, Busy, Ended
from talex.core.hazards.refusals import Refused

__all__ = ["Refused", "check"]

_looks = Apart(Path(looking.__file__).with_name("child.py"), wait=3.0)
_MEGABYTES = 1200
#: Seconds of the processor for any file and for each megabyte of it: many times what files take
#: that programs wrote.
_SECONDS, _SECONDS_A_MEGABYTE, _MOST_SECONDS = 4, 1, 30
#: The clock may take so many times as long, where others keep the processor busy.
_PATIENCE = 2


def check(stream: BinaryIO, media_type: str) -> None:
    """Raise Refused where the file is dangerous or broken; the stream's place is put back."""
    place = stream.tell()
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    seconds = min(_SECONDS + ceil(size * _SECONDS_A_MEGABYTE / 2**20), _MOST_SECONDS)
    limits = (_MEGABYTES, seconds)
    try:
        with _looks.turn():
            found = _looks.run(media_type, *limits, patience=seconds * _PATIENCE, given=stream)
    except Busy as error:
        raise Refused("busy") from error
    except Ended as error:
        raise Refused("heavy") from error
    finally:
        stream.seek(place)
    if found:
        raise Refused(found.decode())
