"""The living day: shown before it is done, done in one transaction, nobody moved in vain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.ledger.models import Entry
from talex.meetings import (
    absences,
    calendars,
    places,
    queries,
    reasons,
    repairing,
    scheduling,
    services,
    timetable,
)
from talex.meetings.happened import Happened, Kind
from talex.meetings.models import Absence, Meeting, MeetingRequest, TimetableVersion
from talex.participants.models import Delegate, Talent
from talex.programme.models import Hall, Occupancy
from tests.meetings.fair_factory import Fair, actor, asked, make_fair, schedule

pytestmark = pytest.mark.django_db
DAY = datetime(2037, 4, 20, tzinfo=UTC)


def stands(fair: Fair) -> dict[object, object]:
    return {
        m.request_id: (m.starts_at, m.table_id, m.sequence)
        for m in fair.edition.meetings.exclude(status="cancelled")
    }


def do(fair: Fair, happened: Happened) -> TimetableVersion:
    found = repairing.preview(SYSTEM, fair.edition, happened)
    return repairing.carry_out(SYSTEM, fair.edition, happened, found.token, "why")


def test_who_arrives_late_is_met_later_and_nobody_else_moves() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    meeting = fair.edition.meetings.order_by("starts_at").first()
    assert meeting is not None
    talent = meeting.request.parties.get(side="talent").person_id
    before = stands(fair)
    late = Happened(
        Kind.LATE, person=talent, starts_at=DAY, ends_at=meeting.ends_at + timedelta(minutes=1)
    )
    found = repairing.preview(SYSTEM, fair.edition, late)
    assert [d.request for d in found.differences] == [meeting.request_id]
    assert stands(fair) == before and not Absence.objects.exists()  # only shown
    version = repairing.carry_out(SYSTEM, fair.edition, late, found.token, "Train")
    after = stands(fair)
    moved = {r for r in before if before[r] != after.get(r)}
    assert moved == {meeting.request_id}
    meeting.refresh_from_db()
    assert meeting.starts_at >= late.ends_at and meeting.sequence == 1  # type: ignore[operator]
    assert scheduling.verify_edition(fair.edition) == []
    assert (version.origin, version.figures["moved"], version.note) == ("repair", 1, "Train")
    assert Entry.objects.filter(event="meetings.absence.begun").count() == 1
    # Nothing new is placed into the absence.
    free = {p.starts_at for p in places.places_for(fair.edition, meeting)}
    assert all(start >= late.ends_at for start in free)  # type: ignore[operator]
    # A second click does nothing more.
    again = repairing.carry_out(SYSTEM, fair.edition, late, found.token)
    assert again.id == version.id and stands(fair) == after


def test_who_is_ill_loses_the_day_and_the_calendar_is_told() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    meeting = Meeting.objects.get(request=fair.requests[0])
    ill = Happened(
        Kind.ILL, person=fair.talents[0].id, starts_at=DAY, ends_at=DAY + timedelta(days=1)
    )
    do(fair, ill)
    meeting.refresh_from_db()
    assert (meeting.status, meeting.reason) == ("cancelled", reasons.AWAY)
    assert MeetingRequest.objects.get(id=fair.requests[0].id).state == "open"
    found = queries.meetings(SYSTEM, fair.edition).filter(id=meeting.id)
    book = calendars.calendar(fair.edition, found).decode()
    assert "STATUS:CANCELLED" in book and "SEQUENCE:1" in book and f"{meeting.id}@talex" in book
    frame = timetable.frame(fair.edition)
    assert frame is not None
    row = frame.persons.index(fair.talents[0].id)
    assert not frame.problem.available[row].any()  # no new timetable uses the time
    absence = Absence.objects.get()
    assert absences.end(SYSTEM, fair.edition, absence.id) > 0
    assert places.places_for(fair.edition, meeting)
    assert not Occupancy.objects.filter(holder_kind="absence").exists()


def test_a_closed_hall_sends_its_meetings_elsewhere() -> None:
    from talex.core.translated import TranslatedText
    from talex.programme import services as programme

    fair = make_fair(talents=3, tables=1)
    schedule(fair.edition)
    programme.save_hall(
        SYSTEM, fair.edition, programme.SaveHall("B1", TranslatedText.of("Hall B1"), 1)
    )
    hall = Hall.objects.get(edition=fair.edition, code="A1")
    closed = Happened(Kind.CLOSED, hall=hall.id, starts_at=DAY, ends_at=DAY + timedelta(days=1))
    version = do(fair, closed)
    assert version.figures["moved"] == 3 and version.figures["cancelled"] == 0
    assert {m.table.hall.code for m in fair.edition.meetings.all()} == {"B1"}  # type: ignore[union-attr]
    times = {m.starts_at for m in fair.edition.meetings.all()}
    assert len(times) == 3
    assert scheduling.verify_edition(fair.edition) == []


def test_the_waiting_list_takes_what_a_no_show_frees() -> None:
    fair = make_fair(talents=6, tables=1)  # five meetings at most for six talents and one delegate
    assert len(timetable.slots_of(fair.edition)) >= 5
    Delegate.objects.filter(person=fair.delegate).update(daily_max=5)
    schedule(fair.edition)
    waiting = MeetingRequest.objects.get(edition=fair.edition, state="open")
    meeting = fair.edition.meetings.order_by("starts_at").last()
    assert meeting is not None
    gone = Happened(Kind.NO_SHOW, meeting=meeting.id)
    found = repairing.preview(SYSTEM, fair.edition, gone)
    assert {(d.request, d.kind) for d in found.differences} == {
        (meeting.request_id, "cancelled"), (waiting.id, "placed"),
    }  # fmt: skip
    repairing.carry_out(SYSTEM, fair.edition, gone, found.token)
    meeting.refresh_from_db()
    assert (meeting.status, meeting.reason) == ("cancelled", reasons.NOT_COMING)
    assert Meeting.objects.get(request=waiting).status == "planned"
    assert scheduling.verify_edition(fair.edition) == []


def test_a_no_show_of_a_meeting_that_has_begun_is_its_outcome() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    meeting = fair.edition.meetings.order_by("starts_at").first()
    assert meeting is not None
    with clock.at(meeting.starts_at + timedelta(minutes=5)):
        do(fair, Happened(Kind.NO_SHOW, meeting=meeting.id))
    meeting.refresh_from_db()
    assert meeting.status == "no_show"


def test_a_new_booking_gets_a_place_and_others_make_room() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    from talex.meetings import services

    (wanted,) = services.request_meetings(
        SYSTEM, fair.edition, [asked(fair.organisation, fair.talents[0], fair.delegate, 0.1)]
    )
    before = stands(fair)
    do(fair, Happened(Kind.BOOKING, request=wanted.id))
    after = stands(fair)
    assert after.pop(wanted.id)
    assert after == before
    assert scheduling.verify_edition(fair.edition) == []
    with pytest.raises(Conflict):
        repairing.preview(SYSTEM, fair.edition, Happened(Kind.BOOKING, request=wanted.id))


def test_a_preview_that_is_no_longer_true_is_refused_whole() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    from talex.meetings import services

    meeting = fair.edition.meetings.order_by("starts_at").first()
    assert meeting is not None
    talent = meeting.request.parties.get(side="talent").person_id
    late = Happened(Kind.LATE, person=talent, starts_at=DAY, ends_at=meeting.ends_at)
    found = repairing.preview(SYSTEM, fair.edition, late)
    free = [p for p in places.places_for(fair.edition, meeting) if p.starts_at > meeting.starts_at]
    services.move_meeting(
        SYSTEM, fair.edition, services.MoveMeeting(meeting.id, free[-1].starts_at, 0)
    )
    before = stands(fair)
    with pytest.raises(Conflict):
        repairing.carry_out(SYSTEM, fair.edition, late, found.token)
    with pytest.raises(Conflict):
        repairing.carry_out(SYSTEM, fair.edition, late, "forged")
    assert stands(fair) == before and not Absence.objects.exists()


def test_what_makes_no_sense_is_refused() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition)
    whole = {"starts_at": DAY, "ends_at": DAY + timedelta(hours=1)}
    with pytest.raises(NotFound):
        repairing.preview(SYSTEM, fair.edition, Happened(Kind.ILL, **whole))  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        backwards = Happened(Kind.ILL, person=fair.delegate.id, starts_at=DAY, ends_at=DAY)
        repairing.preview(SYSTEM, fair.edition, backwards)
    with pytest.raises(NotAllowed):
        repairing.preview(
            actor(fair.edition, "delegate", organisation=fair.organisation),
            fair.edition,
            Happened(Kind.ILL, person=fair.delegate.id, **whole),  # type: ignore[arg-type]
        )


def test_nobody_is_sent_to_a_time_that_is_about_to_begin_nor_moved_from_one() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    first, _second, third = fair.edition.meetings.order_by("starts_at")
    near = first.starts_at
    # The first is called off, so its time is free, and the third talent leaves after it.
    do(fair, Happened(Kind.NO_SHOW, meeting=first.id))
    talent = third.request.parties.get(side="talent").person_id
    late = Happened(
        Kind.ILL, person=talent, starts_at=first.ends_at, ends_at=DAY + timedelta(days=1)
    )
    with clock.at(near - timedelta(hours=2)):
        early = repairing.preview(SYSTEM, fair.edition, late)
    assert [d.after[0] <= near for d in early.differences if d.after] == [True]
    with clock.at(near - timedelta(minutes=10)):
        found = repairing.preview(SYSTEM, fair.edition, late)
        assert [(d.request, d.after) for d in found.differences] == [(third.request_id, None)]


def test_a_conflict_that_was_let_be_is_not_the_business_of_a_repair() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    first, _second, third = fair.edition.meetings.order_by("starts_at")
    # Since it was released the first talent says to be there in the afternoon only: it stands.
    one = first.request.parties.get(side="talent").person_id
    start = DAY + timedelta(hours=6)
    stated = {"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}
    Talent.objects.filter(person=one).update(windows=[stated])
    ill = Happened(
        Kind.ILL,
        person=third.request.parties.get(side="talent").person_id,
        starts_at=DAY,
        ends_at=DAY + timedelta(days=1),
    )
    found = repairing.preview(SYSTEM, fair.edition, ill)
    assert [d.request for d in found.differences] == [third.request_id]
    # Who is ill loses also what stands in a conflict.
    own = Happened(Kind.ILL, person=one, starts_at=DAY, ends_at=DAY + timedelta(days=1))
    found = repairing.preview(SYSTEM, fair.edition, own)
    assert [(d.request, d.after) for d in found.differences] == [(first.request_id, None)]


def test_who_lost_a_place_waits_for_the_reason_that_took_it() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    do(
        fair,
        Happened(
            Kind.ILL, person=fair.talents[0].id, starts_at=DAY, ends_at=DAY + timedelta(days=1)
        ),
    )
    request = MeetingRequest.objects.get(id=fair.requests[0].id)
    assert (request.state, request.unplaced) == ("open", "no_common_time")


def test_what_was_held_is_no_business_of_a_repair() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    meeting = fair.edition.meetings.order_by("starts_at")[0]
    with clock.at(meeting.ends_at):
        services.tell_outcome(SYSTEM, fair.edition, services.TellOutcome(meeting.id, "held"))
    ill = Happened(
        Kind.ILL,
        person=meeting.request.parties.get(side="talent").person_id,
        starts_at=DAY,
        ends_at=DAY + timedelta(days=1),
    )
    found = repairing.preview(SYSTEM, fair.edition, ill)
    assert meeting.request_id not in {d.request for d in found.differences}
