"""What a side is proposed, narrowed; side by side; hide, and not for me, over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router, Schema

from talex.accounts.http import ActorRequest
from talex.core.actor import Actor
from talex.core.errors import NotAllowed
from talex.core.paging import Offset
from talex.core.shapes import Body, one_of
from talex.editions.models import Edition
from talex.editions.queries import edition_by_slug
from talex.editions.rules import can_audit
from talex.fair import filtering, queries, queries_beside, queries_refusals, services
from talex.fair.api.matches import MatchOut, matches_out
from talex.fair.choices import RefusalReason, Side
from talex.fair.looks import noted
from talex.fair.models import Refusal
from talex.fair.words import words_of
from talex.participants.looking.models import Way

router = Router(tags=["fair"])
PAGE = 100


class Narrowing(Schema):
    """Words and filters, each empty for all; `minimum` in hundredths."""

    q: str = ""
    opening: str = ""
    kind: str = ""
    place: str = ""
    industry: str = ""
    degree: str = ""
    language: str = ""
    mode: str = ""
    minimum: str = ""


class ChoiceOut(Schema):
    value: str
    label: str
    count: int


class FacetOut(Schema):
    """A filter and how many proposals each of its values would leave."""

    key: str
    label: str
    choices: list[ChoiceOut]


class ProposalsOut(Schema):
    """`left` of `total` proposals, the best first, from `offset` on at most 100."""

    side: Annotated[str, one_of(Side)]
    total: int
    left: int
    facets: list[FacetOut]
    items: list[MatchOut]


@router.get("/editions/{slug}/matches/mine", response=ProposalsOut, operation_id="listMyMatches")
def proposals(
    request: ActorRequest, slug: str, narrowing: Query[Narrowing], offset: int = Offset
) -> Any:
    """A talent's openings, or a delegate's (for the office: everybody's) candidates."""
    actor = request.actor
    edition = edition_by_slug(actor, slug)
    talent = services.own_talent(actor, edition)
    if talent is not None:
        side, rows = Side.TALENT, queries.for_you(actor, edition, talent)
    elif actor.organisations(edition.pk) or can_audit(actor, edition.pk):
        side, rows = Side.EMPLOYER, queries.candidates(actor, edition)
    else:
        raise NotAllowed
    lines = filtering.match_lines(rows, side, words_of(edition))
    wanted = filtering.Wanted.read(narrowing.dict())
    ids = filtering.narrowed(lines, wanted)
    found = rows.in_bulk(ids[offset : offset + PAGE])
    here = [found[pk] for pk in ids[offset : offset + PAGE] if pk in found]
    return {
        "side": side,
        "total": len(lines),
        "left": len(ids),
        "facets": filtering.facets(lines, wanted, side),
        "items": matches_out(request, edition, here),
    }


class BitOut(Schema):
    """Words as written, and their concept in the reader's language where it is another one."""

    text: str
    label: str
    matched: bool


class PairRowOut(Schema):
    part: str
    title: str
    fit: str
    asked: list[BitOut]
    has: list[BitOut]
    note: str


class PieceOut(Schema):
    text: str
    marked: bool


class BesideOut(Schema):
    """A talent beside an opening; of the talent only what the reader may see."""

    talent: UUID
    opening: UUID
    rows: list[PairRowOut]
    description: list[PieceOut]
    profile: list[PieceOut]


def _beside(actor: Actor, edition: Edition, pair: queries_beside.Pair) -> dict[str, Any]:
    noted(actor, edition, [(pair.talent, pair.opening.organisation_id)], Way.API)
    return {
        "talent": pair.talent.pk,
        "opening": pair.opening.pk,
        "rows": pair.beside.rows,
        "description": pair.beside.description,
        "profile": pair.beside.profile,
    }


@router.get(
    "/editions/{slug}/matches/{pk}/beside", response=BesideOut, operation_id="compareProposal"
)
def beside_match(request: ActorRequest, slug: str, pk: UUID) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return _beside(request.actor, edition, queries_beside.of_match(request.actor, edition, pk))


@router.get(
    "/editions/{slug}/openings/{pk}/beside", response=BesideOut, operation_id="compareOpening"
)
def beside_opening(request: ActorRequest, slug: str, pk: UUID) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return _beside(request.actor, edition, queries_beside.of_opening(request.actor, edition, pk))


@router.get(
    "/editions/{slug}/interests/{pk}/beside", response=BesideOut, operation_id="compareInterest"
)
def beside_request(request: ActorRequest, slug: str, pk: UUID) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return _beside(request.actor, edition, queries_beside.of_request(request.actor, edition, pk))


class RefuseIn(Body):
    """`talent` where a delegate refuses a candidate; without it, one's own record refuses."""

    opening: UUID
    reason: Annotated[str, one_of(RefusalReason)]
    note: str = ""
    talent: UUID | None = None


class RefusalOut(Schema):
    id: UUID
    opening: UUID
    talent: UUID
    side: Annotated[str, one_of(Side)]
    reason: Annotated[str, one_of(RefusalReason)]
    note: str
    made_at: datetime


def _refusal(one: Refusal) -> dict[str, Any]:
    plain = ("id", "side", "reason", "note", "made_at")
    return {
        **{name: getattr(one, name) for name in plain},
        "opening": one.opening_id,
        "talent": one.talent_id,
    }


@router.post("/editions/{slug}/refusals", response={201: RefusalOut}, operation_id="refusePair")
def refuse(request: ActorRequest, slug: str, body: RefuseIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    made = services.refuse(request.actor, edition, services.Refuse(**body.dict()))
    return 201, _refusal(made)


@router.get("/editions/{slug}/refusals", response=list[RefusalOut], operation_id="listRefusals")
def list_refusals(request: ActorRequest, slug: str) -> Any:
    """What the reader's own sides refused."""
    edition = edition_by_slug(request.actor, slug)
    _own_side(request, edition)
    return [_refusal(one) for one in queries_refusals.refusals(request.actor, edition)]


def _own_side(request: ActorRequest, edition: Edition) -> None:
    talent = services.own_talent(request.actor, edition)
    if talent is None and not request.actor.organisations(edition.pk):
        raise NotAllowed


@router.delete(
    "/editions/{slug}/refusals/{uuid:pk}",
    response={204: None},
    operation_id="takeRefusalBack",
)
def take_back(request: ActorRequest, slug: str, pk: UUID) -> Any:
    edition = edition_by_slug(request.actor, slug)
    services.take_refusal_back(request.actor, edition, pk)
    return 204, None


class CountsOut(Schema):
    """side -> reason -> how often."""

    counts: dict[str, dict[str, int]]


@router.get("/editions/{slug}/refusals/counts", response=CountsOut, operation_id="countRefusals")
def counts(request: ActorRequest, slug: str) -> Any:
    """For the office and auditors: how often each reason was given."""
    edition = edition_by_slug(request.actor, slug)
    if not can_audit(request.actor, edition.pk):
        raise NotAllowed
    return {"counts": queries_refusals.refusal_counts(edition)}


class HideIn(Body):
    opening: UUID
    talent: UUID | None = None
    hidden: bool = True


class HideOut(Schema):
    changed: bool


@router.post("/editions/{slug}/hidden", response=HideOut, operation_id="hidePair")
def hide(request: ActorRequest, slug: str, body: HideIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    changed = services.hide(request.actor, edition, body.opening, body.hidden, body.talent)
    return {"changed": changed}
