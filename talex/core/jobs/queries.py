"""Reading jobs, for pages, API and command line."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from talex.core.actor import Actor
from talex.core.errors import NotFound
from talex.core.jobs.rules import visible_jobs
from talex.core.models import Job


def jobs(actor: Actor, edition: UUID | None = None) -> QuerySet[Job]:
    """The jobs the actor may see (of one edition), the newest first."""
    found = Job.objects.filter(visible_jobs(actor)).order_by("-created_at")
    return found if edition is None else found.filter(edition_id=edition)


def job(actor: Actor, job_id: UUID) -> Job:
    """The job; NotFound also where the actor may not see it."""
    found = jobs(actor).filter(id=job_id).first()
    if found is None:
        raise NotFound
    return found
