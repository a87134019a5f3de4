"""What the pages of meetings share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.errors import NotAllowed, NotFound
from talex.editions.http import EditionRequest
from talex.meetings import queries, rules
from talex.meetings.models import Meeting


def meeting_of(request: EditionRequest, pk: UUID) -> Meeting:
    """The meeting, where the reader may see it."""
    found = queries.meetings(request.actor, request.edition).filter(id=pk).first()
    if found is None:
        raise NotFound
    return found


def office_only(request: EditionRequest) -> None:
    if not rules.can_schedule(request.actor, request.edition.id):
        raise NotAllowed


def url(request: EditionRequest, name: str, **more: Any) -> str:
    return reverse(f"meetings:{name}", kwargs={"edition": request.edition.slug, **more})


def crumbs(request: EditionRequest, *more: dict[str, Any]) -> list[dict[str, Any]]:
    """Where one is: below the list of all meetings for the office, else below one's agenda."""
    if rules.can_audit_meetings(request.actor, request.edition.id):
        top = {"label": _("Meetings"), "url": url(request, "meetings")}
    else:
        top = {"label": _("My agenda"), "url": url(request, "agenda")}
    return [top, *more]
