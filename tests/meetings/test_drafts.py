"""The draft: moved by hand, nobody told; released, everybody told; versions kept and compared."""

from __future__ import annotations

from datetime import timedelta

import pytest

from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.editions.next_steps import next_steps
from talex.ledger.models import Entry
from talex.meetings import (
    board,
    consequences,
    drafts,
    releasing,
    scheduling,
    services,
    settings,
    timetable,
    versions,
)
from talex.meetings.board import Spot
from talex.meetings.models import Meeting, MeetingRequest, Placement, TimetableVersion
from talex.participants.models import Delegate, Talent
from talex.programme.models import Occupancy
from tests.meetings.fair_factory import Fair, actor, make_fair, schedule

pytestmark = pytest.mark.django_db


def release(fair: Fair, note: str = "") -> TimetableVersion:
    return releasing.release_timetable(SYSTEM, fair.edition, releasing.ReleaseTimetable(note))


def made_draft(fair: Fair) -> scheduling.Scheduled:
    frame = timetable.frame(fair.edition)
    assert frame is not None
    solution = timetable.plan(frame, seconds=2, seed=1)
    return scheduling.keep_timetable(SYSTEM, fair.edition, frame, solution)


def spot(fair: Fair, n: int) -> Spot:
    found = board.spot_of(fair.edition, fair.requests[n].id)
    assert found is not None
    return found


def move(fair: Fair, n: int, start: object, table: object = None, **more: object) -> object:
    """Move request `n` by hand as a page does: preview, then exactly that."""
    request = consequences.request_of(fair.edition, fair.requests[n].id)
    table = table or spot(fair, n).table_id
    plan = consequences.plan(fair.edition, request, start, table, **more)  # type: ignore[arg-type]
    command = drafts.PlaceInDraft(
        request.id, start, table, plan.mark, plan.token, **more  # type: ignore[arg-type]
    )  # fmt: skip
    return drafts.place_in_draft(SYSTEM, fair.edition, command)


def free_slot(fair: Fair, n: int) -> consequences.Option:
    request = consequences.request_of(fair.edition, fair.requests[n].id)
    slots = timetable.slots_of(fair.edition)
    found = consequences.best_by_slot(fair.edition, request, slots)
    return next(o for o in found if o.state == "free")


def strict(fair: Fair, level: str, walk: int = 0) -> None:
    settings.set_rules(SYSTEM, fair.edition, settings.SetTimetableRules(level, 60, walk))


def test_a_made_timetable_is_seen_by_nobody_before_it_is_released() -> None:
    fair = make_fair(talents=3)
    done = made_draft(fair)
    assert (done.new, done.moved) == (3, 0)
    assert not Meeting.objects.exists() and not Occupancy.objects.exists()
    assert set(fair.edition.timetables.values_list("state", flat=True)) == {"draft"}
    me = actor(fair.edition, "talent", fair.talents[0])
    assert not [s for s in next_steps(me, fair.edition) if s.key.startswith("meetings.")]
    version = release(fair, "The first one")
    assert Meeting.objects.count() == 3 and version.number == 1
    assert version.figures == {
        "placed": 3, "moved": 0, "cancelled": 0, "changed": 3, "meetings": 3,
    }  # fmt: skip
    assert scheduling.verify_edition(fair.edition) == []
    entry = Entry.objects.get(event="meetings.timetable.released")
    assert '"placed":"3"' in entry.canonical and entry.object_id == version.id
    assert set(MeetingRequest.objects.values_list("state", flat=True)) == {"placed"}
    assert board.draft_of(fair.edition) is None


def test_a_move_by_hand_stays_in_the_draft_until_the_release() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    release(fair)
    meeting = Meeting.objects.get(request=fair.requests[0])
    option = free_slot(fair, 0)
    move(fair, 0, option.starts_at, option.table)
    meeting.refresh_from_db()
    assert meeting.starts_at != option.starts_at and meeting.sequence == 0
    assert spot(fair, 0).starts_at == option.starts_at
    version = release(fair)
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.sequence) == (option.starts_at, 1)
    assert version.figures["moved"] == 1 and version.figures["changed"] == 1
    row = Placement.objects.get(version=version)
    assert (row.kind, row.starts_at) == ("moved", option.starts_at)
    assert row.was_starts_at is not None and row.was_starts_at != option.starts_at
    assert scheduling.verify_edition(fair.edition) == []
    assert Entry.objects.filter(event="meetings.meeting.moved").count() == 1


