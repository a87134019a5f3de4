"""Putting a job in the queue, cancelling it, trying it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.canonical import plain
from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.core.jobs import rules
from talex.core.jobs.registry import kind_of
from talex.core.models import Job, JobState


def enqueue(
    actor: Actor,
    kind: str,
    params: Mapping[str, Any] | None = None,
    *,
    edition: UUID | None = None,
    key: str | None = None,
) -> Job:
    """Queue a job; it is delivered when the surrounding transaction commits.

    With a `key`, the job that was queued under it before is returned, in whatever state it is.
    Raises NotAllowed for nobody, LookupError for a kind without a handler, TypeError for
    parameters that are not plain. Whether the actor may is for the calling service.
    """
    if not actor.signed_in:
        raise NotAllowed
    if kind_of(kind) is None:
        raise LookupError(f"no handler is registered for jobs of the kind {kind!r}")
    with transaction.atomic():
        if key is not None:
            found = Job.objects.filter(kind=kind, key=key).first()
            if found:
                return found
        job = Job(
            kind=kind,
            params=plain(params or {}),
            key=key,
            edition_id=edition,
            owner_id=actor.user,
            created_at=clock.now(),
        )
        try:
            with transaction.atomic():
                job.save(force_insert=True)
        except IntegrityError:
            # Somebody queued the same key in this moment.
            return Job.objects.get(kind=kind, key=key)
        deliver(job)
    return job


def deliver(job: Job) -> None:
    """Hand the job's id to the task queue, in the transaction that is open."""
    from talex.core.jobs.delivery import execute

    job.task_id = UUID(execute.enqueue(str(job.id)).id)
    Job.objects.filter(id=job.id).update(task_id=job.task_id)


def cancel(actor: Actor, job_id: UUID) -> Job:
    """Ask a job to stop. A waiting one is cancelled at once; a running one at its next step."""
    with transaction.atomic():
        job = _locked(actor, job_id)
        if job.finished:
            raise Conflict(_("This job has already ended."))
        job.cancel_requested = True
        if job.state == JobState.QUEUED:
            job.state = JobState.CANCELLED
            job.finished_at = clock.now()
        job.save(update_fields=["cancel_requested", "state", "finished_at"])
    return job


def retry(actor: Actor, job_id: UUID) -> Job:
    """Queue a failed or cancelled job once more, with fresh attempts."""
    with transaction.atomic():
        job = _locked(actor, job_id)
        if job.state not in {JobState.FAILED, JobState.CANCELLED}:
            raise Conflict(_("Only a job that failed or was cancelled can be run again."))
        job.state = JobState.QUEUED
        job.attempts, job.done, job.total, job.message = 0, 0, 0, ""
        job.cancel_requested, job.error = False, None
        job.run = job.lease_until = job.started_at = job.finished_at = None
        job.save()
        deliver(job)
    return job


def _locked(actor: Actor, job_id: UUID) -> Job:
    job = Job.objects.select_for_update().filter(id=job_id).first()
    if job is None or not rules.can_see_job(actor, job):
        raise NotFound
    if not rules.can_cancel_job(actor, job):
        raise NotAllowed
    return job
