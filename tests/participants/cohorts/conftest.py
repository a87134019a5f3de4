"""A university with a cohort, and a client that is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from talex.accounts.models import User
from talex.core.actor import Actor
from talex.participants.cohorts.models import Cohort
from talex.participants.models import Organisation
from tests.participants import factories as make
from tests.participants.cohorts.scenes import cohort, university


@pytest.fixture
def scene() -> tuple[Any, Organisation, Actor, Cohort]:
    edition = make.edition()
    uni, head = university(edition)
    return edition, uni, head, cohort(edition, uni, head)


@pytest.fixture
def logged_in(client: Client) -> Iterator[Any]:
    def call(actor: Actor) -> Client:
        client.force_login(User.objects.get(pk=actor.user))
        return client

    yield call
