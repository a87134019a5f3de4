"""A job as people watch it, and files given back to whoever may have them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from talex.core import uploads
from talex.core.errors import NotFound
from talex.core.jobs import cancel, queries, retry, title_of
from talex.core.models import Job, Upload

_job_page = "core/_job.html"


def set_job_page(template: str) -> None:
    """The room that knows the face brings the page around a job (it includes `core/_job.html`)."""
    global _job_page
    _job_page = template


def _shown(request: HttpRequest, job: Job) -> HttpResponse:
    """The part that asks for itself again, or the page around it (which a room above brings)."""
    result: Any = job.result
    link = result.get("url", "") if isinstance(result, dict) else ""
    context = {
        "job": job,
        "title": title_of(job.kind),
        # What a handler gave as the place to go on; never to another site.
        "link": link if url_has_allowed_host_and_scheme(link, None) else "",
    }
    if not request.headers.get("HX-Request"):
        return render(request, _job_page, context)
    response = render(request, "core/_job.html", context)
    if job.finished:
        # A page that shows what the job made may listen for this and load it.
        response["HX-Trigger"] = "talex:job-ended"
    return response


@never_cache
@require_safe
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far a job is: state, progress, a button to stop it."""
    return _shown(request, queries.job(request.actor, pk))  # type: ignore[attr-defined]


@require_POST
def cancel_job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the job to stop."""
    return _after(request, cancel(request.actor, pk))  # type: ignore[attr-defined]


@require_POST
def retry_job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Queue the job once more."""
    return _after(request, retry(request.actor, pk))  # type: ignore[attr-defined]


def _after(request: HttpRequest, job: Job) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _shown(request, job)
    return redirect("core:job", pk=job.pk)


@never_cache
@require_safe
def upload(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file, to be saved: it is never shown as a page of this site, whatever is in it."""
    return saved(uploads.get(request.actor, pk))  # type: ignore[attr-defined]


def saved(found: Upload) -> FileResponse:
    """An upload as an answer to be saved; whether the reader may have it was asked before."""
    try:
        stream = found.path.open("rb")
    except FileNotFoundError as error:
        raise NotFound from error
    response = FileResponse(
        stream, as_attachment=True, filename=found.name, content_type=found.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
