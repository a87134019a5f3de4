"""What pages, API and command line read of accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Count, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.accounts import phones
from talex.accounts.models import ApiToken, User
from talex.accounts.rules import visible_tokens, visible_users
from talex.core import outbox
from talex.core.actor import Actor
from talex.core.chunks import chunks
from talex.core.errors import NotAllowed


def users(actor: Actor) -> QuerySet[User]:
    """The accounts the actor may see, by address."""
    return User.objects.filter(visible_users(actor)).order_by("email")


def me(actor: Actor) -> User:
    """One's own account."""
    if actor.user is None:
        raise NotAllowed()
    return User.objects.get(pk=actor.user)


def has_confirmed(actor: Actor, email: str) -> bool:
    """Whether the address is one that the actor showed to be theirs."""
    return (
        actor.user is not None
        and EmailAddress.objects.filter(
            user_id=actor.user, email__iexact=email, verified=True
        ).exists()
    )


def confirmed_account(email: str) -> User | None:
    """The account whose owner showed that the address is theirs."""
    return User.objects.filter(
        is_active=True,
        pk__in=EmailAddress.objects.filter(email__iexact=email, verified=True).values("user"),
    ).first()


def confirmed_addresses(keys: QuerySet[Any, Any]) -> list[tuple[UUID, str]]:
    """(account, address) of what somebody showed to be theirs, in lower case among these."""
    return list(_confirmed().filter(key__in=keys).order_by("pk").values_list("user_id", "email"))


def confirmed_accounts(addresses: Sequence[str]) -> Iterator[tuple[str, UUID]]:
    """(address in lower case, account) of those among the addresses that somebody confirmed."""
    for some in chunks(sorted({one.casefold() for one in addresses})):
        yield from _confirmed().filter(key__in=some).values_list("key", "user_id")


def _confirmed() -> QuerySet[Any, Any]:
    """The addresses somebody showed to be theirs; `key`: in lower case."""
    found = EmailAddress.objects.filter(verified=True, user__is_active=True)
    return found.annotate(key=Lower("email"))


def tokens(actor: Actor) -> QuerySet[ApiToken]:
    """One's own tokens that were not revoked, the latest first."""
    return ApiToken.objects.filter(visible_tokens(actor), revoked_at__isnull=True)


def any_account() -> bool:
    """Whether anybody has an account here; an installation without one shows the first steps."""
    return User.objects.exists()


def ways_in(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """How one signs in: `ways` that are or could be set up, `linked` accounts, `providers`."""
    user = me(actor)
    confirmed = EmailAddress.objects.filter(user=user, verified=True).count()
    counts = Authenticator.objects.filter(user=user).values_list("type").annotate(Count("pk"))
    kinds = dict(counts.order_by())
    keys = kinds.get(Authenticator.Type.WEBAUTHN, 0)
    app = kinds.get(Authenticator.Type.TOTP, 0)
    set_up = user.has_usable_password()
    ways = [
        (
            _("E-mail and a code"),
            ngettext("%(count)d confirmed address", "%(count)d confirmed addresses", confirmed)
            % {"count": confirmed},
            "account_email",
            _("Change"),
        ),
        (
            _("Password"),
            _("Set") if set_up else _("None"),
            "account_change_password" if set_up else "account_set_password",
            _("Change") if set_up else _("Set up"),
        ),
        (
            _("Passkeys and security keys"),
            ngettext("%(count)d key", "%(count)d keys", keys) % {"count": keys}
            if keys
            else _("None"),
            "mfa_index",
            _("Change") if keys else _("Set up"),
        ),
        (
            _("Second step with an app"),
            _("On") if app else _("Off"),
            "mfa_index",
            _("Change") if app else _("Set up"),
        ),
    ]
    if outbox.can("sms") or user.phone:
        ways.append(
            (
                _("Telephone and a code"),
                phones.shown(user.phone) if user.phone else _("None"),
                "account_change_phone",
                _("Change") if user.phone else _("Set up"),
            )
        )
    live = UserSession.objects.filter(user=user).count()
    ways.append(
        (
            _("Signed in at the moment"),
            ngettext("%(count)d browser", "%(count)d browsers", live) % {"count": live},
            "usersessions_list",
            _("Look"),
        )
    )
    known = {one.app.provider_id or one.id: one.name for one in _providers(request)}
    linked = [
        {"id": one.pk, "name": _name(one, known), "label": _label(one)}
        for one in SocialAccount.objects.filter(user=user).order_by("provider", "pk")
    ]
    return {
        "ways": [
            {"label": label, "said": said, "url": reverse(url), "act": act}
            for label, said, url, act in ways
        ],
        "linked": linked,
        "providers": _providers(request),
    }


def _providers(request: HttpRequest) -> list[Any]:
    """The providers that the operator set up."""
    return [one for one in get_adapter().list_providers(request) if one.app]


def _name(account: SocialAccount, known: dict[str, str]) -> str:
    if account.provider == "weixin":
        return _("WeChat")
    return known.get(account.provider, account.provider)


def _label(account: SocialAccount) -> str:
    said = account.extra_data or {}
    found = (said.get(key) for key in ("email", "nickname", "preferred_username", "name"))
    return next((str(one) for one in found if one), "")
