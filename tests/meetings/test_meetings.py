"""The life of a meeting: placed, moved, called off, held; nobody in two places."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.ledger.models import Entry
from talex.meetings import (
    calendars,
    places,
    queries,
    reasons,
    releasing,
    scheduling,
    services,
    timetable,
)
from talex.meetings.models import Meeting, MeetingRequest, TimetableVersion
from talex.participants.models import Talent
from talex.programme import services as programme
from talex.programme.models import Occupancy, Table
from tests.meetings.fair_factory import actor, asked, make_fair, schedule

pytestmark = pytest.mark.django_db


def test_slots_keep_clear_of_the_break() -> None:
    fair = make_fair(wanted=False)
    starts = [s.strftime("%H:%M") for s, _e in timetable.slots_of(fair.edition)]
    # 09:00 in Shanghai is 01:00 UTC; the break is 02:30 to 03:00 UTC.
    assert starts == ["01:00", "01:25", "01:50", "03:00", "03:25"]


def test_every_wanted_meeting_is_placed_once_and_verifies() -> None:
    fair = make_fair(talents=5)
    done = schedule(fair.edition)
    assert (done.requests, done.placed, done.new, done.unplaced) == (5, 5, 5, {})
    assert scheduling.verify_edition(fair.edition) == []
    assert Meeting.objects.values("starts_at").distinct().count() == 5  # one delegate
    assert set(fair.edition.meetings.values_list("request__state", flat=True)) == {"placed"}


def test_what_does_not_fit_says_why() -> None:
    fair = make_fair(talents=7)
    done = schedule(fair.edition)
    assert done.placed == 5 and done.unplaced == {"person_full": 2}
    left = queries.open_requests(fair.edition)
    assert {r.unplaced for r in left} == {"person_full"}


def test_making_it_again_moves_nothing() -> None:
    fair = make_fair()
    schedule(fair.edition)
    before = dict(Meeting.objects.values_list("id", "sequence"))
    again = schedule(fair.edition)
    assert (again.new, again.moved) == (0, 0)
    assert dict(Meeting.objects.values_list("id", "sequence")) == before


def test_a_stale_timetable_is_not_written() -> None:
    fair = make_fair()
    frame = timetable.frame(fair.edition)
    assert frame is not None
    solution = timetable.plan(frame, seconds=2, seed=1)
    services.withdraw_requests(SYSTEM, fair.edition, [fair.requests[0].id], "ill")
    with pytest.raises(Conflict):
        scheduling.apply_timetable(SYSTEM, fair.edition, frame, solution)
    assert not Meeting.objects.exists() and not Occupancy.objects.exists()


def test_availability_is_read_in_the_persons_own_zone() -> None:
    fair = make_fair(talents=1)
    person = fair.talents[0]
    person.time_zone = "Europe/Berlin"
    person.save()
    # From 05:00 in Berlin (summer time) is from 11:00 in Shanghai.
    Talent.objects.filter(person=person).update(local_from="05:00", local_until="12:00")
    schedule(fair.edition)
    meeting = Meeting.objects.get()
    assert meeting.starts_at >= datetime(2037, 4, 20, 3, 0, tzinfo=UTC)
    assert all(
        p.starts_at >= datetime(2037, 4, 20, 3, 0, tzinfo=UTC)
        for p in places.places_for(fair.edition, meeting)
    )


def test_hours_said_on_the_other_side_of_the_date_line() -> None:
    from talex.editions.next_steps import next_steps
    from talex.participants.availability import Hours
    from talex.participants.commands import SetAvailability
    from talex.participants.services import set_availability

    fair = make_fair(talents=1)
    talent = Talent.objects.get()

    def says(day: int, start: int, end: int) -> None:
        hours = Hours(date(2037, 4, day), time(start), time(end))
        set_availability(
            SYSTEM,
            SetAvailability(
                edition=fair.edition.id, kind="talent", record=talent.id,
                time_zone="America/Los_Angeles", windows=(hours,),
            ),
        )  # fmt: skip

    # 19 April, 19:00 to 21:00 in Los Angeles is 20 April, 10:00 to 12:00 in Shanghai.
    says(19, 19, 21)
    schedule(fair.edition)
    meeting = Meeting.objects.get()
    assert datetime(2037, 4, 20, 2, tzinfo=UTC) <= meeting.starts_at
    assert meeting.ends_at <= datetime(2037, 4, 20, 4, tzinfo=UTC)
    me = actor(fair.edition, "talent", fair.talents[0])
    assert "meetings.unsuitable" not in {step.key for step in next_steps(me, fair.edition)}
    # Changed afterwards: the meeting stays, and its talent is told.
    says(19, 18, 19)
    assert "meetings.unsuitable" in {step.key for step in next_steps(me, fair.edition)}
    free = places.places_for(fair.edition, meeting)
    assert free and all(p.ends_at <= datetime(2037, 4, 20, 2, tzinfo=UTC) for p in free)


def test_the_office_moves_a_meeting_to_a_time_free_for_both() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    meeting = Meeting.objects.get(request=fair.requests[0])
    other = Meeting.objects.get(request=fair.requests[1])
    me = actor(fair.edition, "organiser")
    free = {p.starts_at for p in places.places_for(fair.edition, meeting)}
    assert other.starts_at not in free
    target = max(free - {meeting.starts_at})
    moved = services.move_meeting(
        me, fair.edition, services.MoveMeeting(meeting.id, target, meeting.sequence)
    )
    assert moved.starts_at == target and moved.sequence == meeting.sequence + 1
    assert scheduling.verify_edition(fair.edition) == []
    assert Entry.objects.filter(event="meetings.meeting.moved").count() == 1
    with pytest.raises(Conflict):  # what was seen is old now
        services.move_meeting(
            me, fair.edition, services.MoveMeeting(meeting.id, meeting.starts_at, meeting.sequence)
        )
    with pytest.raises(Conflict):  # the delegate sits with the other talent then
        services.move_meeting(
            me, fair.edition, services.MoveMeeting(meeting.id, other.starts_at, moved.sequence)
        )


def test_strangers_neither_see_nor_move() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    meeting = Meeting.objects.get(request=fair.requests[0])
    stranger = actor(fair.edition, "talent", fair.talents[1])
    with pytest.raises(NotFound):
        services.move_meeting(
            stranger, fair.edition, services.MoveMeeting(meeting.id, meeting.starts_at, 0)
        )
    with pytest.raises(NotAllowed):
        services.lock_meeting(
            actor(fair.edition, "talent", fair.talents[0]), fair.edition, meeting.id, True
        )


def test_a_locked_meeting_keeps_its_place() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    meeting = Meeting.objects.order_by("starts_at").last()
    assert meeting is not None
    services.lock_meeting(SYSTEM, fair.edition, meeting.id, True)
    services.request_meetings(
        SYSTEM, fair.edition, [asked(fair.organisation, fair.talents[0], fair.delegate, 9.0)]
    )
    schedule(fair.edition)
    kept = Meeting.objects.get(id=meeting.id)
    assert (kept.starts_at, kept.table_id) == (meeting.starts_at, meeting.table_id)
    with pytest.raises(NotAllowed):
        services.move_meeting(
            actor(fair.edition, "delegate", organisation=fair.organisation),
            fair.edition,
            services.MoveMeeting(meeting.id, meeting.starts_at, kept.sequence),
        )


def test_calling_off_frees_the_time_and_tells_calendars() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition)
    meeting = Meeting.objects.get()
    with pytest.raises(Invalid):
        services.cancel_meeting(
            SYSTEM, fair.edition, services.CancelMeeting(meeting.id, meeting.sequence)
        )
    before = _event(fair.edition, meeting.id)
    services.cancel_meeting(
        SYSTEM,
        fair.edition,
        services.CancelMeeting(meeting.id, meeting.sequence, "ill, ask anna@example.org"),
    )
    after = _event(fair.edition, meeting.id)
    # The other side may have agreed to nothing.
    assert reasons.called_off(Meeting.objects.get()) == "ill, ask •••"
    assert not Occupancy.objects.exists()
    assert before["UID"] == after["UID"]
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert before["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert before["DTSTART"].dt == meeting.starts_at


def _event(edition: object, pk: uuid.UUID) -> icalendar.Event:
    found = queries.meetings(SYSTEM, edition).filter(id=pk)  # type: ignore[arg-type]
    book = icalendar.Calendar.from_ical(calendars.calendar(edition, found))  # type: ignore[arg-type]
    assert [zone["TZID"] for zone in book.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    return book.walk("VEVENT")[0]


def test_a_closed_hall_gives_its_meetings_back() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    hall = Table.objects.select_related("hall")[0].hall
    assert programme.close_hall(SYSTEM, fair.edition, hall.id) == 3
    assert not Occupancy.objects.exists()
    assert set(MeetingRequest.objects.values_list("state", flat=True)) == {"open"}
    programme.save_hall(
        SYSTEM,
        fair.edition,
        programme.SaveHall("B1", fair.edition.name, 2),
    )
    uids = set(Meeting.objects.values_list("id", flat=True))
    done = schedule(fair.edition)
    assert done.placed == 3
    assert set(Meeting.objects.values_list("id", flat=True)) == uids  # the same calendar entries
    assert scheduling.verify_edition(fair.edition) == []


def test_tables_of_an_organisation_are_its_own() -> None:
    fair = make_fair(talents=2)
    own, shared = Table.objects.order_by("number")
    Table.objects.filter(id=own.id).update(organisation_id=uuid.uuid4())
    schedule(fair.edition)
    assert set(Meeting.objects.values_list("table_id", flat=True)) == {shared.id}


def test_an_outcome_is_told_by_the_employer_not_by_the_talent() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition)
    meeting = Meeting.objects.get()
    talent = actor(fair.edition, "talent", fair.talents[0])
    delegate = actor(fair.edition, "delegate", organisation=fair.organisation)
    with clock.at(meeting.ends_at):
        with pytest.raises(NotAllowed):
            services.tell_outcome(talent, fair.edition, services.TellOutcome(meeting.id, "held"))
        with pytest.raises(Invalid):
            services.tell_outcome(delegate, fair.edition, services.TellOutcome(meeting.id, "great"))
        services.tell_outcome(delegate, fair.edition, services.TellOutcome(meeting.id, "held"))
    assert Meeting.objects.get().status == "held"


@pytest.mark.parametrize("status", ["held", "no_show"])
def test_nobody_knows_how_a_meeting_went_before_it_begins(status: str) -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition)
    meeting = Meeting.objects.get()
    told = services.TellOutcome(meeting.id, status)
    begins = f"{meeting.starts_at + timedelta(hours=8):%H:%M}"  # the clocks of Shanghai
    for who in (SYSTEM, actor(fair.edition, "delegate", organisation=fair.organisation)):
        with (
            clock.at(meeting.starts_at - timedelta(seconds=1)),
            pytest.raises(Conflict, match=rf"20 April 2037, {begins} \(Shanghai time\)"),
        ):
            services.tell_outcome(who, fair.edition, told)
    assert Meeting.objects.get().status == "planned"
    with clock.at(meeting.starts_at):
        services.tell_outcome(SYSTEM, fair.edition, told)
    assert Meeting.objects.get().status == status


def test_verify_sees_what_the_scheduler_would_not_do() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    first, second = Meeting.objects.order_by("starts_at")
    Meeting.objects.filter(id=second.id).update(
        starts_at=first.starts_at + timedelta(minutes=5), ends_at=first.ends_at
    )
    faults = scheduling.verify_edition(fair.edition)
    assert any("at once" in fault for fault in faults)
    assert any("exactly what it occupies" in fault for fault in faults)


def test_a_release_counts_what_changed() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    first = releasing.release_timetable(SYSTEM, fair.edition, releasing.ReleaseTimetable("first"))
    assert (first.number, first.figures["changed"]) == (1, 2)


def test_nothing_is_released_twice() -> None:
    fair = make_fair(talents=2)
    empty = make_fair(talents=1)
    with pytest.raises(releasing.NothingToRelease, match="Make the timetable first"):
        releasing.release_timetable(SYSTEM, empty.edition, releasing.ReleaseTimetable())
    schedule(fair.edition)
    releasing.release_timetable(SYSTEM, fair.edition, releasing.ReleaseTimetable("first"))
    with pytest.raises(releasing.NothingToRelease, match="sees version 1 already"):
        releasing.release_timetable(SYSTEM, fair.edition, releasing.ReleaseTimetable())
    assert [v.number for v in TimetableVersion.objects.filter(state="released")] == [1]
