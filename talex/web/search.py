"""The one search: a page, and the part of it that is exchanged while somebody types."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from talex.accounts.http import ActorRequest
from talex.core.search import find_everywhere
from talex.editions.http import EditionRequest
from talex.editions.models import Edition

GROUPS = {
    "editions.editions": _("Conferences"),
    "fair.openings": _("Openings"),
    "meetings.meetings": _("Meetings"),
    "participants.delegates": _("Delegates"),
    "participants.organisations": _("Organisations"),
    "participants.talents": _("Talents"),
    "programme.activities": _("Programme"),
}
IN_DIALOG, ON_PAGE = 5, 20


def _answer(request: ActorRequest, edition: Edition | None) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:200]
    part = bool(getattr(request, "htmx", None))
    found = find_everywhere(
        request.actor,
        query,
        edition=edition.pk if edition else None,
        each=IN_DIALOG if part else ON_PAGE,
    )
    context = {
        "query": query,
        "groups": [(GROUPS.get(name, hits[0].kind), hits) for name, hits in found],
        "count": sum(len(hits) for _name, hits in found),
    }
    return render(request, "web/search/_hits.html" if part else "web/search/search.html", context)


@require_safe
def site(request: ActorRequest) -> HttpResponse:
    """Over all conferences."""
    return _answer(request, None)


@require_safe
def within(request: EditionRequest, edition: str) -> HttpResponse:
    """Inside one conference."""
    return _answer(request, request.edition)
