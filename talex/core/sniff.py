"""What a file is, told from its bytes, not from its name."""

from __future__ import annotations

import codecs
import io
import zipfile
from pathlib import Path

_MAGIC: list[tuple[bytes, str]] = [
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
]
_OFFICE = {
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
XLSX = _OFFICE["xl/"]
TEXT = "text/plain"
UNKNOWN = "application/octet-stream"

_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Control characters that no text file of people holds.
_BINARY = bytes(set(range(32)) - {9, 10, 12, 13, 27})


def sniff(path: Path) -> str:
    """The media type of the file; `application/octet-stream` where its bytes tell nothing.

    Text of any encoding is `text/plain` (also HTML and SVG: they are never served as such).
    """
    with path.open("rb") as stream:
        start = stream.read(8192)
    for magic, media_type in _MAGIC:
        if start.startswith(magic):
            return media_type
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "image/webp"
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(path)
    if start.startswith(_BOMS) or not start.translate(None, _delete_all_but(_BINARY)):
        return TEXT
    # UTF-16 without a mark: every second byte is zero in the Latin parts, but never both.
    if b"\x00" in start and _utf16(start):
        return TEXT
    return UNKNOWN


def _delete_all_but(kept: bytes) -> bytes:
    return bytes(set(range(256)) - set(kept))


def _utf16(start: bytes) -> bool:
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = start[: len(start) // 2 * 2].decode(encoding, errors="strict")
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and any(sign in text for sign in "\n\t,;"):
            return True
    return False


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, io.UnsupportedOperation):
        return UNKNOWN
    if "[Content_Types].xml" in names:
        for folder, media_type in _OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return media_type
    return "application/zip"
