"""Registration through the API: the same draft as the pages have, and the same services."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile

from talex.accounts.http import actor_of, key_of
from talex.core.idempotency import once
from talex.core.shapes import Body
from talex.editions.queries import edition_by_slug
from talex.participants.registering import queries, services
from talex.participants.registering.models import Draft, Reading

router = Router(tags=["registration"])
KindName = Literal["talent", "owner"]
Answer = str | list[str] | list[dict[str, str]]
BASE = "/editions/{slug}/registration/{kind}"


class SetAsideOut(Schema):
    """An answer that a newer one of another window or device pushed aside."""

    field: str
    value: Answer
    at: datetime


class DraftOut(Schema):
    """The answers so far as they were typed, and what is wrong with them, page by page.

    `stamps`: field -> the revision that wrote it; give it back as `seen` when you change it.
    `record`: the registration that is edited, null for a new one.
    """

    id: UUID
    kind: str
    revision: int
    values: dict[str, Answer]
    stamps: dict[str, int]
    put_aside: list[SetAsideOut]
    faults: dict[str, dict[str, list[str]]]
    record: UUID | None
    changed_at: datetime


class DraftSaved(DraftOut):
    """`replaced`: fields of which another window's answer was put aside by this one."""

    replaced: list[str]


class StepAnswersIn(Body):
    """Some answers. `seen`: field -> stamp that you read; without it nothing is compared."""

    values: dict[str, Answer]
    seen: dict[str, int] = {}


class FoundOut(Schema):
    """What one field of the file says, and from which words."""

    field: str
    value: Answer
    quote: str


class ReadingOut(Schema):
    """What was read of a file. Nothing is an answer before it is kept."""

    source: str
    file_name: str
    found: list[FoundOut]


class KeptIn(Body):
    """The fields of the file that are kept, as they were read or edited; the others go."""

    values: dict[str, Answer]


class SendIn(Body):
    """`revision`: of the draft that was looked at; null sends whatever there is."""

    revision: int | None = None


class RegistrationSentOut(Schema):
    """The talent or project that it became."""

    record: UUID
    version: int


def _out(draft: Draft) -> dict[str, Any]:
    return {
        "id": draft.pk,
        "kind": draft.kind,
        "revision": draft.revision,
        "values": draft.values,
        "stamps": draft.stamps,
        "put_aside": draft.replaced,
        "faults": queries.faults_of(draft),
        "record": draft.record,
        "changed_at": draft.changed_at,
    }


def _find(request: HttpRequest, slug: str, kind: str) -> Draft:
    actor = actor_of(request)
    return queries.draft_of(actor, edition_by_slug(actor, slug), kind)


@router.get(BASE, response=DraftOut)
def draft(request: HttpRequest, slug: str, kind: KindName) -> dict[str, Any]:
    """Your own draft."""
    return _out(_find(request, slug, kind))


@router.post(BASE, response={201: DraftOut})
def begin(request: HttpRequest, slug: str, kind: KindName) -> Status[Any]:
    """Begin to register or to edit what you registered; what is begun already goes on."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    command = services.BeginDraft(edition=edition.pk, kind=kind)
    return Status(201, _out(services.begin_draft(actor, command)))


@router.patch(BASE, response=DraftSaved)
def save(request: HttpRequest, slug: str, kind: KindName, answers: StepAnswersIn) -> dict[str, Any]:
    """Save answers, also unfinished ones; the newest of each field wins, none is lost."""
    found = _find(request, slug, kind)
    command = services.SaveDraft(
        draft=found.pk,
        values=answers.values,
        seen={name: (stamp, "") for name, stamp in answers.seen.items()},
    )
    saved = services.save_draft(actor_of(request), command)
    return _out(saved.draft) | {"replaced": list(saved.replaced)}


@router.delete(BASE, response={204: None})
def discard(request: HttpRequest, slug: str, kind: KindName) -> Status[None]:
    """Delete what was not sent."""
    services.discard_draft(actor_of(request), _find(request, slug, kind).pk)
    return Status(204, None)


@router.post(f"{BASE}/file", response=ReadingOut)
def read(request: HttpRequest, slug: str, kind: KindName, file: File[UploadedFile]) -> Reading:
    """Read a CV (.pdf, .docx, .txt), a JSON Resume or an ORCID record; the file is not kept."""
    command = services.ReadFile(draft=_find(request, slug, kind).pk, file=file)
    return services.read_file(actor_of(request), command)


@router.post(f"{BASE}/file/keep", response=DraftOut)
def keep(request: HttpRequest, slug: str, kind: KindName, kept: KeptIn) -> dict[str, Any]:
    """Take over what was looked at."""
    command = services.KeepFound(draft=_find(request, slug, kind).pk, values=kept.values)
    return _out(services.keep_found(actor_of(request), command))


@router.post(f"{BASE}/send", response=RegistrationSentOut)
def send(
    request: HttpRequest, slug: str, kind: KindName, which: SendIn | None = None
) -> dict[str, Any]:
    """Register, or save the changes; what was sent already gives the same record again.

    Without a body whatever there is is sent.
    """
    actor = actor_of(request)
    key = key_of(request)
    edition = edition_by_slug(actor, slug)
    revision = which.revision if which else None

    def call() -> Any:
        draft = queries.draft_to_send(actor, edition, kind)
        return services.send_draft(actor, services.SendDraft(draft.pk, revision))

    made = once(actor, key, (kind, edition.pk, revision), call)
    return {"record": made.pk, "version": made.version}
