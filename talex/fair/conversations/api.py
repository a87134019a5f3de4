"""Conversations, reports and cases over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Schema

from talex.accounts.http import ActorRequest
from talex.core import masking
from talex.core.errors import NotAllowed
from talex.core.paging import Offset
from talex.core.shapes import Body, one_of
from talex.editions.queries import edition_by_slug
from talex.fair import rules as fair_rules
from talex.fair.choices import Side
from talex.fair.conversations import queries, reporting, rules, services
from talex.fair.conversations.models import (
    Conversation,
    Decision,
    Message,
    Report,
    ReportKind,
    ReportReason,
    ReportState,
)

router = Router(tags=["conversations"])
PAGE = 100
PAIR = "/editions/{slug}/conversations/{talent}/{opening}"


class ConversationOut(Schema):
    """`partner`: what the reader may call the other side."""

    id: UUID
    talent: UUID
    opening: UUID
    partner: str
    unread: int
    last_at: datetime


class ConversationMessageOut(Schema):
    """`masked`: contact details are hidden in it (for the writer: from the other side)."""

    id: UUID
    mine: bool
    writer: str
    text: str
    language: str
    sent_at: datetime
    masked: bool
    hidden: bool


class ThreadOut(Schema):
    """`closed`: why nobody may write, or ''. The newest 100 messages before `before`."""

    agreed: bool
    closed: str
    messages: list[ConversationMessageOut]


class MessageIn(Body):
    body: str


class ReportIn(Body):
    """`kind`: message, conversation, profile (a talent's record), opening, organisation; `target`
    its id."""

    kind: Annotated[str, one_of(ReportKind)]
    target: UUID
    reason: Annotated[str, one_of(ReportReason)]
    words: str = ""


class ReportCaseOut(Schema):
    """A case for whom it concerns; `evidence` and `reporter` are for the office alone. `target`:
    the reported message, conversation, talent record or opening."""

    id: UUID
    kind: Annotated[str, one_of(ReportKind)]
    target: UUID
    reason: Annotated[str, one_of(ReportReason)]
    state: Annotated[str, one_of(ReportState)]
    made_at: datetime
    decision: Annotated[str, one_of(Decision, "")]
    decision_words: str
    decided_at: datetime | None
    appealed: bool
    upheld: bool | None
    appeal_answer: str
    against_me: bool
    words: str
    evidence: dict[str, Any] | None
    reporter: str


class DecideReportIn(Body):
    decision: Annotated[str, one_of(Decision)]
    words: str


class WordsIn(Body):
    words: str


class AppealAnswerIn(Body):
    upheld: bool
    words: str


def _case(request: ActorRequest, row: Report, *, office: bool = False) -> dict[str, Any]:
    own, against = row.reporter == request.actor.id, rules.is_against(request.actor, row)
    return {
        **{
            name: getattr(row, name)
            for name in (
                "id", "kind", "target", "reason", "state", "made_at", "decision", "decision_words",
                "decided_at", "upheld",
            )
        },
        "appealed": row.appealed_at is not None,
        "against_me": against,
        # Between the office and whom the decision is against.
        "appeal_answer": row.appeal_answer if against or office else "",
        "words": row.words if own or office else "",
        "evidence": row.evidence if office else None,
        "reporter": row.reporter if own or office else "",
    }  # fmt: skip


def _unread(request: ActorRequest, row: Report) -> dict[str, Any]:
    """A case for the office without its evidence, which is recorded when it is read."""
    return {**_case(request, row, office=True), "evidence": None}


@router.get(
    "/editions/{slug}/conversations",
    response=list[ConversationOut],
    operation_id="listConversations",
)
def conversations(request: ActorRequest, slug: str, offset: int = Offset) -> Any:
    """The reader's own sides, the newest first, 100 from `offset`."""
    edition = edition_by_slug(request.actor, slug)
    actor = request.actor
    if not actor.has(edition.pk, "talent") and not actor.organisations(edition.pk):
        raise NotAllowed
    rows = list(queries.conversations(actor, edition)[offset : offset + PAGE])
    return [
        {
            "id": one.pk,
            "talent": one.talent_id,
            "opening": one.opening_id,
            "partner": partner,
            "unread": one.unread,  # type: ignore[attr-defined]
            "last_at": one.last_at,
        }
        for one, partner in queries.partners(actor, edition, rows)
    ]


@router.get(PAIR, response=ThreadOut, operation_id="readConversation")
def thread(
    request: ActorRequest, slug: str, talent: UUID, opening: UUID, before: datetime | None = None
) -> Any:
    """What was written; reading it marks it as read."""
    edition = edition_by_slug(request.actor, slug)
    who, about, side = services.pair_of(request.actor, edition, talent, opening)
    allowed = services.standing(edition, who, about, side)
    conversation = Conversation.objects.filter(talent=who, opening=about).first()
    rows: list[Message] = []
    if conversation is not None:
        found = conversation.messages.order_by("-sent_at", "-id")
        rows = list((found.filter(sent_at__lt=before) if before else found)[:PAGE])[::-1]
        services.mark_read(request.actor, conversation)
    partner = queries.partner_of(request.actor, edition, who, about, side)
    reads = side == Side.EMPLOYER and not fair_rules.speaks_for(request.actor, about)
    return {
        "agreed": allowed.agreed,
        "closed": str(fair_rules.ASSISTS if reads else allowed.closed),
        "messages": queries.lines(rows, side, agreed=allowed.agreed, partner=partner),
    }


class MessageSentOut(Schema):
    """`masked`: the other side sees its contact details only after both agreed."""

    id: UUID
    sent_at: datetime
    language: str
    masked: bool


@router.post(PAIR, response={201: MessageSentOut}, operation_id="sendMessage")
def send(request: ActorRequest, slug: str, talent: UUID, opening: UUID, body: MessageIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    made = services.send(request.actor, edition, services.SendMessage(talent, opening, body.body))
    who, about, side = services.pair_of(request.actor, edition, talent, opening)
    agreed = services.standing(edition, who, about, side).agreed
    return 201, {
        "id": made.pk,
        "sent_at": made.sent_at,
        "language": made.language,
        "masked": not agreed and masking.has_contact(made.body),
    }


@router.post(
    "/editions/{slug}/abuse-reports", response={201: ReportCaseOut}, operation_id="reportAbuse"
)
def report(request: ActorRequest, slug: str, body: ReportIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    row = reporting.report(request.actor, edition, reporting.MakeReport(**body.dict()))
    return 201, _case(request, row)


@router.get("/editions/{slug}/cases", response=list[ReportCaseOut], operation_id="listMyCases")
def cases(request: ActorRequest, slug: str) -> Any:
    """What the reader reported, and decisions about them or their organisation."""
    edition = edition_by_slug(request.actor, slug)
    if not request.actor.signed_in:
        raise NotAllowed
    rows = Report.objects.filter(rules.own_cases(request.actor, edition.pk))
    return [_case(request, row) for row in rows.order_by("-made_at", "id")[:PAGE]]


@router.post(
    "/editions/{slug}/cases/{pk}/appeal", response=ReportCaseOut, operation_id="appealCase"
)
def appeal(request: ActorRequest, slug: str, pk: UUID, body: WordsIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    done = reporting.appeal(request.actor, edition, reporting.Appeal(pk, body.words))
    return _case(request, done)


@router.get(
    "/editions/{slug}/abuse-reports", response=list[ReportCaseOut], operation_id="listReports"
)
def queue(request: ActorRequest, slug: str, state: str = "", offset: int = Offset) -> Any:
    """The office's queue, the oldest first; without evidence, 100 from `offset`."""
    edition = edition_by_slug(request.actor, slug)
    if not rules.can_handle(request.actor, edition.pk):
        raise NotAllowed
    rows = Report.objects.filter(edition=edition).order_by("made_at", "id")
    rows = rows.filter(state=state) if state else rows
    return [_unread(request, row) for row in rows[offset : offset + PAGE]]


@router.get(
    "/editions/{slug}/abuse-reports/{pk}", response=ReportCaseOut, operation_id="readReport"
)
def case(request: ActorRequest, slug: str, pk: UUID) -> Any:
    """With the evidence; that it was read is recorded."""
    edition = edition_by_slug(request.actor, slug)
    return _case(request, reporting.opened(request.actor, edition, pk), office=True)


@router.post(
    "/editions/{slug}/abuse-reports/{pk}/claim", response=ReportCaseOut, operation_id="claimReport"
)
def claim(request: ActorRequest, slug: str, pk: UUID) -> Any:
    edition = edition_by_slug(request.actor, slug)
    done = reporting.claim(request.actor, edition, pk)
    return _unread(request, done)


@router.post(
    "/editions/{slug}/abuse-reports/{pk}/decide",
    response=ReportCaseOut,
    operation_id="decideReport",
)
def decide(request: ActorRequest, slug: str, pk: UUID, body: DecideReportIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = reporting.DecideReport(pk, body.decision, body.words)
    done = reporting.decide(request.actor, edition, command)
    return _unread(request, done)


@router.post(
    "/editions/{slug}/abuse-reports/{pk}/appeal",
    response=ReportCaseOut,
    operation_id="answerAppeal",
)
def answer_appeal(request: ActorRequest, slug: str, pk: UUID, body: AppealAnswerIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = reporting.AnswerAppeal(pk, body.upheld, body.words)
    done = reporting.answer_appeal(request.actor, edition, command)
    return _unread(request, done)
