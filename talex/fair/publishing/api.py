"""Published lists of openings over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router, Schema

from talex.accounts.http import ActorRequest, key_of
from talex.core.errors import NotFound
from talex.core.idempotency import once
from talex.core.paging import Offset
from talex.core.shapes import Body
from talex.core.translated import TranslatedText
from talex.editions.queries import edition_by_slug
from talex.fair.publishing import jsonld, queries, services
from talex.fair.publishing.models import PublishedList

router = Router(tags=["published openings"])
PAGE = 100
LISTS = "/editions/{slug}/opening-lists"


class ListOut(Schema):
    """A version. `digest` is what the ledger keeps of it."""

    number: int
    note: dict[str, str]
    count: int
    added: int
    changed: int
    withdrawn: int
    digest: str
    published_at: datetime


class PublishedEntryOut(Schema):
    """`change`: added, changed, same, withdrawn; `gone`: withdrawn since that version;
    `posting`: schema.org JobPosting in the reader's language, absent where it is gone."""

    opening: UUID
    change: str
    fields: list[str]
    gone: bool
    posting: dict[str, Any] | None


class PublishIn(Body):
    note: dict[str, str] = {}
    after: int | None = None


def _list(one: PublishedList) -> dict[str, Any]:
    names = ("number", "count", "added", "changed", "withdrawn", "digest", "published_at")
    return {**{name: getattr(one, name) for name in names}, "note": one.note.texts()}


@router.get(LISTS, response=list[ListOut], operation_id="listOpeningLists", auth=None)
def lists(request: ActorRequest, slug: str) -> Any:
    """All versions, the newest first."""
    edition = edition_by_slug(request.actor, slug)
    return [_list(one) for one in PublishedList.objects.filter(edition=edition)[:1000]]


@router.post(LISTS, response={201: ListOut}, operation_id="publishOpeningList")
def publish(request: ActorRequest, slug: str, body: PublishIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = services.Publish(TranslatedText(dict(body.note)), body.after)
    made = once(
        request.actor,
        key_of(request),
        command,
        lambda: services.publish(request.actor, edition, command),
    )
    return 201, _list(made)


@router.get(
    LISTS + "/{version}/entries",
    response=list[PublishedEntryOut],
    operation_id="readOpeningList",
    auth=None,
)
def entries(request: ActorRequest, slug: str, version: str, offset: int = Offset) -> Any:
    """A version (its number, or `latest`) with what it withdrew, 100 from `offset`."""
    edition = edition_by_slug(request.actor, slug)
    if version != "latest" and not (version.isdecimal() and len(version) <= 6):
        raise NotFound
    published = queries.version(edition, None if version == "latest" else int(version))
    rows = published.entries.select_related("wording").order_by("wording__title_line", "pk")
    return [
        {
            "opening": one.entry.opening,
            "change": one.entry.change,
            "fields": one.entry.fields,
            "gone": one.gone,
            "posting": None if one.gone else jsonld.job_posting(edition, one.entry),
        }
        for one in queries.shown(rows[offset : offset + PAGE])
    ]
