"""Cohorts through the API."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from talex.accounts.http import actor_of, key_of
from talex.core.client import client_address
from talex.core.errors import NotAllowed, NotFound
from talex.core.idempotency import once
from talex.core.paging import Limit, Offset
from talex.core.shapes import Body, one_of
from talex.core.translated import TranslatedText
from talex.editions.queries import edition_by_slug
from talex.editions.rules import can_audit
from talex.evidence.vocabulary import Rung
from talex.participants.cohorts import queries, rules, services
from talex.participants.cohorts.models import Cohort, Member, MemberState, NotOurs, PendingJoin
from talex.participants.looking import services as looking
from talex.participants.looking.models import Way
from talex.participants.vocabulary import DegreeLevel

router = Router(tags=["cohorts"])
BASE = "/editions/{slug}/cohorts"


class CohortIn(Body):
    """`name`: language -> text; `closes_at`: until when graduates join."""

    organisation: UUID
    name: dict[str, str]
    year: int
    closes_at: datetime
    degree_level: Annotated[str, one_of(DegreeLevel, "")] = ""
    discipline: str = ""
    expected: int | None = None


class CohortChange(Body):
    """What is left out stays. `version`: of the cohort that was looked at; 409 if it changed."""

    name: dict[str, str] | None = None
    year: int | None = None
    closes_at: datetime | None = None
    degree_level: Annotated[str, one_of(DegreeLevel, "")] | None = None
    discipline: str | None = None
    expected: int | None = None
    version: int | None = None


class CohortOut(Schema):
    """`code`: as it is given to graduates; empty for who only looks."""

    id: UUID
    organisation: UUID
    name: dict[str, str]
    year: int
    degree_level: Annotated[str, one_of(DegreeLevel, "")]
    discipline: str
    expected: int | None
    closes_at: datetime
    code: str
    open: bool
    version: int


class RungOut(Schema):
    """`others`: of those who did not agree to be seen; null where it could tell of single ones."""

    rung: Annotated[str, one_of(Rung)]
    agreed: int
    others: int | None


class ResultsOut(Schema):
    agreed: int
    confirmed: int
    others: int | None
    rungs: list[RungOut]


class MemberOut(Schema):
    id: UUID
    talent: UUID
    name: str
    student_number: str
    in_list: bool
    state: Annotated[str, one_of(MemberState)]
    why: Annotated[str, one_of(NotOurs, "")]
    reason: str
    rung: Annotated[str, one_of(Rung)] | None
    joined_at: datetime


class MembersOut(Schema):
    count: int
    items: list[MemberOut]


class DecideMembersIn(Body):
    """Confirm members, or say that they are not of the university. `why` is read by them in their
    language, `reason` as it is written; that is needed where why is `other`."""

    members: list[UUID]
    confirm: bool
    why: Annotated[str, one_of(NotOurs)] = NotOurs.OTHER
    reason: str = ""


class MembersDecidedOut(Schema):
    count: int


class JoinIn(Body):
    """`agree`: let the university see the registration and what becomes of it."""

    code: str
    student_number: str = ""
    agree: bool = False


class JoinedOut(Schema):
    """`member` is null where it holds from the registration on."""

    member: UUID | None
    state: Annotated[str, one_of(MemberState, "registering")]


class AgreeIn(Body):
    agree: bool


def _out(request: HttpRequest, one: Cohort) -> dict[str, Any]:
    return {
        "id": one.pk,
        "organisation": one.organisation_id,
        "name": one.name.texts(),
        "year": one.year,
        "degree_level": one.degree_level,
        "discipline": one.discipline,
        "expected": one.expected,
        "closes_at": one.closes_at,
        "code": one.code if rules.can_run(actor_of(request), one) else "",
        "open": one.is_open,
        "version": one.version,
    }


def _find(request: HttpRequest, slug: str, cohort: UUID) -> Cohort:
    actor = actor_of(request)
    return queries.cohort(actor, edition_by_slug(actor, slug), cohort)


@router.get(BASE, response=list[CohortOut])
def cohorts(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """The cohorts of your university; for office and auditors, all."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    if not rules.universities(actor, edition) and not can_audit(actor, edition.pk):
        raise NotAllowed
    return [_out(request, one) for one in queries.cohorts(actor, edition)]


@router.post(BASE, response={201: CohortOut})
def open_cohort(request: HttpRequest, slug: str, given: CohortIn) -> Status[Any]:
    """Open a cohort of a university for which you act."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    facts = given.dict(exclude={"organisation", "name"})
    command = services.OpenCohort(
        edition=edition.pk,
        organisation=given.organisation,
        facts=services.CohortFacts(name=TranslatedText(given.name), **facts),
    )
    asked = (edition.pk, given.dict())
    made = once(actor, key_of(request), asked, lambda: services.open_cohort(actor, command))
    return Status(201, _out(request, made))


@router.post(f"{BASE}/join", response=JoinedOut)
def join(request: HttpRequest, slug: str, given: JoinIn) -> dict[str, Any]:
    """Join by a code: at once, or with your registration."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    made = services.join_by_code(
        actor,
        services.JoinByCode(edition=edition.pk, address=client_address(request), **given.dict()),
    )
    if isinstance(made, PendingJoin):
        return {"member": None, "state": "registering"}
    return {"member": made.pk, "state": made.state}


