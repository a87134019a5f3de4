"""Makers of what tests of people need; plain functions."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core.actor import SYSTEM, Actor
from talex.core.translated import TranslatedText
from talex.editions.models import Edition, RoleGrant
from talex.participants import services
from talex.participants.commands import (
    AddDelegate,
    CreateOrganisation,
    CreateTalent,
    OrganisationFacts,
)
from talex.participants.facts import Name, PersonFacts, TalentFacts
from talex.participants.models import Delegate, Organisation, Talent

_numbers = count(1)


def edition(**values: Any) -> Edition:
    number = next(_numbers)
    given = {
        "slug": f"edition-{number}",
        "name": TranslatedText.of(f"Edition {number}"),
        "city": TranslatedText.of("Wuhan"),
        "starts_on": date(2027, 4, 12),
        "ends_on": date(2027, 4, 14),
        "time_zone": "Asia/Shanghai",
        "state": "open",
    }
    return Edition.objects.create(**{**given, **values})


def user(email: str = "", **values: Any) -> User:
    return User.objects.create_user(email or f"person{next(_numbers)}@example.org", **values)


def holder(role: str, of: Edition, **values: Any) -> Actor:
    """The actor of a new account that holds a role by grant."""
    account = user(**values)
    RoleGrant.objects.create(user=account, edition=of, role=role)
    return actor_for(account)


def office(of: Edition) -> Actor:
    return holder("organiser", of)


def talent(of: Edition, *names: str, consents: tuple[str, ...] = (), **facts: Any) -> Talent:
    return services.create_talent(
        SYSTEM,
        CreateTalent(
            edition=of.pk,
            facts=TalentFacts(names=[Name(name) for name in names], **facts),
            consents=consents,
        ),
    )


def organisation(of: Edition, name: str = "Acme", **facts: Any) -> Organisation:
    return services.create_organisation(
        SYSTEM,
        CreateOrganisation(
            edition=of.pk, facts=OrganisationFacts(name=TranslatedText.of(name), **facts)
        ),
    )


def delegate(of: Edition, for_: Organisation, name: str = "Dana Lee", **facts: Any) -> Delegate:
    return services.add_delegate(
        SYSTEM,
        AddDelegate(
            edition=of.pk,
            organisation=for_.pk,
            facts=PersonFacts(names=[Name(name)], **facts),
        ),
    )


def with_account(row: Talent | Delegate) -> Actor:
    """Give the person an account; returns its actor."""
    account = user()
    row.person.user = account
    row.person.save()
    return actor_for(account)
