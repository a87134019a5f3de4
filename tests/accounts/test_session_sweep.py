"""Sessions that are over are forgotten, with the addresses they came from."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from talex.accounts import sessions
from talex.core import clock
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


def test_only_sessions_that_are_over_go() -> None:
    for _number in range(2):
        Client().force_login(make.user())
    stays, over = Session.objects.order_by("session_key")
    for one in (stays, over):
        row, _made = UserSession.objects.get_or_create(
            session_key=one.session_key,
            defaults={
                "user": make.user(),
                "ip": "192.0.2.1",
                "user_agent": "x",
            },
        )
        UserSession.objects.filter(pk=row.pk).update(last_seen_at=clock.now() - timedelta(hours=2))
    Session.objects.filter(pk=over.pk).update(expire_date=clock.now() - timedelta(seconds=1))
    assert sessions.sweep() == 2 and sessions.sweep() == 0
    assert Session.objects.get().pk == stays.pk
    assert UserSession.objects.get().session_key == stays.session_key
