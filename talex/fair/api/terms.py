"""The organiser's own terms over the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Router, Schema
from ninja.pagination import paginate

from talex.accounts.http import ActorRequest
from talex.core.paging import Pages
from talex.core.shapes import Body
from talex.editions.queries import edition_by_slug
from talex.fair import terms
from talex.fair.services import terms as services

router = Router(tags=["fair"])


class TermOut(Schema):
    """A term; `labels`: language -> labels, the preferred one first."""

    id: UUID
    concept: str
    kind: str
    labels: dict[str, list[str]]
    parents: list[str]
    abbreviations: list[str]
    version: int


class TermIn(Body):
    """A term as it is written; `concept`: the id of a known concept that gets these labels."""

    kind: str
    labels: dict[str, list[str]]
    concept: str = ""
    parents: list[str] = []
    abbreviations: list[str] = []
    version: int | None = None


class SuggestionOut(Schema):
    """A skill that no concept knows, and how many talents and openings name it."""

    key: str
    written: str
    count: int
    language: str


class DismissIn(Body):
    key: str


class RemovedOut(Schema):
    removed: int


@router.get("/editions/{slug}/terms", response=list[TermOut], operation_id="listTerms")
@paginate(Pages)
def list_terms(request: ActorRequest, slug: str) -> Any:
    return terms.terms(request.actor, edition_by_slug(request.actor, slug))


@router.post("/editions/{slug}/terms", response={201: TermOut}, operation_id="addTerm")
def add_term(request: ActorRequest, slug: str, body: TermIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return 201, services.save_term(request.actor, edition, services.SaveTerm(**body.dict()))


@router.put("/editions/{slug}/terms/{uuid:pk}", response=TermOut, operation_id="changeTerm")
def change_term(request: ActorRequest, slug: str, pk: UUID, body: TermIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return services.save_term(request.actor, edition, services.SaveTerm(**body.dict(), id=pk))


@router.delete("/editions/{slug}/terms/{uuid:pk}", response=RemovedOut, operation_id="removeTerm")
def remove_term(request: ActorRequest, slug: str, pk: UUID) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return {"removed": services.remove_terms(request.actor, edition, [pk])}


@router.get(
    "/editions/{slug}/terms/suggestions",
    response=list[SuggestionOut],
    operation_id="listTermSuggestions",
)
def list_suggestions(request: ActorRequest, slug: str) -> Any:
    return terms.suggestions(request.actor, edition_by_slug(request.actor, slug))


@router.post(
    "/editions/{slug}/terms/suggestions/dismiss",
    response={204: None},
    operation_id="dismissTermSuggestion",
)
def dismiss(request: ActorRequest, slug: str, body: DismissIn) -> Any:
    services.dismiss(request.actor, edition_by_slug(request.actor, slug), body.key)
    return 204, None
