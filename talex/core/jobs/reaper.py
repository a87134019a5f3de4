"""Taking up what a killed worker left behind."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from talex.core import clock
from talex.core.jobs.delivery import fault, language_of
from talex.core.jobs.queue import deliver
from talex.core.jobs.ticks import register_tick
from talex.core.models import Job, JobState

log = logging.getLogger(__name__)

# A delivered task is of no use to anybody after this time.
KEEP_TASKS = timedelta(days=1)


def reap() -> int:
    """Queue again the jobs whose lease has ended and those whose delivery was lost.

    Returns how many were taken up. Several workers may do this at once: each job is looked at
    again under its lock.
    """
    present = clock.now()
    lost = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=present)
    # Queued, but the task that should bring it was taken by a worker that died before it began.
    undelivered = Job.objects.filter(
        state=JobState.QUEUED, created_at__lt=present - timedelta(seconds=settings.TALEX_JOB_LEASE)
    ).exclude(task_id__in=DBTaskResult.objects.filter(status=TaskResultStatus.READY).values("id"))
    taken = 0
    for job_id in [*lost.values_list("id", flat=True), *undelivered.values_list("id", flat=True)]:
        taken += _take_up(job_id)
    prune()
    return taken


def _take_up(job_id: UUID) -> int:
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(id=job_id).first()
        if job is None or job.finished:
            return 0
        if job.state == JobState.RUNNING:
            if job.lease_until is None or job.lease_until >= clock.now():
                return 0
            log.warning(
                "job %s (%s): its worker is gone, attempt %d", job.id, job.kind, job.attempts
            )
            if job.cancel_requested:
                job.state, job.finished_at = JobState.CANCELLED, clock.now()
            elif job.attempts >= settings.TALEX_JOB_ATTEMPTS:
                job.state, job.finished_at = JobState.FAILED, clock.now()
                with translation.override(language_of(job)):
                    job.error = fault(job)
            else:
                job.state = JobState.QUEUED
            job.run = job.lease_until = None
            job.save(update_fields=["state", "finished_at", "error", "run", "lease_until"])
        elif DBTaskResult.objects.filter(
            id__in=[job.task_id], status=TaskResultStatus.READY
        ).exists():
            return 0
        if job.state == JobState.QUEUED:
            deliver(job)
        return 1


def prune() -> None:
    """Drop the deliveries that are done, and those of dead workers."""
    old = clock.now() - KEEP_TASKS
    DBTaskResult.objects.filter(
        Q(finished_at__lt=old) | Q(status=TaskResultStatus.RUNNING, started_at__lt=old),
        task_path="talex.core.jobs.delivery.execute",
    ).exclude(id__in=Job.objects.filter(state=JobState.RUNNING).values("task_id")).delete()


def register() -> None:
    """The worker looks every few seconds, well within a lease."""
    register_tick("core.reaper", max(1.0, settings.TALEX_JOB_LEASE / 6), reap)
