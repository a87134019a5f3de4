"""Pictures: whole, of a size that can be shown, nothing behind their end. None is decoded."""

from __future__ import annotations

import struct
import zlib
from typing import BinaryIO

from talex.core.hazards.refusals import Refused

MOST_PIXELS = 50_000_000
MOST_SIDE = 16_000
MOST_READ = 64 * 1024 * 1024
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}


def check(stream: BinaryIO, media_type: str) -> None:
    """Refuse a picture that is broken, huge, or something else as well."""
    stream.seek(0)
    content = stream.read(MOST_READ + 1)
    if len(content) > MOST_READ:
        raise Refused("too_many_pixels")
    read = {"image/png": _png, "image/jpeg": _jpeg, "image/gif": _gif, "image/webp": _webp}
    try:
        width, height, end = read[media_type](content)
    except (struct.error, IndexError, KeyError) as error:
        raise Refused("broken") from error
    if not (width and height):
        raise Refused("broken")
    if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
        raise Refused("too_many_pixels")
    if content[end:].strip(b"\0\r\n "):
        raise Refused("disguised")


def _png(content: bytes) -> tuple[int, int, int]:
    at, width, height, data = 8, 0, 0, False
    while True:
        length, kind = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        (told,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(kind + body) != told:
            raise Refused("broken")
        if kind == b"IHDR":
            width, height = struct.unpack_from(">II", body)
        data |= kind == b"IDAT"
        at += 12 + length
        if kind == b"IEND":
            if not data:
                raise Refused("broken")
            return width, height, at


def _jpeg(content: bytes) -> tuple[int, int, int]:
    at, width, height = 2, 0, 0
    while True:
        if content[at] != 0xFF:
            raise Refused("broken")
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
        at += 2 + length
        if marker == 0xDA:
            break
    # Cameras append further pictures (MPO), so the last end counts.
    end = content.rfind(b"\xff\xd9")
    if end < at:
        raise Refused("broken")
    return width, height, end + 2


def _gif(content: bytes) -> tuple[int, int, int]:
    width, height = struct.unpack_from("<HH", content, 6)
    end = content.rfind(b"\x3b")
    if end < 13:
        raise Refused("broken")
    return width, height, end + 1


def _webp(content: bytes) -> tuple[int, int, int]:
    (size,) = struct.unpack_from("<I", content, 4)
    end = 8 + size
    if end > len(content):
        raise Refused("broken")
    kind = content[12:16]
    if kind == b"VP8X":
        width = 1 + int.from_bytes(content[24:27], "little")
        height = 1 + int.from_bytes(content[27:30], "little")
    elif kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif kind == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", content, 26))
    else:
        raise Refused("broken")
    return width, height, end
