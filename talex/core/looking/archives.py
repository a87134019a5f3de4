"""ZIP archives, and the office files that are such: unpacked once, in pieces, to nowhere."""

from __future__ import annotations

import copy
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from talex.core.looking.hazard import Hazard

MOST_PARTS = 10_000
MOST_BYTES = 1024 * 1024 * 1024
RATIO = 200
RATIO_FROM = 10 * 1024 * 1024
_PIECE = 1 << 20
#: What reading a zip that is none, or a damaged one, ends in.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
          RuntimeError, KeyError, struct.error)  # fmt: skip
_OVERLAP = 256
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ")
_XML = (".xml", ".rels", ".vml")
_DECLARES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.I)
_BLANK = b"\xef\xbb\xbf \t\r\n"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_LINK = re.compile(rb"<(?:[\w.-]+:)?Relationship\b[^<>]*>", re.I)
_SPELLED = re.compile(rb"&#(x[0-9a-f]{1,6}|[0-9]{1,7});", re.I)
#: Formulas that start a program (cmd|'/c calc'!A0) or ask a server. These and those of `_DDE` are
#: looked for in small letters and begin with letters that are found at once: looked for in any
#: case, at every sign, they made the whole look eight times as long.
_FORMULA = re.compile(
    rb"<(?:\w+:)?f\b[^<>]*>[^<\"]{0,2000}?(?:\b\w+\||\b(?:webservice|rtd|call|register)\s*\()"
)
_UNICODE_PATH = 0x7075
# Where a link of these kinds leads, something is loaded or started without a click.
_LOADING = re.compile(
    rb"/(attachedTemplate|oleObject|externalLink|externalLinkPath|frame|subDocument|image)[\"']",
    re.I,
)
_FAR = re.compile(rb"Target\s*=\s*[\"'](https?:|ftp:|\\\\|//|file://[^/])", re.I)
# A whole other document, as HTML for example, that is taken in when this one is opened.
_CHUNK = re.compile(rb"/aFChunk[\"']", re.I)
_DDE = (
    re.compile(rb"ddelink(?<=<ddelink|:ddelink)\b"),
    re.compile(rb"olelink(?<=<olelink|:olelink)\b"),
    re.compile(rb"ddeauto(?<!\wddeauto)\b"),
    re.compile(rb"includetext(?<!\wincludetext)\b[^<]{0,200}?(?:https?:|file:|\\\\)"),
)


def check(stream: BinaryIO) -> None:
    """Refuse bombs, overlapping parts, outward names, macros, remote links and entities."""
    try:
        with zipfile.ZipFile(stream) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            if not parts:
                raise Hazard("broken")
            if unfolds(parts, room=MOST_BYTES, ratio=RATIO):
                raise Hazard("unfolds")
            _check_overlap(package, parts)
            office = "[Content_Types].xml" in names
            for part in parts:
                _check_name(part)
            if office and any(_macro(name) for name in names):
                raise Hazard("macros")
            if office and any(_object(name) for name in names):
                raise Hazard("remote")
            room = MOST_BYTES
            for part in parts:
                room -= _unpack(package, part, room, office)
    except BROKEN as error:
        raise Hazard("broken") from error


def _macro(name: str) -> bool:
    lower = name.lower()
    return lower.endswith("vbaproject.bin") or "/macrosheets/" in lower or "/activex/" in lower


def _object(name: str) -> bool:
    """Whether a part is an object of another program, which starts it."""
    return bool(re.search(r"/embeddings/[^/]*\.bin$", name, re.I))


def _check_name(part: zipfile.ZipInfo) -> None:
    name = part.orig_filename
    outward = (
        name.startswith(("/", "\\"))
        or re.match(r"[A-Za-z]:", name)
        or ".." in re.split(r"[/\\]", name)
        or "\0" in name
    )
    if outward or _other_name(part.extra) or stat.S_ISLNK(part.external_attr >> 16):
        raise Hazard("names")
    if part.flag_bits & 1:
        raise Hazard("password")


