"""allauth's addresses; those that change second factors run in one unit of work.

allauth writes a factor and tells of it in two steps. In one transaction with the ledger's entry,
neither stands without the other. Sign-in, sign-up and resets are not wrapped: they hash passwords
and send mail, and must not hold the database's write lock meanwhile (see `adapter`).
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.account.decorators import reauthentication_required
from allauth.socialaccount.models import SocialApp
from allauth.urls import urlpatterns as of_allauth
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path

from talex.accounts import codes, confirming
from talex.accounts.views import session_list
from talex.core import outbox
from talex.core.errors import NotFound
from talex.core.work import work

log = logging.getLogger(__name__)

CHANGING = {
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "socialaccount_connections",
}
# Go to another site and come back from it.
AWAY = {
    "openid_connect_login",
    "openid_connect_callback",
    "weixin_login",
    "weixin_callback",
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


def onward(view: View) -> View:
    """The view, whose redirect to another site is a page that goes on by itself.

    The policy for forms (form-action 'self') holds for the redirect of a form as well; so the
    providers' addresses, which are found out when they are asked, need not stand in it.
    """

    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            answer = view(request, *args, **kwargs)
        except SocialApp.DoesNotExist:
            raise Http404 from None
        except (requests.RequestException, KeyError, ValueError) as error:
            log.warning("the provider %s cannot be asked: %s", request.path, error)
            return render(request, "socialaccount/authentication_error.html", status=502)
        target = urlsplit(answer.headers.get("Location", ""))
        if answer.status_code != 302 or target.scheme not in {"http", "https"}:
            return answer
        page = render(
            request, "accounts/onward.html", {"address": target.geturl(), "host": target.netloc}
        )
        page.headers["Cache-Control"] = "no-store"
        page.cookies = answer.cookies
        return page

    run.onward = True  # type: ignore[attr-defined]
    return run


@reauthentication_required
def change_phone(request: HttpRequest) -> HttpResponseBase:
    """allauth's page, for who can get a code."""
    if not outbox.can("sms"):
        raise NotFound()
    return codes.change_phone(request)


def _wrap(patterns: Iterable[Any]) -> None:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            _wrap(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            if pattern.name in CHANGING and not hasattr(pattern.callback, "in_one_work"):
                pattern.callback = in_one_work(pattern.callback)
            if pattern.name in AWAY and not hasattr(pattern.callback, "onward"):
                pattern.callback = onward(pattern.callback)


_wrap(of_allauth)
urlpatterns = [
    path("sessions/", login_required(session_list), name="usersessions_list"),
    # allauth has these only where an account begins with a telephone number.
    path("phone/change/", change_phone, name="account_change_phone"),
    path("phone/verify/", codes.verify_phone, name="account_verify_phone"),
    path("login/code/confirm/", codes.confirm_code, name="account_confirm_login_code"),
    path("confirm-email/", confirming.sent, name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", confirming.confirm, name="account_confirm_email"),
    # Without the addresses that allauth had formerly: this site never had those.
    *(one for one in of_allauth if isinstance(one, URLResolver) or one.name),
]
