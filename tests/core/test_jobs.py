"""Jobs in one process: queue, progress, refusals, cancelling, attempts."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

from talex.core import actor as actors
from talex.core.actor import NOBODY, SYSTEM, Actor, Grant
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.jobs import JobContext, cancel, enqueue, handler, registry, retry, run_pending
from talex.core.models import Job, JobState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    before = dict(registry._kinds)
    yield
    registry._kinds.clear()
    registry._kinds.update(before)


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch) -> Actor:
    found = Actor(user=uuid.uuid4(), kind="user", language="de")
    monkeypatch.setattr(actors, "_loader", lambda user: found)
    return found


def test_a_job_runs_once_and_keeps_its_result(owner: Actor) -> None:
    seen: list[tuple[Actor, int]] = []

    @handler("t.add")
    def add(ctx: JobContext, a: int, b: int) -> dict[str, Any]:
        seen.append((ctx.actor, ctx.attempt))
        ctx.progress(1, 2, "half")
        return {"sum": a + b}

    job = enqueue(owner, "t.add", {"a": 1, "b": 2})
    assert job.state == JobState.QUEUED
    assert run_pending() == 1 and run_pending() == 0
    job.refresh_from_db()
    assert seen == [(owner, 1)]
    assert (job.state, job.result, job.percent) == (JobState.SUCCEEDED, {"sum": 3}, 100)
    assert job.message == "half" and job.finished_at is not None


def test_the_same_key_is_the_same_job(owner: Actor) -> None:
    handler("t.k")(lambda ctx: None)
    handler("t.other")(lambda ctx: None)
    first = enqueue(owner, "t.k", key="import-1")
    assert enqueue(owner, "t.k", key="import-1").id == first.id
    assert enqueue(owner, "t.other", key="import-1").id != first.id
    assert enqueue(owner, "t.k").id != enqueue(owner, "t.k").id
    run_pending()
    assert enqueue(owner, "t.k", key="import-1").state == JobState.SUCCEEDED


def test_nobody_may_queue_and_a_kind_needs_a_handler() -> None:
    with pytest.raises(NotAllowed):
        enqueue(NOBODY, "t.x")
    with pytest.raises(LookupError):
        enqueue(SYSTEM, "t.never")


def test_a_refusal_is_told_in_the_owners_language_and_not_tried_again(owner: Actor) -> None:
    @handler("t.refuse")
    def refuse(ctx: JobContext) -> None:
        raise Invalid({"file": _("Some answers need another look.")})

    job = enqueue(owner, "t.refuse")
    assert run_pending() == 1
    job.refresh_from_db()
    assert job.state == JobState.FAILED and job.attempts == 1
    error: Any = job.error
    assert error["kind"] == "Invalid" and "file" in error["fields"]
    assert job.error_message == "Einige Angaben müssen Sie sich noch einmal ansehen."


def test_a_fault_is_logged_and_not_shown(owner: Actor, caplog: pytest.LogCaptureFixture) -> None:
    @handler("t.fault")
    def fault(ctx: JobContext) -> None:
        raise KeyError("secret detail")

    job = enqueue(owner, "t.fault")
    run_pending()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert str(job.id) in job.error_message and "secret" not in job.error_message


def test_a_panic_fails_the_job_and_not_the_worker(owner: Actor) -> None:
    class PanicException(BaseException):  # as pyo3 raises it
        pass

    @handler("t.panic")
    def panic(ctx: JobContext) -> None:
        raise PanicException("out of bounds")

    job = enqueue(owner, "t.panic")
    assert run_pending() == 1
    job.refresh_from_db()
    assert job.state == JobState.FAILED and job.attempts == 1


def test_what_may_pass_is_tried_again_as_often_as_the_settings_say(
    owner: Actor, settings: Any
) -> None:
    settings.TALEX_JOB_ATTEMPTS = 3
    tries: list[int] = []

    @handler("t.locked")
    def locked(ctx: JobContext) -> None:
        tries.append(ctx.attempt)
        raise OperationalError("database is locked")

    job = enqueue(owner, "t.locked")
    assert run_pending() == 3
    job.refresh_from_db()
    assert tries == [1, 2, 3] and job.state == JobState.FAILED
    retry(owner, job.id)
    assert run_pending() == 3


def test_cancelling_a_waiting_job_and_a_running_one(owner: Actor) -> None:
    steps: list[int] = []

    @handler("t.steps")
    def walk(ctx: JobContext) -> None:
        for step in range(5):
            ctx._read_at = 0.0  # the flag is read at most twice a second
            ctx.check_cancelled()
            steps.append(step)
            if step == 1:
                cancel(owner, ctx.job_id)

    waiting = enqueue(owner, "t.steps")
    cancel(owner, waiting.id)
    assert run_pending() == 0
    running = enqueue(owner, "t.steps")
    run_pending()
    running.refresh_from_db()
    assert steps == [0, 1] and running.state == JobState.CANCELLED
    with pytest.raises(Conflict):
        cancel(owner, running.id)


def test_a_job_is_seen_by_its_owner_and_the_office_only(owner: Actor) -> None:
    handler("t.k")(lambda ctx: None)
    edition = uuid.uuid4()
    job = enqueue(owner, "t.k", edition=edition)
    office = Actor(user=uuid.uuid4(), kind="user", grants=frozenset({Grant("organiser", edition)}))
    stranger = Actor(
        user=uuid.uuid4(), kind="user", grants=frozenset({Grant("organiser", uuid.uuid4())})
    )
    with pytest.raises(NotFound):
        cancel(stranger, job.id)
    cancel(office, job.id)
    assert Job.objects.get().cancel_requested
