"""Having one's data kept for another term, from the mail that says when they are erased."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from talex.core.errors import NotAllowed
from talex.editions.http import EditionRequest
from talex.participants import retention
from talex.ui.flash import flash


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: EditionRequest, edition: str) -> HttpResponseBase:
    """When one is erased; wishing to be kept longer, which only who signed in can."""
    if not request.actor.signed_in:
        raise NotAllowed
    if request.method == "POST":
        retention.keep_longer(request.actor)
        flash(request, _("Saved. Your data are kept longer."))
        return redirect("participants:own_keep", edition=edition)
    found = retention.own_keeping(request.actor)
    return render(request, "participants/keep.html", {"keeping": found})