def test_who_is_in_the_way_makes_room_and_is_shown_before() -> None:
    fair = make_fair(talents=3, tables=1)
    schedule(fair.edition)
    first, second = spot(fair, 0), spot(fair, 1)
    request = consequences.request_of(fair.edition, fair.requests[0].id)
    plan = consequences.plan(fair.edition, request, second.starts_at, second.table_id)
    (aside,) = plan.asides
    assert aside.spot.request.id == fair.requests[1].id and aside.to is not None
    with pytest.raises(Conflict, match="preview"):
        drafts.place_in_draft(
            SYSTEM,
            fair.edition,
            drafts.PlaceInDraft(request.id, second.starts_at, second.table_id, plan.mark),
        )
    move(fair, 0, second.starts_at, second.table_id)
    assert spot(fair, 0).starts_at == second.starts_at
    assert spot(fair, 1).starts_at == aside.to.starts_at != second.starts_at
    third = spot(fair, 2)
    release(fair)
    assert scheduling.verify_edition(fair.edition) == []
    assert spot(fair, 2).starts_at == third.starts_at  # nobody moved who need not
    assert first.starts_at != second.starts_at


def test_others_move_too_where_who_is_in_the_way_finds_no_free_place() -> None:
    fair = make_fair(talents=3, tables=1)
    schedule(fair.edition)
    by_time = sorted(range(3), key=lambda n: spot(fair, n).starts_at)
    _first, second, third = (spot(fair, n) for n in by_time)
    # Who is in the way can be met at that time only, and at the one before, which is taken.
    window = {"start": second.starts_at.isoformat(), "end": third.ends_at.isoformat()}
    Talent.objects.filter(person=fair.talents[by_time[2]]).update(windows=[window])
    request = consequences.request_of(fair.edition, fair.requests[by_time[0]].id)
    plan = consequences.plan(fair.edition, request, third.starts_at, third.table_id)
    to = {a.spot.request.id: a.to for a in plan.asides}
    assert set(to) == {fair.requests[n].id for n in by_time[1:]}
    pushed, other = (to[fair.requests[by_time[n]].id] for n in (2, 1))
    assert pushed is not None and pushed.starts_at == second.starts_at
    assert other is not None and other.starts_at not in (second.starts_at, third.starts_at)
    again = consequences.plan(fair.edition, request, third.starts_at, third.table_id)
    assert again.token == plan.token
    move(fair, by_time[0], third.starts_at, third.table_id)
    release(fair)
    assert scheduling.verify_edition(fair.edition) == []
    assert fair.edition.meetings.filter(status="planned").count() == 3


def test_an_edit_is_taken_back_with_all_it_moved() -> None:
    fair = make_fair(talents=3, tables=1)
    schedule(fair.edition)
    before = [(spot(fair, n).starts_at, spot(fair, n).table_id) for n in range(3)]
    move(fair, 0, spot(fair, 1).starts_at, spot(fair, 1).table_id)
    draft = board.draft_of(fair.edition)
    assert draft is not None and draft.placements.count() == 2
    assert drafts.undo(SYSTEM, fair.edition, draft.revision) == 2
    assert [(spot(fair, n).starts_at, spot(fair, n).table_id) for n in range(3)] == before
    assert draft.placements.count() == 0
    with pytest.raises(NotFound):
        drafts.undo(SYSTEM, fair.edition, draft.revision)
    option = free_slot(fair, 0)
    move(fair, 0, option.starts_at, option.table)
    first = board.draft_of(fair.edition)
    option = free_slot(fair, 0)
    move(fair, 0, option.starts_at, option.table)
    with pytest.raises(Conflict):  # moved again since
        drafts.undo(SYSTEM, fair.edition, first.revision)  # type: ignore[union-attr]


def test_a_stale_page_and_a_second_click() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    seen = spot(fair, 0).mark
    option = free_slot(fair, 0)
    command = drafts.PlaceInDraft(fair.requests[0].id, option.starts_at, option.table, seen)
    drafts.place_in_draft(SYSTEM, fair.edition, command)
    drafts.place_in_draft(SYSTEM, fair.edition, command)  # a double click does nothing more
    assert Entry.objects.filter(event="meetings.draft.moved").count() == 1
    other = free_slot(fair, 0)
    with pytest.raises(Conflict):
        drafts.place_in_draft(
            SYSTEM,
            fair.edition,
            drafts.PlaceInDraft(fair.requests[0].id, other.starts_at, other.table, seen),
        )


