"""What a file must not hold, whatever it is for: bombs, macros, scripts, disguises.

`check(stream, media_type)` is asked by `core.uploads.store` for every purpose; it opens nothing
with a foreign parser, unpacks in pieces to nowhere, and stops at its limits. It is no virus
scanner.
"""

from __future__ import annotations

import pickletools
from typing import BinaryIO

from talex.core.hazards import archives, pdfs, pictures
from talex.core.hazards.refusals import Refused

__all__ = ["Refused", "check"]

_PROGRAMS = (
    b"\x7fELF", b"MZ", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf",
    b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"#!", b"L\x00\x00\x00\x01\x14\x02",
)  # fmt: skip
# The harmless file by which scanners are tried; split, so that no scanner finds this source.
_TRIAL = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!"


def check(stream: BinaryIO, media_type: str) -> None:
    """Raise Refused where the file is dangerous or broken; the stream's place is put back."""
    place = stream.tell()
    try:
        stream.seek(0)
        head = stream.read(4096)
        if _TRIAL in head:
            raise Refused("virus")
        if head.startswith(_PROGRAMS) or _pickled(head):
            raise Refused("program")
        if media_type.startswith("image/"):
            pictures.check(stream, media_type)
        elif media_type == "application/pdf":
            pdfs.check(stream)
        elif media_type == "application/gzip":
            raise Refused("unfolds")
        elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            archives.check(stream)
    finally:
        stream.seek(place)


def _pickled(head: bytes) -> bool:
    """A pickle says its protocol first and can be read as its instructions."""
    if len(head) < 3 or head[0] != 0x80 or head[1] not in range(2, 6):
        return False
    try:
        next(iter(pickletools.genops(head)))
    except (ValueError, StopIteration):
        return False
    return True
