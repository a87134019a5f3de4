"""An address that the site does not have, and what it does not read: a page, or a problem
document in the API."""

from __future__ import annotations

from django.core.exceptions import DisallowedHost, RequestDataTooBig
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


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400"""
    # Under a name that is not the site's there is no address of the API either.
    if isinstance(exception, DisallowedHost) or not request.path.startswith("/api/"):
        return views.bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return problem(request, 413, _("The body is too large. Send a part of it at a time."))
    return problem(request, 400, _("The request could not be understood."))
