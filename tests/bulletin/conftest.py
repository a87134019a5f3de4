"""A conference with figures, and who looks at them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from talex.core import clock
from talex.core.work import work
from talex.editions.models import Edition
from talex.evidence.services import count_as
from talex.participants.models import Talent
from tests.bulletin.factories import day, edition, reach, talent, user

Enter = Callable[[str], Client]


@pytest.fixture
def week() -> Edition:
    """12 records of 11 people: 7 doctors (one merged, one erased), 4 masters; 6 interviewed."""
    of = edition("week")
    doctors = [talent(of, f"Doctor {n}", degree="doctorate") for n in range(8)]
    masters = [talent(of, f"Master {n}", degree="master", industry="seeds") for n in range(4)]
    with clock.at(day(2)), work():
        count_as([(of.pk, doctors[0].pk, doctors[1].pk)])
    with clock.at(day(3)):
        for someone in [*doctors[2:7], masters[0]]:
            reach(someone.pk, of, "interviewed", day(2.5), source=("meeting", ""))
    erase(doctors[2])
    return of


def erase(someone: Talent) -> None:
    """What stays of a talent after an erasure: the rows, empty."""
    someone.erased_at = someone.person.erased_at = clock.now()
    someone.person.name = ""
    someone.person.save()
    someone.save()


@pytest.fixture
def enter(week: Edition) -> Enter:
    """A browser signed in with a role in the week ('' is nobody)."""

    def sign_in(role: str) -> Client:
        client = Client()
        if role:
            client.force_login(
                user(role, week), backend="allauth.account.auth_backends.AuthenticationBackend"
            )
        return client

    return sign_in
