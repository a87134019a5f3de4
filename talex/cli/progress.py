"""Running a job from the command line, with a progress bar on a terminal."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from talex.cli.codes import CANCELLED
from talex.cli.output import voice
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict
from talex.core.jobs import cancel, interrupts, run_pending, title_of
from talex.core.jobs.delivery import new_connection, run_job
from talex.core.models import Job, JobState


def finish(job: Job, *, alone: bool = False) -> dict[str, Any]:
    """Do the job here (unless a worker was quicker) and return its result.

    `alone`: other jobs, and what this one queues, are left to the worker.
    Raises Conflict with the job's own message where it failed; ends the command where it was
    cancelled.
    """
    stop = Event()
    watcher = None
    if sys.stderr.isatty() and not voice().as_json:
        watcher = Thread(target=_watch, args=(job.id, stop, str(title_of(job.kind))), daemon=True)
        watcher.start()
    try:
        with interrupts.remembered():
            _run(job, alone=alone)
    except KeyboardInterrupt:
        # Interrupted, a job would go back to the queue for the next worker.
        new_connection()
        with suppress(Conflict):
            cancel(SYSTEM, job.id)
        raise
    finally:
        stop.set()
        if watcher is not None:
            watcher.join()
    if job.state == JobState.CANCELLED:
        sys.exit(CANCELLED)
    if job.state == JobState.FAILED:
        raise Conflict(job.error_message or _("The job failed; the log says why."))
    return dict(job.result or {})


def _run(job: Job, *, alone: bool) -> None:
    """Until it has ended, here or elsewhere."""
    while True:
        if alone:
            run_job(job.id)
        else:
            run_pending()
        job.refresh_from_db()
        if job.state not in (JobState.QUEUED, JobState.RUNNING):
            return
        interrupts.raise_again()
        time.sleep(0.5)  # a worker elsewhere has it


def _watch(job_id: Any, stop: Event, title: str) -> None:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        while not stop.wait(0.3):
            row = Job.objects.filter(id=job_id).values_list("done", "total").first()
            if row:
                bar.update(task, completed=row[0], total=row[1] or None)
    connection.close()
