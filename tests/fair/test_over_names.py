"""When what was agreed is over, and the talent shows themselves no more, no meeting names them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from talex.core import clock
from talex.editions.consents import WithdrawConsent, withdraw_consent
from talex.editions.models import Consent
from talex.fair.choices import MatchState
from talex.fair.models import Interest
from talex.fair.services import Suspend, approve_matches, suspend
from talex.fair.services.interests import WithdrawInterest, withdraw
from talex.ledger.outbox import deliver
from talex.meetings import queries, rules
from talex.meetings.models import Meeting, MeetingRequest
from talex.meetings.services import CancelMeeting, cancel_meeting
from talex.participants.commands import SetConsents
from talex.participants.services.consents import set_consents
from tests.fair import factories as make
from tests.fair.test_leaving import acts, agree
from tests.fair.test_pages import World

pytestmark = pytest.mark.django_db
NAME = "Xaver Unverwechselbar"


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.BEFORE):
        made = World()
        made.talent.person.name = NAME
        made.talent.person.save()
        make.consent(made.talent, "profile")
        yield made


def placed(world: World) -> Meeting:
    agree(world)
    request = MeetingRequest.objects.get()
    request.state = MeetingRequest.State.PLACED
    request.save()
    deliver()
    return make.held_meeting(request)


def take_back(world: World) -> None:
    command = WithdrawInterest(Interest.objects.get().pk, "I have another job.")
    withdraw(acts(world.talent.person), world.edition, command)
    deliver()


def no_profile(world: World) -> None:
    command = WithdrawConsent(world.edition.pk, world.talent.person_id, "profile")
    withdraw_consent(acts(world.talent.person), command)
    deliver()


def pages(client: Client, world: World, meeting: Meeting) -> list[bool]:
    """Whether the name stands on a page, in a list, in the calendar, on the home page."""
    base = f"/e/{world.edition.slug}"
    paths = (f"{base}/meetings/", f"{base}/meetings/{meeting.pk}/", f"{base}/agenda.ics")
    read = [client.get(path).content.decode() for path in (*paths, f"{base}/home/")]
    _where, fed, _language, _readers = queries.feed(world.edition.pk, world.delegate.person_id)
    return [*(NAME in one.replace("\r\n ", "") for one in read[:3]), NAME in read[3], fed.exists()]


def test_the_name_goes_with_the_agreement_and_the_consent(world: World) -> None:
    meeting = placed(world)
    client = world.clients["delegate"]
    assert pages(client, world, meeting)[:3] == [True] * 3
    no_profile(world)
    # They still meet: agreeing to that shows the name.
    assert pages(client, world, meeting)[:3] == [True] * 3
    take_back(world)
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.CANCELLED
    assert pages(client, world, meeting) == [False] * 5
    assert not rules.can_see(acts(world.delegate.person), meeting)
    assert rules.can_see(acts(world.talent.person), meeting)
    assert rules.can_see(make.office(world.edition), meeting)


def test_who_still_shows_their_profile_is_named_in_what_was_called_off(world: World) -> None:
    meeting = placed(world)
    take_back(world)
    seen = pages(world.clients["delegate"], world, meeting)
    assert (seen[1], seen[4]) == (True, True)
    assert rules.can_see(acts(world.delegate.person), meeting)


def test_one_that_is_suspended_reads_no_name_of_what_was_called_off(world: World) -> None:
    meeting = placed(world)
    suspend(
        make.office(world.edition),
        world.edition,
        Suspend("No such company.", organisation=world.company.pk),
    )
    deliver()
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.CANCELLED
    client, base = world.clients["delegate"], f"/e/{world.edition.slug}"
    assert client.get(f"{base}/meetings/{meeting.pk}/").status_code == 404
    assert NAME not in client.get(f"{base}/agenda.ics").content.decode()
    _where, fed, _language, _readers = queries.feed(world.edition.pk, world.delegate.person_id)
    assert not fed.exists()
    assert rules.can_see(acts(world.talent.person), meeting)


def shown(world: World) -> list[bool]:
    """Whether the delegate reads the name among candidates, applications, proposals."""
    base, api = f"/e/{world.edition.slug}", f"/api/editions/{world.edition.slug}"
    client = world.clients["delegate"]
    paths = (f"{base}/candidates/", f"{base}/applications/", f"{api}/matches")
    answers = [client.get(path) for path in paths]
    assert [one.status_code for one in answers] == [200] * 3
    return [NAME in one.content.decode() for one in answers]


def test_what_only_the_office_approved_names_nobody_who_took_the_profile_back(
    world: World,
) -> None:
    office = make.office(world.edition)
    assert approve_matches(office, world.edition, [world.match.pk]).approved == 1
    assert shown(world) == [True] * 3
    meeting = make.held_meeting(MeetingRequest.objects.get())
    MeetingRequest.objects.update(state=MeetingRequest.State.PLACED)
    no_profile(world)
    assert shown(world) == [False] * 3
    # Whom to expect at the table is named until one of the two calls it off.
    assert pages(world.clients["delegate"], world, meeting)[:3] == [True] * 3
    cancel_meeting(
        acts(world.talent.person), world.edition, CancelMeeting(meeting.pk, 0, "No, thank you.")
    )
    assert pages(world.clients["delegate"], world, meeting) == [False] * 5
    assert shown(world) == [False] * 3


def test_what_has_no_time_yet_ends_with_the_profile_and_is_not_approved_again(
    world: World,
) -> None:
    office = make.office(world.edition)
    approve_matches(office, world.edition, [world.match.pk])
    no_profile(world)
    world.match.refresh_from_db()
    assert world.match.state == MatchState.SUPERSEDED
    assert MeetingRequest.objects.get().state == MeetingRequest.State.WITHDRAWN
    again = make.match(world.talent, world.opening)
    assert approve_matches(office, world.edition, [again.pk]).hidden == 1
    make.consent(world.talent, "profile")
    assert approve_matches(office, world.edition, [again.pk]).approved == 1


def test_what_both_agreed_on_stays_without_the_profile(world: World) -> None:
    agree(world)
    approve_matches(make.office(world.edition), world.edition, [world.match.pk])
    no_profile(world)
    assert MeetingRequest.objects.get().state == MeetingRequest.State.OPEN
    assert Interest.objects.get().state == "accepted"


@pytest.mark.parametrize("said_no", [False, True])
def test_an_approved_meeting_shows_no_profile_of_who_never_agreed(
    world: World, said_no: bool
) -> None:
    Consent.objects.all().delete()
    if said_no:
        set_consents(acts(world.talent.person), SetConsents(talent=world.talent.pk, purposes=[]))
    approve_matches(make.office(world.edition), world.edition, [world.match.pk])
    meeting = make.held_meeting(MeetingRequest.objects.get())
    assert shown(world) == [False] * 3
    assert pages(world.clients["delegate"], world, meeting)[:3] == [True] * 3
    agree(world)
    assert shown(world) == [True] * 3


@pytest.mark.parametrize("way", ["page", "api"])
def test_who_calls_it_off_is_answered_though_they_see_it_no_more(world: World, way: str) -> None:
    meeting = placed(world)
    no_profile(world)
    client, slug = world.clients["delegate"], world.edition.slug
    if way == "api":
        answer = client.post(
            f"/api/editions/{slug}/meetings/{meeting.pk}/cancel",
            {"sequence": meeting.sequence, "reason": "Filled."},
            content_type="application/json",
        )
        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    else:
        answer = client.post(
            f"/e/{slug}/meetings/{meeting.pk}/cancel/",
            {"sequence": meeting.sequence, "reason": "Filled."},
            follow=True,
        )
        assert answer.status_code == 200
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.CANCELLED
