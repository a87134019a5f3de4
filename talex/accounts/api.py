"""One's own account through the API."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from talex.accounts import queries, services
from talex.accounts.http import actor_of, key_of
from talex.accounts.models import ApiToken, User
from talex.core.actor import Actor
from talex.core.idempotency import once
from talex.core.shapes import Body

router = Router(tags=["account"])


class UserOut(Schema):
    """An account as its owner and who runs the site see it."""

    id: UUID
    email: str
    name: str
    language: str
    time_zone: str
    is_site_admin: bool
    is_active: bool


class UserIn(Body):
    """A new account."""

    email: str
    name: str = ""
    language: str = "en"
    time_zone: str = "UTC"


class GrantOut(Schema):
    """A role in an edition."""

    role: str
    edition: UUID
    organisation: UUID | None


class MeOut(Schema):
    """One's own account."""

    id: UUID
    email: str
    name: str
    language: str
    time_zone: str
    is_site_admin: bool
    grants: list[GrantOut]


class MeIn(Body):
    """Changes of one's own account; what is left out stays."""

    name: str | None = None
    language: str | None = None
    time_zone: str | None = None


class TokenOut(Schema):
    """A token without its key."""

    id: UUID
    name: str
    prefix: str
    read_only: bool
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class TokenIn(Body):
    """A new token; `days` null means that it does not expire."""

    name: str
    read_only: bool = True
    days: int | None = 365


class NewTokenOut(TokenOut):
    """A token with its key, which is told this once."""

    key: str


def _me(actor: Actor, user: User) -> dict[str, object]:
    return {
        "id": user.pk,
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "time_zone": user.time_zone,
        "is_site_admin": user.is_site_admin,
        "grants": [
            {"role": g.role, "edition": g.edition, "organisation": g.organisation}
            for g in sorted(actor.grants, key=lambda g: (str(g.edition), g.role))
        ],
    }


@router.get("/me", response=MeOut)
def me(request: HttpRequest) -> dict[str, object]:
    """Who am I, and what may I do where?"""
    actor = actor_of(request)
    return _me(actor, queries.me(actor))


@router.patch("/me", response=MeOut)
def edit_me(request: HttpRequest, change: MeIn) -> dict[str, object]:
    """Change one's own name, language or time zone."""
    actor = actor_of(request)
    return _me(actor, services.edit_profile(actor, services.EditProfile(**change.dict())))


@router.get("/me/tokens", response=list[TokenOut])
def tokens(request: HttpRequest) -> list[ApiToken]:
    """One's own tokens that were not revoked."""
    return list(queries.tokens(actor_of(request)))


@router.post("/me/tokens", response={201: NewTokenOut})
def make_token(request: HttpRequest, new: TokenIn) -> tuple[int, dict[str, object]]:
    """Make a token. Its key is told this once."""
    token, key = services.make_token(actor_of(request), services.MakeToken(**new.dict()))
    return 201, {**TokenOut.from_orm(token).dict(), "key": key}


@router.delete("/me/tokens/{token}", response={204: None})
def revoke_token(request: HttpRequest, token: UUID) -> tuple[int, None]:
    """The token stops working at once."""
    services.revoke_token(actor_of(request), token)
    return 204, None


@router.get("/users", response=list[UserOut])
def users(request: HttpRequest) -> list[User]:
    """The accounts you may see: all for who runs the site, else one's own."""
    return list(queries.users(actor_of(request)))


@router.post("/users", response={201: UserOut})
def create_user(request: HttpRequest, new: UserIn) -> tuple[int, User]:
    """Make an account (who runs the site). Its owner sets the password by a reset mail."""
    actor = actor_of(request)
    command = services.CreateUser(**new.dict())
    made = once(actor, key_of(request), command, lambda: services.create_user(actor, command))
    return 201, made
