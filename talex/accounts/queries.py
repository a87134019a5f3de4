"""What pages, API and command line read of accounts."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from talex.accounts.models import ApiToken, User
from talex.accounts.rules import visible_tokens, visible_users
from talex.core.actor import Actor
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


def tokens(actor: Actor) -> QuerySet[ApiToken]:
    """One's own tokens that were not revoked, the latest first."""
    return ApiToken.objects.filter(visible_tokens(actor), revoked_at__isnull=True)


def any_account() -> bool:
    """Whether anybody has an account here; an installation without one shows the first steps."""
    return User.objects.exists()
