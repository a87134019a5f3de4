"""Which pictures are taken: told by their first bytes, not by the name somebody gave them."""

from __future__ import annotations

from django.core.files.base import File

TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


def kind_of_picture(file: File) -> str | None:
    """`png`, `jpg` or `webp`; None for all else (an SVG may carry scripts)."""
    file.seek(0)
    head = file.read(16)
    file.seek(0)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return None


def content_type(name: str) -> str:
    """The media type of a picture kept here."""
    return TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")
