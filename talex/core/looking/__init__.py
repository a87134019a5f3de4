"""Looks through the bytes of a file for what it must not hold: bombs, macros, scripts, disguises.

Nothing is opened with a foreign parser; archives are unpacked in pieces to nowhere, and it stops at
its limits. Knows no Django and nothing else of Talex, for it is done in a process of its own
(`child`). Patterns here are looked for in files of strangers: none may look at the same bytes again
and again (`tests/core/test_patterns.py`).
"""

from __future__ import annotations

import pickletools
from typing import BinaryIO

from talex.core.looking import archives, pdfs, pictures
from talex.core.looking.hazard import Hazard

__all__ = ["Hazard", "look"]

_PROGRAMS = (
    b"\x7fELF", b"MZ", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf",
    b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"#!", b"L\x00\x00\x00\x01\x14\x02",
)  # fmt: skip
# The harmless file by which scanners are tried; split, so that no scanner finds this source.
_TRIAL = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!"


def look(stream: BinaryIO, media_type: str) -> None:
    """Raise Hazard where the file is dangerous or broken."""
    stream.seek(0)
    head = stream.read(4096)
    if _TRIAL in head:
        raise Hazard("virus")
    if head.startswith(_PROGRAMS) or _pickled(head):
        raise Hazard("program")
    if media_type.startswith("image/"):
        pictures.check(stream, media_type)
    elif media_type == "application/pdf":
        pdfs.check(stream)
    elif media_type == "application/gzip":
        raise Hazard("unfolds")
    elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        archives.check(stream)


def _pickled(head: bytes) -> bool:
    """A pickle says its protocol first and can be read as its instructions."""
    if len(head) < 3 or head[0] != 0x80 or head[1] not in range(2, 6):
        return False
    try:
        next(iter(pickletools.genops(head)))
    except (ValueError, StopIteration):
        return False
    return True
