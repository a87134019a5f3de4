"""What came of meetings, over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Schema

from talex.accounts.http import ActorRequest
from talex.core.errors import NotFound
from talex.core.shapes import Body, one_of
from talex.editions.models import Edition
from talex.editions.queries import edition_by_slug
from talex.editions.rules import can_audit
from talex.evidence.vocabulary import Rung
from talex.fair import queries, services
from talex.fair.choices import Side, StatementKind
from talex.meetings import queries as meeting_queries

router = Router(tags=["fair"])


class OutcomeStepOut(Schema):
    rung: Annotated[str, one_of(Rung)]
    reached_at: datetime | None
    confirmed_by: str


class OutcomeOut(Schema):
    """The rungs of a meeting, and what each side said (null: nothing)."""

    meeting: UUID
    steps: list[OutcomeStepOut]
    talent: bool | None
    employer: bool | None
    offer_made: bool | None


def _outcome(request: ActorRequest, edition: Edition, pk: UUID) -> dict[str, Any]:
    meeting = meeting_queries.meetings(request.actor, edition).filter(pk=pk).first()
    if meeting is None:
        raise NotFound
    found = queries.outcome(meeting)
    audit = can_audit(request.actor, edition.pk)
    return {
        "meeting": meeting.id,
        "steps": [
            {
                "rung": step.rung,
                "reached_at": step.reached_at,
                "confirmed_by": step.confirmed_by if audit else "",
            }
            for step in found.steps
        ],
        "talent": found.answer(Side.TALENT),
        "employer": found.answer(Side.EMPLOYER),
        "offer_made": found.answer(Side.EMPLOYER, "offer"),
    }


@router.get("/editions/{slug}/meetings/{pk}/rungs", response=OutcomeOut, operation_id="getOutcome")
def get_outcome(request: ActorRequest, slug: str, pk: UUID) -> Any:
    return _outcome(request, edition_by_slug(request.actor, slug), pk)


class SayIn(Body):
    side: Annotated[str, one_of(Side)]
    yes: bool
    kind: Annotated[str, one_of(StatementKind)] = "intent"


@router.post(
    "/editions/{slug}/meetings/{pk}/say", response=OutcomeOut, operation_id="sayWhetherToGoOn"
)
def say(request: ActorRequest, slug: str, pk: UUID, body: SayIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    services.say(request.actor, edition, services.SayIntent(pk, body.side, body.yes, body.kind))
    return _outcome(request, edition, pk)


class OutcomeRungIn(Body):
    """A rung that was reached, or with `withdraw` no longer holds (then with a reason)."""

    rung: Rung
    happened_at: datetime | None = None
    note: str = ""
    withdraw: bool = False
    reason: str = ""


@router.post(
    "/editions/{slug}/meetings/{pk}/rungs", response=OutcomeOut, operation_id="recordOutcome"
)
def record(request: ActorRequest, slug: str, pk: UUID, body: OutcomeRungIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    if body.withdraw:
        services.withdraw_outcome(
            request.actor, edition, services.WithdrawOutcome(pk, body.rung, body.reason)
        )
    else:
        services.record_outcome(
            request.actor,
            edition,
            services.RecordOutcome(pk, body.rung, body.happened_at, note=body.note),
        )
    return _outcome(request, edition, pk)
