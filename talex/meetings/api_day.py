"""The living day over the API: repairs, absences, and times that one side proposes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Router, Schema

from talex.accounts.http import ActorRequest
from talex.core.errors import NotFound
from talex.core.shapes import Body, one_of
from talex.editions.queries import edition_by_slug
from talex.meetings import absences, proposals, queries, repairing, versions
from talex.meetings.api_timetable import BASE, DifferenceOut, VersionOut, differences_out
from talex.meetings.happened import Happened, Kind
from talex.meetings.models import Proposal

router = Router(tags=["timetable"])

# ── the living day ───────────────────────────────────────────────────────────


class HappenedIn(Body):
    """What happened (see `Happened`): which fields count depends on `kind`."""

    kind: Literal["ill", "late", "closed", "no_show", "booking"]
    person: UUID | None = None
    hall: UUID | None = None
    table: UUID | None = None
    meeting: UUID | None = None
    request: UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def _happened(body: HappenedIn) -> Happened:
    return Happened(
        Kind(body.kind), body.person, body.hall, body.table, body.meeting,
        body.request, body.starts_at, body.ends_at,
    )  # fmt: skip


class RepairOut(Schema):
    """What a repair would change; `token` goes with carrying it out.

    `askable`: requests whose people can be asked whether the new time suits them.
    """

    token: str
    touched: int
    lost: int
    askable: list[UUID]
    seconds: float
    counts: dict[str, int]
    differences: list[DifferenceOut]


@router.post(f"{BASE}/repairs/preview", response=RepairOut, operation_id="previewRepair")
def preview_repair(request: ActorRequest, slug: str, body: HappenedIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    found = repairing.preview(request.actor, edition, _happened(body))
    return {
        "token": found.token,
        "touched": found.touched,
        "lost": found.lost,
        "askable": found.askable,
        "seconds": found.seconds,
        "counts": versions.counts(found.differences),
        "differences": differences_out(found.differences),
    }


class RepairIn(HappenedIn):
    """`ask`: propose and hold the new time for those who can be asked, in place of telling it."""

    token: str
    note: str = ""
    ask: bool = False


@router.post(f"{BASE}/repairs", response={201: VersionOut}, operation_id="repairTimetable")
def repair(request: ActorRequest, slug: str, body: RepairIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return 201, repairing.carry_out(
        request.actor, edition, _happened(body), body.token, body.note, ask=body.ask
    )


@router.post(f"{BASE}/absences/{{pk}}/end", response={204: None}, operation_id="endAbsence")
def end_absence(request: ActorRequest, slug: str, pk: UUID) -> Any:
    edition = edition_by_slug(request.actor, slug)
    absences.end(request.actor, edition, pk)
    return 204, None


# ── proposals ────────────────────────────────────────────────────────────────


class ProposalOut(Schema):
    """A time that waits for an answer.

    `asked_side`: the only side asked, "" where `side` says who. `otherwise`: why the meeting is
    called off unless somebody accepts, "" where it stays.
    """

    id: UUID
    meeting_id: UUID
    side: Annotated[str, one_of("talent", "employer", "office")]
    state: Annotated[str, one_of(Proposal.State)]
    starts_at: datetime
    ends_at: datetime
    table_id: UUID | None
    note: str
    asked_side: Annotated[str, one_of("", "talent", "employer")]
    otherwise: str
    expires_at: datetime


class ProposeIn(Body):
    """Another time; `sequence` is the meeting's that was read."""

    starts_at: datetime
    sequence: int
    table: UUID | None = None
    note: str = ""


@router.get(
    "/editions/{slug}/meetings/{pk}/proposals",
    response=list[ProposalOut],
    operation_id="listProposals",
)
def list_proposals(request: ActorRequest, slug: str, pk: UUID) -> Any:
    edition = edition_by_slug(request.actor, slug)
    if not queries.meetings(request.actor, edition).filter(id=pk).exists():
        raise NotFound
    return Proposal.objects.filter(meeting_id=pk)


@router.post(
    "/editions/{slug}/meetings/{pk}/proposals",
    response={201: ProposalOut},
    operation_id="proposeTime",
)
def propose(request: ActorRequest, slug: str, pk: UUID, body: ProposeIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = proposals.ProposeTime(pk, body.starts_at, body.sequence, body.table, body.note)
    return 201, proposals.propose(request.actor, edition, command)


class AnswerProposalIn(Body):
    accept: bool


@router.post(
    "/editions/{slug}/proposals/{pk}/answer",
    response=ProposalOut,
    operation_id="answerProposal",
)
def answer(request: ActorRequest, slug: str, pk: UUID, body: AnswerProposalIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = proposals.AnswerProposal(pk, body.accept)
    proposals.answer(request.actor, edition, command)
    return Proposal.objects.get(id=pk)


@router.post(
    "/editions/{slug}/proposals/{pk}/withdraw",
    response=ProposalOut,
    operation_id="withdrawProposal",
)
def withdraw(request: ActorRequest, slug: str, pk: UUID) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return proposals.withdraw(request.actor, edition, pk)
