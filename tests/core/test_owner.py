"""A job runs as its owner, with the roles of the moment it runs in."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model

from talex.core import actor as actors
from talex.core.actor import NOBODY, SYSTEM

pytestmark = pytest.mark.django_db


def test_an_account_is_loaded_as_the_actor_it_is() -> None:
    user: Any = get_user_model().objects.create(email="a@example.org", name="Ada", language="de")
    found = actors.load(user.pk)
    assert (found.user, found.language, found.kind) == (user.pk, "de", "user")
    assert actors.load(None) is SYSTEM
    assert actors.load(uuid4()) == NOBODY
    assert actors.names_of([user.pk, uuid4()]) == {user.pk: "Ada"}
