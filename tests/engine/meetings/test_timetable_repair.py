"""Repair with least change, event by event, on days that one can follow by hand."""

from __future__ import annotations

import numpy as np
import pytest

from talex.engine.meetings import Budget, Mode, Problem, Reason, repair, verify
from talex.engine.meetings.repair import (
    Away,
    Begun,
    Booking,
    Capacity,
    HallClosed,
    Kind,
    Lock,
    OnlineCapacity,
    Place,
    Put,
    Repair,
    TableClosed,
    TableOpened,
    Unlock,
    Withdrawn,
)
from tests.engine.meetings.repair_makers import stands
from tests.engine.meetings.timetable_makers import plain


def mended(problem: Problem, slot: list[int], table: list[int], *events: object) -> Repair:
    found = repair.repair(problem, stands(slot, table), events, Budget(seconds=30.0))  # type: ignore[arg-type]
    assert verify(found.problem, found.solution) == []
    return found


def test_nothing_happened_and_nothing_changes() -> None:
    found = mended(plain(), [0, 1, 2], [0, 0, -1])
    assert found.changes == ()
    assert found.proved
    assert (found.lost, found.moved, found.filled) == (0, 0, 0)


def test_who_is_ill_all_day_loses_their_meetings_and_nobody_else_moves() -> None:
    found = mended(plain(), [0, 1, 2], [0, 0, -1], Away(3, (0, 1, 2, 3)))
    (change,) = found.changes
    assert (change.request, change.kind) == (2, Kind.LOST)
    assert change.reason == Reason.NO_COMMON_TIME
    assert change.forced
    assert found.proved
    assert (found.lost_weight, found.least_lost) == (3.0, 3.0)


def test_a_late_train_moves_only_the_meetings_before_it() -> None:
    # 0 and 1 meet in slot 0, 0 and 2 in slot 1; 1 comes later
    found = mended(plain(), [0, 1, 3], [0, 0, -1], Away(1, (0, 1)))
    (change,) = found.changes
    assert (change.request, change.kind) == (0, Kind.MOVED)
    assert change.before == Place(0, 0)
    assert change.after is not None
    assert change.after.slot == 2  # the nearest in which both are free
    assert found.proved


def test_a_closed_hall_moves_to_the_other_one_in_the_same_slot() -> None:
    found = mended(plain(), [0, 1, 2], [0, 0, -1], HallClosed(0, (0, 1, 2, 3)))
    assert [c.kind for c in found.changes] == [Kind.RESEATED, Kind.RESEATED]
    assert found.solution.table.tolist() == [1, 1, -1]
    assert found.moved == 2


def test_a_lighter_meeting_gives_way_when_there_is_one_table_for_two() -> None:
    problem = plain(party_idx=[0, 1, 2, 3, 1, 3], available=np.eye(4, dtype=bool)[[0, 0, 0, 0]])
    found = mended(problem, [0, 0, -1], [0, 1, -1], TableClosed(1, (0,)))
    assert found.solution.slot.tolist() == [-1, 0, -1]
    assert found.solution.table.tolist() == [-1, 0, -1]
    assert (found.lost_weight, found.moved) == (1.0, 1)
    assert found.proved
    assert not found.of(Kind.LOST)[0].forced


def test_somebody_makes_room_for_a_new_booking_but_nobody_loses_a_meeting() -> None:
    # 0 and 3 are to meet; 3 has only slot 0, in which 0 meets 1
    available = np.ones((4, 4), np.bool_)
    available[3] = [True, False, False, False]
    problem = plain(available=available)
    found = mended(problem, [0, 1, -1], [0, 0, -1], Booking((0, 3), weight=0.5))
    assert found.problem.requests == 4
    (placed,) = found.of(Kind.PLACED)
    assert (placed.request, placed.after) == (3, Place(0, 0)) or placed.after == Place(0, 1)
    assert [c.request for c in found.of(Kind.MOVED)] == [0]
    assert (found.lost, found.moved) == (0, 1)
    # had 0 and 1 no other time, the new one would be refused, however much it is worth
    available[1] = [True, False, False, False]
    found = mended(plain(available=available), [0, 1, -1], [0, 0, -1], Booking((0, 3), 99.0))
    assert [c.kind for c in found.changes] == [Kind.REFUSED]
    assert found.proved


