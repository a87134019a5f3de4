"""From the task queue to the handler: one attempt at a job, fenced by its run token."""

from __future__ import annotations

import logging
import uuid
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from talex.core import actor as actors
from talex.core import clock, panics
from talex.core.canonical import plain
from talex.core.errors import Invalid, TalexError
from talex.core.jobs import interrupts
from talex.core.jobs.context import Cancelled, JobContext, LeaseLost, Retry, lease_end
from talex.core.jobs.queue import deliver
from talex.core.jobs.registry import kind_of
from talex.core.models import Job, JobState

log = logging.getLogger(__name__)

# What may pass by itself: the database was locked, away or restarted, a server did not answer.
PASSING = (OperationalError, InterfaceError, ConnectionError, TimeoutError, Retry)


@task()
def execute(job_id: str) -> None:
    """The task of django-tasks: delivery only, the job's row says everything else."""
    run_job(UUID(job_id))


def run_pending(limit: int = 1000) -> int:
    """Run the queued jobs in this process, oldest first, and what they queue; returns how many."""
    ran = 0
    while ran < limit:
        job_id = (
            Job.objects.filter(state=JobState.QUEUED)
            .order_by("created_at")
            .values_list("id", flat=True)
            .first()
        )
        if job_id is None or not run_job(job_id):
            break
        ran += 1
    return ran


def run_job(job_id: UUID) -> bool:
    """Make one attempt; False where the job is not there to be taken (done, held, cancelled)."""
    run = uuid.uuid4()
    try:
        # Inside: a Ctrl-C that comes right after the claim must give the job back, too.
        job = _claim(job_id, run)
        if job is None:
            return False
        _attempt(job, run)
    except BaseException:
        # The worker is being stopped: somebody else takes the job up at once.
        new_connection()
        _release(job_id, run)
        raise
    return True


def _attempt(job: Job, run: UUID) -> None:
    """Carry the claimed job out and write how it ended, whatever its handler raises."""
    kind = kind_of(job.kind)
    try:
        actor = actors.load(job.owner_id)
        with translation.override(actor.language):
            if kind is None:
                raise LookupError(f"no handler is registered for {job.kind!r}")
            with JobContext(job, run, actor) as ctx:
                ctx.check_cancelled()
                # A panic is a fault of this job and does not end the worker.
                with panics.answered():
                    result = kind.run(ctx, **job.params)
            done, total, message = ctx.told
            _finish(
                job,
                run,
                JobState.SUCCEEDED,
                result=plain(result),
                done=max(done, total),
                total=max(done, total),
                message=message,
            )
    except Cancelled:
        _finish(job, run, JobState.CANCELLED)
    except LeaseLost:
        log.warning("job %s (%s) was taken over by another worker", job.id, job.kind)
    except TalexError as refusal:
        log.info("job %s (%s) was refused: %s", job.id, job.kind, refusal)
        with translation.override(language_of(job)):
            _finish(job, run, JobState.FAILED, error=_told(refusal))
    except PASSING:
        interrupts.raise_again()
        log.exception("job %s (%s), attempt %d", job.id, job.kind, job.attempts)
        _again(job, run)
    except Exception:  # whatever a handler may raise, the job must end
        interrupts.raise_again()
        log.exception("job %s (%s) failed", job.id, job.kind)
        with translation.override(language_of(job)):
            _finish(job, run, JobState.FAILED, error=fault(job))


def _claim(job_id: UUID, run: UUID) -> Job | None:
    """Take the job: one statement, so that of two workers one gets it."""
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=clock.now())
    with transaction.atomic():
        taken = Job.objects.filter(
            free, id=job_id, attempts__lt=settings.TALEX_JOB_ATTEMPTS
        ).update(
            state=JobState.RUNNING,
            run=run,
            attempts=F("attempts") + 1,
            lease_until=lease_end(),
            started_at=clock.now(),
        )
    return Job.objects.get(id=job_id) if taken else None


def _finish(job: Job, run: UUID, state: JobState, **values: Any) -> None:
    """Write the end, unless another attempt has taken the job over."""
    with transaction.atomic():
        Job.objects.filter(id=job.id, run=run).update(
            state=state, finished_at=clock.now(), lease_until=None, **values
        )


def new_connection() -> None:
    """Leave the connection: an interrupt may have come amid a query, and it takes no other."""
    if not connection.in_atomic_block:
        connection.close()


def _again(job: Job, run: UUID) -> None:
    """Queue once more, or fail where the attempts are used up."""
    if job.attempts >= settings.TALEX_JOB_ATTEMPTS:
        with translation.override(language_of(job)):
            _finish(job, run, JobState.FAILED, error=fault(job))
        return
    with transaction.atomic():
        if Job.objects.filter(id=job.id, run=run).update(
            state=JobState.QUEUED, run=None, lease_until=None
        ):
            deliver(job)


def _release(job_id: UUID, run: UUID) -> None:
    """Give the job back unharmed: this attempt was ended from outside and does not count."""
    with transaction.atomic():
        if Job.objects.filter(id=job_id, run=run, state=JobState.RUNNING).update(
            state=JobState.QUEUED, run=None, lease_until=None, attempts=F("attempts") - 1
        ):
            deliver(Job.objects.get(id=job_id))


def language_of(job: Job) -> str:
    """The language of the job's owner."""
    try:
        return actors.load(job.owner_id).language
    except Exception:  # the account may be what is broken  # noqa: BLE001
        return "en"


def fault(job: Job) -> dict[str, Any]:
    """The error of a job that failed by a fault of ours, in the active language."""
    return {
        "kind": "fault",
        "message": _(
            "This did not work because of a fault in the programme. Try it again; if it fails "
            "once more, give the operator this number to look up in the log: %(id)s"
        )
        % {"id": job.id},
    }


def _told(refusal: TalexError) -> dict[str, Any]:
    error: dict[str, Any] = {"kind": type(refusal).__name__, "message": str(refusal.message)}
    if isinstance(refusal, Invalid):
        error["fields"] = {
            name: [str(message) for message in messages]
            for name, messages in refusal.fields.items()
        }
    return error
