"""The search over the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from talex.core.actor import Actor
from talex.core.search import find_everywhere

router = Router(tags=["search"])


class SearchHitOut(Schema):
    """One thing found; `source` is its kind (`fair.openings`), `url` its page."""

    source: str
    kind: str
    title: str
    detail: str
    url: str


@router.get("/search", response=list[SearchHitOut], operation_id="search")
def search(
    request: HttpRequest,
    q: str = Query("", max_length=200),
    edition: UUID | None = None,
    each: int = Query(10, ge=1, le=100),
) -> list[dict[str, Any]]:
    """What you may see that has these words: at most `each` of every kind, the best first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return [
        {
            "source": name,
            "kind": str(hit.kind),
            "title": hit.title,
            "detail": hit.detail,
            "url": hit.url,
        }
        for name, hits in find_everywhere(actor, q, edition=edition, each=each)
        for hit in hits
    ]
