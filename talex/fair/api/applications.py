"""Where applications stand, shortlists, blocks and limits over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Schema
from pydantic import Field

from talex.accounts.http import ActorRequest
from talex.core.errors import NotAllowed
from talex.core.paging import Offset
from talex.core.shapes import Body, one_of
from talex.editions.queries import edition_by_slug
from talex.evidence.vocabulary import Rung
from talex.fair import queries_applications as told
from talex.fair import rules, services
from talex.fair.choices import Side
from talex.fair.looks import noted
from talex.fair.services import quotas
from talex.fair.stages import Stage
from talex.participants.looking.models import Way

router = Router(tags=["fair"])
PAGE = 200


class ApplicationOut(Schema):
    """A pair as the reader's side sees it; `next` in the reader's language. `talent_facts` are
    only what the reader may see."""

    talent: UUID
    talent_facts: dict[str, Any]
    alias: str
    opening: UUID
    opening_title: dict[str, str]
    organisation: UUID
    stage: Annotated[str, one_of(Stage)]
    next: str
    reason: str
    interest: UUID | None
    mine: bool
    expires_at: datetime | None
    shortlisted: bool
    note: str
    meeting_request: UUID | None
    meeting: UUID | None
    starts_at: datetime | None
    rung: Annotated[str, one_of(Rung, "")]


class RoomOut(Schema):
    """How many requests wait, how many may, how many are left."""

    what: str
    open: int
    most: int
    left: int


class ApplicationsOut(Schema):
    side: Annotated[str, one_of(Side)]
    counts: dict[str, int]
    rooms: list[RoomOut]
    items: list[ApplicationOut]


def _out(one: told.Application, side: str) -> dict[str, Any]:
    return {
        "talent": one.talent.pk,
        "talent_facts": one.facts,
        "alias": one.alias,
        "opening": one.opening.pk,
        "opening_title": one.opening.shown_title.texts(),
        "organisation": one.opening.organisation_id,
        "stage": one.stage,
        "next": str(one.next),
        "reason": str(one.reason),
        "interest": one.interest.pk if one.interest else None,
        "mine": one.mine,
        "expires_at": one.interest.expires_at if one.interest else None,
        "shortlisted": one.listed is not None,
        "note": one.listed.note if one.listed and side == Side.EMPLOYER else "",
        "meeting_request": one.request,
        "meeting": one.meeting.pk if one.meeting else None,
        "starts_at": one.meeting.starts_at if one.meeting else None,
        "rung": one.rung,
    }


@router.get(
    "/editions/{slug}/applications", response=ApplicationsOut, operation_id="listApplications"
)
def applications(
    request: ActorRequest,
    slug: str,
    opening: UUID | None = None,
    stage: str = "",
    offset: int = Offset,
) -> Any:
    """The reader's own side: a talent's applications, or a delegate's board; 200 from `offset`."""
    edition = edition_by_slug(request.actor, slug)
    talent = services.read_as(request.actor, edition)
    if talent is None and not request.actor.organisations(edition.pk):
        raise NotAllowed
    side = Side.TALENT if talent is not None else Side.EMPLOYER
    every = told.applications(request.actor, edition, side, opening=opening)
    shown = [one for one in every if not stage or one.stage == stage]
    shown = shown[offset : offset + PAGE]
    pairs = [(one.talent, one.opening.organisation_id) for one in shown]
    noted(request.actor, edition, pairs, Way.API)
    return {
        "side": side,
        "counts": told.counted(every),
        "rooms": [
            {**room, "what": str(room["what"])}
            for room in told.rooms(request.actor, edition, side, talent)
        ],
        "items": [_out(one, side) for one in shown],
    }


class ShortlistIn(Body):
    """`told`: the talent sees it. `note` is read by the own side alone."""

    opening: UUID
    talent: UUID
    told: bool = False
    note: str = Field("", max_length=500)


class ShortlistedOut(Schema):
    id: UUID
    opening: UUID
    talent: UUID
    told: bool
    note: str


@router.post(
    "/editions/{slug}/shortlist", response={201: ShortlistedOut}, operation_id="shortlistTalent"
)
def shortlist(request: ActorRequest, slug: str, body: ShortlistIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    row = services.shortlist(request.actor, edition, services.Shortlist(**body.dict()))
    return 201, {
        "id": row.pk,
        "opening": row.opening_id,
        "talent": row.talent_id,
        "told": row.told,
        "note": row.note,
    }


class UnlistIn(Body):
    opening: UUID
    talent: UUID


class ChangedOut(Schema):
    changed: bool


@router.post("/editions/{slug}/shortlist/off", response=ChangedOut, operation_id="unlistTalent")
def unlist(request: ActorRequest, slug: str, body: UnlistIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return {"changed": services.unlist(request.actor, edition, body.opening, body.talent)}


class DeclineArrangedIn(Body):
    """What stands at the stage `planned`."""

    opening: UUID
    talent: UUID


@router.post(
    "/editions/{slug}/applications/decline-arranged",
    response=ChangedOut,
    operation_id="declineArranged",
)
def decline_arranged(request: ActorRequest, slug: str, body: DeclineArrangedIn) -> Any:
    """Say no to what only the office arranged, while it has no time; 409 once it has."""
    edition = edition_by_slug(request.actor, slug)
    services.decline_arranged(request.actor, edition, body.opening, body.talent)
    return {"changed": True}


class BlockIn(Body):
    """`side` is the reader's own: `talent` or `employer`."""

    organisation: UUID
    talent: UUID
    side: Side
    blocked: bool = True


@router.post("/editions/{slug}/blocks", response=ChangedOut, operation_id="setBlock")
def block(request: ActorRequest, slug: str, body: BlockIn) -> Any:
    """One side hears no longer from the other, or again."""
    edition = edition_by_slug(request.actor, slug)
    return {"changed": services.set_block(request.actor, edition, services.SetBlock(**body.dict()))}


class LimitsOut(Schema):
    open_per_talent: int
    open_per_opening: int
    open_per_organisation: int
    answer_hours: int
    reminder_hours: int


def _limits(most: quotas.Stated) -> dict[str, int]:
    return {
        "open_per_talent": most.per_talent,
        "open_per_opening": most.per_opening,
        "open_per_organisation": most.per_organisation,
        "answer_hours": round(most.answer.total_seconds() / 3600),
        "reminder_hours": round(most.reminder.total_seconds() / 3600),
    }


@router.get("/editions/{slug}/request-limits", response=LimitsOut, operation_id="getRequestLimits")
def limits(request: ActorRequest, slug: str) -> Any:
    """Both sides know them: how many requests may wait, and how long an answer may take."""
    return _limits(quotas.stated(edition_by_slug(request.actor, slug)))


class LimitsIn(Body):
    open_per_talent: int
    open_per_opening: int
    open_per_organisation: int
    answer_hours: int
    reminder_hours: int


@router.put("/editions/{slug}/request-limits", response=LimitsOut, operation_id="setRequestLimits")
def set_limits(request: ActorRequest, slug: str, body: LimitsIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    if not rules.can_match(request.actor, edition.pk):
        raise NotAllowed
    services.set_request_rules(request.actor, edition, services.SetRequestRules(**body.dict()))
    return _limits(quotas.stated(edition))
