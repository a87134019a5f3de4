"""Service errors outside of forms become pages: the same adapter for every view."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.ui import views


class ErrorPagesMiddleware:
    """NotAllowed -> 403, NotFound -> 404, Conflict -> 409, Invalid -> 422, each as a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django calls this with what a view raised."""
        if isinstance(exception, NotAllowed):
            return views.forbidden(request, exception)
        if isinstance(exception, NotFound):
            return views.not_found(request, exception)
        if isinstance(exception, Conflict):
            return views.conflict(request, exception)
        if isinstance(exception, Invalid):
            response = views.bad_request(request, exception)
            response.status_code = 422
            return response
        return None
