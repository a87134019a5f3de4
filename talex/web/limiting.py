"""The limits of requests: which address of the site is counted as what.

A room declares further ones with `core.limits.register` and `limit` in its `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from talex.accounts.models import normal_email
from talex.api.errors import too_many
from talex.core import limits
from talex.core.client import client_address, network_of
from talex.core.errors import TooMany
from talex.ui import views

SAFE = {"GET", "HEAD", "OPTIONS"}
_MINUTE, _HOUR = 60, 3600

# Addresses are generous: a hall or a campus comes from a single one.
limits.register("sign_in", address=(300, 10 * _MINUTE), target=(10, 5 * _MINUTE))
limits.register("sign_up", address=(300, _HOUR), target=(5, _HOUR))
limits.register("code", address=(300, _HOUR), account=(30, _HOUR), target=(6, 15 * _MINUTE))
limits.register("upload", account=(120, _HOUR), address=(600, _HOUR))
limits.register("search", account=(120, _MINUTE), address=(600, _MINUTE))
limits.register("message", account=(120, _HOUR))
limits.register("api_write", account=(1200, _MINUTE))

# View name -> limit, for what is sent (POST, PUT, PATCH, DELETE).
WRITES = {
    "account_login": "sign_in",
    "mfa_authenticate": "sign_in",
    "mfa_login_webauthn": "sign_in",
    "account_reauthenticate": "sign_in",
    "mfa_reauthenticate": "sign_in",
    "account_confirm_login_code": "sign_in",
    "account_signup": "sign_up",
    "socialaccount_signup": "sign_up",
    "account_request_login_code": "code",
    "account_reset_password": "code",
    "account_email": "code",
    "account_email_verification_sent": "code",
    "account_change_phone": "code",
    "account_verify_phone": "code",
    "editions:roles": "message",
    "editions:invitation_send_again": "message",
    "editions:invitation": "sign_in",
}
# For what is only read.
READS = {"web:search": "search", "web:edition_search": "search", "api:search": "search"}
# Which posted field names the person something is done to.
TARGETS = ("login", "email", "phone")


def limit(view_name: str, name: str, *, reads: bool = False) -> None:
    """Count requests to a view as `name` (declared with `core.limits.register`)."""
    (READS if reads else WRITES)[view_name] = name


class LimitsMiddleware:
    """429 for who asks too often: a page, or a problem document in the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Count before the view does anything."""
        if not settings.TALEX_RATES_ON:
            return None
        try:
            for name in self._names(request):
                self._count(request, name)
        except TooMany as error:
            if request.path.startswith("/api/"):
                return too_many(request, error)
            page: HttpResponse = views.too_many(request, error, seconds=error.seconds)
            return page
        return None

    def _names(self, request: HttpRequest) -> list[str]:
        match = request.resolver_match
        called = match.view_name if match else ""
        if request.method in SAFE:
            return [READS[called]] if called in READS else []
        found = [WRITES[called]] if called in WRITES else []
        if request.content_type == "multipart/form-data" and _has_file(request):
            found.append("upload")
        if request.path.startswith("/api/"):
            found.append("api_write")
        return found

    def _count(self, request: HttpRequest, name: str) -> None:
        actor = request.actor  # type: ignore[attr-defined]
        target = next(filter(None, (request.POST.get(field) for field in TARGETS)), "")
        limits.check(
            name,
            account=actor.user if actor.signed_in else None,
            address=network_of(client_address(request)),
            target=normal_email(target)[:254],
        )


def _has_file(request: HttpRequest) -> bool:
    """Pages send forms without a file as multipart as well; those are no uploads."""
    return bool(request.FILES)
