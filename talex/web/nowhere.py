"""An address that the site does not have, and what it does not read: a page, or a problem
document in the API."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from talex.api.errors import problem
from talex.core import panics
from talex.core.uploads import too_large_told
from talex.ui import views

#: In the environment of a request: its body was larger than the server takes, and is not there.
UNREAD = "talex.body_unread"


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


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500"""
    if request.path.startswith("/api/"):
        return problem(request, 500, _("Something went wrong here. Try again later."))
    return views.server_error(request)


class PanicMiddleware:
    """What a library of another language panics at ends in an error page like any other fault."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with panics.answered():
            return self.get_response(request)


class NulMiddleware:
    """400 for an address or a form with the sign NUL in it: no database column takes it, and
    nobody can type it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or _holds_nul(request.GET) or self._in_form(request):
            return bad_request(request)
        return self.get_response(request)

    def _in_form(self, request: HttpRequest) -> bool:
        # The API reads its own bodies.
        return not request.path.startswith("/api/") and _holds_nul(request.POST)


def _holds_nul(sent: QueryDict) -> bool:
    return any("\0" in one for name, values in sent.lists() for one in (name, *values))


class UnreadMiddleware:
    """413 for a body of which the server (`cli.installation.bodies`) read nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not getattr(request, "environ", {}).get(UNREAD):
            return self.get_response(request)
        told = str(too_large_told(settings.TALEX_UPLOAD_LIMIT))
        if request.path.startswith("/api/"):
            return problem(request, 413, told)
        return views.too_large(request, detail=told)
