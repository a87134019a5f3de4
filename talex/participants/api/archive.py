"""One's own data as one archive, for programs that act for the person."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router, Schema, Status

from talex.accounts.http import actor_of
from talex.core.views import saved
from talex.editions.queries import edition_by_slug
from talex.participants.archive import services

router = Router(tags=["talents"])
BASE = "/editions/{slug}/me/archive"


class ArchiveOut(Schema):
    """`ready_at`, `until`, `size`: of the file that can be had now; null where there is none."""

    state: Literal["none", "making", "failed", "ready"]
    ready_at: datetime | None
    until: datetime | None
    size: int | None


def _told(found: services.Standing) -> ArchiveOut:
    file = found.file
    state: Literal["none", "making", "failed", "ready"] = "ready" if file else "none"
    if found.busy:
        state = "making"
    elif found.failed and file is None:
        state = "failed"
    return ArchiveOut(
        state=state,
        ready_at=file.created_at if file else None,
        until=found.until,
        size=file.size if file else None,
    )


@router.get(BASE, response=ArchiveOut)
def archive(request: HttpRequest, slug: str) -> ArchiveOut:
    """Where the archive of your own data stands."""
    actor = actor_of(request)
    edition_by_slug(actor, slug)
    return _told(services.standing(actor))


@router.post(BASE, response={202: ArchiveOut})
def ask(request: HttpRequest, slug: str) -> Status[ArchiveOut]:
    """Have the archive of your own data made; asking while it is made changes nothing."""
    actor = actor_of(request)
    edition_by_slug(actor, slug)
    services.ask(actor)
    return Status(202, _told(services.standing(actor)))


@router.get(f"{BASE}/file", response={200: None})
def file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The archive itself (ZIP), for you alone."""
    actor = actor_of(request)
    edition_by_slug(actor, slug)
    return saved(services.file_of(actor))
