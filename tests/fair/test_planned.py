"""What the office approved without the two having agreed: what it shows, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils.timezone import now

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.editions.models import Consent
from talex.editions.next_steps import next_steps
from talex.fair import lists, queries_applications, services
from talex.fair.choices import MatchState, Side
from talex.fair.models import Match
from talex.fair.services.barring import SetBlock, set_block
from talex.meetings.models import Meeting, MeetingRequest, TimetableVersion
from talex.meetings.services import CancelMeeting, cancel_meeting
from tests.fair import factories as make
from tests.fair.test_leaving import acts
from tests.fair.test_pages import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.BEFORE):
        yield World()


def approve(world: World) -> services.Decided:
    return services.approve_matches(make.office(world.edition), world.edition, [world.match.pk])


def proposed_again(world: World) -> None:
    Match.objects.filter(pk=world.match.pk).update(state=MatchState.PROPOSED)


def stand(world: World, side: Side) -> queries_applications.Application:
    person = world.talent.person if side == Side.TALENT else world.delegate.person
    (one,) = queries_applications.applications(acts(person), world.edition, side)
    return one


def placed(world: World) -> Meeting:
    approve(world)
    meeting: Meeting = make.held_meeting(MeetingRequest.objects.get())
    MeetingRequest.objects.update(state=MeetingRequest.State.PLACED)
    return meeting


def test_nobody_reads_that_both_want_what_only_the_office_approved(world: World) -> None:
    approve(world)
    for side in Side:
        one = stand(world, side)
        assert (one.stage, one.stage_label) == ("planned", "Arranged by the office")
    for who, page in (("talent", "for_you"), ("delegate", "candidates")):
        assert "Arranged by the office" in world.get(who, page).content.decode()


@pytest.mark.parametrize("who", ["talent", "delegate", "office"])
def test_called_off_it_is_over_and_not_proposed_again(world: World, who: str) -> None:
    meeting = placed(world)
    actor = {
        "talent": acts(world.talent.person), "delegate": acts(world.delegate.person),
        "office": make.office(world.edition),
    }[who]  # fmt: skip
    cancel_meeting(actor, world.edition, CancelMeeting(meeting.pk, meeting.sequence, "No."))
    world.match.refresh_from_db()
    assert world.match.state == MatchState.REJECTED
    for side in Side:
        one = stand(world, side)
        assert one.stage == "over" and "was called off" in str(one.next)
    assert stand(world, Side.TALENT).url == world.url("ask", pk=world.opening.pk)
    for reader, page in (("talent", "for_you"), ("delegate", "candidates")):
        assert "Arranged by the office" not in world.get(reader, page).content.decode()
    # They may ask, and what becomes of that is told in its place.
    asked = services.ask_to_meet(
        acts(world.talent.person), world.edition, services.AskToMeet(world.opening.pk)
    )
    assert {stand(world, side).stage for side in Side} == {"asked"}
    command = services.AnswerInterest(asked.pk, False, "", "filled")
    services.answer(acts(world.delegate.person), world.edition, command)
    assert {stand(world, side).stage for side in Side} == {"over"}


@pytest.mark.parametrize("who", ["talent", "delegate"])
def test_either_side_says_no_before_it_has_a_time(world: World, who: str) -> None:
    approve(world)
    pair = {"pk": world.opening.pk, "talent": world.talent.pk}
    url = world.url("decline_arranged", **pair)
    assert url in world.get(who, "applications").content.decode()
    for other in ("nobody", "office"):
        assert world.clients[other].post(url).status_code in (302, 403)
    world.match.refresh_from_db()
    assert world.match.state == MatchState.APPROVED
    assert world.clients[who].post(url).status_code == 302
    world.match.refresh_from_db()
    assert world.match.state == MatchState.REJECTED
    assert MeetingRequest.objects.get().state == MeetingRequest.State.WITHDRAWN
    for side in Side:
        one = stand(world, side)
        assert one.stage == "over" and "was called off" in str(one.next)
    # Pressed twice it leads back to the list, which says so.
    told = world.clients[who].post(url, follow=True)
    assert "does not arrange this meeting" in told.content.decode()


def test_who_says_no_does_not_go_on_asking(world: World) -> None:
    talent = acts(world.talent.person)
    asked = services.ask_to_meet(talent, world.edition, services.AskToMeet(world.opening.pk))
    approve(world)
    services.decline_arranged(talent, world.edition, world.opening.pk, world.talent.pk)
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_nobody_else_learns_whether_there_is_a_pair(world: World) -> None:
    other = make.talent(world.edition, "Other")
    stranger = make.as_talent(other)
    for opening in (world.opening.pk, other.pk):  # the second is none
        with pytest.raises(NotAllowed):
            services.decline_arranged(stranger, world.edition, opening, world.talent.pk)
    with pytest.raises(NotFound):
        services.decline_arranged(stranger, world.edition, world.opening.pk, other.pk)


def test_what_has_its_time_or_is_agreed_is_called_off_elsewhere(world: World) -> None:
    placed(world)
    talent = acts(world.talent.person)
    with pytest.raises(Conflict, match="Call it off"):
        services.decline_arranged(talent, world.edition, world.opening.pk, world.talent.pk)
    MeetingRequest.objects.update(state=MeetingRequest.State.OPEN)
    make.interest(world.talent, world.opening, state="accepted")
    with pytest.raises(Conflict, match="both agreed"):
        services.decline_arranged(talent, world.edition, world.opening.pk, world.talent.pk)


def test_one_whose_hall_is_closed_stays_approved(world: World) -> None:
    from talex.core.work import work
    from talex.meetings.services import call_off

    meeting = placed(world)
    with work():
        call_off(SYSTEM, meeting, "@hall_closed", MeetingRequest.State.OPEN)
    world.match.refresh_from_db()
    assert world.match.state == MatchState.APPROVED and stand(world, Side.TALENT).request


def consent(world: World, recipient: str, *, taken_back: bool = False) -> None:
    Consent.objects.create(
        edition=world.edition, person=world.talent.person_id, purpose="profile",
        recipient=recipient, wording="1", withdrawn_at=now() if taken_back else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "taken_back", "approved"),
    [
        ("", "", 1),
        ("none", "all", 0),
        ("none", "company", 0),
        ("none", "other", 1),
        ("company", "all", 1),
        ("other", "all", 0),
        ("all", "company", 1),
    ],
)
def test_it_is_not_approved_with_whom_the_profile_was_taken_back(
    world: World, given: str, taken_back: str, approved: int
) -> None:
    whom = {
        "all": "", "company": str(world.company.pk),
        "other": str(make.organisation(world.edition, "Other works").pk),
    }  # fmt: skip
    if taken_back:
        consent(world, whom[taken_back], taken_back=True)
    if given in whom:
        consent(world, whom[given])
    told = approve(world)
    assert (told.approved, told.hidden, told.gone) == (approved, 1 - approved, 0)
    assert ("hides from it" in lists.told(told)) is not approved


@pytest.mark.parametrize("side", list(Side))
def test_who_blocks_the_other_ends_what_has_no_time_yet(world: World, side: Side) -> None:
    approve(world)
    person = world.talent.person if side == Side.TALENT else world.delegate.person
    set_block(acts(person), world.edition, SetBlock(world.company.pk, world.talent.pk, side))
    assert MeetingRequest.objects.get().state == MeetingRequest.State.WITHDRAWN
    world.match.refresh_from_db()
    assert world.match.state == MatchState.SUPERSEDED
    proposed_again(world)
    told = approve(world)
    assert (told.approved, told.hidden) == (0, 1)


def book_page(world: World, who: str) -> Any:
    pk = MeetingRequest.objects.get().pk
    return world.clients[who].get(
        reverse("meetings:book", kwargs={"edition": world.edition.slug, "pk": pk})
    )


def released(world: World) -> None:
    TimetableVersion.objects.create(
        edition=world.edition,
        state=TimetableVersion.State.RELEASED,
        number=1,
        released_at=now(),
        released_by="x",
    )


def test_who_chooses_the_time_reads_no_name_that_is_not_shown(world: World) -> None:
    approve(world)
    released(world)
    name = world.talent.person.name
    text = book_page(world, "delegate").content.decode()
    assert name not in text and "named once the meeting has its time" in text
    assert name in book_page(world, "talent").content.decode()
    assert name in book_page(world, "office").content.decode()
    consent(world, str(world.company.pk))
    assert name in book_page(world, "delegate").content.decode()


def test_nor_once_it_is_over(world: World) -> None:
    meeting = placed(world)
    released(world)
    cancel_meeting(
        acts(world.talent.person), world.edition,
        CancelMeeting(meeting.pk, meeting.sequence, "No."),
    )  # fmt: skip
    page = book_page(world, "delegate")
    assert page.status_code == 409 and world.talent.person.name not in page.content.decode()


@pytest.mark.parametrize("side", Side)
def test_what_the_office_arranged_is_a_next_step_of_both_until_it_has_its_time(
    world: World, side: Side
) -> None:
    person = world.talent.person if side == Side.TALENT else world.delegate.person

    def step() -> Any:
        found = next_steps(acts(person), world.edition)
        return next((one for one in found if one.key == "fair.arranged"), None)

    assert step() is None
    approve(world)
    told = step()
    assert told.count == 1 and "say no" in str(told.text) and "timetable" in str(told.text)
    assert told.url == world.url("applications") + "?stage=planned"
    page = world.clients[{"talent": "talent"}.get(side, "delegate")].get(told.url)
    assert "Do not meet" in page.content.decode()
    released(world)
    assert step().action == "Choose a time"
    make.held_meeting(MeetingRequest.objects.get())
    assert step() is None