def _other_name(extra: bytes) -> bool:
    """Whether a second name is told beside the first (Info-ZIP's Unicode path) that leads out."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        told = extra[at + 9 : at + 4 + length].decode("utf-8", "replace")
        if kind == _UNICODE_PATH and (
            told.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", told)
        ):
            return True
        at += 4 + length
    return False


def _check_overlap(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Parts that share bytes are a bomb: no archiver writes them."""
    end = 0
    for part in sorted(parts, key=lambda one: one.header_offset):
        if part.header_offset < end:
            raise Hazard("unfolds")
        end = part.header_offset + 30 + part.compress_size
    if end > package.start_dir:
        raise Hazard("unfolds")
    # Programs that open office files do not tell large letters from small ones in names.
    if len({part.filename.casefold() for part in parts}) != len(parts):
        raise Hazard("unfolds")


def unfolds(parts: list[zipfile.ZipInfo], *, room: int, ratio: int) -> bool:
    """Whether an archive is a bomb, or too large, by what it says of its parts itself."""
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > room:
        return True
    return any(_too_large(part.file_size, part, room, ratio) for part in parts)


def pieces(
    package: zipfile.ZipFile, part: zipfile.ZipInfo, *, room: int, most: int, ratio: int
) -> Iterator[bytes]:
    """The part in pieces of at most a megabyte, as long as it truly is.

    Raises `Hazard` ("unfolds") where it is longer than `room` bytes, or more than `ratio` times
    what it is packed in: at once where the archive says so itself, and else where it turns out to
    have lied. `most`: more bytes than any archive may unpack to.
    """
    if _too_large(part.file_size, part, room, ratio):
        raise Hazard("unfolds")
    endless = copy.copy(part)
    # zipfile stops at the declared size; others do not. So let it run to the stream's end.
    endless.file_size = most * 2
    size = 0
    with package.open(endless) as content:
        while piece := content.read(_PIECE):
            size += len(piece)
            if size > part.file_size or _too_large(size, part, room, ratio):
                raise Hazard("unfolds")
            yield piece


def _too_large(size: int, part: zipfile.ZipInfo, room: int, ratio: int) -> bool:
    return size > room or (size > RATIO_FROM and size > ratio * max(part.compress_size, 1))


def _unpack(package: zipfile.ZipFile, part: zipfile.ZipInfo, room: int, office: bool) -> int:
    """The part's true size; its XML is looked at on the way."""
    xml = office and part.filename.lower().endswith(_XML)
    size, tail = 0, b""
    for piece in pieces(package, part, room=room, most=MOST_BYTES, ratio=RATIO):
        if not size and not office and piece.startswith(_ARCHIVES):
            raise Hazard("unfolds")
        if not size and xml and (piece.startswith(_WIDE) or not piece.lstrip(_BLANK)[:1] == b"<"):
            raise Hazard("entities")  # hides what it declares; office programs write UTF-8
        size += len(piece)
        if xml:
            _check_xml(tail + piece, part.filename)
            tail = piece[-_OVERLAP:]
    return size


def _unspelled(text: bytes) -> bytes:
    """With the signs that are written as numbers: &#104;ttp: is http:."""

    def sign(found: re.Match[bytes]) -> bytes:
        told = found[1].lower()
        number = int(told[1:], 16) if told.startswith(b"x") else int(told)
        return bytes([number]) if number < 128 else found[0]

    return _SPELLED.sub(sign, text)


def _check_xml(text: bytes, name: str) -> None:
    if b"<!" in text and _DECLARES.search(text):
        raise Hazard("entities")
    if name == "[Content_Types].xml" and b"macroEnabled" in text:
        raise Hazard("macros")
    small = text.lower()
    if any(kind.search(small) for kind in _DDE):
        raise Hazard("remote")
    formulas = name.startswith("xl/") and (b"<f" in small or b":f" in small)
    if formulas and _FORMULA.search(small):
        raise Hazard("remote")
    if name.endswith(".rels"):
        for link in map(_unspelled, _LINK.findall(text)):
            far = b"External" in link and _LOADING.search(link) and _FAR.search(link)
            if far or _CHUNK.search(link):
                raise Hazard("remote")
