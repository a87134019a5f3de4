"""From an account to the actor that services ask for."""

from __future__ import annotations

from typing import Any

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
