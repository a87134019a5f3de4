"""PDFs: no scripts, no actions that start something, no attached files, nothing behind the end.

The bytes are read as they stand, and once more what object streams hold; names may be written with
#xx. That finds what viewers act on without a parser of the whole format.
"""

from __future__ import annotations

import re
import zlib
from graphlib import CycleError, TopologicalSorter
from typing import BinaryIO

from talex.core.looking.hazard import Hazard

MOST_READ = 64 * 1024 * 1024
_MOST_UNPACKED = 32 * 1024 * 1024
_ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoTo[ER]|Movie|Rendition)"
    rb"(?=[\s/<(\[\]>]|$)"
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"\bstream\r?\n")
_PACKING = rb"/(?:FlateDecode|Fl|LZWDecode|LZW)\b"
#: Packed twice, a kilobyte unfolds to a gigabyte; no program writes that.
_TWICE = re.compile(rb"/Filter\s{0,9}\[[^\]]{0,200}" + _PACKING + rb"[^\]]{0,200}" + _PACKING)
#: Readers follow nesting by recursion, and end with it.
_DEEP = (b"[" * 200, b"<<" * 200)
_OBJECT = re.compile(rb"\b(\d{1,10})\s{1,9}\d{1,5}\s{1,9}obj\b")
_KIDS = re.compile(rb"/Kids\s{0,9}\[")
_REFERENCE = re.compile(rb"\b(\d{1,9})\s{1,9}\d{1,5}\s{1,9}R\b")
#: A dictionary before a stream is longer by intent only: it is looked at so far back.
_BEFORE = 64 * 1024
_BEHIND = 2048
#: Each is looked back from, so their number is the time that a file of nothing else takes.
_MOST_STREAMS = 20_000


def check(stream: BinaryIO) -> None:
    """Refuse what is active, broken, locked or disguised."""
    stream.seek(0)
    content = stream.read(MOST_READ + 1)
    if len(content) > MOST_READ:
        raise Hazard("unfolds")
    end = content.rfind(b"%%EOF")
    if end < 0 or b"startxref" not in content or not _OBJECT.search(content):
        raise Hazard("broken")
    rest = content[end + 5 :]
    if len(rest.strip()) > _BEHIND or b"PK\x05\x06" in rest or b"<script" in rest.lower():
        raise Hazard("disguised")
    if not re.search(rb"/Pages?\b", content) and b"ObjStm" not in content:
        raise Hazard("broken")
    if re.search(rb"/Encrypt\s{0,99}(?:\d{1,9}\s{1,9}\d{1,5}\s{1,9}R|<<)", content):
        raise Hazard("password")
    _look(content)
    _walk(content)
    room, last = _MOST_UNPACKED, content.rfind(b"endstream")
    for number, found in enumerate(_STREAM.finditer(content)):
        if number >= _MOST_STREAMS:
            raise Hazard("unfolds")
        if not _of_objects(content, found.start()):
            continue
        unpacker = zlib.decompressobj()
        # Without its end, to the file's: looked for only where there is one, and copied once.
        end = content.find(b"endstream", found.end()) if found.end() <= last else len(content)
        try:
            inner = unpacker.decompress(content[found.end() : end], room)
        except zlib.error as error:
            raise Hazard("broken") from error
        room -= len(inner)
        if room <= 0:
            raise Hazard("unfolds")
        _look(inner)


def _walk(content: bytes) -> None:
    """Refuse what keeps a reader busy for ever: packed twice, nested deep, pages in a circle."""
    text = _plain(_without_streams(content))
    if _TWICE.search(text):
        raise Hazard("unfolds")
    squeezed = b"".join(text.split())
    if any(deep in squeezed for deep in _DEEP):
        raise Hazard("broken")
    kids: dict[int, set[int]] = {}
    parts = _OBJECT.split(text)
    for number, body in zip(parts[1::2], parts[2::2], strict=True):
        if found := _KIDS.search(body):
            below = body[found.end() :].split(b"]", 1)[0]
            kids[int(number)] = {int(one) for one in _REFERENCE.findall(below)}
    try:
        TopologicalSorter(kids).prepare()
    except CycleError as error:
        raise Hazard("broken") from error


def _without_streams(content: bytes) -> bytes:
    """The objects as they stand. By hand: a pattern would look for each missing end anew."""
    kept, at = [], 0
    while found := _STREAM.search(content, at):
        kept.append(content[at : found.start()])
        at = content.find(b"endstream", found.end())
        if at < 0:
            at = found.end()
            break
        at += len(b"endstream")
    kept.append(content[at:])
    return b" ".join(kept)


def _of_objects(content: bytes, at: int) -> bool:
    """Whether the stream that begins there holds objects, however its dictionary is written."""
    begins = content.rfind(b"obj", max(0, at - _BEFORE), at)
    return b"ObjStm" in _plain(content[max(begins, 0, at - _BEFORE) : at])


def _plain(text: bytes) -> bytes:
    return _ESCAPED.sub(lambda one: bytes([int(one[1], 16)]), text) if b"#" in text else text


def _look(text: bytes) -> None:
    if b"#" in text:
        plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text)
        if _ACTIVE.search(plain) and not _ACTIVE.search(text) and _names_hide(text):
            raise Hazard("active_pdf")
    if _ACTIVE.search(text):
        raise Hazard("active_pdf")


def _names_hide(text: bytes) -> bool:
    """A name that is active once its escapes are read (not two bytes that meet by chance)."""
    for found in re.finditer(rb"/[A-Za-z#0-9]{2,60}", text):
        name = found[0]
        if b"#" in name and _ACTIVE.search(
            _ESCAPED.sub(lambda one: bytes([int(one[1], 16)]), name) + b" "
        ):
            return True
    return False
