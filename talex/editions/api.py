"""Editions and the roles in them through the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from talex.accounts.door import everybody
from talex.accounts.http import actor_of, key_of
from talex.core.idempotency import once
from talex.core.shapes import Body, one_of
from talex.core.translated import TranslatedText
from talex.editions import queries, role_services, services
from talex.editions.models import DEFAULT_ACCENT, Edition, EditionState, Invitation, RoleGrant
from talex.editions.next_steps import next_steps
from talex.editions.roles import Role

router = Router(tags=["editions"])
Texts = dict[str, str]


class EditionOut(Schema):
    """A conference. Texts are objects of language code to text."""

    id: UUID
    slug: str
    name: Texts
    tagline: Texts
    description: Texts
    city: Texts
    starts_on: date
    ends_on: date
    time_zone: str
    languages: list[str]
    state: Annotated[str, one_of(EditionState)]
    rehearsal: bool
    accent: str
    revision: int

    @staticmethod
    def resolve_name(row: Edition) -> Texts:
        return row.name.texts()

    @staticmethod
    def resolve_tagline(row: Edition) -> Texts:
        return row.tagline.texts()

    @staticmethod
    def resolve_description(row: Edition) -> Texts:
        return row.description.texts()

    @staticmethod
    def resolve_city(row: Edition) -> Texts:
        return row.city.texts()


class EditionIn(Body):
    """A new conference."""

    slug: str
    name: Texts
    starts_on: date
    ends_on: date
    city: Texts = {}
    tagline: Texts = {}
    description: Texts = {}
    time_zone: str = "Asia/Shanghai"
    languages: list[str] = ["zh-hans", "en", "de"]
    accent: str = DEFAULT_ACCENT


class EditionChange(Body):
    """Changes of a conference; what is left out stays.

    Send the `revision` you read: where somebody else saved in between, the answer is 409.
    """

    revision: int | None = None
    name: Texts | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    city: Texts | None = None
    tagline: Texts | None = None
    description: Texts | None = None
    time_zone: str | None = None
    languages: list[str] | None = None
    accent: str | None = None


class EditionStateIn(Body):
    """The state an edition shall have: draft, open, running, closed."""

    state: Annotated[str, one_of(EditionState)]


class RoleOut(Schema):
    """A role that was given, or an invitation that waits (`pending`)."""

    id: UUID
    role: Annotated[str, one_of(Role)]
    email: str
    pending: bool
    since: datetime


class RoleIn(Body):
    """A role for an address; `language` is that of the mail to a newcomer."""

    email: str
    role: Annotated[str, one_of(Role)]
    language: str = "en"


class EditionStepOut(Schema):
    """One thing to do next."""

    key: str
    title: str
    text: str
    url: str
    count: int | None
    urgent: bool


def _command(values: dict[str, Any]) -> dict[str, Any]:
    """Texts and lists of the API as the services take them."""
    for name in ("name", "city", "tagline", "description"):
        if values.get(name) is not None:
            values[name] = TranslatedText(values[name])
    if values.get("languages") is not None:
        values["languages"] = tuple(values["languages"])
    return values


def _role(row: RoleGrant | Invitation) -> dict[str, object]:
    if isinstance(row, Invitation):
        return {
            "id": row.pk,
            "role": row.role,
            "email": row.email,
            "pending": True,
            "since": row.created_at,
        }
    return {
        "id": row.pk,
        "role": row.role,
        "email": row.user.email,
        "pending": False,
        "since": row.granted_at,
    }


@router.get("", response=list[EditionOut], auth=everybody)
def editions(request: HttpRequest) -> list[Edition]:
    """The conferences you may see."""
    return list(queries.editions(actor_of(request)))


@router.post("", response={201: EditionOut})
def create_edition(request: HttpRequest, new: EditionIn) -> tuple[int, Edition]:
    """Make a conference; you become its first organiser."""
    actor = actor_of(request)
    command = services.CreateEdition(**_command(new.dict()))
    made = once(actor, key_of(request), command, lambda: services.create_edition(actor, command))
    return 201, made


@router.get("/{slug}", response=EditionOut, auth=everybody)
def edition(request: HttpRequest, slug: str) -> Edition:
    """One conference."""
    return queries.edition_by_slug(actor_of(request), slug)


@router.patch("/{slug}", response=EditionOut)
def edit_edition(request: HttpRequest, slug: str, change: EditionChange) -> Edition:
    """Change a conference."""
    actor = actor_of(request)
    found = queries.edition_by_slug(actor, slug)
    given = _command(change.dict())
    return services.edit_edition(actor, services.EditEdition(edition=found.pk, **given))


@router.post("/{slug}/state", response=EditionOut)
def set_state(request: HttpRequest, slug: str, wanted: EditionStateIn) -> Edition:
    """Open, start or close a conference."""
    actor = actor_of(request)
    found = queries.edition_by_slug(actor, slug)
    return services.set_state(actor, services.SetState(found.pk, wanted.state))


@router.get("/{slug}/next-steps", response=list[EditionStepOut])
def steps(request: HttpRequest, slug: str) -> list[dict[str, object]]:
    """What you have to do next in a conference."""
    actor = actor_of(request)
    found = queries.edition_by_slug(actor, slug)
    return [
        {
            "key": step.key,
            "title": str(step.title),
            "text": str(step.text),
            "url": step.url,
            "count": step.count,
            "urgent": step.urgent,
        }
        for step in next_steps(actor, found)
    ]


@router.get("/{slug}/roles", response=list[RoleOut])
def roles(request: HttpRequest, slug: str) -> list[dict[str, object]]:
    """Who holds which role, and who is invited to one."""
    actor = actor_of(request)
    found = queries.edition_by_slug(actor, slug)
    rows: list[RoleGrant | Invitation] = [
        *queries.grants(actor, found),
        *queries.invitations(actor, found),
    ]
    return [_role(row) for row in rows]


@router.post("/{slug}/roles", response={201: RoleOut})
def grant_role(request: HttpRequest, slug: str, new: RoleIn) -> tuple[int, dict[str, object]]:
    """Give a role; who has no account gets an invitation."""
    actor = actor_of(request)
    found = queries.edition_by_slug(actor, slug)
    command = role_services.GrantRole(edition=found.pk, **new.dict())

    def call() -> RoleGrant | Invitation:
        return role_services.grant_role(actor, command)

    given = once(actor, key_of(request), command, call)
    return 201, _role(given)


@router.delete("/{slug}/roles/{grant}", response={204: None})
def revoke_role(request: HttpRequest, slug: str, grant: UUID) -> tuple[int, None]:
    """Take a role back."""
    actor = actor_of(request)
    queries.edition_by_slug(actor, slug)
    role_services.revoke_grant(actor, grant)
    return 204, None


@router.post("/{slug}/invitations/{invitation}/send-again", response=RoleOut)
def send_invitation_again(request: HttpRequest, slug: str, invitation: UUID) -> dict[str, object]:
    """A new link by mail; the former one stops working."""
    actor = actor_of(request)
    queries.edition_by_slug(actor, slug)
    return _role(role_services.invite_again(actor, invitation))


@router.delete("/{slug}/invitations/{invitation}", response={204: None})
def withdraw_invitation(request: HttpRequest, slug: str, invitation: UUID) -> tuple[int, None]:
    """Take an invitation back."""
    actor = actor_of(request)
    queries.edition_by_slug(actor, slug)
    role_services.withdraw_invitation(actor, invitation)
    return 204, None
