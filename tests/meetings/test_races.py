"""Two at once, a double click, a kill: nothing is lost, nothing is half-done."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict
from talex.core.jobs import cancel, run_pending
from talex.core.models import Job, JobState
from talex.ledger.models import Entry
from talex.meetings import places, releasing, scheduling, services, tasks, timetable
from talex.meetings.models import Meeting, Placement, TimetableVersion
from tests.meetings.fair_factory import Fair, make_fair, schedule
from tests.processes import line, start

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[str]:
    """Run the calls in threads that begin together; what became of each."""
    gate = threading.Barrier(len(calls))
    results: list[str] = [""] * len(calls)

    def one(n: int, call: Callable[[], object]) -> None:
        try:
            gate.wait()
            call()
            results[n] = "done"
        except Conflict:
            results[n] = "conflict"
        except Exception as fault:  # noqa: BLE001 - told by the assertion
            results[n] = repr(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _move(fair: Fair, meeting: Meeting, n: int) -> Callable[[], object]:
    free = [p for p in places.places_for(fair.edition, meeting) if p.starts_at != meeting.starts_at]
    command = services.MoveMeeting(meeting.id, free[n].starts_at, meeting.sequence)
    return lambda: services.move_meeting(SYSTEM, fair.edition, command)


def test_two_who_move_the_same_meeting_do_not_undo_each_other() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    meeting = Meeting.objects.order_by("starts_at")[0]
    results = at_once(*[_move(fair, meeting, n % 3) for n in range(6)])
    assert sorted(results) == ["conflict"] * 5 + ["done"]
    assert Meeting.objects.get(id=meeting.id).sequence == meeting.sequence + 1
    assert Entry.objects.filter(event="meetings.meeting.moved").count() == 1
    assert scheduling.verify_edition(fair.edition) == []


def test_moved_called_off_and_told_at_once() -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    meeting = Meeting.objects.order_by("starts_at")[0]
    called = services.CancelMeeting(meeting.id, meeting.sequence, "ill")
    results = at_once(
        _move(fair, meeting, 0),
        lambda: services.cancel_meeting(SYSTEM, fair.edition, called),
        _move(fair, meeting, 1),
        lambda: services.cancel_meeting(SYSTEM, fair.edition, called),
    )
    assert sorted(results) == ["conflict"] * 3 + ["done"]
    assert scheduling.verify_edition(fair.edition) == []


def test_a_double_click_on_an_outcome_counts_once() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition)
    meeting = Meeting.objects.get()
    told = services.TellOutcome(meeting.id, "held")

    def tell() -> None:
        with clock.at(meeting.ends_at):  # threads have a clock each
            services.tell_outcome(SYSTEM, fair.edition, told)

    results = at_once(*[tell for _n in range(4)])
    assert results == ["done"] * 4
    assert Entry.objects.filter(event="meetings.meeting.held").count() == 1


def test_a_double_click_on_placing_makes_one_meeting() -> None:
    fair = make_fair(talents=1)
    meeting = Meeting(edition=fair.edition, request=fair.requests[0])
    free = places.places_for(fair.edition, meeting)
    results = at_once(
        *[
            lambda n=n: services.book_meeting(  # type: ignore[misc]
                SYSTEM,
                fair.edition,
                services.BookMeeting(fair.requests[0].id, free[n % 2].starts_at),
            )
            for n in range(6)
        ]
    )
    assert sorted(results) == ["conflict"] * 5 + ["done"]
    assert Meeting.objects.count() == 1
    assert scheduling.verify_edition(fair.edition) == []


def test_a_daily_maximum_holds_against_many_at_once() -> None:
    fair = make_fair(talents=4)
    from talex.participants.models import Delegate

    Delegate.objects.filter(person=fair.delegate).update(daily_max=2)
    calls = []
    for n, request in enumerate(fair.requests):
        unplaced = Meeting(edition=fair.edition, request=request)
        place = places.places_for(fair.edition, unplaced)[n]
        command = services.BookMeeting(request.id, place.starts_at)
        calls.append(lambda c=command: services.book_meeting(SYSTEM, fair.edition, c))
    results = at_once(*calls)
    assert sorted(results) == ["conflict", "conflict", "done", "done"]
    assert scheduling.verify_edition(fair.edition) == []


def test_a_move_while_the_timetable_is_written() -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    meeting = Meeting.objects.order_by("starts_at")[0]
    frame = timetable.frame(fair.edition)
    assert frame is not None
    solution = timetable.plan(frame, seconds=1, seed=1)
    results = at_once(
        _move(fair, meeting, 0),
        lambda: scheduling.apply_timetable(SYSTEM, fair.edition, frame, solution),
    )
    # The timetable changed nothing, so it is written before the move, or refused after it.
    assert results[0] == "done" and results[1] in ("done", "conflict")
    assert scheduling.verify_edition(fair.edition) == []


def test_the_job_solves_again_when_a_meeting_was_moved_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fair = make_fair(talents=3)
    schedule(fair.edition)
    meeting = Meeting.objects.order_by("starts_at")[0]
    plan, tries = timetable.plan, []

    def meddled(*args: object, **kwargs: object) -> object:
        found = plan(*args, **kwargs)  # type: ignore[arg-type]
        if not tries:
            _move(fair, meeting, 0)()
        tries.append(1)
        return found

    monkeypatch.setattr(timetable, "plan", meddled)
    job = tasks.start(SYSTEM, fair.edition, seconds=1)
    with pytest.raises(Conflict):  # one at a time
        tasks.start(SYSTEM, fair.edition, seconds=1)
    run_pending()
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED and len(tries) == 2
    assert Meeting.objects.get(id=meeting.id).sequence == meeting.sequence + 1
    assert scheduling.verify_edition(fair.edition) == []


WORKER = """
import os, sys, time
from talex.core.jobs.worker import Worker
from talex.meetings import drafts, timetable

