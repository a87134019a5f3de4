"""Trees of organisations through the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from talex.accounts.http import actor_of
from talex.core.shapes import Body, one_of
from talex.editions.queries import edition_by_slug
from talex.participants.belonging import queries, services
from talex.participants.belonging.models import Belonging, State

router = Router(tags=["belonging"])
BASE = "/editions/{slug}/belonging"


class BelongingOut(Schema):
    """A request of `child` to stand below `parent`, and what was answered."""

    id: UUID
    child_id: UUID
    parent_id: UUID
    state: Annotated[str, one_of(State)]
    message: str
    reason: str
    asked_at: datetime
    decided_at: datetime | None


class AskToBelongIn(Body):
    child: UUID
    parent: UUID
    message: str = ""


class AnswerBelongingIn(Body):
    """`reason` is needed to decline."""

    confirm: bool
    reason: str = ""


class EndIn(Body):
    child: UUID
    reason: str


@router.get(BASE, response=list[BelongingOut])
def belongings(request: HttpRequest, slug: str) -> Any:
    """The requests of both your sides; office and auditors see all."""
    actor = actor_of(request)
    return queries.belongings(actor, edition_by_slug(actor, slug))[:1000]


@router.post(BASE, response={201: BelongingOut})
def ask(request: HttpRequest, slug: str, given: AskToBelongIn) -> Status[Any]:
    """Ask for an organisation that you head."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    command = services.AskToBelong(edition=edition.pk, **given.dict())
    return Status(201, services.ask_to_belong(actor, command))


@router.post(f"{BASE}/end", response={204: None})
def end(request: HttpRequest, slug: str, given: EndIn) -> Status[None]:
    """An organisation belongs to the one above no longer; either side, or the office."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    services.end_belonging(actor, services.EndBelonging(edition=edition.pk, **given.dict()))
    return Status(204, None)


@router.post(f"{BASE}/{{belonging}}/answer", response=BelongingOut)
def answer(request: HttpRequest, slug: str, belonging: UUID, given: AnswerBelongingIn) -> Belonging:
    """Confirm or decline, as the one above."""
    actor = actor_of(request)
    found = queries.belonging(actor, edition_by_slug(actor, slug), belonging)
    command = services.AnswerBelonging(belonging=found.pk, **given.dict())
    return services.answer_belonging(actor, command)


@router.delete(f"{BASE}/{{belonging}}", response={204: None})
def take_back(request: HttpRequest, slug: str, belonging: UUID) -> Status[None]:
    """Take back what was not answered yet."""
    actor = actor_of(request)
    found = queries.belonging(actor, edition_by_slug(actor, slug), belonging)
    services.take_back(actor, found.pk)
    return Status(204, None)
