"""Two organisers at once, a double click, a kill in the middle: the draft and the day hold."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest

from talex.core.actor import SYSTEM
from talex.ledger.models import Entry
from talex.meetings import (
    board,
    consequences,
    drafts,
    places,
    proposals,
    releasing,
    repairing,
    scheduling,
    services,
    timetable,
)
from talex.meetings.happened import Happened, Kind
from talex.meetings.models import Absence, Meeting, Placement, Proposal, TimetableVersion
from talex.programme.models import Occupancy
from tests.meetings.fair_factory import Fair, make_fair, schedule
from tests.meetings.test_races import at_once
from tests.processes import line, start

pytestmark = pytest.mark.django_db(transaction=True)


def free_of(fair: Fair, n: int = 0) -> list[consequences.Option]:
    request = consequences.request_of(fair.edition, fair.requests[n].id)
    found = consequences.best_by_slot(fair.edition, request, timetable.slots_of(fair.edition))
    return [o for o in found if o.state == "free"]


def test_two_organisers_drag_the_same_meeting_at_once() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    seen = board.spot_of(fair.edition, fair.requests[0].id)
    assert seen is not None
    options = free_of(fair)[:3]
    commands = [
        drafts.PlaceInDraft(fair.requests[0].id, o.starts_at, o.table, seen.mark) for o in options
    ]
    results = at_once(
        *[lambda c=c: drafts.place_in_draft(SYSTEM, fair.edition, c) for c in commands]  # type: ignore[misc]
    )
    assert sorted(results) == ["conflict"] * 2 + ["done"]
    assert Placement.objects.count() == 1 and TimetableVersion.objects.count() == 1
    won = options[results.index("done")]
    now = board.spot_of(fair.edition, fair.requests[0].id)
    assert now is not None and now.starts_at == won.starts_at


def test_a_double_click_on_a_drop_moves_once() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    seen = board.spot_of(fair.edition, fair.requests[0].id)
    assert seen is not None
    option = free_of(fair)[0]
    command = drafts.PlaceInDraft(fair.requests[0].id, option.starts_at, option.table, seen.mark)
    results = at_once(*[lambda: drafts.place_in_draft(SYSTEM, fair.edition, command)] * 4)
    assert results == ["done"] * 4
    assert Entry.objects.filter(event="meetings.draft.moved").count() == 1


def test_two_meetings_dragged_to_one_place_at_once() -> None:
    fair = make_fair(talents=2, tables=1)
    schedule(fair.edition)
    option = free_of(fair)[0]
    commands = []
    for request in fair.requests:
        spot = board.spot_of(fair.edition, request.id)
        assert spot is not None
        commands.append(drafts.PlaceInDraft(request.id, option.starts_at, option.table, spot.mark))
    results = at_once(
        *[lambda c=c: drafts.place_in_draft(SYSTEM, fair.edition, c) for c in commands]  # type: ignore[misc]
    )
    assert sorted(results) == ["conflict", "done"]
    releasing.release_timetable(SYSTEM, fair.edition, releasing.ReleaseTimetable())
    assert scheduling.verify_edition(fair.edition) == []


def test_a_release_twice_at_once_and_a_move_meanwhile() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    option = free_of(fair)[0]
    seen = board.spot_of(fair.edition, fair.requests[0].id)
    assert seen is not None
    drafts.place_in_draft(
        SYSTEM,
        fair.edition,
        drafts.PlaceInDraft(fair.requests[0].id, option.starts_at, option.table, seen.mark),
    )
    draft = board.draft_of(fair.edition)
    assert draft is not None
    command = releasing.ReleaseTimetable("", draft.revision)
    other = Meeting.objects.get(request=fair.requests[1])
    free = [p for p in places.places_for(fair.edition, other) if p.starts_at != other.starts_at]
    results = at_once(
        lambda: releasing.release_timetable(SYSTEM, fair.edition, command),
        lambda: releasing.release_timetable(SYSTEM, fair.edition, command),
        lambda: services.move_meeting(
            SYSTEM, fair.edition, services.MoveMeeting(other.id, free[-1].starts_at, 0)
        ),
    )
    assert sorted(results[:2]) == ["conflict", "done"]
    assert results[2] in ("done", "conflict")
    # What stood before, and what was released: once.
    kept = TimetableVersion.objects.order_by("number").values_list("number", "origin")
    assert list(kept) == [(1, "single"), (2, "timetable")]
    assert Meeting.objects.get(request=fair.requests[0]).starts_at == option.starts_at
    assert scheduling.verify_edition(fair.edition) == []


def test_accepted_and_called_off_at_once() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition)
    meeting = Meeting.objects.get()
    free = places.places_for(fair.edition, meeting)
    made = proposals.propose(
        SYSTEM, fair.edition, proposals.ProposeTime(meeting.id, free[-1].starts_at, 0)
    )
    yes = proposals.AnswerProposal(made.id, True)
    results = at_once(
        lambda: proposals.answer(SYSTEM, fair.edition, yes),
        lambda: services.cancel_meeting(
            SYSTEM, fair.edition, services.CancelMeeting(meeting.id, 0, "ill")
        ),
        lambda: proposals.withdraw(SYSTEM, fair.edition, made.id),
    )
    assert results.count("done") >= 1 and set(results) <= {"done", "conflict"}
    assert Proposal.objects.get().state != "open"
    assert not Occupancy.objects.filter(holder_kind="proposal").exists()
    assert scheduling.verify_edition(fair.edition) == []


def test_a_repair_twice_at_once_is_one() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    meeting = fair.edition.meetings.order_by("starts_at").first()
    assert meeting is not None
    talent = meeting.request.parties.get(side="talent").person_id
    late = Happened(
        Kind.LATE,
        person=talent,
        starts_at=meeting.starts_at - timedelta(hours=1),
        ends_at=meeting.ends_at,
    )
    token = repairing.preview(SYSTEM, fair.edition, late).token
    results = at_once(*[lambda: repairing.carry_out(SYSTEM, fair.edition, late, token)] * 3)
    assert results == ["done"] * 3
    assert Absence.objects.count() == 1
    assert TimetableVersion.objects.filter(origin="repair").count() == 1
    meeting.refresh_from_db()
    assert meeting.sequence == 1
    assert scheduling.verify_edition(fair.edition) == []


REPAIR = """
import sys, time
from talex.core.actor import SYSTEM
from talex.editions.models import Edition
from talex.meetings import releasing, repairing
from talex.meetings.happened import Happened, Kind