def test_what_changed_under_the_draft_is_not_released_over() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    option = free_slot(fair, 0)
    move(fair, 0, option.starts_at, option.table)
    meeting = Meeting.objects.get(request=fair.requests[0])
    services.cancel_meeting(SYSTEM, fair.edition, services.CancelMeeting(meeting.id, 0, "ill"))
    draft = board.draft_of(fair.edition)
    assert draft is not None and len(board.stale(draft)) == 1
    with pytest.raises(releasing.NotReleasable, match="cannot be released") as told:
        release(fair)
    assert fair.talents[0].name in str(told.value.items[0])  # which of the pairs it is
    assert Meeting.objects.get(id=meeting.id).status == "cancelled"
    assert drafts.take_out(SYSTEM, fair.edition, [fair.requests[0].id]) == 1
    drafts.drop_draft(SYSTEM, fair.edition)  # it changes nothing any more
    assert release(fair).figures["meetings"] == 1
    assert scheduling.verify_edition(fair.edition) == []


def test_a_release_of_a_draft_that_was_changed_meanwhile_is_refused() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    option = free_slot(fair, 0)
    move(fair, 0, option.starts_at, option.table)
    draft = board.draft_of(fair.edition)
    assert draft is not None
    with pytest.raises(Conflict, match="changed meanwhile"):
        releasing.release_timetable(
            SYSTEM, fair.edition, releasing.ReleaseTimetable("", draft.revision - 1)
        )


def test_locked_in_the_draft_and_as_people_see_it() -> None:
    fair = make_fair(talents=3, tables=1)
    schedule(fair.edition)
    drafts.lock_spot(SYSTEM, fair.edition, fair.requests[1].id, True)
    assert Meeting.objects.get(request=fair.requests[1]).locked
    target = spot(fair, 1)
    with pytest.raises(Conflict):
        move(fair, 0, target.starts_at, target.table_id)
    with pytest.raises(Conflict, match="locked"):
        option = free_slot(fair, 1)
        move(fair, 1, option.starts_at, option.table)
    option = free_slot(fair, 0)
    move(fair, 0, option.starts_at, option.table)
    drafts.lock_spot(SYSTEM, fair.edition, fair.requests[0].id, True)
    made_draft(fair)  # a new timetable over it
    kept = spot(fair, 0)
    assert (kept.starts_at, kept.locked) == (option.starts_at, True)
    release(fair)
    assert Meeting.objects.get(request=fair.requests[0]).locked
    assert scheduling.verify_edition(fair.edition) == []


@pytest.mark.parametrize(
    ("level", "edited", "released", "warned"),
    [
        ("refuse_edit", False, True, False),
        ("refuse_release", True, False, True),
        ("warn", True, True, True),
        ("allow", True, True, False),
    ],
)
def test_four_levels_of_strictness(level: str, edited: bool, released: bool, warned: bool) -> None:
    """A soft conflict made by hand: the talent said not to come then."""
    fair = make_fair(talents=2)
    schedule(fair.edition)
    strict(fair, level)
    option = free_slot(fair, 0)
    free = {
        "start": (option.starts_at - timedelta(days=9)).isoformat(),
        "end": (option.starts_at - timedelta(days=8)).isoformat(),
    }
    Talent.objects.filter(person=fair.talents[0]).update(windows=[free])
    request = consequences.request_of(fair.edition, fair.requests[0].id)
    plan = consequences.plan(fair.edition, request, option.starts_at, option.table)
    assert bool(plan.verdict.warned) is warned
    if not edited:
        with pytest.raises(Conflict):
            move(fair, 0, option.starts_at, option.table)
        return
    move(fair, 0, option.starts_at, option.table)
    draft = board.draft_of(fair.edition)
    checked = releasing.check(fair.edition, draft)
    assert bool(checked.warned) is (level == "warn")
    if released:
        release(fair)
        assert Meeting.objects.get(request=fair.requests[0]).starts_at == option.starts_at
    else:
        with pytest.raises(Conflict) as refused:
            release(fair)
        assert any("does not come" in str(item) for item in refused.value.items)


@pytest.mark.parametrize("level", ["refuse_release", "warn", "allow"])
def test_nobody_is_ever_released_into_two_places(level: str) -> None:
    fair = make_fair(talents=2, tables=2)
    schedule(fair.edition)
    strict(fair, level)
    target = spot(fair, 1)
    move(fair, 0, target.starts_at, spot(fair, 0).table_id, settle=True)
    assert spot(fair, 0).starts_at == spot(fair, 1).starts_at  # the delegate is there twice
    with pytest.raises(Conflict) as refused:
        release(fair)
    assert refused.value.items
    assert scheduling.verify_edition(fair.edition) == []
    # Also where the check is passed over: the database itself refuses.
    draft = board.draft_of(fair.edition)
    assert draft is not None
    from talex.core.work import work

    with pytest.raises(Conflict), work():
        releasing.apply(SYSTEM, fair.edition, list(draft.placements.all()))
    assert scheduling.verify_edition(fair.edition) == []


