"""Organisations that come in by themselves, through the API: the draft and services of the pages.

Once it is registered, the organisation is edited under `/organisations/{organisation}` and its
place in the queue read under `/verification` (`credentials.api`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from talex.accounts.http import actor_of, key_of
from talex.core.errors import NotAllowed, NotFound
from talex.core.idempotency import once
from talex.core.paging import Offset
from talex.core.shapes import Body, one_of
from talex.editions.queries import edition_by_slug
from talex.participants import queries as people
from talex.participants.choices import DelegateRole, Mode, OrganisationKind
from talex.participants.credentials import queries, rules, services
from talex.participants.credentials.choices import CaseState
from talex.participants.credentials.models import DelegateInvitation, JoinRequest, JoinState
from talex.participants.credentials.numbers import NumberKind
from talex.participants.rules import can_head

router = Router(tags=["registration"])
BASE = "/editions/{slug}/registration/organisation"
REQUESTS = "/editions/{slug}/requests-to-act"
INVITATIONS = "/editions/{slug}/organisations/{organisation}/invitations"


class OrganisationAnswers(Body):
    """What the pages ask; what is left out stays as it was typed before.

    `number_kind`: uscc, lei, vat, register or another of the page's choices; `person`, `title` and
    `phone` are those of whoever registers it and becomes its first head.
    """

    name: dict[str, str] = {}
    kind: Annotated[str, one_of(OrganisationKind, "")] = ""
    country: str = ""
    number_kind: Annotated[str, one_of(NumberKind, "")] = ""
    registration_number: str = ""
    region: str = ""
    address: str = ""
    website: str = ""
    person: str = ""
    title: str = ""
    phone: str = ""
    mode: Annotated[str, one_of(Mode, "")] = ""


class OrganisationDraftOut(Schema):
    """What was typed so far, unchecked; `saved_at` is null where nothing was begun."""

    answers: dict[str, str | dict[str, str]]
    saved_at: datetime | None


class RegisteredOut(Schema):
    """The organisation, and the case in which its papers are handed in and checked."""

    organisation: UUID
    case: UUID
    state: Annotated[str, one_of(CaseState)]


class AskToActIn(Body):
    message: str = ""


class AskedToActOut(Schema):
    """A request to act for an organisation. `mine`: the reader's own."""

    id: UUID
    organisation: UUID
    name: str
    title: str
    message: str
    state: Annotated[str, one_of(JoinState)]
    reason: str
    asked_at: datetime
    decided_at: datetime | None
    mine: bool


class JoinAnswerIn(Body):
    """`role`: head, recruiter or assistant; `reason` is needed to decline."""

    accept: bool
    role: Annotated[str, one_of(DelegateRole)] = "recruiter"
    reason: str = ""


class ColleagueIn(Body):
    email: str
    role: Annotated[str, one_of(DelegateRole)] = "recruiter"
    language: str = "en"


class ColleagueOut(Schema):
    """A link that was sent; its secret is only in the mail."""

    id: UUID
    email: str
    role: Annotated[str, one_of(DelegateRole)]
    language: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


def _join(request: HttpRequest, row: JoinRequest) -> dict[str, Any]:
    return {
        "id": row.pk,
        "organisation": row.organisation_id,
        "name": row.name,
        "title": row.title,
        "message": row.message,
        "state": row.state,
        "reason": row.reason,
        "asked_at": row.asked_at,
        "decided_at": row.decided_at,
        "mine": row.user_id == actor_of(request).user,
    }


@router.get(BASE, response=OrganisationDraftOut)
def draft(request: HttpRequest, slug: str) -> Any:
    """Your own draft of an organisation."""
    actor = actor_of(request)
    found = queries.draft(actor, edition_by_slug(actor, slug))
    return {"answers": found.answers if found else {}, "saved_at": found and found.saved_at}


