"""Requests of both sides over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Schema
from ninja.pagination import paginate

from talex.accounts.http import ActorRequest
from talex.core.paging import Pages
from talex.core.shapes import Body, one_of
from talex.editions.models import Edition
from talex.editions.queries import edition_by_slug
from talex.fair import disclosing, queries, services
from talex.fair.choices import EndedBy, InterestState, RefusalReason, Side
from talex.fair.looks import noted
from talex.fair.models import Interest
from talex.participants.looking.models import Way

router = Router(tags=["fair"])


class InterestOut(Schema):
    """A request; `talent_facts` are only what the reader may see of the talent. Contact details in
    the other side's words are hidden (`•••`) until both agreed."""

    id: UUID
    talent: UUID
    talent_facts: dict[str, Any]
    opening: UUID
    opening_title: dict[str, str]
    organisation: UUID
    side: Annotated[str, one_of(Side)]
    rank: int | None
    message: str
    answer: str
    decline_reason: Annotated[str, one_of(RefusalReason, "")]
    state: Annotated[str, one_of(InterestState)]
    ended_by: Annotated[str, one_of(EndedBy, "")]
    asked_at: datetime
    expires_at: datetime
    answered_at: datetime | None


def _interests(request: ActorRequest, edition: Edition, rows: list[Interest]) -> list[Any]:
    pairs = [(one.talent, one.opening.organisation_id) for one in rows]
    seen = queries.faces(request.actor, edition, pairs)
    noted(request.actor, edition, pairs, Way.API)
    words = disclosing.words_read(request.actor, rows)
    return [
        _interest(one, seen[one.talent_id, one.opening.organisation_id], words[one.pk])
        for one in rows
    ]


def _interest(one: Interest, facts: dict[str, Any], words: disclosing.Words) -> dict[str, Any]:
    # Whoever sees all of the talent (office, themselves) sees the words by that.
    said = queries.kept_words(words, one, False, facts)
    return {
        "id": one.id,
        "talent": one.talent_id,
        "talent_facts": facts,
        "opening": one.opening_id,
        "opening_title": one.opening.shown_title.texts(),
        "organisation": one.opening.organisation_id,
        "side": one.side,
        "rank": one.rank,
        "message": said.message,
        "answer": said.answer,
        "decline_reason": one.decline_reason,
        "ended_by": one.ended_by,
        "state": queries.state_now(one),
        "asked_at": one.asked_at,
        "expires_at": one.expires_at,
        "answered_at": one.answered_at,
    }


class _Interests(Pages):
    def paginate_queryset(
        self, queryset: Any, pagination: Any, request: Any = None, **params: Any
    ) -> Any:
        page = super().paginate_queryset(queryset, pagination, request, **params)
        rows = list(page["items"])
        page["items"] = _interests(request, rows[0].edition, rows) if rows else []
        return page


@router.get("/editions/{slug}/interests", response=list[InterestOut], operation_id="listInterests")
@paginate(_Interests)
def list_interests(request: ActorRequest, slug: str, state: str = "") -> Any:
    edition = edition_by_slug(request.actor, slug)
    rows = queries.interests(request.actor, edition).select_related("edition")
    return rows.filter(present=state) if state else rows


class AskToMeetIn(Body):
    """A talent asks; `talent` only where the office asks for somebody.

    `abroad`: with an organisation abroad, that the talent agreed to it by itself.
    """

    opening: UUID
    message: str = ""
    rank: int | None = None
    talent: UUID | None = None
    abroad: bool = False


@router.post(
    "/editions/{slug}/interests/ask", response={201: InterestOut}, operation_id="askToMeet"
)
def ask(request: ActorRequest, slug: str, body: AskToMeetIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    made = services.ask_to_meet(request.actor, edition, services.AskToMeet(**body.dict()))
    return 201, _interests(request, edition, [made])[0]


class InviteIn(Body):
    opening: UUID
    talent: UUID
    message: str = ""
    rank: int | None = None


@router.post(
    "/editions/{slug}/interests/invite", response={201: InterestOut}, operation_id="inviteTalent"
)
def invite(request: ActorRequest, slug: str, body: InviteIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    made = services.invite(request.actor, edition, services.Invite(**body.dict()))
    return 201, _interests(request, edition, [made])[0]


class AnswerInterestIn(Body):
    """An organisation that declines gives a `reason`: see `RefusalReason`."""

    accept: bool
    message: str = ""
    reason: Annotated[str, one_of(RefusalReason, "")] = ""
    abroad: bool = False


@router.post(
    "/editions/{slug}/interests/{pk}/answer", response=InterestOut, operation_id="answerInterest"
)
def answer(request: ActorRequest, slug: str, pk: UUID, body: AnswerInterestIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = services.AnswerInterest(pk, body.accept, body.message, body.reason, body.abroad)
    done = services.answer(request.actor, edition, command)
    return _interests(request, edition, [done])[0]


class WithdrawInterestIn(Body):
    reason: str = ""


@router.post(
    "/editions/{slug}/interests/{pk}/withdraw",
    response=InterestOut,
    operation_id="withdrawInterest",
)
def withdraw(request: ActorRequest, slug: str, pk: UUID, body: WithdrawInterestIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = services.WithdrawInterest(pk, body.reason)
    done = services.withdraw(request.actor, edition, command)
    return _interests(request, edition, [done])[0]
