"""Jobs through the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from talex.core.jobs import cancel as cancel_job
from talex.core.jobs import queries
from talex.core.models import Job, JobState
from talex.core.shapes import one_of

router = Router(tags=["jobs"])


class JobOut(Schema):
    """A piece of long work. `total` is 0 while its extent is not known."""

    id: UUID
    kind: str
    edition_id: UUID | None
    state: Annotated[str, one_of(JobState)]
    done: int
    total: int
    message: str
    result: Any
    error: Any
    cancel_requested: bool
    attempts: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@router.get("/jobs/{job_id}", response=JobOut, summary="How far a job is")
def job(request: HttpRequest, job_id: UUID) -> Job:
    return queries.job(request.actor, job_id)  # type: ignore[attr-defined]


@router.post("/jobs/{job_id}/cancel", response=JobOut, summary="Ask a job to stop")
def cancel(request: HttpRequest, job_id: UUID) -> Job:
    return cancel_job(request.actor, job_id)  # type: ignore[attr-defined]
