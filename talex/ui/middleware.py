"""Service errors outside of forms become pages: the same adapter for every view."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from talex.core.deadlocks import at_once
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from talex.ui import views
from talex.ui.context import page_of_site
from talex.ui.flash import flash

logger = logging.getLogger("talex.refused")


class PermissionsPolicyMiddleware:
    """What a page may ask of the device (settings.TALEX_PERMISSIONS_POLICY)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.TALEX_PERMISSIONS_POLICY)
        return response


def _page_of(request: HttpRequest) -> str:
    """Where the reader is: of what was sent, or saved while it was typed, the page it came from."""
    if request.method in {"GET", "HEAD"} and not getattr(request, "htmx", None):
        return request.get_full_path()
    shown = request.headers.get("HX-Current-URL") or request.headers.get("Referer")
    return page_of_site(request, shown) or "/"


class ErrorPagesMiddleware:
    """NotAllowed -> 403, NotFound -> 404 (nobody: sign in), Conflict -> 409, Invalid -> 422,
    TooMany -> 429."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET":
            return self._explained(request, response)
        return response

    def _explained(
        self, request: HttpRequest, response: HttpResponseNotAllowed
    ) -> HttpResponseBase:
        """Instead of an empty answer; the API has its own."""
        if response.content:
            return response
        page = views.only_by_form(request)
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django calls this with what a view raised."""
        actor = getattr(request, "actor", None)
        if isinstance(exception, NotAllowed | PermissionDenied | NotFound) and (
            actor is not None and not actor.signed_in
        ):
            # What is not open to a visitor may be to whom a link in a mail was sent.
            return self._to_sign_in(request)
        if isinstance(exception, NotAllowed | PermissionDenied):
            return views.forbidden(request, exception)
        if isinstance(exception, NotFound):
            return views.not_found(request, exception)
        if isinstance(exception, TooMany):
            return cast(HttpResponse, views.too_many(request, exception, seconds=exception.seconds))
        if isinstance(exception, Conflict):
            return views.conflict(request, exception)
        if isinstance(exception, Invalid):
            return views.invalid(request, exception)
        if isinstance(exception, IntegrityError | OperationalError):
            told = at_once(exception, request.path)
            return views.conflict(request, told) if told is not None else None
        if isinstance(exception, DataError | OverflowError):
            # A number or a day that no column takes; a form that lets it through is to be mended.
            logger.error("Cannot be kept: %s", request.path, exc_info=exception)
            return views.bad_request(request)
        return None

    def _to_sign_in(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            flash(
                request,
                _("You are no longer signed in. Sign in, and go on where you were."),
                state="warning",
            )
        response = redirect_to_login(_page_of(request))
        if getattr(request, "htmx", None):
            return HttpResponseClientRedirect(response.url)
        return response
