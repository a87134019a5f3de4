"""Who may do what with accounts."""

from __future__ import annotations

from django.db.models import Q

from talex.accounts.models import ApiToken, User
from talex.core.actor import Actor


def can_manage_users(actor: Actor) -> bool:
    """Make accounts and appoint administrators: who runs the installation."""
    return actor.all_powerful


def can_see_user(actor: Actor, user: User) -> bool:
    """Oneself, and who runs the installation."""
    return actor.all_powerful or (actor.user is not None and actor.user == user.pk)


def visible_users(actor: Actor) -> Q:
    """The accounts for which `can_see_user` is true."""
    if actor.all_powerful:
        return Q()
    return Q(pk=actor.user) if actor.user is not None else Q(pk__in=[])


def can_see_token(actor: Actor, token: ApiToken) -> bool:
    """Tokens are their owner's alone, whoever else runs the installation."""
    return actor.user is not None and actor.user == token.user_id


def visible_tokens(actor: Actor) -> Q:
    """The tokens for which `can_see_token` is true."""
    return Q(user_id=actor.user) if actor.user is not None else Q(pk__in=[])
