"""allauth's addresses; those that change second factors run in one unit of work.

allauth writes a factor and tells of it in two steps. In one transaction with the ledger's entry,
neither stands without the other. Sign-in, sign-up and resets are not wrapped: they hash passwords
and send mail, and must not hold the database's write lock meanwhile (see `adapter`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from allauth.urls import urlpatterns as of_allauth
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver

from talex.core.work import work

CHANGING = {
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}
View = Callable[..., HttpResponseBase]


def in_one_work(view: View) -> View:
    """The view, whose writes and their entries in the ledger stand or fall together."""

    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return view(request, *args, **kwargs)
        with work():
            return view(request, *args, **kwargs)

    run.in_one_work = True  # type: ignore[attr-defined]
    return run


def _wrap(patterns: Iterable[Any]) -> None:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            _wrap(pattern.url_patterns)
        elif (
            isinstance(pattern, URLPattern)
            and pattern.name in CHANGING
            and not hasattr(pattern.callback, "in_one_work")
        ):
            pattern.callback = in_one_work(pattern.callback)


_wrap(of_allauth)
urlpatterns = of_allauth
