"""A CV, a JSON Resume or an ORCID record is read, shown, and taken over field by field."""

from __future__ import annotations

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
from talex.participants.registering.faults import FAULTS
from talex.participants.registering.forms import STEPS, fields_of
from talex.participants.registering.models import Draft, Reading, Source
from talex.participants.registering.resumes import Found
from talex.participants.registering.resumes.extract import understood
from talex.participants.registering.resumes.found import Unreadable
from talex.participants.registering.services.drafting import locked_draft, write_answers
from talex.participants.registering.values import found_values

PURPOSE = "cv"
MOST_BYTES = 10 * 1024 * 1024
MOST_TEXT = 2 * 1024 * 1024
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OLD_WORD = "application/x-ole-storage"
_KINDS = {PDF: "pdf", DOCX: "docx"}
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
    try:
        if media_type == OLD_WORD:
            raise Unreadable("old_word")
        if media_type == TEXT and path.stat().st_size > MOST_TEXT:
            raise Unreadable("too_heavy")
        kind, found = understood(path, _KINDS.get(media_type, "text"), clock.now().date())
    except Unreadable as error:
        raise Invalid({"file": FAULTS[error.code]}) from error
    return Source(kind), found


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