def test_by_hand_others_make_room_even_where_they_lose() -> None:
    available = np.ones((4, 4), np.bool_)
    available[1] = [True, False, False, False]
    found = mended(plain(available=available), [0, 1, -1], [0, 0, -1], Put(1, 0, 0))
    assert found.solution.slot[1] == 0
    assert found.solution.table[1] == 0
    assert [c.request for c in found.of(Kind.LOST)] == [0]
    assert found.of(Kind.MOVED)[0].forced


def test_what_waits_takes_the_place_of_a_no_show_and_moves_nobody() -> None:
    available = np.zeros((4, 4), np.bool_)
    available[:, 0] = True
    # 0 meets 1; 0 and 2 wait, and so do 1 and 3, who are heavier
    problem = plain(
        available=available, mode=[0, 0, 0], table_available=np.eye(2, 4, dtype=bool)[[0, 1]]
    )
    found = mended(problem, [0, -1, -1], [0, -1, -1], Withdrawn(0))
    assert [(c.request, c.kind) for c in found.changes] == [(0, Kind.WITHDRAWN), (2, Kind.FILLED)]
    queue = repair.repair(problem, stands([0, -1, -1], [0, -1, -1]), [Withdrawn(0)], queue=[1])
    assert [c.request for c in queue.of(Kind.FILLED)] == [1]


def test_a_locked_meeting_stays_and_the_other_one_goes() -> None:
    available = np.zeros((4, 4), np.bool_)
    available[:, 0] = True
    problem = plain(available=available, party_idx=[0, 1, 2, 3, 1, 3], mode=[0, 0, 1])
    closed = TableClosed(1, (0, 1, 2, 3))
    found = mended(problem, [0, 0, -1], [0, 1, -1], Lock(0), closed)
    assert found.solution.slot.tolist() == [0, -1, -1]
    assert found.solution.table.tolist() == [0, -1, -1]
    free = mended(found.problem, [0, -1, -1], [0, -1, -1], Unlock(0), Put(1))
    assert [c.kind for c in free.changes] == [Kind.REFUSED]  # nobody loses a meeting for it


def test_a_locked_meeting_whose_person_is_away_is_lost() -> None:
    found = mended(plain(), [0, 1, 2], [0, 0, -1], Lock(0), Away(0, (0,)))
    assert found.of(Kind.LOST)[0].reason == Reason.FIXED_CLASH


def test_the_past_is_neither_moved_nor_filled() -> None:
    problem = plain()
    found = mended(problem, [0, 1, -1], [0, 0, -1], Begun(2), HallClosed(0, (0, 1, 2, 3)))
    assert [c.request for c in found.changes] == [2]  # which waited, and goes into what is left
    assert found.solution.slot[2] >= 2
    gone = mended(problem, [0, 1, 2], [0, 0, -1], Begun(1), Withdrawn(0), Away(1, (0,)))
    assert [c.kind for c in gone.changes] == [Kind.WITHDRAWN]


def test_fewer_interpreters_move_one_of_two_meetings() -> None:
    needs = {"request_resources_ptr": [0, 1, 2, 2], "request_resources_idx": [0, 0]}
    problem = plain(
        party_idx=[0, 1, 2, 3, 1, 3], resource_capacity=[[2, 1, 1, 1]], mode=[0, 0, 1], **needs
    )
    found = mended(problem, [0, 0, 2], [0, 1, -1], Capacity(0, (0,), 1))
    assert (found.lost, found.moved) == (0, 1)
    assert found.proved


