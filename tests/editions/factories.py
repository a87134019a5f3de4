"""Plain functions that make what the tests of editions need."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core.actor import Actor
from talex.core.translated import TranslatedText
from talex.editions.models import Edition, RoleGrant

_numbers = count(1)


def make_user(email: str = "", *, password: str | None = None, **fields: Any) -> User:
    """An account with a confirmed address."""
    email = email or f"user{next(_numbers)}@example.org"
    user = User.objects.create_user(email, password, **{"name": email.split("@")[0], **fields})
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    return user


def make_edition(slug: str = "", **fields: Any) -> Edition:
    """An edition open for registration."""
    values: dict[str, Any] = {
        "slug": slug or f"edition-{next(_numbers)}",
        "name": TranslatedText({"en": "Talent Conference", "zh-hans": "人才交流大会"}),
        "city": TranslatedText({"en": "Wuhan", "zh-hans": "武汉"}),
        "starts_on": date(2027, 5, 12),
        "ends_on": date(2027, 5, 14),
        "state": "open",
        "languages": ["zh-hans", "en", "de"],
        **fields,
    }
    return Edition.objects.create(**values)


def grant(user: User, edition: Edition, role: str) -> RoleGrant:
    """A role, without a service."""
    return RoleGrant.objects.create(user=user, edition=edition, role=role)


def make_actor(edition: Edition | None = None, *roles: str, **fields: Any) -> Actor:
    """A new account with these roles, as an actor."""
    user = make_user(**fields)
    if edition is not None:
        for role in roles:
            grant(user, edition, role)
    return actor_for(user)