stop_at = sys.argv[1]
if stop_at == "solving":
    plan = timetable.plan
    def slow(*args, **kwargs):
        print("here", flush=True)
        time.sleep(60)
        return plan(*args, **kwargs)
    timetable.plan = slow
if stop_at == "writing":
    keep = drafts.keep_solution
    def slow(*args, **kwargs):
        keep(*args, **kwargs)
        print("here", flush=True)
        time.sleep(60)
    drafts.keep_solution = slow
worker = Worker(interval=0.1)
print("ready", flush=True)
worker.run()
"""


@pytest.mark.parametrize("where", ["solving", "writing"])
def test_a_killed_timetable_leaves_nothing_and_is_taken_up_again(where: str) -> None:
    fair = make_fair(talents=5)
    job = tasks.start(SYSTEM, fair.edition, seconds=1)
    killed = start(WORKER, where, overrides={"TALEX_JOB_LEASE": 2})
    try:
        assert line(killed) == "ready"
        assert line(killed) == "here"
        killed.send_signal(signal.SIGKILL)
        killed.wait(timeout=20)
    finally:
        killed.kill()
        killed.communicate(timeout=20)
    assert not TimetableVersion.objects.exists() and not Placement.objects.exists()
    assert not Entry.objects.filter(event="meetings.timetable.made").exists()
    time.sleep(2.1)  # the lease of the killed one
    with clock.at(clock.now() + timedelta(seconds=3)):
        from talex.core.jobs.reaper import reap

        reap()
        run_pending()
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED and job.attempts == 2
    assert Placement.objects.count() == 5 and not Meeting.objects.exists()
    releasing.release_timetable(SYSTEM, fair.edition, releasing.ReleaseTimetable())
    assert Meeting.objects.count() == 5
    assert scheduling.verify_edition(fair.edition) == []
    assert Entry.objects.filter(event="meetings.timetable.made").count() == 1


OUTCOME = """
import sys, time
from talex.core import clock
from talex.core.actor import SYSTEM
from talex.editions.models import Edition
from talex.meetings import services
from talex.meetings.models import Meeting

def slow(actor, meeting):
    print("here", flush=True)
    time.sleep(60)
services._after_outcome.append(slow)
edition = Edition.objects.get(slug=sys.argv[1])
with clock.at(Meeting.objects.get(id=sys.argv[2]).ends_at):
    services.tell_outcome(SYSTEM, edition, services.TellOutcome(sys.argv[2], "held"))
"""


def test_a_kill_while_an_outcome_is_told_leaves_nothing_half_done() -> None:
    fair = make_fair(talents=1)
    schedule(fair.edition)
    meeting = Meeting.objects.get()
    killed = start(OUTCOME, fair.edition.slug, str(meeting.id))
    try:
        assert line(killed) == "here"
        killed.send_signal(signal.SIGKILL)
        killed.wait(timeout=20)
    finally:
        killed.kill()
        killed.communicate(timeout=20)
    assert Meeting.objects.get().status == "planned"
    assert not Entry.objects.filter(event="meetings.meeting.held").exists()
    with clock.at(meeting.ends_at):
        services.tell_outcome(SYSTEM, fair.edition, services.TellOutcome(meeting.id, "held"))
    assert Entry.objects.filter(event="meetings.meeting.held").count() == 1


def test_a_cancelled_timetable_changes_nothing() -> None:
    fair = make_fair(talents=3)
    job = tasks.start(SYSTEM, fair.edition, seconds=30)
    cancel(SYSTEM, job.id)
    run_pending()
    assert Job.objects.get(id=job.id).state == JobState.CANCELLED
    assert not Meeting.objects.exists()
