"""Who no longer takes part: what waits or was agreed ends, the other side hears it once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from talex.accounts.actors import actor_for
from talex.core import clock
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.fair import services
from talex.fair.choices import EndedBy, InterestState, MatchState, OpeningState, Side
from talex.fair.models import Interest
from talex.fair.publishing import queries as published
from talex.fair.publishing.services import Publish, publish
from talex.ledger.outbox import deliver
from talex.meetings import reasons
from talex.meetings.models import Meeting, MeetingRequest
from talex.meetings.rules import can_see
from talex.messages.models import Message
from talex.participants.commands import ErasePerson, TakePart, WithdrawTalent
from talex.participants.models import Person
from talex.participants.services import erase_person, take_part, withdraw_talent
from tests.fair import factories as make
from tests.fair.test_pages import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.BEFORE):
        yield World()


def acts(person: Person) -> Actor:
    return actor_for(Person.objects.select_related("user").get(pk=person.pk).user)


def ask(world: World) -> Interest:
    command = services.AskToMeet(world.opening.pk)
    return services.ask_to_meet(acts(world.talent.person), world.edition, command)


def agree(world: World) -> Interest:
    asked = ask(world)
    command = services.AnswerInterest(asked.pk, True)
    return services.answer(acts(world.delegate.person), world.edition, command)


def leave(world: World, gone: bool = True) -> None:
    withdraw_talent(
        acts(world.talent.person), WithdrawTalent(talent=world.talent.pk, withdrawn=gone)
    )


def told(kind: str) -> list[str]:
    """Whom mails of a kind went to, since the last time."""
    deliver()
    rows = Message.objects.filter(kind=kind)
    found = sorted(rows.values_list("address", flat=True))
    rows.delete()
    return found


def address(world: World, side: str) -> str:
    person = world.talent.person if side == "talent" else world.delegate.person
    return Person.objects.get(pk=person.pk).user.email  # type: ignore[union-attr]


def ended(one: Interest) -> tuple[str, str]:
    one.refresh_from_db()
    return str(one.state), str(one.ended_by)


LEFT = (InterestState.WITHDRAWN.value, EndedBy.LEFT.value)


@pytest.mark.parametrize("side", list(Side))
def test_what_waits_for_a_talent_who_left_ends_and_the_organisation_is_told_once(
    world: World, side: Side
) -> None:
    one = make.interest(world.talent, world.opening, side)
    deliver()
    leave(world)
    assert told("fair.withdrawn") == [address(world, "employer")]
    assert ended(one) == LEFT
    assert told("fair.withdrawn") == []


def test_what_was_agreed_with_who_left_ends_as_well(world: World) -> None:
    one = agree(world)
    deliver()
    leave(world)
    assert told("fair.withdrawn") == [address(world, "employer")]
    assert ended(one) == LEFT
    assert MeetingRequest.objects.get().state == MeetingRequest.State.WITHDRAWN


def test_a_meeting_of_who_left_is_called_off_and_told_of_alone(world: World) -> None:
    one = agree(world)
    meeting = make.held_meeting(MeetingRequest.objects.get())
    deliver()
    leave(world)
    assert told("fair.withdrawn") == []
    both = sorted([address(world, "employer"), address(world, "talent")])
    assert told("meetings.cancelled") == both
    meeting.refresh_from_db()
    assert (meeting.status, meeting.reason) == (Meeting.Status.CANCELLED, reasons.LEFT)
    assert "no longer takes part" in str(reasons.called_off(meeting))
    assert ended(one) == LEFT


def test_the_mail_leads_to_the_meeting_only_who_may_open_it(world: World) -> None:
    agree(world)
    meeting = make.held_meeting(MeetingRequest.objects.get())
    deliver()
    leave(world)
    deliver()
    texts = dict(Message.objects.filter(kind="meetings.cancelled").values_list("address", "text"))
    url = f"/meetings/{meeting.pk}/"
    assert url in texts[address(world, "talent")] and url not in texts[address(world, "employer")]
    for person, opens in ((world.talent.person, True), (world.delegate.person, False)):
        assert can_see(acts(person), Meeting.objects.get(pk=meeting.pk)) is opens


def test_that_they_met_stays(world: World) -> None:
    one = agree(world)
    meeting = make.held_meeting(MeetingRequest.objects.get())
    deliver()
    with clock.at(meeting.ends_at):
        leave(world)
        deliver()
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.PLANNED
    assert ended(one) == (InterestState.ACCEPTED, "")


def test_what_the_office_approved_may_be_proposed_again_to_who_comes_back(world: World) -> None:
    office = make.office(world.edition)
    assert services.approve_matches(office, world.edition, [world.match.pk]).approved == 1
    deliver()
    leave(world)
    assert told("fair.withdrawn") == [address(world, "employer")]
    world.match.refresh_from_db()
    assert world.match.state == MatchState.SUPERSEDED
    assert MeetingRequest.objects.get().state == MeetingRequest.State.WITHDRAWN


@pytest.mark.parametrize("agreed", [False, True])
def test_of_what_the_office_approved_the_other_side_hears_once(world: World, agreed: bool) -> None:
    if agreed:
        agree(world)
    office = make.office(world.edition)
    assert services.approve_matches(office, world.edition, [world.match.pk]).approved == 1
    deliver()
    Message.objects.all().delete()
    take_out(world)
    deliver()
    (mail,) = Message.objects.filter(kind="fair.withdrawn")
    assert mail.address == address(world, "talent")
    assert "the organisation no longer takes part" in mail.text
    assert mail.text.count(str(world.opening.title)) == 1


def test_of_what_the_office_approved_with_who_was_erased_as_well(world: World) -> None:
    office = make.office(world.edition)
    services.approve_matches(office, world.edition, [world.match.pk])
    deliver()
    Message.objects.all().delete()
    erase_person(acts(world.talent.person), ErasePerson(person=world.talent.person_id))
    deliver()
    (mail,) = Message.objects.filter(kind="fair.withdrawn")
    assert mail.address == address(world, "employer")
    assert "Anna" not in mail.subject + mail.text


def test_a_placed_meeting_that_the_office_approved_is_told_of_alone(world: World) -> None:
    office = make.office(world.edition)
    services.approve_matches(office, world.edition, [world.match.pk])
    make.held_meeting(MeetingRequest.objects.get())
    deliver()
    leave(world)
    assert told("fair.withdrawn") == []
    assert address(world, "employer") in told("meetings.cancelled")


def test_nobody_asks_or_answers_for_who_left_before_the_worker_comes_round(world: World) -> None:
    asked = ask(world)
    leave(world)
    for accept in (True, False):
        command = services.AnswerInterest(asked.pk, accept, reason="filled")
        for actor in (acts(world.delegate.person), acts(world.talent.person)):
            with pytest.raises((Conflict, NotAllowed)):
                services.answer(actor, world.edition, command)
    with pytest.raises(Conflict, match="no longer takes part"):
        services.answer(
            acts(world.delegate.person), world.edition, services.AnswerInterest(asked.pk, True)
        )
    with pytest.raises(Conflict, match="no longer takes part"):
        services.invite(
            make.office(world.edition), world.edition,
            services.Invite(world.opening.pk, world.talent.pk),
        )  # fmt: skip
    assert ended(asked) == (InterestState.ASKED, "")


def test_who_came_back_at_once_lost_nothing(world: World) -> None:
    one = ask(world)
    leave(world)
    leave(world, False)
    deliver()
    assert ended(one) == (InterestState.ASKED, "")


def test_who_comes_back_asks_anew(world: World) -> None:
    one = agree(world)
    leave(world)
    deliver()
    leave(world, False)
    again = agree(world)
    deliver()
    assert ended(one) == LEFT
    assert ended(again) == (InterestState.ACCEPTED, "")
    assert MeetingRequest.objects.filter(state=MeetingRequest.State.OPEN).count() == 1


def test_who_left_is_told_where_they_come_back(world: World) -> None:
    leave(world)
    talent = world.clients["talent"]
    pages = [world.url("ask", pk=world.opening.pk), world.url("for_you"), world.url("fresh")]
    for page in pages:
        told = talent.get(page)
        assert told.status_code == 403, page
        assert "choose “Take part again”" in told.content.decode(), page
    told = talent.post(
        f"/api/editions/{world.edition.slug}/interests/ask",
        {"opening": str(world.opening.pk)},
        content_type="application/json",
    )
    assert told.status_code == 403 and "Take part again" in told.json()["detail"]


@pytest.mark.parametrize("name", ["applications", "requests"])
def test_who_left_reads_what_became_of_it(world: World, name: str) -> None:
    agree(world)
    leave(world)
    deliver()
    tab = "?stage=over" if name == "applications" else "?tab=over"
    page = world.clients["talent"].get(world.url(name) + tab)
    assert page.status_code == 200
    assert "the talent no longer takes part" in page.content.decode()
    found = world.clients["talent"].get(f"/api/editions/{world.edition.slug}/applications")
    assert found.status_code == 200
    (item,) = found.json()["items"]
    assert (item["stage"], found.json()["rooms"]) == ("over", [])
    assert "no longer takes part" in item["next"]


@pytest.mark.parametrize("agreed", [False, True])
def test_who_was_erased_is_told_of_once_without_a_name(world: World, agreed: bool) -> None:
    one = agree(world) if agreed else ask(world)
    deliver()
    Message.objects.all().delete()
    erase_person(acts(world.talent.person), ErasePerson(person=world.talent.person_id))
    deliver()
    (mail,) = Message.objects.filter(kind="fair.withdrawn")
    assert mail.address == address(world, "employer")
    assert "Anna" not in mail.subject + mail.text
    assert "the talent no longer takes part" in mail.text
    assert told("fair.withdrawn") and told("fair.withdrawn") == []
    assert ended(one) == LEFT


def invited(world: World, *, accept: bool) -> Interest:
    """The delegate asked, and the talent answered."""
    one = services.invite(
        acts(world.delegate.person),
        world.edition,
        services.Invite(world.opening.pk, world.talent.pk),
    )
    command = services.AnswerInterest(one.pk, accept)
    return services.answer(acts(world.talent.person), world.edition, command)


def test_nobody_is_told_that_who_was_erased_can_still_ask(world: World) -> None:
    invited(world, accept=False)
    page = world.url("applications") + "?stage=over"
    assert "can still ask you" in world.clients["delegate"].get(page).content.decode()
    erase_person(acts(world.talent.person), ErasePerson(person=world.talent.person_id))
    text = world.clients["delegate"].get(page).content.decode()
    assert "can still ask" not in text and "The talent no longer takes part." in text


ORG_LEFT = (InterestState.WITHDRAWN.value, EndedBy.ORG_LEFT.value)


def take_out(world: World, gone: bool = True) -> None:
    take_part(
        SYSTEM,
        TakePart(organisation=world.company.pk, edition=world.edition.pk, withdrawn=gone),
    )


def test_what_an_organisation_offers_is_gone_as_soon_as_it_is_taken_out(world: World) -> None:
    one = ask(world)
    deliver()
    publish(SYSTEM, world.edition, Publish())
    take_out(world)
    # In the transaction of the change: no list has it, before the worker comes round.
    world.opening.refresh_from_db()
    assert world.opening.state == OpeningState.CLOSED
    assert ended(one) == ORG_LEFT
    assert not published.offered(published.version(world.edition, None)).exists()
    assert told("fair.withdrawn") == [address(world, "talent")]
    other = make.opening(world.edition, world.company, state=OpeningState.CLOSED)
    with pytest.raises(Invalid, match="does not take part"):
        services.set_openings_state(
            make.office(world.edition), world.edition, [other.pk], OpeningState.OPEN
        )
    with pytest.raises(Conflict):
        ask(world)


@pytest.mark.parametrize("placed", [False, True])
def test_what_was_agreed_with_an_organisation_that_is_taken_out_ends(
    world: World, placed: bool
) -> None:
    one = agree(world)
    if placed:
        make.held_meeting(MeetingRequest.objects.get())
    deliver()
    take_out(world)
    waits = told("fair.withdrawn")
    assert waits == ([] if placed else [address(world, "talent")])
    assert ended(one) == ORG_LEFT
    assert MeetingRequest.objects.get().state == MeetingRequest.State.WITHDRAWN
    cancelled = {"status": Meeting.Status.CANCELLED, "reason": reasons.LEFT}
    assert Meeting.objects.filter(**cancelled).count() == int(placed)
    assert (address(world, "talent") in told("meetings.cancelled")) is placed
    take_out(world, False)
    services.set_openings_state(SYSTEM, world.edition, [world.opening.pk], OpeningState.OPEN)
    assert ask(world).state == InterestState.ASKED


def test_what_follows_from_leaving_is_read_before_it_is_done(world: World) -> None:
    agree(world)
    make.held_meeting(MeetingRequest.objects.get())
    second = make.opening(world.edition, world.company, "Welder")
    make.interest(world.talent, second)
    page = f"/e/{world.edition.slug}/me/withdraw/"
    client = world.clients["talent"]
    assert f'href="{page}"' in client.get(f"/e/{world.edition.slug}/me/").content.decode()
    text = client.get(page).content.decode()
    assert "1 meeting that has its time is called off" in text
    assert "1 request that waits for an answer ends" in text
    assert "brings none of it back" in text and "other sides are told" in text
    world.talent.refresh_from_db()
    assert world.talent.withdrawn_at is None
    assert client.post(page, {"withdrawn": "1"}).status_code in (302, 303)
    world.talent.refresh_from_db()
    assert world.talent.withdrawn_at is not None
    assert client.get(page).status_code == 302
