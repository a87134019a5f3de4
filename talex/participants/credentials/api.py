"""Verification through the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.forms import FileField
from django.http import HttpRequest
from ninja import Field, File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import WithJsonSchema

from talex.accounts.http import actor_of
from talex.core.errors import Invalid, NotAllowed
from talex.core.paging import Limit, Offset
from talex.core.shapes import Body, one_of
from talex.editions.models import Edition
from talex.editions.queries import edition_by_slug
from talex.editions.rules import is_office
from talex.participants import queries as people
from talex.participants.credentials import queries, rules, services
from talex.participants.credentials.choices import (
    CaseKind,
    CaseState,
    PaperKind,
    Reason,
    RefusalReason,
)
from talex.participants.credentials.looked import checked_facts, mark_of
from talex.participants.credentials.models import Case, Paper
from talex.participants.credentials.numbers import NumberKind

router = Router(tags=["verification"])
# What `one_of` makes would take the place of the default that ninja needs for a form.
PaperKindIn = Annotated[str, WithJsonSchema({"type": "string", "enum": PaperKind.values})]
_NO_KIND: Any = Form("")


class CheckCaseOut(Schema):
    """A case: what is checked, of whom, and how far it is.

    `checked`: the facts that the papers are compared with; `mark` says which they are, and goes
    along with the decision as what was `seen`.
    """

    id: UUID
    kind: Annotated[str, one_of(CaseKind)]
    state: Annotated[str, one_of(CaseState)]
    talent: UUID | None = Field(None, alias="talent_id")
    organisation: UUID | None = Field(None, alias="organisation_id")
    submitted_at: datetime | None
    claimed_until: datetime | None
    decided_at: datetime | None
    reason: str
    note: str
    valid_until: date | None
    version: int
    checked: dict[str, Any]
    mark: str

    @staticmethod
    def resolve_checked(case: Case) -> dict[str, Any]:
        return checked_facts(case)

    @staticmethod
    def resolve_mark(case: Case) -> str:
        return mark_of(case)


class CasesOut(Schema):
    """A page of cases, the oldest first."""

    count: int
    items: list[CheckCaseOut]


class DecisionIn(Body):
    """Accept or return cases, all with one reason; each is recorded by itself.

    `seen`: case -> its `mark` as you read it, next to what is `checked`. Where it is another one by
    now the answer is 409: look again.
    """

    cases: list[UUID]
    seen: dict[UUID, str]
    accept: bool
    reason: Annotated[str, one_of(Reason, "")] = ""
    note: str = ""
    valid_until: date | None = None


class CredentialsDecidedOut(Schema):
    count: int


class OpenCaseIn(Body):
    """`kind`: identity or degree."""

    kind: Annotated[str, one_of("identity", "degree")]


class RegistrationNumberIn(Body):
    """A registration number, as it is asked at registration."""

    country: str
    number_kind: Annotated[str, one_of(NumberKind)]
    registration_number: str


class PaperOut(Schema):
    """A document that was handed in; `name` is empty once the file was deleted."""

    id: UUID
    kind: Annotated[str, one_of(PaperKind)]
    name: str
    content_type: str
    size: int
    sha256: str
    added_at: datetime
    removed_at: datetime | None


class HandInAgainIn(Body):
    """Why what was returned is right as it is."""

    answer: str = ""


class RefusalIn(Body):
    """`reason`: fake, not_entitled, not_fitting, rules or other (then `note` is needed)."""

    reason: Annotated[str, one_of(RefusalReason)]
    note: str = ""


class LetInOut(Schema):
    """`waited`: whether the organisation was not in before."""

    waited: bool


@router.post("/editions/{slug}/verification/decide", response=CredentialsDecidedOut)
def decide(request: HttpRequest, slug: str, given: DecisionIn) -> dict[str, int]:
    """Accept or return all of these cases, or none; you have claimed each of them."""
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
    limit: int = Limit,
    offset: int = Offset,
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


@router.get("/editions/{slug}/verification/{case}", response=CheckCaseOut)
def case(request: HttpRequest, slug: str, case: UUID) -> Case:
    """One case."""
    actor = actor_of(request)
    return queries.case(actor, edition_by_slug(actor, slug), case)


@router.post("/editions/{slug}/verification/{case}/claim", response=CheckCaseOut)
def claim(request: HttpRequest, slug: str, case: UUID, release: bool = False) -> Case:
    """Take a case for half an hour, or with `release` give it back."""
    actor = actor_of(request)
    found = queries.case(actor, edition_by_slug(actor, slug), case)
    act = services.release_case if release else services.claim_case
    return act(actor, found.pk)


@router.post("/editions/{slug}/verification", response={201: CheckCaseOut})
def open_own(request: HttpRequest, slug: str, given: OpenCaseIn) -> Status[Any]:
    """Begin to have your own identity or degree checked; the case that is there goes on."""
    actor = actor_of(request)
    talent = people.own_talent(actor, edition_by_slug(actor, slug).pk)
    if talent is None:
        raise NotAllowed
    return Status(
        201, services.open_case(actor, services.OpenCase(talent=talent.pk, **given.dict()))
    )


def _found(request: HttpRequest, slug: str, case: UUID) -> Case:
    actor = actor_of(request)
    return queries.case(actor, edition_by_slug(actor, slug), case)


@router.get("/editions/{slug}/verification/{case}/papers", response=list[PaperOut])
def papers(request: HttpRequest, slug: str, case: UUID) -> Any:
    """The documents of a case: for who hands them in and for the office that checks them."""
    found, actor = _found(request, slug, case), actor_of(request)
    if not is_office(actor, found.edition_id) and not rules.can_hand_in(actor, found):
        raise NotAllowed
    return found.papers.order_by("added_at", "pk")


@router.post("/editions/{slug}/verification/{case}/papers", response={201: PaperOut})
def add_paper(
    request: HttpRequest,
    slug: str,
    case: UUID,
    kind: PaperKindIn = _NO_KIND,
    file: File[UploadedFile | None] = None,
) -> Status[Any]:
    """Add a document (PDF, JPEG, PNG, WebP); the case is handed in by `submit`."""
    found, actor = _found(request, slug, case), actor_of(request)
    if not rules.can_hand_in(actor, found):
        raise NotAllowed
    if file is None:
        raise Invalid({"file": FileField.default_error_messages["missing"]})
    command = services.AddPaper(case=found.pk, kind=kind, file=file)
    made: Paper = services.add_paper(actor, command)
    return Status(201, made)


@router.delete("/editions/{slug}/verification/{case}/papers/{paper}", response={204: None})
def remove_paper(request: HttpRequest, slug: str, case: UUID, paper: UUID) -> Status[None]:
    """Take a document away before it is handed in again."""
    services.remove_paper(actor_of(request), _found(request, slug, case).pk, paper)
    return Status(204, None)


@router.put("/editions/{slug}/verification/{case}/number", response=CheckCaseOut)
def mend_number(request: HttpRequest, slug: str, case: UUID, given: RegistrationNumberIn) -> Case:
    """Mend the registration number of an organisation before it is handed in again."""
    found, actor = _found(request, slug, case), actor_of(request)
    if not rules.can_hand_in(actor, found):
        raise NotAllowed
    return services.mend_number(actor, services.MendNumber(case=found.pk, **given.dict()))


@router.post("/editions/{slug}/verification/{case}/submit", response=CheckCaseOut)
def submit(request: HttpRequest, slug: str, case: UUID, given: HandInAgainIn | None = None) -> Case:
    """Hand the documents in; from then on the case waits to be checked.

    What was returned is refused as long as nothing changed, unless `answer` says why it is right.
    """
    answer = given.answer if given else ""
    return services.submit_case(actor_of(request), _found(request, slug, case).pk, answer)


@router.post("/editions/{slug}/verification/{case}/let-in", response=LetInOut)
def let_in(request: HttpRequest, slug: str, case: UUID) -> dict[str, bool]:
    """The office lets an organisation in that it knows before its papers were checked."""
    found = _found(request, slug, case)
    if found.organisation_id is None:
        raise NotAllowed
    waited = services.let_in(actor_of(request), found.edition_id, found.organisation_id)
    return {"waited": waited}


@router.post("/editions/{slug}/verification/{case}/refuse", response=CheckCaseOut)
def refuse(request: HttpRequest, slug: str, case: UUID, given: RefusalIn) -> Case:
    """Refuse an organisation: it takes no part, and those who act for it are told why."""
    command = services.RefuseOrganisation(case=_found(request, slug, case).pk, **given.dict())
    return services.refuse_organisation(actor_of(request), command)


@router.post("/editions/{slug}/verification/{case}/take-up", response=CheckCaseOut)
def take_up(request: HttpRequest, slug: str, case: UUID) -> Case:
    """Take a refused organisation up again; it is not let in by that."""
    return services.take_up_again(actor_of(request), _found(request, slug, case).pk)
