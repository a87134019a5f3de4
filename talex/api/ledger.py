"""The ledger through the API; here and not in its room, which knows no editions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Schema

from talex.accounts.http import actor_of
from talex.core.api import JobOut
from talex.core.models import Job
from talex.editions.queries import edition_by_slug
from talex.ledger import heads, queries, tasks
from talex.ledger.models import Entry

router = Router(tags=["ledger"])


class LedgerEntryOut(Schema):
    """An entry; `number` counts on within the chain, `hash` is over its canonical text."""

    number: int
    block: int
    recorded_at: datetime
    event: str
    actor: str
    object_id: UUID | None
    subject: UUID | None
    hash: str
    canonical: str

    @staticmethod
    def resolve_block(row: Entry) -> int:
        return row.block.number


class EntriesOut(Schema):
    """A page of entries, the newest first; `next` is the `before` of the page that follows."""

    entries: list[LedgerEntryOut]
    next: int | None


class EntryDetailOut(Schema):
    """An entry opened up; `personal_state` is none, kept, erased or missing."""

    number: int
    block: int
    recorded_at: datetime
    event: str
    actor: str
    object_kind: str
    object_id: UUID | None
    subject: UUID | None
    hash: str
    block_hash: str
    facts: dict[str, Any]
    personal: dict[str, Any] | None
    personal_state: str
    erased_by: int | None


class HeadOut(Schema):
    """The signed end of the chain, as `talex ledger head` writes it."""

    format: str
    exported_at: str
    key: str
    heads: list[dict[str, Any]]
    signature: str


def _chain(request: HttpRequest, slug: str) -> str:
    return str(edition_by_slug(actor_of(request), slug).pk)


@router.get("/editions/{slug}/ledger", response=EntriesOut, summary="The entries of the ledger")
def entries(
    request: HttpRequest,
    slug: str,
    event: str | None = None,
    about: UUID | None = None,
    before: int | None = Query(None, ge=1),
    limit: int = Query(100, ge=1, le=1000),
) -> dict[str, Any]:
    """Filtered by event, or by the id of a record or person; `before` is an entry's number."""
    found = queries.entries(actor_of(request), _chain(request, slug))
    if event is not None:
        found = found.filter(event=event)
    if about is not None:
        found = found.filter(object_id=about) | found.filter(subject=about)
    if before is not None:
        found = found.filter(Q(place__lt=before))
    page = list(found[: limit + 1])
    more = len(page) > limit
    return {"entries": page[:limit], "next": page[limit - 1].number if more else None}


@router.get(
    "/editions/{slug}/ledger/entries/{number}", response=EntryDetailOut, summary="One entry"
)
def entry(request: HttpRequest, slug: str, number: int) -> queries.EntryDetail:
    return queries.entry(actor_of(request), _chain(request, slug), number)


@router.get("/editions/{slug}/ledger/head", response=HeadOut, summary="The signed head")
def head(request: HttpRequest, slug: str) -> dict[str, Any]:
    chain = _chain(request, slug)
    queries.head(actor_of(request), chain)
    return heads.export([chain]).as_json()


@router.post(
    "/editions/{slug}/ledger/verify", response={202: JobOut}, summary="Verify the chain (a job)"
)
def verify(request: HttpRequest, slug: str) -> tuple[int, Job]:
    return 202, tasks.start_verification(actor_of(request), _chain(request, slug))
