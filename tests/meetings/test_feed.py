"""The address a talent gives to a calendar programme, from the agenda page to a cancelled entry."""

from __future__ import annotations

import re
from html import unescape

import icalendar
import pytest
from django.test import Client

from talex.core.actor import SYSTEM
from talex.meetings import places, services
from talex.meetings.models import Meeting
from tests.meetings.fair_factory import make_fair, schedule
from tests.meetings.test_doors import _as, _url

pytestmark = pytest.mark.django_db


def subscribed(page: str) -> str:
    """The address that the agenda page offers, without the host."""
    found = re.search(r'class="small feed-address">([^<]+)<', page)
    assert found, "the agenda offers no address to subscribe to"
    return re.sub(r"^https?://[^/]+", "", unescape(found[1]))


def fetched(address: str) -> tuple[icalendar.Calendar, icalendar.Event]:
    """What a calendar programme gets, which cannot sign in: the calendar and its only entry."""
    response = Client().get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar")
    book = icalendar.Calendar.from_ical(response.content)
    (event,) = book.walk("VEVENT")
    return book, event


def test_a_subscribed_calendar_follows_a_move_and_a_cancellation() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition, seconds=0.5)
    meeting = Meeting.objects.get()
    address = subscribed(_as(fair.talents[0]).get(_url(fair, "agenda")).content.decode())

    book, planned = fetched(address)
    assert planned["DTSTART"].dt == meeting.starts_at
    assert planned["DTSTART"].params["TZID"] == planned["DTEND"].params["TZID"] == "Asia/Shanghai"
    # A programme knows the zone by the rules that come with it, not by its name.
    assert [zone["TZID"] for zone in book.walk("VTIMEZONE")] == ["Asia/Shanghai"]

    target = places.places_for(fair.edition, meeting)[-1]
    assert target.starts_at != meeting.starts_at
    services.move_meeting(
        SYSTEM, fair.edition, services.MoveMeeting(meeting.id, target.starts_at, meeting.sequence)
    )
    _book, moved = fetched(address)
    assert moved["DTSTART"].dt == target.starts_at
    assert moved["DTSTART"].params["TZID"] == "Asia/Shanghai"

    meeting.refresh_from_db()
    services.cancel_meeting(
        SYSTEM, fair.edition, services.CancelMeeting(meeting.id, meeting.sequence, "ill")
    )
    _book, cancelled = fetched(address)

    told = [planned, moved, cancelled]
    assert {str(event["UID"]) for event in told} == {f"{meeting.id}@talex"}
    assert [str(event["STATUS"]) for event in told] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    sequences = [int(event["SEQUENCE"]) for event in told]
    assert sequences == sorted(set(sequences)), sequences
    assert "LOCATION" not in cancelled


def test_a_changed_address_opens_no_calendar() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition, seconds=0.5)
    address = subscribed(_as(fair.talents[0]).get(_url(fair, "agenda")).content.decode())
    assert Client().get(address.replace(".ics", "x.ics")).status_code == 404
