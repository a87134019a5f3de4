"""Wanted meetings that can be called off, and a timetable after one of the two sides left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.ledger.outbox import deliver
from talex.meetings.abroad import not_over
from talex.meetings.models import Meeting, MeetingRequest
from talex.participants.commands import WithdrawTalent
from talex.participants.models import Talent
from talex.participants.services import withdraw_talent
from tests.meetings.fair_factory import make_fair, schedule

pytestmark = pytest.mark.django_db


def test_what_was_held_or_is_past_is_not_called_off() -> None:
    fair = make_fair(3)
    schedule(fair.edition)
    rows = MeetingRequest.objects.filter(edition=fair.edition)
    assert set(not_over(rows)) == {one.pk for one in fair.requests}
    first, *others = Meeting.objects.order_by("starts_at")
    Meeting.objects.filter(pk=first.pk).update(status=Meeting.Status.HELD)
    assert set(not_over(rows)) == {one.request_id for one in others}
    with clock.at(others[-1].ends_at + timedelta(minutes=1)):
        assert not not_over(rows)


def test_a_timetable_has_no_place_for_who_left() -> None:
    fair = make_fair(2)
    talent = Talent.objects.get(person=fair.talents[0])
    withdraw_talent(SYSTEM, WithdrawTalent(talent=talent.pk))
    deliver()
    schedule(fair.edition)
    people = Meeting.objects.values_list("request__parties__person_id", flat=True)
    assert fair.talents[1].pk in people and fair.talents[0].pk not in people
