"""The writers of accounts. (Passwords and second factors are allauth's; see `adapter`.)"""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from talex.accounts import hooks, rules, tokens
from talex.accounts.actors import actor_for
from talex.accounts.models import ApiToken, User, normal_email
from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.masking import is_contact_as_name
from talex.core.work import work
from talex.ledger.services import record

__all__ = [
    "CreateUser",
    "EditProfile",
    "MakeToken",
    "SetSiteAdmin",
    "actor_for",
    "create_user",
    "edit_profile",
    "make_token",
    "revoke_token",
    "set_site_admin",
]

TOKEN_LONGEST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class CreateUser:
    """An account made by the operator; `password` None lets its owner set one by a reset mail."""

    email: str
    name: str = ""
    language: str = ""  # none: that of the browser in which its owner first signs in
    time_zone: str = "UTC"
    password: str | None = None
    site_admin: bool = False


@dataclass(frozen=True, slots=True)
class EditProfile:
    """What people say of themselves. None leaves a field as it is."""

    name: str | None = None
    language: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class MakeToken:
    """A key for a program; `days` None means that it does not expire."""

    name: str
    read_only: bool = False
    days: int | None = 365


@dataclass(frozen=True, slots=True)
class SetSiteAdmin:
    """Make somebody a site administrator, or take that back."""

    email: str
    site_admin: bool = True


def language_faults(language: str) -> list[Message]:
    """Why this is no language of the installation; empty where it is one."""
    if language in dict(settings.LANGUAGES):
        return []
    return [_("Choose one of the languages offered here.")]


def time_zone_faults(name: str) -> list[Message]:
    """Why this is no time zone; empty where it is one."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return [_("This time zone is not known. Write it like Asia/Shanghai or Europe/Berlin.")]
    return []


def name_faults(name: str) -> list[Message]:
    """What is wrong with a person's name; others read it, also those who may not write to them."""
    if len(name) > 200:
        return [_("Use at most 200 characters.")]
    if is_contact_as_name(name):
        return [
            _(
                "This is a telephone number or an address, not a name. Others read the name, so "
                "write what people call you."
            )
        ]
    return []


def create_user(actor: Actor, command: CreateUser) -> User:
    """An account whose e-mail address counts as confirmed (the operator vouches for it)."""
    if not rules.can_manage_users(actor):
        raise NotAllowed()
    email = normal_email(command.email)
    faults: dict[str, list[Message]] = {}
    try:
        validate_email(email)
    except ValidationError:
        faults["email"] = [_("This is no e-mail address. Write it like name@example.org.")]
    if command.language:
        faults["language"] = language_faults(command.language)
    faults["time_zone"] = time_zone_faults(command.time_zone)
    faults["name"] = name_faults(command.name)
    if command.password is not None:
        try:
            validate_password(command.password, User(email=email, name=command.name))
        except ValidationError as error:
            faults["password"] = list(error.messages)
    if any(faults.values()):
        raise Invalid({name: found for name, found in faults.items() if found})
    # Hashing takes its time; it is done before the transaction.
    user = User(
        email=email,
        name=command.name.strip(),
        language=command.language,
        time_zone=command.time_zone,
        is_site_admin=command.site_admin,
    )
    user.set_password(command.password)
    with work():
        if User.objects.filter(email=email).exists():
            raise Conflict(_("There is an account with this e-mail address already."))
        user.save(force_insert=True)
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
        record(
            "accounts.created",
            actor=actor,
            edition=None,
            obj=user,
            subject=user.pk,
            facts={"by": "operator", "site_admin": command.site_admin},
            personal={"email": email, "name": user.name},
        )
        # What was entered for this address before waits for it, as after a confirmation by mail.
        hooks.email_confirmed(user, email)
    return user


def edit_profile(actor: Actor, command: EditProfile) -> User:
    """Change one's own name, language or time zone."""
    if actor.user is None:
        raise NotAllowed()
    faults: dict[str, list[Message]] = {}
    if command.name is not None:
        faults["name"] = name_faults(command.name)
    if command.language is not None:
        faults["language"] = language_faults(command.language)
    if command.time_zone is not None:
        faults["time_zone"] = time_zone_faults(command.time_zone)
    if any(faults.values()):
        raise Invalid({name: found for name, found in faults.items() if found})
    with work():
        user = User.objects.select_for_update().get(pk=actor.user)
        changed = []
        for field in ("name", "language", "time_zone"):
            value: str | None = getattr(command, field)
            if value is not None and value.strip() != getattr(user, field):
                setattr(user, field, value.strip())
                changed.append(field)
        if changed:
            user.save(update_fields=changed)
            record(
                "accounts.profile_edited",
                actor=actor,
                edition=None,
                obj=user,
                subject=user.pk,
                facts={"fields": changed},
                personal={"name": user.name} if "name" in changed else None,
            )
    return user


def set_site_admin(actor: Actor, command: SetSiteAdmin) -> User:
    """Only who runs the installation appoints; the last administrator stays one."""
    if not rules.can_manage_users(actor):
        raise NotAllowed()
    with work():
        user = User.objects.select_for_update().filter(email=normal_email(command.email)).first()
        if user is None:
            raise NotFound(_("There is no account with this e-mail address."))
        if user.is_site_admin == command.site_admin:
            return user
        others = User.objects.filter(is_site_admin=True, is_active=True).exclude(pk=user.pk)
        if not command.site_admin and not others.exists():
            raise Conflict(_("This is the last site administrator. Appoint another one first."))
        user.is_site_admin = command.site_admin
        user.save(update_fields=["is_site_admin"])
        record(
            "accounts.site_admin_set",
            actor=actor,
            edition=None,
            obj=user,
            facts={"site_admin": command.site_admin},
        )
    return user


def make_token(actor: Actor, command: MakeToken) -> tuple[ApiToken, str]:
    """A new token and its key, which is shown this once and never kept."""
    if actor.user is None:
        raise NotAllowed()
    faults: dict[str, list[Message]] = {}
    name = command.name.strip()
    if not name:
        faults["name"] = [_("Say what the token is for, for example the name of the program.")]
    elif len(name) > 100:
        faults["name"] = [_("Use at most 100 characters.")]
    if command.days is not None and not 1 <= command.days <= TOKEN_LONGEST_DAYS:
        faults["days"] = [_("Choose between 1 and 3650 days.")]
    if faults:
        raise Invalid(faults)
    key = tokens.make()
    with work():
        now = clock.now()
        token = ApiToken.objects.create(
            user_id=actor.user,
            name=name,
            prefix=key[:12],
            digest=tokens.digest(key),
            read_only=command.read_only,
            expires_at=None if command.days is None else now + timedelta(days=command.days),
        )
        record(
            "accounts.token_made",
            actor=actor,
            edition=None,
            obj=token,
            facts={"user": str(actor.user), "read_only": command.read_only},
        )
    return token, key


def revoke_token(actor: Actor, token_id: UUID) -> ApiToken:
    """The token stops working at once."""
    with work():
        token = ApiToken.objects.select_for_update().filter(pk=token_id).first()
        if token is None or not rules.can_see_token(actor, token):
            raise NotFound()
        if token.revoked_at is None:
            token.revoked_at = clock.now()
            token.save(update_fields=["revoked_at"])
            record("accounts.token_revoked", actor=actor, edition=None, obj=token)
    return token
