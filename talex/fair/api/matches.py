"""Proposals over the API: read, run, decide."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema
from ninja.pagination import paginate

from talex.accounts.http import ActorRequest
from talex.core.errors import Invalid
from talex.core.paging import Pages
from talex.core.shapes import Body, one_of
from talex.editions.models import Edition
from talex.editions.queries import edition_by_slug
from talex.fair import queries, reasons, rules, services
from talex.fair.choices import MatchState, Side
from talex.fair.looks import noted
from talex.fair.models import Match
from talex.fair.words import words_of
from talex.participants.looking.models import Way

router = Router(tags=["fair"])


class ReasonOut(Schema):
    """A reason in the reader's language; `gain`: hundredths the score would rise by."""

    part: str
    title: str
    state: Annotated[str, one_of("ok", "warning", "none")]
    text: str
    change: str
    gain: int


class MatchOut(Schema):
    """A proposal; `talent_facts` are only what the reader may see of the talent."""

    id: UUID
    talent: UUID
    talent_facts: dict[str, Any]
    opening: UUID
    opening_title: dict[str, str]
    organisation: UUID
    score: float
    state: Annotated[str, one_of(MatchState)]
    reasons: list[ReasonOut]


def _reader(request: ActorRequest, match: Match) -> str:
    if rules.is_talent(request.actor, match.talent):
        return Side.TALENT
    return Side.EMPLOYER if rules.is_employer(request.actor, match.opening) else ""


def matches_out(request: ActorRequest, edition: Edition, rows: list[Match]) -> list[Any]:
    """Proposals as the reader may see them."""
    words = words_of(edition)
    seen = [(row.talent, row.opening.organisation_id) for row in rows]
    noted(request.actor, edition, seen, Way.API)
    return [
        {
            "id": card.match.id,
            "talent": card.match.talent_id,
            "talent_facts": card.facts,
            "opening": card.match.opening_id,
            "opening_title": card.match.opening.shown_title.texts(),
            "organisation": card.match.opening.organisation_id,
            "score": card.match.score,
            "state": card.match.state,
            "reasons": reasons.told(
                card.match.reasons,
                words,
                _reader(request, card.match),
            ),
        }
        for card in queries.cards(request.actor, edition, rows)
    ]


class _Matches(Pages):
    def paginate_queryset(
        self, queryset: Any, pagination: Any, request: Any = None, **params: Any
    ) -> Any:
        page = super().paginate_queryset(queryset, pagination, request, **params)
        rows = list(page["items"])
        page["items"] = matches_out(request, rows[0].edition, rows) if rows else []
        return page


@router.get("/editions/{slug}/matches", response=list[MatchOut], operation_id="listMatches")
@paginate(_Matches)
def list_matches(
    request: ActorRequest, slug: str, state: str = "", minimum: float = Query(0.0, ge=0, le=1)
) -> Any:
    edition = edition_by_slug(request.actor, slug)
    rows = queries.matches(request.actor, edition).filter(score__gte=minimum)
    rows = rows.select_related("talent__person", "opening__organisation", "edition")
    return rows.filter(state=state) if state else rows


class RunIn(Body):
    per_talent: int = 4
    minimum: float = 0.0
    seed: int = 0


class MatchingJobOut(Schema):
    job: UUID


@router.post(
    "/editions/{slug}/matches/run", response={202: MatchingJobOut}, operation_id="runMatching"
)
def run(request: ActorRequest, slug: str, body: RunIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = services.RunMatching(**body.dict())
    job = services.start_matching(request.actor, edition, command)
    return 202, {"job": job.id}


class DecideMatchesIn(Body):
    """`ids` of proposals, or `minimum`: every undecided one of at least this score."""

    approve: bool = True
    ids: list[UUID] = []
    minimum: float | None = None


class MatchesDecidedOut(Schema):
    approved: int = 0
    rejected: int = 0
    standing: int = 0
    apart: int = 0
    abroad: int = 0
    gone: int = 0
    hidden: int = 0
    meetings: int = 0


@router.post(
    "/editions/{slug}/matches/decide", response=MatchesDecidedOut, operation_id="decideMatches"
)
def decide(request: ActorRequest, slug: str, body: DecideMatchesIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    nothing = not body.ids and (body.minimum is None or not body.approve)
    if nothing and rules.can_match(request.actor, edition.pk):
        raise Invalid({"ids": _("Name the proposals, or (to approve) give a minimum score.")})
    if not body.approve:
        return {"rejected": services.reject_matches(request.actor, edition, body.ids)}
    if body.minimum is not None:
        return services.approve_above(request.actor, edition, body.minimum).as_json()
    return services.approve_matches(request.actor, edition, body.ids).as_json()
