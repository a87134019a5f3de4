"""A CV, a JSON Resume or an ORCID record is read, shown, and taken over field by field."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from talex.core import clock, uploads
from talex.core.actor import Actor
from talex.core.errors import Invalid, NotFound
from talex.core.sniff import TEXT
from talex.core.work import work
from talex.ledger.services import record
from talex.participants.registering import resumes
from talex.participants.registering.faults import FAULTS
from talex.participants.registering.forms import STEPS, fields_of
from talex.participants.registering.models import Draft, Reading, Source
from talex.participants.registering.resumes import Found
from talex.participants.registering.resumes.extract import Unreadable, lines_of
from talex.participants.registering.resumes.json_resume import is_json_resume
from talex.participants.registering.resumes.orcid import is_orcid_json
from talex.participants.registering.services.drafting import locked_draft, write_answers
from talex.participants.registering.values import found_values

PURPOSE = "cv"
MOST_BYTES = 10 * 1024 * 1024
MOST_TEXT = 2 * 1024 * 1024
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OLD_WORD = "application/x-ole-storage"
_HTML = re.compile(
    rb"^\W*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
TYPES = frozenset({PDF, DOCX, TEXT, OLD_WORD})


@dataclass(frozen=True, slots=True)
class ReadFile:
    """`file`: a Django upload, an open binary file or a path."""

    draft: UUID
    file: Any


@dataclass(frozen=True, slots=True)
class KeepFound:
    """Of what was read: `values` of the fields that are kept, as they were read or edited.

    `seen`: field -> stamp of the answer that was shown beside it and chosen to be replaced.
    """

    draft: UUID
    values: Mapping[str, Any]
    seen: Mapping[str, int] = field(default_factory=dict)


def read_file(actor: Actor, command: ReadFile) -> Reading:
    """Read a file for a draft of the actor; what an earlier file said is forgotten.

    The file is deleted as soon as it was read. Raises `NotFound`, `Conflict` (sent already),
    `Invalid` (file) with what to do where it cannot be read.
    """
    with work():
        draft = locked_draft(actor, command.draft)
    # Outside of a transaction: reading takes its time.
    upload = uploads.store(actor, command.file, edition=draft.edition_id, purpose=PURPOSE)
    try:
        source, found = understand_file(upload.path, upload.content_type)
    finally:
        with work():
            uploads.remove(upload)
    known = fields_of(draft.kind)
    told = [one for one in found_values(found) if one["field"] in known]
    if not told:
        raise Invalid({"file": FAULTS["nothing"]})
    with work():
        draft = locked_draft(actor, command.draft)
        Reading.objects.filter(draft=draft).delete()
        reading = Reading.objects.create(
            draft=draft, source=source, file_name=upload.name, found=told, read_at=clock.now()
        )
        record(
            "registering.file_read",
            actor=actor,
            edition=draft.edition_id,
            obj=draft,
            facts={"source": source, "fields": sorted(one["field"] for one in told)},
        )
    return reading


def understand_file(path: Path, media_type: str) -> tuple[Source, list[Found]]:
    """What sort of file it is, by its bytes, and what it says. Raises `Invalid` (file)."""
    today = clock.now().date()
    try:
        if media_type == PDF:
            return Source.PDF, resumes.understand(lines_of(path, "pdf"), today)
        if media_type == DOCX:
            return Source.DOCX, resumes.understand(lines_of(path, "docx"), today)
        if media_type == OLD_WORD:
            raise Unreadable("old_word")
        return _of_text(path)
    except Unreadable as error:
        raise Invalid({"file": FAULTS[error.code]}) from error


def _of_text(path: Path) -> tuple[Source, list[Found]]:
    today = clock.now().date()
    if path.stat().st_size > MOST_TEXT:
        raise Unreadable("too_heavy")
    data = path.read_bytes()
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if _HTML.search(data[:2000]):
        # Also named .doc: what some programs and web sites call saving for Word.
        raise Unreadable("html")
    if start == b"<":
        try:
            return Source.ORCID, resumes.read_orcid_xml(data, today)
        except ValueError as error:
            raise Unreadable("xml") from error
    text = _decoded(data)
    if start not in (b"{", b"["):
        return Source.TEXT, resumes.understand(text.splitlines(), today)
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("json") from error
    if is_orcid_json(told):
        return Source.ORCID, resumes.read_orcid_json(told, today)
    if is_json_resume(told):
        return Source.JSON_RESUME, resumes.read_json_resume(told, today)
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


def keep_found(actor: Actor, command: KeepFound) -> Draft:
    """Take over the fields that were looked at; all others of the file are forgotten.

    An answer that stood there before is put aside, unless it was seen and chosen to go. Raises
    `NotFound`, `Invalid`, `Conflict`.
    """
    with work():
        draft = locked_draft(actor, command.draft)
        reading = Reading.objects.filter(draft=draft).first()
        if reading is None:
            raise NotFound
        read = {one["field"] for one in reading.found}
        values = {name: value for name, value in command.values.items() if name in read}
        # A stamp that never was: what stands there and was not seen is put aside where it differs.
        seen = {name: (command.seen.get(name, -1), "") for name in values}
        write_answers(draft, values, [], [], seen)
        draft.save()
        reading.delete()
    return draft


def drop_reading(actor: Actor, draft_id: UUID) -> None:
    """Forget what the file said."""
    with work():
        draft = locked_draft(actor, draft_id)
        Reading.objects.filter(draft=draft).delete()


def checkable(draft: Draft, fields: Collection[str]) -> dict[str, str]:
    """Field -> step, in the order of the pages, of these fields."""
    return {
        name: step
        for step, form in STEPS[draft.kind].items()
        for name in form.base_fields
        if name in fields
    }
