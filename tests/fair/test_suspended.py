"""An organisation suspended by a decision: no look at talents, no mails from it, no openings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.test import Client

from talex.core import clock
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.core.translated import TranslatedText
from talex.fair import privacy, queries, services
from talex.fair.choices import EndedBy, InterestState, MatchState, OpeningState, Side
from talex.fair.conversations import reporting
from talex.fair.conversations.about import about
from talex.fair.conversations.models import Report
from talex.fair.models import Shortlisting, Suspension
from talex.fair.publishing import queries as published
from talex.fair.publishing.services import Publish, publish
from talex.fair.reading import Numbers, read_talents
from talex.fair.services import quotas
from talex.fair.understanding import table_of
from talex.ledger.outbox import deliver
from talex.meetings import reasons
from talex.meetings.models import Meeting, MeetingRequest
from talex.messages.models import Message
from talex.participants import rules as people
from talex.participants.consenting import agreed
from talex.participants.credentials.services.inviting import InviteColleague, invite_colleague
from talex.participants.models import Talent
from talex.participants.search import OrganisationSource
from tests.fair import factories as make
from tests.fair.test_leaving import acts, address, agree, ask, ended, invited, told
from tests.fair.test_pages import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.BEFORE):
        made = World()
        make.consent(made.talent, "profile")
        make.consent(made.talent, "contact")
        yield made


def suspend(world: World) -> Suspension:
    command = services.Suspend("Fake posts.", organisation=world.company.pk)
    return services.suspend(make.office(world.edition), world.edition, command)


def seen(world: World) -> list[bool]:
    """By rule, list, page, API and search, and by the cards of the fair."""
    actor, client = acts(world.delegate.person), world.clients["delegate"]
    base = f"/e/{world.edition.slug}"
    found = client.get(f"/api/editions/{world.edition.slug}/talents")
    faces = queries.faces(actor, world.edition, [(world.talent, world.company.pk)])
    return [
        people.can_see_talent(actor, world.talent),
        Talent.objects.filter(people.visible_talents(actor)).exists(),
        client.get(f"{base}/talents/{world.talent.pk}/").status_code == 200,
        found.status_code == 200 and bool(found.json()["items"]),
        bool(faces[world.talent.pk, world.company.pk]),
        privacy.shows_profile(world.talent, world.company.pk),
    ]


def test_a_suspended_organisation_sees_no_talent(world: World) -> None:
    assert seen(world) == [True] * 6
    row = suspend(world)
    assert seen(world) == [False] * 6
    services.lift_suspension(make.office(world.edition), world.edition, row.pk)
    assert seen(world) == [True] * 6


def test_a_suspended_talent_is_shown_and_proposed_to_nobody_until_it_is_lifted(
    world: World,
) -> None:
    numbers = Numbers(table_of(world.edition))

    def offered() -> list[bool]:
        delegate = acts(world.delegate.person)
        pool = read_talents(world.edition, Counter(), 1, numbers, numbers, None)
        return [
            *seen(world)[:5],
            queries.candidates(delegate, world.edition).exists(),
            world.talent.pk in pool.ids,
            # What the office hands on.
            agreed(make.office(world.edition), world.edition, "profile", world.company)
            .filter(pk=world.talent.pk)
            .exists(),
        ]

    assert offered() == [True] * 8
    row = services.suspend(
        make.office(world.edition),
        world.edition,
        services.Suspend("No real person.", world.talent.person_id),
    )
    assert offered() == [False] * 8
    office = make.office(world.edition)
    assert services.approve_matches(office, world.edition, [world.match.pk]).hidden == 1
    # The office and they themselves still see all of it.
    for who in ("office", "talent"):
        page = world.clients[who].get(f"/e/{world.edition.slug}/talents/{world.talent.pk}/")
        assert page.status_code == 200
    assert queries.candidates(make.office(world.edition), world.edition).exists()
    services.lift_suspension(make.office(world.edition), world.edition, row.pk)
    assert offered() == [True] * 8


def test_who_had_agreed_to_meet_a_suspended_talent_still_sees_who_they_are(world: World) -> None:
    agree(world)
    who = services.Suspend("Insults.", world.talent.person_id)
    services.suspend(make.office(world.edition), world.edition, who)
    assert privacy.shown_to(world.company.pk, [world.talent])[world.talent.pk].profile
    other = make.organisation(world.edition, "Other")
    assert privacy.shown_to(other.pk, [world.talent])[world.talent.pk] == privacy.NOTHING


def test_a_profile_is_reported_from_its_page(world: World) -> None:
    page = f"/e/{world.edition.slug}/talents/{world.talent.pk}/"
    report = f"/e/{world.edition.slug}/abuse/report/profile/{world.talent.pk}/"
    for who, offered in (("delegate", True), ("talent", False), ("office", False)):
        assert (report in world.clients[who].get(page).content.decode()) is offered, who
    # Also by one that offers nothing.
    world.opening.delete()
    delegate = world.clients["delegate"]
    assert report in delegate.get(page).content.decode()
    assert delegate.get(report).status_code == 200


def test_an_organisation_is_reported_from_its_page_and_can_be_suspended(world: World) -> None:
    page = f"/e/{world.edition.slug}/organisations/{world.company.pk}/"
    report = f"/e/{world.edition.slug}/abuse/report/organisation/{world.company.pk}/"
    for who, offered in (("talent", True), ("delegate", False), ("office", False)):
        assert (report in world.clients[who].get(page).content.decode()) is offered, who
    assert world.clients["delegate"].get(report).status_code == 404
    talent = world.clients["talent"]
    assert talent.post(report, {"reason": "fake", "words": ""}).status_code == 303
    made = Report.objects.get()
    assert (made.kind, made.against_organisation) == ("organisation", world.company.pk)
    assert "suspend_org" in reporting.choices_of(made)
    case = f"/e/{world.edition.slug}/abuse/{made.pk}/"
    assert str(world.company.name) in world.clients["office"].get(case).content.decode()
    assert about(made).line == f"The organisation “{world.company.name}”"
    assert talent.get(f"/e/{world.edition.slug}/cases/").status_code == 200


def test_a_suspended_organisation_is_found_by_its_own_people_and_the_office_alone(
    world: World,
) -> None:
    """Who comes to the conference reads of no fake employer among those who take part."""
    base, name = f"/e/{world.edition.slug}", str(world.company.name)
    OrganisationSource().rebuild()
    paths = (
        f"{base}/organisations/",
        f"{base}/organisations/{world.company.pk}/",
        f"/api/editions/{world.edition.slug}/organisations",
        f"/api/search?{urlencode({'q': name})}",
    )

    def reads(client: Client) -> list[bool]:
        return [name in client.get(path).content.decode() for path in paths]

    assert reads(world.clients["talent"]) == [True] * 4
    row = suspend(world)
    assert reads(world.clients["talent"]) == [False] * 4
    assert reads(Client())[:3] == [False] * 3
    for who in ("delegate", "office"):
        assert reads(world.clients[who]) == [True] * 4, who
    services.lift_suspension(make.office(world.edition), world.edition, row.pk)
    assert reads(world.clients["talent"]) == [True] * 4


def test_what_waits_at_it_ends_and_frees_the_talents_room(world: World) -> None:
    one = ask(world)
    deliver()
    Message.objects.all().delete()
    suspend(world)
    assert ended(one) == (InterestState.WITHDRAWN, EndedBy.OFFICE)
    most = quotas.stated(world.edition)
    assert quotas.room_of_talent(world.talent, most).open == 0
    deliver()
    (mail,) = Message.objects.filter(kind="fair.withdrawn")
    assert mail.address == address(world, "talent")
    with pytest.raises(Conflict):
        ask(world)


def test_it_offers_nothing_until_it_is_lifted(world: World) -> None:
    publish(acts_office := make.office(world.edition), world.edition, Publish())
    row = suspend(world)
    world.opening.refresh_from_db()
    assert world.opening.state == OpeningState.CLOSED
    assert not published.offered(published.version(world.edition, None)).exists()
    actor = acts(world.delegate.person)
    for state in (OpeningState.OPEN, OpeningState.DRAFT):
        command = services.SaveOpening(
            organisation=world.company.pk, title=TranslatedText.of("New"), state=state
        )
        with pytest.raises(NotAllowed):
            services.save_opening(actor, world.edition, command)
    for who in (actor, acts_office):
        with pytest.raises(Invalid, match="suspended"):
            services.set_openings_state(who, world.edition, [world.opening.pk], OpeningState.OPEN)
    services.lift_suspension(acts_office, world.edition, row.pk)
    services.set_openings_state(actor, world.edition, [world.opening.pk], OpeningState.OPEN)
    assert ask(world).state == InterestState.ASKED


def test_no_mail_goes_out_from_it(world: World) -> None:
    actor = acts(world.delegate.person)
    suspend(world)
    with pytest.raises(NotAllowed):
        services.shortlist(
            actor, world.edition, services.Shortlist(world.opening.pk, world.talent.pk, told=True)
        )
    assert not Shortlisting.objects.exists()
    command = InviteColleague(
        edition=world.edition.pk, organisation=world.company.pk, email="new@example.org"
    )
    with pytest.raises(NotAllowed, match="suspended"):
        invite_colleague(actor, command)


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("placed", [False, True])
def test_what_was_agreed_with_it_is_off_and_the_talent_is_told_once(
    world: World, side: Side, placed: bool
) -> None:
    one = agree(world) if side == Side.TALENT else invited(world, accept=True)
    meeting = make.held_meeting(MeetingRequest.objects.get()) if placed else None
    deliver()
    Message.objects.all().delete()
    suspend(world)
    waits = told("fair.withdrawn")
    assert ended(one) == (InterestState.WITHDRAWN, EndedBy.OFFICE)
    assert MeetingRequest.objects.get().state == MeetingRequest.State.WITHDRAWN
    assert waits == ([] if placed else [address(world, "talent")])
    if meeting is None:
        return
    both = sorted([address(world, "employer"), address(world, "talent")])
    assert told("meetings.cancelled") == both
    meeting.refresh_from_db()
    assert (meeting.status, meeting.reason) == (Meeting.Status.CANCELLED, reasons.SUSPENDED)
    assert "suspended" in str(reasons.called_off(meeting))
    page = world.clients["talent"].get(f"/e/{world.edition.slug}/agenda/")
    assert not page.context["book"].count and len(page.context["called_off"]) == 1
    assert world.clients["delegate"].get(f"/e/{world.edition.slug}/agenda/").status_code == 403


def test_that_they_met_stays(world: World) -> None:
    one = agree(world)
    meeting = make.held_meeting(MeetingRequest.objects.get())
    deliver()
    with clock.at(meeting.ends_at):
        suspend(world)
        deliver()
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.PLANNED
    assert ended(one) == (InterestState.ACCEPTED, "")


def test_who_is_suspended_no_longer_before_the_worker_came_round_lost_nothing(
    world: World,
) -> None:
    one = agree(world)
    row = suspend(world)
    services.lift_suspension(make.office(world.edition), world.edition, row.pk)
    deliver()
    assert ended(one) == (InterestState.ACCEPTED, "")


def test_what_the_office_had_approved_is_off_and_the_talent_is_told(world: World) -> None:
    office = make.office(world.edition)
    assert services.approve_matches(office, world.edition, [world.match.pk]).approved == 1
    deliver()
    Message.objects.all().delete()
    suspend(world)
    assert told("fair.withdrawn") == [address(world, "talent")]
    world.match.refresh_from_db()
    assert world.match.state == MatchState.SUPERSEDED
    assert told("fair.withdrawn") == []


def test_an_invitation_that_waits_ends_and_the_talent_is_told(world: World) -> None:
    make.interest(world.talent, world.opening, Side.EMPLOYER)
    deliver()
    suspend(world)
    assert told("fair.withdrawn") == [address(world, "talent")]
