"""A repair that asks: the new time is held, moved to when accepted, called off when nobody does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.cli.main import group
from talex.core import clock
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import NotAllowed
from talex.editions.next_steps import next_steps
from talex.meetings import (
    absences,
    asking,
    board,
    drafts,
    places,
    proposals,
    reasons,
    releasing,
    repairing,
    scheduling,
    services,
)
from talex.meetings.happened import Happened, Kind
from talex.meetings.models import Absence, Meeting, MeetingRequest, Proposal, TimetableVersion
from talex.meetings.versions import Difference
from talex.programme.models import Occupancy
from tests.meetings.fair_factory import Fair, actor, make_fair, schedule

pytestmark = pytest.mark.django_db
DAY = datetime(2037, 4, 20, tzinfo=UTC)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def office(client: Client) -> Client:
    user = User.objects.create(email="office@example.org", name="Office", is_site_admin=True)
    client.force_login(user, backend=BACKEND)
    return client


def first_of(fair: Fair) -> Meeting:
    found = fair.edition.meetings.order_by("starts_at").first()
    assert found is not None
    return found


def talent_of(meeting: Meeting) -> UUID:
    person: UUID = meeting.request.parties.get(side="talent").person_id
    return person


def late(meeting: Meeting) -> Happened:
    return Happened(Kind.LATE, person=talent_of(meeting), starts_at=DAY, ends_at=meeting.ends_at)


def ask(fair: Fair, happened: Happened) -> TimetableVersion:
    found = repairing.preview(SYSTEM, fair.edition, happened)
    return repairing.carry_out(
        SYSTEM, fair.edition, happened, found.token, "A train is late", ask=True
    )


def sides(fair: Fair, meeting: Meeting) -> tuple[Actor, Actor]:
    person = next(t for t in fair.talents if t.id == talent_of(meeting))
    employer = actor(fair.edition, "delegate", organisation=fair.organisation)
    return actor(fair.edition, "talent", person), employer


def answer(fair: Fair, who: Actor, made: Proposal, accept: bool) -> Meeting:
    return proposals.answer(who, fair.edition, proposals.AnswerProposal(made.id, accept))


def holders(resource: UUID, meeting: Meeting) -> set[str]:
    rows = Occupancy.objects.filter(
        resource_id=resource, cell__gte=meeting.starts_at, cell__lt=meeting.ends_at
    )
    return set(rows.values_list("holder_kind", flat=True))


def test_the_other_side_is_asked_and_the_meeting_moves_when_it_accepts() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    meeting = first_of(fair)
    was = Meeting.objects.get(id=meeting.id)
    happened = late(meeting)
    found = repairing.preview(SYSTEM, fair.edition, happened)
    (d,) = found.differences
    assert found.askable == [meeting.request_id] and d.after is not None
    version = ask(fair, happened)
    assert (version.figures["asked"], version.figures["changed"]) == (1, 0)
    made = Proposal.objects.get()
    assert (made.starts_at, made.side, made.asked_side) == (d.after[0], "office", "employer")
    assert (made.otherwise, made.note) == (reasons.AWAY, "A train is late")
    assert made.expires_at <= was.starts_at
    meeting.refresh_from_db()
    assert meeting.sequence == 0 and meeting.starts_at == was.starts_at
    # Nobody else is given what is held, and a second click asks nobody twice.
    other = fair.edition.meetings.exclude(id=meeting.id).first()
    assert other is not None
    assert made.starts_at not in {p.starts_at for p in places.places_for(fair.edition, other)}
    again = repairing.carry_out(SYSTEM, fair.edition, happened, found.token, ask=True)
    assert again.id == version.id and Proposal.objects.count() == 1
    talent, employer = sides(fair, meeting)
    keys = {s.key for s in next_steps(employer, fair.edition)}
    assert f"meetings.proposal.{made.id}" in keys
    assert f"meetings.proposal.{made.id}" not in {s.key for s in next_steps(talent, fair.edition)}
    with pytest.raises(NotAllowed):  # they are late themselves
        answer(fair, talent, made, True)
    moved = answer(fair, employer, made, True)
    assert (moved.starts_at, moved.sequence, moved.status) == (made.starts_at, 1, "planned")
    # The time they are not there is the absence's now.
    assert holders(talent_of(meeting), was) == {"absence"}
    assert scheduling.verify_edition(fair.edition) == []


def test_declined_it_is_called_off_and_waits_for_another_place() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    meeting = first_of(fair)
    ask(fair, late(meeting))
    made = Proposal.objects.get()
    done = answer(fair, sides(fair, meeting)[1], made, False)
    assert (done.status, done.reason, done.sequence) == ("cancelled", reasons.AWAY, 1)
    request = MeetingRequest.objects.get(id=meeting.request_id)
    assert (request.state, request.unplaced) == ("open", "not_accepted")
    assert not Occupancy.objects.filter(holder_kind="proposal").exists()
    assert holders(talent_of(meeting), meeting) == {"absence"}
    assert scheduling.verify_edition(fair.edition) == []


def test_who_is_back_is_asked_for_nothing_any_more() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    meeting = first_of(fair)
    happened = late(meeting)
    ask(fair, happened)
    made = Proposal.objects.get()
    # Somebody else is away at the time as well: what they are asked stands for that one.
    other = Absence.objects.create(
        edition=fair.edition, reason="late", resource_kind="person",
        resource_id=fair.delegate.id, starts_at=meeting.starts_at, ends_at=meeting.ends_at,
        made_at=clock.now() - timedelta(hours=1), made_by="",
    )  # fmt: skip
    absences.end(SYSTEM, fair.edition, Absence.objects.get(resource_id=talent_of(meeting)).id)
    made.refresh_from_db()
    assert made.state == "open"
    absences.end(SYSTEM, fair.edition, other.id)
    made.refresh_from_db()
    assert made.state == "withdrawn"
    assert not Occupancy.objects.filter(holder_kind="proposal").exists()
    meeting.refresh_from_db()
    assert (meeting.status, meeting.sequence) == ("planned", 0)
    with clock.at(made.expires_at):
        assert proposals.expire_due() == 0


def test_unanswered_it_is_called_off_before_it_would_begin() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    meeting = first_of(fair)
    ask(fair, late(meeting))
    made = Proposal.objects.get()
    with clock.at(made.expires_at):
        assert proposals.expire_due() == 1 and proposals.expire_due() == 0
    meeting.refresh_from_db()
    assert (meeting.status, meeting.reason) == ("cancelled", reasons.AWAY)
    made.refresh_from_db()
    assert made.state == "expired"
    assert MeetingRequest.objects.get(id=meeting.request_id).state == "open"
    assert scheduling.verify_edition(fair.edition) == []


def test_moved_by_hand_meanwhile_it_is_not_called_off() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    meeting = first_of(fair)
    ask(fair, late(meeting))
    made = Proposal.objects.get()
    free = places.places_for(fair.edition, meeting)
    elsewhere = next(p for p in free if p.starts_at > meeting.ends_at)
    command = services.MoveMeeting(meeting.id, elsewhere.starts_at, 0)
    services.move_meeting(SYSTEM, fair.edition, command)
    made.refresh_from_db()
    assert made.state == "withdrawn"
    assert holders(talent_of(meeting), meeting) == {"absence"}
    with clock.at(made.expires_at):
        assert proposals.expire_due() == 0
    meeting.refresh_from_db()
    assert (meeting.status, meeting.starts_at) == ("planned", elsewhere.starts_at)
    assert scheduling.verify_edition(fair.edition) == []


def test_a_release_that_moves_it_leaves_the_time_to_the_absence() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    meeting = first_of(fair)
    ask(fair, late(meeting))
    free = places.places_for(fair.edition, meeting)
    to = next(p for p in free if p.starts_at > meeting.ends_at)
    assert to.table is not None
    mark = board.now_mark(fair.edition, meeting.request_id, None)
    command = drafts.PlaceInDraft(meeting.request_id, to.starts_at, to.table.id, mark)
    drafts.place_in_draft(SYSTEM, fair.edition, command)
    releasing.release_timetable(SYSTEM, fair.edition, releasing.ReleaseTimetable())
    assert Proposal.objects.get().state == "withdrawn"
    assert holders(talent_of(meeting), meeting) == {"absence"}
    assert scheduling.verify_edition(fair.edition) == []


def test_a_closed_hall_asks_both_sides_and_the_office_may_take_it_back() -> None:
    fair = make_fair(talents=2, tables=1)
    schedule(fair.edition)
    meeting, other = fair.edition.meetings.order_by("starts_at")
    table = meeting.table
    assert table is not None
    closed = Happened(
        Kind.CLOSED, table=table.id, starts_at=meeting.starts_at, ends_at=other.ends_at
    )
    assert ask(fair, closed).figures["asked"] == 2
    talent, employer = sides(fair, meeting)
    made = Proposal.objects.get(meeting=meeting)
    assert (made.asked_side, made.otherwise) == ("", reasons.HALL_CLOSED)
    assert proposals.may_answer(talent, made) and proposals.may_answer(employer, made)
    assert not proposals.may_withdraw(talent, made)
    assert answer(fair, talent, made, True).starts_at == made.starts_at
    proposals.withdraw(SYSTEM, fair.edition, Proposal.objects.get(meeting=other).id)
    other.refresh_from_db()
    assert (other.status, other.reason) == ("cancelled", reasons.HALL_CLOSED)
    assert holders(table.id, other) == {"absence"}
    assert scheduling.verify_edition(fair.edition) == []


def test_who_makes_room_or_has_no_time_to_answer_is_told() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    one, two, three = fair.edition.meetings.order_by("starts_at")

    def at(meeting: Meeting) -> tuple[datetime, datetime, UUID | None]:
        return meeting.starts_at, meeting.ends_at, meeting.table_id

    hour = timedelta(hours=2)
    after = (three.starts_at + hour, three.ends_at + hour, three.table_id)
    mine = Difference(one.request_id, at(one), after)
    gone = [one.request_id]
    assert asking.askable([mine], gone) == gone
    assert asking.askable([mine], []) == []  # it only makes room
    with clock.at(one.starts_at - timedelta(minutes=29)):
        assert asking.askable([mine], gone) == []
    # Where another one has to leave the new place, or takes the old one.
    chain = [
        Difference(one.request_id, at(one), at(two)), Difference(two.request_id, at(two), after),
    ]  # fmt: skip
    assert asking.askable(chain, gone) == []
    follows = Difference(two.request_id, at(two), at(one))
    assert asking.askable([mine, follows], gone) == []
    seat = Difference(one.request_id, at(one), (one.starts_at, one.ends_at, three.table_id))
    assert asking.askable([seat], gone) == []  # same time, another table


def test_asked_and_answered_through_pages(office: Client) -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    meeting = first_of(fair)
    slug = fair.edition.slug
    page = reverse("meetings:repair", kwargs={"edition": slug, "kind": "late"})
    until = f"{meeting.ends_at + timedelta(hours=8):%H:%M}"
    query = {"person": str(talent_of(meeting)), "day": "2037-04-20", "until": until}
    shown = office.get(page, query)
    assert 'value="ask"' in shown.content.decode()
    token = shown.context["found"].token
    done = office.post(page, query | {"token": token, "how": "ask", "note": "Train"}, follow=True)
    assert "people are asked whether" in done.content.decode()
    detail = reverse("meetings:meeting", kwargs={"edition": slug, "pk": meeting.id})
    assert "cannot be held where it was" in office.get(detail).content.decode()
    path = reverse("meetings:answer", kwargs={"edition": slug, "pk": Proposal.objects.get().id})
    answered = office.post(path, {"accept": "0"}, follow=True)
    assert "is called off and waits" in answered.content.decode()


def test_asked_over_the_api(office: Client) -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    meeting = first_of(fair)
    base = f"/api/editions/{fair.edition.slug}"
    body: dict[str, Any] = {
        "kind": "late", "person": str(talent_of(meeting)),
        "starts_at": DAY.isoformat(), "ends_at": meeting.ends_at.isoformat(),
    }  # fmt: skip

    def post(path: str, **more: Any) -> Any:
        path = f"{base}/timetable/repairs{path}"
        return office.post(path, json.dumps(body | more), content_type="application/json")

    preview = post("/preview").json()
    assert preview["askable"] == [str(meeting.request_id)]
    repaired = post("", token=preview["token"], ask=True)
    assert repaired.status_code == 201 and repaired.json()["figures"]["asked"] == 1
    (told,) = office.get(f"{base}/meetings/{meeting.id}/proposals").json()
    assert (told["asked_side"], told["otherwise"]) == ("employer", reasons.AWAY)


def test_asked_from_the_command_line() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    meeting = first_of(fair)
    until = meeting.ends_at + timedelta(hours=8)
    arguments = [
        "timetable", "repair", "late", "--edition", fair.edition.slug,
        "--person", str(talent_of(meeting)), "--from", "2037-04-20T00:00+08:00",
        "--until", f"{until:%Y-%m-%dT%H:%M}+08:00", "--ask", "--json",
    ]  # fmt: skip
    shown = CliRunner().invoke(group, arguments)
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.stdout)["askable"] == 1 and not Proposal.objects.exists()
    done = CliRunner().invoke(group, [*arguments, "--yes"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["asked"] == 1
    assert Proposal.objects.get(meeting=meeting).state == "open"


def test_the_agenda_says_what_is_asked(client: Client) -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    meeting = first_of(fair)
    ask(fair, late(meeting))
    user = User.objects.create(email="delegate@example.org", name="D")
    fair.delegate.user = user
    fair.delegate.save()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("meetings:agenda", kwargs={"edition": fair.edition.slug}))
    text = page.content.decode()
    assert "Another time is proposed" in text and "unless somebody accepts" in text
