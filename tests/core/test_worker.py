"""Workers as processes: a kill, a stop, two at once."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.jobs import JobContext, cancel, enqueue, handler, registry, run_pending
from talex.core.jobs.reaper import reap
from talex.core.models import Job, JobState
from talex.ledger.models import Entry
from tests.processes import line, start

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = """
import os, time
from talex.core.actor import SYSTEM
from talex.core.jobs import handler
from talex.core.jobs.worker import Worker
from talex.core.work import work
from talex.ledger.services import record

@handler("t.slow")
def slow(ctx, seconds):
    print("begins", ctx.attempt, flush=True)
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        ctx.progress(int((time.monotonic() - begin) * 10), int(seconds * 10), "on the way")
        ctx.check_cancelled()
        time.sleep(0.05)
    with work():
        record("t.ended", actor=ctx.actor, edition=None, obj=None, facts={"job": ctx.job_id})
    return {"attempt": ctx.attempt}

worker = Worker(interval=0.1)
worker.listen_to_signals()
print("ready", flush=True)
worker.run()
"""
LEASE = {"TALEX_JOB_LEASE": 2}


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    before = dict(registry._kinds)
    handler("t.slow")(lambda ctx, seconds: None)
    yield
    registry._kinds.clear()
    registry._kinds.update(before)


@pytest.fixture
def worker() -> Iterator[Callable[[], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def run() -> subprocess.Popen[str]:
        process = start(WORKER, overrides=LEASE)
        started.append(process)
        assert line(process) == "ready"
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate(timeout=30)


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, [
            (j.state, j.attempts, j.message, j.error) for j in Job.objects.all()
        ]
        time.sleep(0.05)


def state(job: Job) -> str:
    job.refresh_from_db()
    return job.state


def test_a_job_of_a_killed_worker_is_taken_up_again_and_ends_once(
    worker: Callable[[], subprocess.Popen[str]],
) -> None:
    job = enqueue(SYSTEM, "t.slow", {"seconds": 3})
    first = worker()
    assert line(first) == "begins 1"
    wait_for(lambda: Job.objects.get().done > 0)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert state(job) == JobState.RUNNING
    second = worker()
    assert line(second) == "begins 2"
    wait_for(lambda: state(job) == JobState.SUCCEEDED)
    assert job.result == {"attempt": 2} and job.percent == 100
    assert Entry.objects.filter(event="t.ended").count() == 1


def test_a_lease_is_kept_while_the_job_runs_longer_than_it(
    worker: Callable[[], subprocess.Popen[str]],
) -> None:
    job = enqueue(SYSTEM, "t.slow", {"seconds": 5})
    worker(), worker()
    wait_for(lambda: state(job) == JobState.SUCCEEDED)
    assert job.attempts == 1 and Entry.objects.filter(event="t.ended").count() == 1


def test_a_running_job_is_cancelled(worker: Callable[[], subprocess.Popen[str]]) -> None:
    job = enqueue(SYSTEM, "t.slow", {"seconds": 60})
    process = worker()
    assert line(process) == "begins 1"
    cancel(SYSTEM, job.id)
    wait_for(lambda: state(job) == JobState.CANCELLED, 10)
    assert not Entry.objects.filter(event="t.ended").exists()


def test_a_worker_told_to_stop_ends_its_job_first(
    worker: Callable[[], subprocess.Popen[str]],
) -> None:
    job = enqueue(SYSTEM, "t.slow", {"seconds": 2})
    process = worker()
    assert line(process) == "begins 1"
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)
    assert process.returncode == 0
    assert state(job) == JobState.SUCCEEDED


def test_a_worker_told_twice_gives_its_job_back(
    worker: Callable[[], subprocess.Popen[str]],
) -> None:
    job = enqueue(SYSTEM, "t.slow", {"seconds": 60})
    process = worker()
    assert line(process) == "begins 1"
    for _turn in range(2):
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
    process.wait(timeout=20)
    assert state(job) == JobState.QUEUED and job.attempts == 0
    assert DBTaskResult.objects.ready().count() == 1


def test_a_job_interrupted_right_after_its_claim_is_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from talex.core.jobs import delivery

    def interrupted(kind: str) -> None:
        assert state(job) == JobState.RUNNING
        raise KeyboardInterrupt

    job = enqueue(SYSTEM, "t.slow", {"seconds": 60})
    monkeypatch.setattr(delivery, "kind_of", interrupted)
    with pytest.raises(KeyboardInterrupt):
        delivery.run_job(job.id)
    assert state(job) == JobState.QUEUED and job.attempts == 0


def test_a_job_interrupted_amid_a_query_is_given_back(on_postgresql: None) -> None:
    """An interrupted query leaves a connection that takes no other."""

    @handler("t.interrupted")
    def interrupted(ctx: JobContext) -> None:
        connection.connection.pgconn.send_query(b"select 1")
        raise KeyboardInterrupt

    job = enqueue(SYSTEM, "t.interrupted")
    with pytest.raises(KeyboardInterrupt):
        run_pending()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)


def test_attempts_are_limited_where_every_worker_dies() -> None:
    job = enqueue(SYSTEM, "t.slow", {"seconds": 1})
    Job.objects.update(
        state=JobState.RUNNING, attempts=3, lease_until=clock.now() - timedelta(seconds=1)
    )
    assert reap() == 1
    assert state(job) == JobState.FAILED and str(job.id) in job.error_message
    assert reap() == 0


def test_a_delivery_that_was_lost_is_made_again() -> None:
    job = enqueue(SYSTEM, "t.slow", {"seconds": 1})
    assert reap() == 0
    DBTaskResult.objects.all().delete()
    assert reap() == 0  # it may still be on its way
    with clock.at(clock.now() + timedelta(minutes=5)):
        assert reap() == 1
        assert reap() == 0
    assert DBTaskResult.objects.ready().count() == 1
    assert state(job) == JobState.QUEUED


def test_an_attempt_that_lost_its_lease_writes_nothing() -> None:
    from talex.core.jobs.delivery import run_job

    ran: list[int] = []

    @handler("t.stalled")
    def stalled(ctx: object) -> dict[str, int]:
        ran.append(1)
        if len(ran) == 1:
            # Another worker takes it over while this one sleeps.
            Job.objects.update(lease_until=clock.now() - timedelta(seconds=1))
            connection.close()
            assert run_job(job.id)
            return {"from": 1}
        return {"from": 2}

    job = enqueue(SYSTEM, "t.stalled")
    run_job(job.id)
    assert state(job) == JobState.SUCCEEDED and job.result == {"from": 2}
