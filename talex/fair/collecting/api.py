"""Collecting openings over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Schema

from talex.accounts.http import ActorRequest
from talex.core.errors import NotAllowed
from talex.core.paging import Offset
from talex.core.shapes import Body, one_of
from talex.editions.queries import edition_by_slug
from talex.editions.rules import can_audit
from talex.fair.collecting import queries, rules, services, tree
from talex.fair.collecting.models import Act, Fault, Stage, Step, Submission

router = Router(tags=["collecting openings"])
PAGE = 100
HERE = "/editions/{slug}/collecting"


class CollectingStepOut(Schema):
    """`faults`: why it was returned; `words`: in the words of who returned it."""

    act: Annotated[str, one_of(Act)]
    by_office: bool
    faults: list[str]
    words: str
    made_at: datetime


class SubmissionOut(Schema):
    """How far an opening is: draft, handed_in, returned, passed (on to the office), approved.
    `proposed`: changes of an open opening that wait. `version`: to send with an act."""

    id: UUID
    opening: UUID
    organisation: UUID
    collector: UUID | None
    stage: Annotated[str, one_of(Stage)]
    places: int
    proposed: dict[str, Any]
    changed_at: datetime
    version: int


class SubmissionWithSteps(SubmissionOut):
    steps: list[CollectingStepOut]


class QuotaOut(Schema):
    """`used` and `shared` count openings, `used_seats` and `shared_seats` people looked for."""

    organisation: UUID
    given_by: UUID | None
    openings: int
    seats: int | None
    used: int
    used_seats: int
    shared: int
    shared_seats: int
    waiting: int


class CompanyOut(Schema):
    id: UUID
    name: dict[str, str]
    handed_in: int
    returned: int
    passed: int
    approved: int
    open: int


class OpeningIdsIn(Body):
    """`version`: refuse where one was changed meanwhile (of a single submission)."""

    ids: list[UUID]
    version: int | None = None


class ReturnIn(OpeningIdsIn):
    faults: list[Annotated[str, one_of(Fault)]]
    words: str = ""


class QuotaIn(Body):
    """`shared_by`: the collector of whose quota it is a share; absent: the office gives it."""

    openings: int
    seats: int | None = None
    shared_by: UUID | None = None


class ReviewedIn(Body):
    reviewed: bool


class ReviewedOut(Schema):
    reviewed: bool


class CollectedCountOut(Schema):
    """`left`: not done, because the organisation was not let in."""

    done: int
    left: int = 0


def _one(row: Submission) -> dict[str, Any]:
    names = ("id", "stage", "places", "proposed", "changed_at", "version")
    return {
        **{name: getattr(row, name) for name in names},
        "opening": row.opening_id,
        "organisation": row.opening.organisation_id,
        "collector": row.collector_id,
    }


def _step(row: Step) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("act", "by_office", "faults", "words", "made_at")}


def _reader(request: ActorRequest, slug: str) -> Any:
    edition = edition_by_slug(request.actor, slug)
    if not rules.can_open(request.actor, edition.pk):
        raise NotAllowed
    return edition


@router.get(HERE + "/submissions", response=list[SubmissionOut], operation_id="listSubmissions")
def submissions(request: ActorRequest, slug: str, stage: str = "", offset: int = Offset) -> Any:
    """What the reader may see, what waits longest first, 100 from `offset`."""
    rows = queries.submissions(request.actor, _reader(request, slug))
    rows = rows.filter(stage=stage) if stage else rows
    return [_one(row) for row in rows.order_by("changed_at", "pk")[offset : offset + PAGE]]


@router.get(
    HERE + "/submissions/{uuid:pk}", response=SubmissionWithSteps, operation_id="getSubmission"
)
def submission(request: ActorRequest, slug: str, pk: UUID) -> Any:
    row = queries.submission(request.actor, edition_by_slug(request.actor, slug), pk)
    return {**_one(row), "steps": [_step(one) for one in row.steps.all()]}


@router.post(
    HERE + "/openings/{uuid:pk}/hand-in", response=SubmissionOut, operation_id="handInOpening"
)
def hand_in(request: ActorRequest, slug: str, pk: UUID) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return _one(services.hand_in(request.actor, edition, pk))


@router.post(
    HERE + "/submissions/{uuid:pk}/take-back",
    response=SubmissionOut,
    operation_id="takeSubmissionBack",
)
def take_back(request: ActorRequest, slug: str, pk: UUID) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return _one(services.take_back(request.actor, edition, pk))


@router.post(HERE + "/pass", response=CollectedCountOut, operation_id="passSubmissionsOn")
def pass_on(request: ActorRequest, slug: str, body: OpeningIdsIn) -> Any:
    """All of them, or none where they exceed the quota (409)."""
    edition = edition_by_slug(request.actor, slug)
    done = services.pass_on(request.actor, edition, body.ids, version=body.version)
    return {"done": done}


@router.post(HERE + "/return", response=CollectedCountOut, operation_id="returnSubmissions")
def give_back(request: ActorRequest, slug: str, body: ReturnIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = services.Return(body.ids, body.faults, body.words, body.version)
    return {"done": services.return_submissions(request.actor, edition, command)}


@router.post(HERE + "/approve", response=CollectedCountOut, operation_id="approveSubmissions")
def approve(request: ActorRequest, slug: str, body: OpeningIdsIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    done = services.approve(request.actor, edition, body.ids, version=body.version)
    return {"done": done.done, "left": done.left}


def _reviewer(request: ActorRequest, slug: str) -> Any:
    edition = edition_by_slug(request.actor, slug)
    watches = can_audit(request.actor, edition.pk)
    if not watches and not tree.collecting_for(request.actor, edition.pk):
        raise NotAllowed
    return edition


@router.get(HERE + "/companies", response=list[CompanyOut], operation_id="countSubmissions")
def companies(request: ActorRequest, slug: str) -> Any:
    """Counts an organisation, of those the reader collects for (the office: of all)."""
    rows = queries.companies(request.actor, _reviewer(request, slug))
    names = ("id", "handed_in", "returned", "passed", "approved", "open")
    return [
        {**{name: getattr(one, name) for name in names}, "name": one.name.texts()} for one in rows
    ]


@router.get(HERE + "/quotas", response=list[QuotaOut], operation_id="listQuotas")
def quotas(request: ActorRequest, slug: str) -> Any:
    edition = _reviewer(request, slug)
    return [_quota(one) for one in queries.quotas_seen(request.actor, edition)]


def _quota(one: queries.Collected) -> dict[str, Any]:
    names = ("openings", "seats", "used", "used_seats", "shared", "shared_seats")
    return {
        **{name: getattr(one.room, name) for name in names},
        "organisation": one.quota.organisation_id,
        "given_by": one.quota.given_by_id,
        "waiting": one.waiting,
    }


@router.put(HERE + "/quotas/{uuid:organisation}", response=QuotaOut, operation_id="setQuota")
def set_quota(request: ActorRequest, slug: str, organisation: UUID, body: QuotaIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = services.SetQuota(organisation, body.openings, body.seats, body.shared_by)
    kept = services.set_quota(request.actor, edition, command)
    return _quota(queries.Collected(kept, services.room_of(kept), 0))


@router.delete(
    HERE + "/quotas/{uuid:organisation}", response=CollectedCountOut, operation_id="removeQuota"
)
def remove_quota(request: ActorRequest, slug: str, organisation: UUID) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = services.RemoveQuota(organisation)
    return {"done": services.remove_quota(request.actor, edition, command)}


@router.get(HERE + "/rules", response=ReviewedOut, operation_id="getReviewing")
def reviewed(request: ActorRequest, slug: str) -> Any:
    """Whether the office approves openings before talents see them."""
    return {"reviewed": services.is_reviewed(_reader(request, slug).pk)}


@router.put(HERE + "/rules", response=ReviewedOut, operation_id="setReviewing")
def set_reviewed(request: ActorRequest, slug: str, body: ReviewedIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return {"reviewed": services.set_reviewed(request.actor, edition, body.reviewed).reviewed}
