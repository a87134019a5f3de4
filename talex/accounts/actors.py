"""From an account to the actor that services ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from talex.core.actor import NOBODY, Actor, grants_of


def actor_for(user: Any) -> Actor:
    """The actor of an account (`User`), with the grants of every room; nobody when not signed in.

    An account that was closed acts as nobody.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return NOBODY
    return Actor(
        user=user.pk,
        name=str(user),
        kind="user",
        site_admin=user.is_site_admin,
        language=user.language,
        time_zone=user.time_zone,
        grants=grants_of(user.pk),
    )


def load_actor(user: UUID) -> Actor:
    """The actor of an account's id (for jobs, which run after the request of their owner)."""
    from talex.accounts.models import User

    return actor_for(User.objects.filter(pk=user).first())


def names_of(users: Iterable[UUID]) -> dict[UUID, str]:
    """What the accounts of these ids are called."""
    from talex.accounts.models import User

    return {user.pk: str(user) for user in User.objects.filter(pk__in=list(users))}