class OwnCohortOut(Schema):
    """A cohort that you joined. `seen`: whether the university sees how you fare."""

    member: UUID
    cohort: UUID
    university: UUID
    name: dict[str, str]
    year: int
    state: Annotated[str, one_of(MemberState)]
    why: Annotated[str, one_of(NotOurs, "")]
    reason: str
    seen: bool
    joined_at: datetime


@router.get(f"{BASE}/mine", response=list[OwnCohortOut])
def mine(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """The cohorts that you joined, and what the university says."""
    actor = actor_of(request)
    if not actor.signed_in:
        raise NotAllowed
    return [
        {
            "member": one.pk,
            "cohort": one.cohort_id,
            "university": one.cohort.organisation_id,
            "name": one.cohort.name.texts(),
            "year": one.cohort.year,
            "state": one.state,
            "why": one.why,
            "reason": one.reason,
            "seen": Member.objects.filter(rules.agreed(one.cohort), pk=one.pk).exists(),
            "joined_at": one.joined_at,
        }
        for one in queries.own(actor, edition_by_slug(actor, slug))
    ]


@router.get(f"{BASE}/{{cohort}}", response=CohortOut)
def cohort(request: HttpRequest, slug: str, cohort: UUID) -> dict[str, Any]:
    """One cohort."""
    return _out(request, _find(request, slug, cohort))


@router.patch(f"{BASE}/{{cohort}}", response=CohortOut)
def edit(request: HttpRequest, slug: str, cohort: UUID, change: CohortChange) -> dict[str, Any]:
    """Change what is said of a cohort; a later end opens it again."""
    found = _find(request, slug, cohort)
    given = change.dict(exclude_unset=True)
    # What is left out is as it was read here, so it must not have changed meanwhile either.
    version = given.pop("version", None) or found.version
    if given.get("name") is not None:
        given["name"] = TranslatedText(given["name"])
    facts = {
        one.name: given[one.name]
        # Only how many are expected may be said to be unknown.
        if given.get(one.name) is not None or (one.name in given and one.name == "expected")
        else getattr(found, one.name)
        for one in fields(services.CohortFacts)
    }
    changed = services.edit_cohort(
        actor_of(request), found.pk, services.CohortFacts(**facts), version
    )
    return _out(request, changed)


@router.post(f"{BASE}/{{cohort}}/close", response=CohortOut)
def close(request: HttpRequest, slug: str, cohort: UUID) -> dict[str, Any]:
    """From now on neither its code nor its links work; a later end opens it again."""
    found = _find(request, slug, cohort)
    return _out(request, services.close_cohort(actor_of(request), found.pk))


@router.get(f"{BASE}/{{cohort}}/results", response=ResultsOut)
def results(request: HttpRequest, slug: str, cohort: UUID) -> Any:
    """How it fared, by rung."""
    return queries.results(_find(request, slug, cohort))


@router.get(f"{BASE}/{{cohort}}/members", response=MembersOut)
def members(
    request: HttpRequest,
    slug: str,
    cohort: UUID,
    limit: int = Limit,
    offset: int = Offset,
) -> dict[str, Any]:
    """Those who joined and agreed that their university sees it; office and auditors see all."""
    found = _find(request, slug, cohort)
    rows = queries.members(actor_of(request), found).order_by("joined_at", "pk")
    page = list(rows[offset : offset + limit])
    looking.note(
        actor_of(request),
        found.edition_id,
        [one.talent.person_id for one in page],
        Way.API,
        organisation=found.organisation_id,
    )
    return {"count": rows.count(), "items": [_member(one) for one in page]}


def _member(one: Member) -> dict[str, Any]:
    return {
        "id": one.pk,
        "talent": one.talent_id,
        "name": one.talent.person.name,
        "student_number": one.student_number,
        "in_list": one.proven,
        "state": one.state,
        "why": one.why,
        "reason": one.reason,
        "rung": getattr(one, "rung", None),
        "joined_at": one.joined_at,
    }


@router.post(f"{BASE}/{{cohort}}/members/decide", response=MembersDecidedOut)
def decide(request: HttpRequest, slug: str, cohort: UUID, given: DecideMembersIn) -> dict[str, int]:
    """Decide on all of them or on none; each is recorded by itself."""
    actor = actor_of(request)
    found = _find(request, slug, cohort)
    if not rules.can_confirm(actor, found):
        raise NotAllowed
    wanted = set(given.members)
    if queries.members(actor, found).filter(pk__in=wanted).count() != len(wanted):
        raise NotFound
    return {"count": services.decide(actor, services.DecideMembers(**given.dict()))}


@router.post(f"{BASE}/{{cohort}}/code", response=CohortOut)
def renew(request: HttpRequest, slug: str, cohort: UUID) -> dict[str, Any]:
    """A fresh code; the former one stops working."""
    found = _find(request, slug, cohort)
    return _out(request, services.renew_code(actor_of(request), found.pk))


@router.put(f"{BASE}/mine/{{member}}", response={204: None})
def see_results(request: HttpRequest, slug: str, member: UUID, given: AgreeIn) -> Status[None]:
    """Let your university see how you fare, or no longer."""
    actor = actor_of(request)
    edition_by_slug(actor, slug)
    services.see_results(actor, services.SeeResults(member=member, agree=given.agree))
    return Status(204, None)


@router.delete(f"{BASE}/mine/{{member}}", response={204: None})
def leave(request: HttpRequest, slug: str, member: UUID) -> Status[None]:
    """Be in this cohort no longer."""
    actor = actor_of(request)
    edition_by_slug(actor, slug)
    services.leave(actor, member)
    return Status(204, None)
