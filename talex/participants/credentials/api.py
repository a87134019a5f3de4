"""Verification through the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from talex.accounts.http import actor_of
from talex.core.errors import NotAllowed
from talex.editions.models import Edition
from talex.editions.queries import edition_by_slug
from talex.participants.credentials import queries, rules, services
from talex.participants.credentials.models import Case

router = Router(tags=["verification"])


class CaseOut(Schema):
    """A case: what is checked, of whom, and how far it is."""

    id: UUID
    kind: str
    state: str
    talent: UUID | None = Field(None, alias="talent_id")
    organisation: UUID | None = Field(None, alias="organisation_id")
    submitted_at: datetime | None
    claimed_until: datetime | None
    decided_at: datetime | None
    reason: str
    note: str
    valid_until: date | None
    version: int


class CasesOut(Schema):
    """A page of cases, the oldest first."""

    count: int
    items: list[CaseOut]


class DecisionIn(Schema):
    """Accept or return cases, all with one reason; each is recorded by itself."""

    cases: list[UUID]
    accept: bool
    reason: str = ""
    note: str = ""
    valid_until: date | None = None


class DecidedOut(Schema):
    count: int


@router.post("/editions/{slug}/verification/decide", response=DecidedOut)
def decide(request: HttpRequest, slug: str, given: DecisionIn) -> dict[str, int]:
    """Accept or return all of these cases, or none."""
    actor = actor_of(request)
    edition: Edition = edition_by_slug(actor, slug)
    if not rules.can_see_queue(actor, edition):
        raise NotAllowed
    wanted = [queries.case(actor, edition, one).pk for one in given.cases]
    values = {**given.dict(), "cases": wanted}
    return {"count": services.decide(actor, services.DecideCases(**values))}


@router.get("/editions/{slug}/verification", response=CasesOut)
def cases(
    request: HttpRequest,
    slug: str,
    state: str = "",
    kind: str = "",
    limit: int = Query(100, ge=1, le=1000),
    offset: int = Query(0, ge=0, le=10_000_000),
) -> dict[str, Any]:
    """The cases you may see: the office and auditors all, others their own."""
    actor = actor_of(request)
    rows = queries.cases(actor, edition_by_slug(actor, slug))
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    page = list(rows.order_by("submitted_at", "opened_at", "pk")[offset : offset + limit])
    return {"count": rows.count(), "items": page}


@router.get("/editions/{slug}/verification/{case}", response=CaseOut)
def case(request: HttpRequest, slug: str, case: UUID) -> Case:
    """One case."""
    actor = actor_of(request)
    return queries.case(actor, edition_by_slug(actor, slug), case)


@router.post("/editions/{slug}/verification/{case}/claim", response=CaseOut)
def claim(request: HttpRequest, slug: str, case: UUID, release: bool = False) -> Case:
    """Take a case for half an hour, or with `release` give it back."""
    actor = actor_of(request)
    found = queries.case(actor, edition_by_slug(actor, slug), case)
    act = services.release_case if release else services.claim_case
    return act(actor, found.pk)
