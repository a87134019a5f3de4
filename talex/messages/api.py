"""The log of messages through the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from talex.accounts.http import actor_of
from talex.core.paging import Limit, Offset
from talex.core.shapes import one_of
from talex.editions.queries import edition_by_slug
from talex.messages import again, log
from talex.messages.bounces import suppressing
from talex.messages.bounces.models import Bounce, Sort
from talex.messages.models import Message, State
from talex.participants.looking.models import Way

router = Router(tags=["messages"])


class OutboxMessageOut(Schema):
    """A message: what kind, to whom, by which channel, and what became of it."""

    id: UUID
    kind: str
    channel: Annotated[str, one_of("mail", "sms", "wechat", "wecom")]
    address: str
    language: str
    state: Annotated[str, one_of(State)]
    problem: str
    created_at: datetime
    ended_at: datetime | None

    @staticmethod
    def resolve_problem(message: Message) -> str:
        return str(log.why(message))


class MessagesOut(Schema):
    """A page of messages, the newest first."""

    count: int
    items: list[OutboxMessageOut]


class ReportOut(Schema):
    """What came back: hard, soft, complaint, delayed, delivered or auto_reply."""

    sort: Annotated[str, one_of(Sort)]
    status: str
    said: str
    at: datetime


class WordedOut(OutboxMessageOut):
    """With its words; they are empty where only its reader may know them. `suppressed`: nothing
    is sent to the address, because mails to it come back."""

    subject: str
    text: str
    reports: list[ReportOut]
    suppressed: bool

    @staticmethod
    def resolve_reports(message: Message) -> list[Bounce]:
        return list(message.bounces.all())

    @staticmethod
    def resolve_suppressed(message: Message) -> bool:
        return message.channel == "mail" and suppressing.of(message.address) is not None

    @staticmethod
    def resolve_text(message: Message) -> str:
        return log.words(message)


@router.get("/editions/{slug}/message-log", response=MessagesOut)
def messages(
    request: HttpRequest,
    slug: str,
    state: str = "",
    kind: str = "",
    channel: str = "",
    address: str = "",
    limit: int = Limit,
    offset: int = Offset,
) -> dict[str, Any]:
    """What was sent to people of the conference: for its office and auditors."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    asked = {"state": state, "kind": kind, "channel": channel, "address__icontains": address}
    rows = log.rows(actor, edition).filter(**{key: value for key, value in asked.items() if value})
    page = list(rows[offset : offset + limit])
    log.noted(actor, edition.pk, page, Way.API)
    return {"count": rows.count(), "items": page}


@router.get("/editions/{slug}/message-log/{message}", response=WordedOut)
def message(request: HttpRequest, slug: str, message: UUID) -> Message:
    """One message."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    found = log.one(actor, edition, message)
    log.noted(actor, edition.pk, [found], Way.API)
    return found


@router.post("/editions/{slug}/message-log/{message}/send-again", response=OutboxMessageOut)
def send_again(request: HttpRequest, slug: str, message: UUID) -> Message:
    """Send again what did not arrive, or perhaps did not, with the same Message-ID."""
    actor = actor_of(request)
    found = log.one(actor, edition_by_slug(actor, slug), message)
    return again.send_again(actor, again.SendAgain(found.pk))


@router.post("/editions/{slug}/message-log/{message}/lift", response=WordedOut)
def lift(request: HttpRequest, slug: str, message: UUID) -> Message:
    """Write again to the address of this message, to which mails came back."""
    actor = actor_of(request)
    found = log.one(actor, edition_by_slug(actor, slug), message)
    suppressing.lift(actor, suppressing.Lift(found.address))
    return found