def test_a_full_day_and_a_walk_between_halls_are_conflicts() -> None:
    from talex.core.translated import TranslatedText
    from talex.programme import services as programme

    fair = make_fair(talents=2, tables=1)
    schedule(fair.edition)
    other = spot(fair, 1)
    Delegate.objects.filter(person=fair.delegate).update(daily_max=1)
    taken = {spot(fair, n).starts_at for n in range(2)}
    option = next(s for s in timetable.slots_of(fair.edition) if s[0] not in taken)
    request = consequences.request_of(fair.edition, fair.requests[0].id)
    table = spot(fair, 0).table_id
    (found,) = consequences.options(fair.edition, request, [option], [table])  # type: ignore[list-item]
    assert "daily_max" in {c.kind for c in found.conflicts}
    Delegate.objects.filter(person=fair.delegate).update(daily_max=9)
    hall = programme.save_hall(
        SYSTEM, fair.edition, programme.SaveHall("B1", TranslatedText.of("Hall B1"), 1)
    )
    far = hall.tables.get().id
    beside = {other.ends_at + timedelta(minutes=5), other.starts_at - timedelta(minutes=25)}
    next_slot = next(
        s for s in timetable.slots_of(fair.edition) if s[0] in beside and s[0] not in taken
    )
    strict(fair, "warn", walk=10)
    (found,) = consequences.options(fair.edition, request, [next_slot], [far])
    assert {c.kind for c in found.conflicts} == {"hall_change"} and found.state == "soft"
    strict(fair, "warn", walk=5)
    (found,) = consequences.options(fair.edition, request, [next_slot], [far])
    assert found.state == "free"


def test_versions_are_put_together_again_and_compared() -> None:
    fair = make_fair(talents=3)
    made_draft(fair)
    release(fair)
    first = versions.live_stands(fair.edition)
    option = free_slot(fair, 0)
    move(fair, 0, option.starts_at, option.table)
    release(fair)
    second = versions.live_stands(fair.edition)
    meeting = Meeting.objects.get(request=fair.requests[1])
    services.cancel_meeting(SYSTEM, fair.edition, services.CancelMeeting(meeting.id, 0, "ill"))
    release(fair)
    assert versions.stands(fair.edition, 0) == {}
    assert versions.stands(fair.edition, 1) == first
    assert versions.stands(fair.edition, 2) == second
    assert versions.stands(fair.edition, 3) == versions.live_stands(fair.edition)
    assert versions.counts(versions.compare(fair.edition, 1, 3)) == {
        "placed": 0, "moved": 1, "cancelled": 1, "changed": 2,
    }  # fmt: skip
    assert versions.counts(versions.compare(fair.edition, 3, 1))["placed"] == 1
    people = dict(versions.by_person(versions.persons_of(versions.compare(fair.edition, 1, 3))))
    assert people[fair.delegate] == {"placed": 0, "moved": 1, "cancelled": 1}
    assert people[fair.talents[1]]["cancelled"] == 1
    ((hall, counted),) = versions.by_hall(versions.compare(fair.edition, 1, 3))
    assert (hall, counted["moved"], counted["cancelled"]) == ("Hall A1", 1, 1)


def test_only_the_office_plans() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition)
    option = free_slot(fair, 0)
    command = drafts.PlaceInDraft(
        fair.requests[0].id, option.starts_at, option.table, spot(fair, 0).mark
    )
    for role in ("talent", "delegate", "auditor"):
        who = actor(fair.edition, role, fair.talents[0], fair.organisation)
        for call in (
            lambda who=who: drafts.place_in_draft(who, fair.edition, command),
            lambda who=who: drafts.drop_draft(who, fair.edition),
            lambda who=who: drafts.undo(who, fair.edition, 1),
            lambda who=who: drafts.lock_spot(who, fair.edition, fair.requests[0].id, True),
            lambda who=who: releasing.release_timetable(
                who, fair.edition, releasing.ReleaseTimetable()
            ),
            lambda who=who: settings.set_rules(
                who, fair.edition, settings.SetTimetableRules("allow", 60, 0)
            ),
        ):
            with pytest.raises(NotAllowed):
                call()
    assert board.draft_of(fair.edition) is None