def test_fewer_rooms_online_move_a_meeting_online() -> None:
    problem = plain(mode=[1, 1, 1], party_idx=[0, 1, 2, 3, 1, 3], online_capacity=[2, 1, 1, 1])
    found = mended(problem, [0, 0, 2], [-1, -1, -1], OnlineCapacity((0,), 1))
    assert (found.lost, found.moved) == (0, 1)


def test_the_way_between_halls_is_walked_after_a_repair_too() -> None:
    # both tables of hall 0 in slot 1 are closed; hall 1 is a slot away from slot 0's meeting
    problem = plain(
        mode=[0, 0, 1],
        hall_travel=[[0, 1], [1, 0]],
        slot_day=[0] * 4,
        slot_start=[0, 20, 40, 60],
        table_hall=[0, 1],
    )
    found = mended(problem, [0, 1, 3], [0, 0, -1], TableClosed(0, (1,)))
    assert found.moved == 1
    assert (found.solution.slot[1], found.solution.table[1]) == (2, 0)


def test_order_is_kept_when_a_meeting_moves() -> None:
    problem = plain(precedence=[[0, 1]], party_idx=[0, 1, 2, 3, 1, 3])
    found = mended(problem, [0, 1, -1], [0, 0, -1], Away(0, (0, 1)))
    assert found.solution.slot[0] >= 2
    assert found.solution.slot[1] > found.solution.slot[0]
    assert found.moved == 2


def test_a_table_that_opens_is_given_to_what_waits() -> None:
    shut = np.zeros((2, 4), np.bool_)
    shut[0, 0] = True
    problem = plain(table_available=shut, mode=[0, 0, 0], party_idx=[0, 1, 0, 2, 2, 3])
    found = mended(problem, [0, -1, -1], [0, -1, -1], TableOpened(1, (0,)))
    assert [(c.request, c.after) for c in found.changes] == [(2, Place(0, 1))]


def test_a_timetable_that_does_not_fit_its_problem_is_put_right() -> None:
    """What stands may be at odds with what is known now, without any event."""
    problem = plain(max_per_day=[1, -1, -1, -1])
    found = mended(problem, [0, 0, 0], [0, 0, -1])
    assert found.lost == 0
    assert [c.request for c in found.changes] == [0]  # the one that is at odds with both


@pytest.mark.parametrize(
    "event",
    [
        Away(4, (0,)),
        Away(0, (4,)),
        TableClosed(2, (0,)),
        HallClosed(7, (0,)),
        Capacity(0, (0,), 1),
        Withdrawn(3),
        Put(-1, 0),
        Begun(5),
    ],
)
def test_what_is_not_there_is_an_error(event: object) -> None:
    with pytest.raises(IndexError):
        repair.repair(plain(), stands([0, 1, 2], [0, 0, -1]), [event])  # type: ignore[list-item]


def test_what_makes_no_sense_is_an_error() -> None:
    with pytest.raises(ValueError, match="no place to be locked"):
        repair.repair(plain(), stands([0, 1, -1], [0, 0, -1]), [Lock(2)])
    with pytest.raises(ValueError, match="has no table"):
        repair.repair(plain(), stands([0, 1, -1], [0, 0, -1]), [Put(2, 0, 0)])
    with pytest.raises(ValueError, match=r"solution\.slot"):
        repair.repair(plain(), stands([0, 1], [0, 0]))
    with pytest.raises(IndexError):
        repair.repair(plain(), stands([0, 1, -1], [0, 0, -1]), queue=[9])


def test_the_question_is_not_the_deed() -> None:
    """A preview: what was asked and what stood are as before."""
    problem, before = plain(), stands([0, 1, 2], [0, 0, -1])
    repair.repair(problem, before, [Away(0, (0, 1)), HallClosed(1, (0,)), Booking((0, 3))])
    assert before.slot.tolist() == [0, 1, 2]
    assert problem.available.all()
    assert problem.requests == 3
    assert problem.mode[2] == Mode.ONLINE
