"""One's own data as one archive: asked for, made meanwhile, saved."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from talex.core.errors import NotAllowed
from talex.editions.http import EditionRequest
from talex.participants.archive import services


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Where one's archive stands; asking for it."""
    if not request.actor.signed_in:
        raise NotAllowed
    if request.method == "POST":
        services.ask(request.actor)
        return redirect("participants:own_archive", edition=edition)
    return _page(request)


def _page(request: EditionRequest) -> HttpResponse:
    found = services.standing(request.actor)
    days = services.KEEP.days
    return render(request, "participants/archive/page.html", {"standing": found, "days": days})
