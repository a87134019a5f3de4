"""Ctrl-C while a job runs in a command's process: never lost, whatever Python makes of it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from talex.core.actor import SYSTEM
from talex.core.jobs import JobContext, enqueue, handler, interrupts, registry, run_pending
from talex.core.models import Job, JobState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before() -> Iterator[None]:
    kinds = dict(registry._kinds)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
    registry._kinds.clear()
    registry._kinds.update(kinds)


def _lose_one() -> None:
    """As a finaliser does, or a callback of an extension."""
    with suppress(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)


def _interrupted() -> Job:
    with interrupts.remembered(), pytest.raises(KeyboardInterrupt):
        run_pending()
    return Job.objects.get()


def test_one_that_was_swallowed_is_raised_at_the_next_step() -> None:
    @handler("t.swallows")
    def swallows(ctx: JobContext) -> None:
        _lose_one()
        ctx.check_cancelled()

    enqueue(SYSTEM, "t.swallows")
    # Given back: the command cancels it, or another worker takes it up.
    assert _interrupted().state == JobState.QUEUED


def test_what_fails_after_it_did_not_fail() -> None:
    @handler("t.breaks")
    def breaks(ctx: JobContext) -> None:
        _lose_one()
        raise ImportError("an extension that was interrupted while it was loaded")

    enqueue(SYSTEM, "t.breaks")
    job = _interrupted()
    assert (job.state, job.error) == (JobState.QUEUED, None)


def test_it_is_remembered_only_within() -> None:
    with interrupts.remembered():
        _lose_one()
        elsewhere = threading.Thread(target=interrupts.raise_again)
        elsewhere.start()
        elsewhere.join()
        with pytest.raises(KeyboardInterrupt):
            interrupts.raise_again()
    interrupts.raise_again()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_who_ignores_it_goes_on_ignoring_it() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with interrupts.remembered():
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