@router.patch(BASE, response=OrganisationDraftOut)
def save(request: HttpRequest, slug: str, answers: OrganisationAnswers) -> Any:
    """Save answers as they are; they are checked when the organisation is registered."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    return services.save_draft(
        actor,
        services.SaveDraft(edition=edition.pk, answers=answers.dict(exclude_unset=True)),
    )


@router.delete(BASE, response={204: None})
def discard(request: HttpRequest, slug: str) -> Status[None]:
    """Forget what was typed."""
    actor = actor_of(request)
    services.discard_draft(actor, edition_by_slug(actor, slug).pk)
    return Status(204, None)


@router.post(f"{BASE}/send", response={201: RegisteredOut})
def send(
    request: HttpRequest, slug: str, answers: OrganisationAnswers | None = None
) -> Status[Any]:
    """Register the organisation of the draft; answers given here are saved into it first.

    What you sent already gives the same organisation again. 409 where its number is registered
    by others: ask to be let in.
    """
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    typed = answers.dict(exclude_unset=True) if answers else {}
    command = services.SaveDraft(edition=edition.pk, answers=typed)

    def call() -> Any:
        return services.send_answers(actor, command)

    made = once(actor, key_of(request), (edition.pk, typed), call)
    case = made.cases.filter(edition=edition).latest("opened_at")
    return Status(201, {"organisation": made.pk, "case": case.pk, "state": case.state})


@router.post(f"{BASE}/join", response={201: AskedToActOut})
def ask(request: HttpRequest, slug: str, given: AskToActIn | None = None) -> Status[Any]:
    """Ask to act for the known organisation whose number stands in your draft."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    command = services.AskToJoin(edition=edition.pk, message=given.message if given else "")
    made = once(actor, key_of(request), command, lambda: services.ask_to_join(actor, command))
    return Status(201, _join(request, made))


@router.get(REQUESTS, response=list[AskedToActOut])
def requests(request: HttpRequest, slug: str, state: str = "", offset: int = Offset) -> Any:
    """Your own requests, and those that you may answer; 100 from `offset`, the oldest first."""
    actor = actor_of(request)
    if not actor.signed_in:
        raise NotAllowed
    rows = JoinRequest.objects.filter(
        rules.visible_requests(actor), edition=edition_by_slug(actor, slug)
    ).order_by("asked_at", "pk")
    rows = rows.filter(state=state) if state else rows
    return [_join(request, row) for row in rows[offset : offset + 100]]


@router.post(f"{REQUESTS}/{{join_request}}/answer", response=AskedToActOut)
def answer(request: HttpRequest, slug: str, join_request: UUID, given: JoinAnswerIn) -> Any:
    """Let somebody in with a role, or not: the heads of the organisation, the office."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    if not JoinRequest.objects.filter(edition=edition, pk=join_request).exists():
        raise NotFound
    command = services.AnswerJoin(request=join_request, **given.dict())
    return _join(request, services.answer_join(actor, command))


def _head(request: HttpRequest, slug: str, organisation: UUID) -> dict[str, UUID]:
    """The organisation that the actor heads here. Raises `NotFound`, `NotAllowed`."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    found = people.organisation(actor, organisation, edition.pk)
    if not can_head(actor, edition.pk, found.pk):
        raise NotAllowed
    return {"edition": edition.pk, "organisation": found.pk}


@router.get(INVITATIONS, response=list[ColleagueOut])
def invitations(request: HttpRequest, slug: str, organisation: UUID) -> Any:
    """The colleagues who were invited, the newest first."""
    here = _head(request, slug, organisation)
    return DelegateInvitation.objects.filter(**here).order_by("-created_at", "pk")[:100]


@router.post(INVITATIONS, response={201: ColleagueOut})
def invite(request: HttpRequest, slug: str, organisation: UUID, given: ColleagueIn) -> Status[Any]:
    """Invite a colleague by mail; inviting again sends another link and ends the former."""
    here = _head(request, slug, organisation)
    actor = actor_of(request)
    command = services.InviteColleague(
        edition=here["edition"], organisation=here["organisation"], **given.dict()
    )
    made = once(actor, key_of(request), command, lambda: services.invite_colleague(actor, command))
    return Status(201, made)


@router.delete(f"{INVITATIONS}/{{invitation}}", response={204: None})
def revoke(request: HttpRequest, slug: str, organisation: UUID, invitation: UUID) -> Status[None]:
    """Take an invitation back; its link no longer works."""
    here = _head(request, slug, organisation)
    if not DelegateInvitation.objects.filter(pk=invitation, **here).exists():
        raise NotFound
    services.revoke_invitation(actor_of(request), invitation)
    return Status(204, None)
