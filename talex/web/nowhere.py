"""An address that the site does not have: a page, or a problem document in the API."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from talex.api.errors import problem
from talex.ui import views


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404"""
    if request.path.startswith("/api/"):
        told = _("The API has no such address. All of them stand in %(list)s.")
        return problem(request, 404, told % {"list": "/api/openapi.json"})
    return views.not_found(request, exception)
