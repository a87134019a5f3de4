"""The address a talent gives to a calendar programme, from the agenda page to a cancelled entry."""

from __future__ import annotations

import re
from html import unescape

import icalendar
import pytest
from django.test import Client
from django.urls import reverse

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.translated import TranslatedText
from talex.meetings import calendars, places, proposals, services
from talex.meetings.models import Meeting, MeetingRequest
from talex.participants.models import Delegate, Person
from tests.editions.factories import make_user
from tests.meetings.fair_factory import Fair, make_fair, schedule
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


def booked(fair: Fair) -> Meeting:
    """The only meeting of the fair, placed by hand (no solver)."""
    request = MeetingRequest.objects.get()
    waits = Meeting(edition=fair.edition, request=request, sequence=-1)
    at = places.places_for(fair.edition, waits)[0]
    command = services.BookMeeting(request.id, at.starts_at)
    return services.book_meeting(SYSTEM, fair.edition, command)


def test_who_acts_for_an_organisation_no_more_has_none_of_its_meetings() -> None:
    """The address needs no sign-in and stays in the calendar programme of whoever left."""
    fair = make_fair(talents=1)
    schedule(fair.edition, seconds=0.5)
    (party,) = Meeting.objects.get().request.parties.filter(side="employer")
    address = reverse("meetings:feed", args=[calendars.feed_token(fair.edition, party.person_id)])
    assert fetched(address)
    Delegate.objects.filter(person=party.person_id).update(withdrawn_at=clock.now())
    left = Client().get(address)
    assert left.status_code == 200 and b"VEVENT" not in left.content
    talents = calendars.feed_token(fair.edition, fair.talents[0].pk)
    assert fetched(reverse("meetings:feed", args=[talents]))


def test_the_address_holds_the_meetings_of_every_record_of_the_account() -> None:
    """As the agenda it stands on: somebody may be a talent, and a delegate by another record."""
    fair = make_fair(talents=1)
    schedule(fair.edition, seconds=0.5)
    (party,) = Meeting.objects.get().request.parties.filter(side="employer")
    other = Person.objects.create(name="Second", user=make_user("both@example.org"))
    address = reverse("meetings:feed", args=[calendars.feed_token(fair.edition, other.pk)])
    assert b"VEVENT" not in Client().get(address).content
    Person.objects.filter(pk=party.person_id).update(user=other.user)
    assert fetched(address)


def test_a_calendar_programme_reads_the_language_of_the_account() -> None:
    fair = make_fair(talents=1)
    booked(fair)
    browser = _as(fair.talents[0])
    address = subscribed(browser.get(_url(fair, "agenda")).content.decode())
    person = fair.talents[0]
    request = MeetingRequest.objects.get()
    request.subject_title = TranslatedText({"en": "Welder", "de": "Schweißer", "zh-hans": "焊工"})
    request.save(update_fields=["subject_title"])
    Person.objects.filter(pk=person.pk).update(language="en")  # what a file said of them once
    found = {}
    for language in ("de", "zh-hans"):
        account = person.user
        assert account is not None
        account.language = language
        account.save(update_fields=["language"])
        event = fetched(address)[1]
        found[language] = f"{event['SUMMARY']} {event['LOCATION']} {event['DESCRIPTION']}"
    assert "Schweißer" in found["de"] and "Tisch" in found["de"] and "Mit " in found["de"]
    assert "焊工" in found["zh-hans"] and "桌" in found["zh-hans"]


def test_a_meeting_is_tentative_while_another_time_is_asked_for() -> None:
    fair = make_fair(talents=1)
    meeting = booked(fair)
    address = subscribed(_as(fair.talents[0]).get(_url(fair, "agenda")).content.decode())
    target = places.places_for(fair.edition, meeting)[-1]
    command = proposals.ProposeTime(meeting.id, target.starts_at, meeting.sequence)
    made = proposals.propose(SYSTEM, fair.edition, command)
    _book, asked = fetched(address)
    assert (str(asked["STATUS"]), asked["DTSTART"].dt) == ("TENTATIVE", meeting.starts_at)
    with clock.at(made.expires_at):  # nobody answered; the worker need not have seen it yet
        assert str(fetched(address)[1]["STATUS"]) == "CONFIRMED"


def test_a_mail_carries_an_invitation_and_its_cancellation_under_one_uid() -> None:
    fair = make_fair(talents=1)
    meeting = booked(fair)
    asked = calendars.invitation(meeting, "li@example.org", "zh-hans")
    services.cancel_meeting(
        SYSTEM, fair.edition, services.CancelMeeting(meeting.id, meeting.sequence, "ill")
    )
    meeting.refresh_from_db()
    ended = calendars.invitation(meeting, "li@example.org")
    assert (asked.method, ended.method) == ("REQUEST", "CANCEL")
    sequences = []
    for part, status in ((asked, "CONFIRMED"), (ended, "CANCELLED")):
        book = icalendar.Calendar.from_ical(part.content)
        (event,) = book.walk("VEVENT")
        assert str(book["METHOD"]) == part.method and str(event["STATUS"]) == status
        assert str(event["UID"]) == f"{meeting.id}@talex"
        assert str(event["ATTENDEE"]) == "mailto:li@example.org"
        assert str(event["ORGANIZER"]) == "mailto:talex@localhost"
        sequences.append(int(event["SEQUENCE"]))
    assert sequences[0] < sequences[1]


def test_a_changed_address_opens_no_calendar() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition, seconds=0.5)
    address = subscribed(_as(fair.talents[0]).get(_url(fair, "agenda")).content.decode())
    assert Client().get(address.replace(".ics", "x.ics")).status_code == 404
