"""Saved searches over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Schema

from talex.accounts.http import ActorRequest
from talex.core.shapes import Body, one_of
from talex.editions.queries import edition_by_slug
from talex.fair import queries_searches, services
from talex.fair.api.pairs import Narrowing
from talex.fair.choices import Side
from talex.fair.models import SavedSearch

router = Router(tags=["fair"])


class SearchOut(Schema):
    """A search with how much it finds now, and how much of it is new since the last look."""

    id: UUID
    name: str
    side: Annotated[str, one_of(Side)]
    wanted: dict[str, str]
    paused: bool
    looked_at: datetime
    total: int
    new: int


class OpeningHitOut(Schema):
    """Something found; `talent_facts` are only what the reader may see of the talent."""

    opening: UUID
    opening_title: dict[str, str]
    talent: UUID | None
    talent_facts: dict[str, Any]
    is_new: bool


class SearchIn(Body):
    """A name, and words and filters as `listMyMatches` takes them."""

    name: str
    wanted: Narrowing


class PauseIn(Body):
    paused: bool


class AlertsOut(Schema):
    job: UUID


def _search(one: SavedSearch, total: int, new: int) -> dict[str, Any]:
    plain = ("id", "name", "side", "wanted", "paused", "looked_at")
    return {**{name: getattr(one, name) for name in plain}, "total": total, "new": new}


@router.get("/editions/{slug}/searches", response=list[SearchOut], operation_id="listSearches")
def list_searches(request: ActorRequest, slug: str) -> Any:
    edition = edition_by_slug(request.actor, slug)
    services.side_of(request.actor, edition)
    found = queries_searches.overview(request.actor, edition)
    return [_search(one.search, one.total, one.new) for one in found]


@router.post("/editions/{slug}/searches", response={201: SearchOut}, operation_id="saveSearch")
def save(request: ActorRequest, slug: str, body: SearchIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = services.SaveSearch(body.name, body.wanted.dict())
    made = services.save_search(request.actor, edition, command)
    return 201, _search(made, made.hits.count(), 0)


@router.post(
    "/editions/{slug}/searches/alerts", response={202: AlertsOut}, operation_id="lookForNews"
)
def alerts(request: ActorRequest, slug: str) -> Any:
    """Look at one's own searches now instead of once a day."""
    edition = edition_by_slug(request.actor, slug)
    return 202, {"job": services.start_alerts(request.actor, edition).pk}


@router.post(
    "/editions/{slug}/searches/{uuid:pk}/look",
    response=list[OpeningHitOut],
    operation_id="lookAtSearch",
)
def look(request: ActorRequest, slug: str, pk: UUID) -> Any:
    """What the search finds now, the new first; after this it is new no longer."""
    edition = edition_by_slug(request.actor, slug)
    search = services.look(request.actor, edition, pk)
    return [
        {
            "opening": one.opening.pk,
            "opening_title": one.opening.shown_title.texts(),
            "talent": one.talent.pk if one.talent else None,
            "talent_facts": one.facts,
            "is_new": one.is_new,
        }
        for one in queries_searches.hits(request.actor, search)
    ]


@router.patch(
    "/editions/{slug}/searches/{uuid:pk}", response={204: None}, operation_id="pauseSearch"
)
def pause(request: ActorRequest, slug: str, pk: UUID, body: PauseIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    services.pause_search(request.actor, edition, pk, body.paused)
    return 204, None


@router.delete(
    "/editions/{slug}/searches/{uuid:pk}", response={204: None}, operation_id="deleteSearch"
)
def delete(request: ActorRequest, slug: str, pk: UUID) -> Any:
    edition = edition_by_slug(request.actor, slug)
    services.delete_search(request.actor, edition, pk)
    return 204, None