keep = releasing.keep_version
def slow(*args, **kwargs):
    keep(*args, **kwargs)
    print("here", flush=True)
    time.sleep(60)
releasing.keep_version = slow
edition = Edition.objects.get(slug=sys.argv[1])
if sys.argv[2] == "release":
    releasing.release_timetable(SYSTEM, edition, releasing.ReleaseTimetable())
else:
    from datetime import datetime
    late = Happened(
        Kind.LATE, person=__import__("uuid").UUID(sys.argv[3]),
        starts_at=datetime.fromisoformat(sys.argv[4]), ends_at=datetime.fromisoformat(sys.argv[5]),
    )
    found = repairing.preview(SYSTEM, edition, late)
    repairing.carry_out(SYSTEM, edition, late, found.token)
"""


@pytest.mark.parametrize("what", ["release", "repair"])
def test_killed_in_the_middle_nothing_is_half_done(what: str) -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    option = free_of(fair)[0]
    seen = board.spot_of(fair.edition, fair.requests[0].id)
    assert seen is not None
    drafts.place_in_draft(
        SYSTEM,
        fair.edition,
        drafts.PlaceInDraft(fair.requests[0].id, option.starts_at, option.table, seen.mark),
    )
    meeting = fair.edition.meetings.order_by("starts_at").first()
    assert meeting is not None
    talent = meeting.request.parties.get(side="talent").person_id
    begins = meeting.starts_at - timedelta(hours=1)
    before = list(Meeting.objects.order_by("id").values_list("id", "starts_at", "sequence"))
    cells = set(Occupancy.objects.values_list("resource_id", "cell"))
    killed = start(
        REPAIR,
        fair.edition.slug,
        what,
        str(talent),
        begins.isoformat(),
        meeting.ends_at.isoformat(),
    )
    try:
        assert line(killed, 240) == "here"  # the engine may have to be compiled first
        killed.send_signal(signal.SIGKILL)
        killed.wait(timeout=20)
    finally:
        killed.kill()
        killed.communicate(timeout=20)
    now = list(Meeting.objects.order_by("id").values_list("id", "starts_at", "sequence"))
    assert now == before and not Absence.objects.exists()
    assert set(Occupancy.objects.values_list("resource_id", "cell")) == cells
    assert list(TimetableVersion.objects.values_list("state", flat=True)) == ["draft"]
    assert Placement.objects.count() == 1
    assert scheduling.verify_edition(fair.edition) == []
