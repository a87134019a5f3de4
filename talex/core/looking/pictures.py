"""Pictures: whole, of a size that can be shown, nothing behind their end.

None is decoded; what a PNG packs is unpacked in pieces that are thrown away, to learn its size.
"""

from __future__ import annotations

import struct
import zlib
from typing import BinaryIO

from talex.core.looking.hazard import Hazard

MOST_PIXELS = 50_000_000
MOST_SIDE = 16_000
MOST_READ = 64 * 1024 * 1024
#: Remarks and colour profiles that a PNG packs; the largest profiles in use are about 3 MB.
_MOST_ASIDE = 8 * 1024 * 1024
_PIECE = 256 * 1024
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}


def check(stream: BinaryIO, media_type: str) -> None:
    """Refuse a picture that is broken, huge, or something else as well."""
    stream.seek(0)
    content = stream.read(MOST_READ + 1)
    if len(content) > MOST_READ:
        raise Hazard("too_many_pixels")
    read = {"image/png": _png, "image/jpeg": _jpeg, "image/gif": _gif, "image/webp": _webp}
    try:
        width, height, end = read[media_type](content)
    except (struct.error, IndexError, KeyError) as error:
        raise Hazard("broken") from error
    if not (width and height):
        raise Hazard("broken")
    if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
        raise Hazard("too_many_pixels")
    if content[end:].strip(b"\0\r\n "):
        raise Hazard("disguised")


def _png(content: bytes) -> tuple[int, int, int]:
    at, width, height, room = 8, 0, 0, 0
    packed: list[bytes] = []
    while True:
        length, kind = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        (told,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(kind + body) != told:
            raise Hazard("broken")
        if kind == b"IHDR":
            width, height, bits, colour = struct.unpack_from(">IIBB", body)
            # Interlaced, the rows are cut in seven parts, each rounded up.
            room = 2 * height * (width * bits * _CHANNELS[colour] // 8 + 2) + 1024
            if width * height > MOST_PIXELS:
                raise Hazard("too_many_pixels")
        elif kind == b"IDAT":
            packed.append(body)
        elif kind in {b"zTXt", b"iCCP", b"iTXt"}:
            _unpacks_within(_MOST_ASIDE, [_packed_aside(kind, body)])
        at += 12 + length
        if kind == b"IEND":
            if not packed:
                raise Hazard("broken")
            _unpacks_within(room, packed)
            return width, height, at


def _packed_aside(kind: bytes, body: bytes) -> bytes:
    """What a remark or a profile packs, behind its keyword, or nothing."""
    _keyword, _zero, rest = body.partition(b"\0")
    if kind != b"iTXt":
        return rest[1:]
    return rest[2:].split(b"\0", 2)[-1] if rest[:1] == b"\1" else b""


def _unpacks_within(room: int, packed: list[bytes]) -> None:
    """Refuse what unpacks to more than its place can hold; that it is sound is the viewer's."""
    unpacker = zlib.decompressobj()
    try:
        for part in packed:
            while part and not unpacker.eof:
                room -= len(unpacker.decompress(part, _PIECE))
                if room < 0:
                    raise Hazard("unfolds")
                part = unpacker.unconsumed_tail
    except zlib.error:
        return


def _jpeg(content: bytes) -> tuple[int, int, int]:
    at, width, height = 2, 0, 0
    while True:
        if content[at] != 0xFF:
            raise Hazard("broken")
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
        raise Hazard("broken")
    return width, height, end + 2


def _gif(content: bytes) -> tuple[int, int, int]:
    width, height = struct.unpack_from("<HH", content, 6)
    end = content.rfind(b"\x3b")
    if end < 13:
        raise Hazard("broken")
    return width, height, end + 1


def _webp(content: bytes) -> tuple[int, int, int]:
    (size,) = struct.unpack_from("<I", content, 4)
    end = 8 + size
    if end > len(content):
        raise Hazard("broken")
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
        raise Hazard("broken")
    return width, height, end
