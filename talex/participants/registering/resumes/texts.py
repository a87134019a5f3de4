"""A file of text: a CV, a JSON Resume or an ORCID record, told apart by what it holds."""

from __future__ import annotations

import json
import re
from datetime import date

from talex.participants.registering.resumes.found import Found, Unreadable
from talex.participants.registering.resumes.json_resume import is_json_resume, read_json_resume
from talex.participants.registering.resumes.orcid import (
    is_orcid_json,
    read_orcid_json,
    read_orcid_xml,
)
from talex.participants.registering.resumes.understand import understand

_HTML = re.compile(
    rb"^\W*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)


def understand_text(data: bytes, today: date) -> tuple[str, list[Found]]:
    """Which sort of file it is (text, json_resume, orcid), and what it says.

    Raises `Unreadable`.
    """
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if _HTML.search(data[:2000]):
        # Also named .doc: what some programs and web sites call saving for Word.
        raise Unreadable("html")
    if data.lstrip().startswith(b"{\\rtf"):
        raise Unreadable("old_word")
    if start == b"<":
        try:
            return "orcid", read_orcid_xml(data, today)
        except ValueError as error:
            raise Unreadable("xml") from error
    text = _decoded(data)
    if start not in (b"{", b"["):
        return "text", understand(text.splitlines(), today)
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("json") from error
    if is_orcid_json(told):
        return "orcid", read_orcid_json(told, today)
    if is_json_resume(told):
        return "json_resume", read_json_resume(told, today)
    raise Unreadable("json")


def _decoded(data: bytes) -> str:
    encodings = ["utf-8-sig", "gb18030"]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("encoding")
