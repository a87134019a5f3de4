"""Who acts in this request, and in which language and time zone they read."""

from __future__ import annotations

import logging
import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from talex.accounts.actors import actor_for
from talex.accounts.tokens import bearer, user_of
from talex.core.actor import Actor
from talex.core.errors import TalexError

logger = logging.getLogger("talex.refused")
# What is answered in its own way, wherever it is raised.
_OF_ITS_OWN = (TalexError, Http404, PermissionDenied, SuspiciousOperation)
CALLBACKS = frozenset({"openid_connect_callback", "weixin_callback"})


def _actor(request: HttpRequest) -> Actor:
    given = bearer(request)
    if given:
        # A program says who it is with its token; a session beside it does not count.
        token = user_of(given)
        request.api_token = token  # type: ignore[attr-defined]
        return actor_for(token.user if token else None)
    return actor_for(request.user)


def language_of(request: HttpRequest, user: object) -> str | None:
    """The account's language, where nothing was chosen on this device (None: the request's).

    A cookie says what was chosen; of a program, the header that a browser would send by itself.
    """
    api = request.path.startswith("/api/") and "Accept-Language" in request.headers
    if api or settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return None
    return getattr(user, "language", "") or None


class ProvidersMiddleware:
    """What a provider answered that cannot be used (an id longer than is kept, a name that is no
    text) is its fault, and told as such: the callback ends in no error page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django calls this with what a view raised."""
        found = request.resolver_match
        if found is None or found.view_name not in CALLBACKS or isinstance(exception, _OF_ITS_OWN):
            return None
        logger.error("A provider's answer cannot be used: %s", request.path, exc_info=exception)
        return render(request, "socialaccount/authentication_error.html", status=400)


class ActorMiddleware:
    """Set `request.actor`, worked out when first asked for (one query for each room's grants)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        # No session cookie and no token: nobody, and no query needed to know it.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES and not bearer(request):
            return self._in_zone(None, request)
        user = request.actor  # type: ignore[attr-defined]
        if user.signed_in and (language := language_of(request, user)):
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        return self._in_zone(user.time_zone if user.signed_in else None, request)

    def _in_zone(self, name: str | None, request: HttpRequest) -> HttpResponseBase:
        zone: zoneinfo.ZoneInfo | None = None
        if name:
            try:
                zone = zoneinfo.ZoneInfo(name)
            except (zoneinfo.ZoneInfoNotFoundError, ValueError):
                zone = None
        try:
            if zone is not None:
                timezone.activate(zone)
            return self.get_response(request)
        finally:
            # The thread serves somebody else next.
            timezone.deactivate()
