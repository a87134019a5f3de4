"""What a running job holds: its progress, its cancel flag, its lease.

While a handler runs, a thread with a connection of its own keeps the lease alive, writes the
progress and reads the cancel flag, so that the handler may sit in a long transaction meanwhile.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta
from types import TracebackType
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Message
from talex.core.jobs import interrupts
from talex.core.models import Job, JobState

log = logging.getLogger(__name__)

PACE = 0.5
"""Seconds between two writes of progress."""


class Cancelled(Exception):
    """Somebody asked the job to stop; raised by `check_cancelled()`."""


class LeaseLost(Exception):
    """Another worker has taken the job over; this attempt must end without a trace."""


class Retry(Exception):
    """A handler asks to be run again later (a server did not answer)."""


def lease_end() -> object:
    return clock.now() + timedelta(seconds=settings.TALEX_JOB_LEASE)


class JobContext:
    """Given to a handler as its first argument."""

    def __init__(self, job: Job, run: UUID, actor: Actor) -> None:
        self.job_id = job.id
        self.edition_id = job.edition_id
        self.attempt = job.attempts
        self.actor = actor
        self._run = run
        # Since when, for how many seconds, from which share, to which (see `pace`).
        self._pace: tuple[float, float, int, int] | None = None
        self._told: tuple[int, int, str] = (job.done, job.total, job.message)
        self._written = self._told
        self._written_at = time.monotonic()
        self._leased_at = time.monotonic()
        self._read_at = 0.0
        self._cancel = False
        self._lost = False
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def progress(self, done: int, total: int, message: Message = "") -> None:
        """Say how far the work is: `done` of `total` (0 = not known). May be called very often."""
        self._pace = None
        self._told = (done, total, str(message) if message else self._told[2])
        if self._thread is None and time.monotonic() - self._written_at >= PACE:
            self._beat()

    def pace(self, seconds: float, first: int, last: int, total: int) -> None:
        """Let progress rise with the time: from `first` to `last` of `total` in so many seconds.

        For work that has a budget of time and cannot say how far it is. Ends with `progress`.
        """
        self.progress(first, total)
        self._pace = (time.monotonic(), seconds, first, last)

    def check_cancelled(self) -> None:
        """Raise `Cancelled` where somebody asked for it. Call it between two steps."""
        interrupts.raise_again()
        if self._thread is None and time.monotonic() - self._read_at >= PACE:
            self._beat()
        if self._lost:
            raise LeaseLost
        if self._cancel:
            raise Cancelled

    # -- the lease ------------------------------------------------------------------------

    def __enter__(self) -> JobContext:
        # Inside a transaction (a test's) no other connection sees the job.
        if not connection.in_atomic_block:
            self._thread = threading.Thread(
                target=self._keep_alive, name=f"job-{self.job_id}", daemon=True
            )
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=30)

    def _keep_alive(self) -> None:
        try:
            while not self._stop.wait(PACE):
                try:
                    self._beat()
                except DatabaseError:
                    # Locked or gone for a moment: the lease lasts many beats.
                    log.warning("job %s: a heartbeat failed", self.job_id, exc_info=True)
                    connection.close()
                if self._lost:
                    return
        finally:
            connection.close()

    def _beat(self) -> None:
        """Write what was told since the last beat, extend the lease, read the cancel flag."""
        present = time.monotonic()
        mine = Job.objects.filter(id=self.job_id, run=self._run, state=JobState.RUNNING)
        told = self.told
        if told != self._written or present - self._leased_at > settings.TALEX_JOB_LEASE / 4:
            with transaction.atomic():
                mine.update(done=told[0], total=told[1], message=told[2], lease_until=lease_end())
            self._written, self._written_at = told, present
            self._leased_at = present
        flag = mine.values_list("cancel_requested", flat=True).first()
        self._lost = flag is None
        self._cancel = bool(flag)
        self._read_at = present

    @property
    def told(self) -> tuple[int, int, str]:
        """The last progress: done, total, message."""
        if (pace := self._pace) is None:
            return self._told
        since, seconds, first, last = pace
        share = min(1.0, (time.monotonic() - since) / max(seconds, 1e-9))
        return (first + int(share * (last - first)), self._told[1], self._told[2])
