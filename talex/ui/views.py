"""The face's own pages: language, theme, errors, and the page of components."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import i18n
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST

from talex.core.errors import Invalid, NotAllowed, NotFound
from talex.ui.context import THEME_COOKIE, THEMES

YEAR = 365 * 24 * 60 * 60


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language: Django's own view, its cookie kept for a year (settings)."""
    response: HttpResponse = i18n.set_language(request)
    cookie = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
    if cookie is not None:
        cookie["max-age"] = YEAR
        cookie["samesite"] = "Lax"
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Choose light, dark or the system's, remembered in a cookie."""
    chosen = request.POST.get("theme", "auto")
    target = request.POST.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(target if safe else "/")
    if chosen == "auto" or chosen not in THEMES:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    else:
        response.set_cookie(
            THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response


# ── errors ───────────────────────────────────────────────────────────────────


def error_page(
    request: HttpRequest, status: int, title: Any, text: Any, *, detail: str = ""
) -> HttpResponse:
    """What went wrong and what to do now. `detail`: what the service said."""
    context = {"status": status, "error_title": title, "error_text": text, "detail": detail}
    return render(request, "ui/error.html", context, status=status)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400"""
    if isinstance(exception, DisallowedHost):
        # Refused before anybody asked who it is: the frame of a page needs more than there is.
        page = loader.get_template("ui/400.html")
        return HttpResponse(page.render({"status": 400}), status=400)
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request)
    return error_page(
        request,
        400,
        _("The request could not be understood"),
        _("Go back, check what you entered, and send it again."),
    )


@requires_csrf_token
def invalid(request: HttpRequest, exception: Invalid) -> HttpResponse:
    """422 where no form could say so at a field."""
    words = dict.fromkeys(str(one) for found in exception.fields.values() for one in found)
    return error_page(
        request,
        422,
        _("This cannot be done as it is"),
        _("Go back, check what you entered, and send it again."),
        detail=" ".join(words),
    )


@requires_csrf_token
def only_by_form(request: HttpRequest) -> HttpResponse:
    """405: an address that a form sends to was opened as if it were a page."""
    return error_page(
        request,
        405,
        _("This address is no page"),
        _("A form is sent to it. Go back to the page with the form."),
    )


def too_large(request: HttpRequest, *, detail: str = "") -> HttpResponse:
    """413: more than a form may carry. Django refuses it before a view could say so at a field."""
    return error_page(
        request,
        413,
        _("That was too much at once"),
        _("Nothing was saved. Go back, and send shorter texts, or a part of it at a time."),
        detail=detail,
    )


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """settings.CSRF_FAILURE_VIEW"""
    return error_page(
        request,
        403,
        _("This page was open for too long"),
        _("For your safety nothing was changed. Go back, load the page again, and send it again."),
    )


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403"""
    detail = str(exception or "")
    return error_page(
        request,
        403,
        _("You may not do this"),
        _("Your role here does not include it. If it should, ask the organiser."),
        # A service's own reason is worth reading; the general one says what stands below again.
        detail="" if detail == str(NotAllowed.default) else detail,
    )


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404"""
    return error_page(
        request,
        404,
        _("This page does not exist"),
        _("Check the address. The page may have been moved, or you may not see it with this role."),
        detail=_why_not_found(exception),
    )


def _why_not_found(exception: Exception | None) -> str:
    """What a service says of it. Django puts a description of its own url patterns in the same
    place, which is not for people; that nothing was found the page says anyway."""
    said = exception.args[0] if exception is not None and exception.args else ""
    if isinstance(exception, NotFound):
        return "" if said is NotFound.default else str(said)
    return said if isinstance(said, str) and not said.startswith("No ") else ""


@requires_csrf_token
def conflict(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """409: the state does not permit it, which the service says; mostly it changed meanwhile."""
    return error_page(
        request,
        409,
        _("This cannot be done now"),
        str(exception or "") or _("Something changed meanwhile. Go back and load the page again."),
    )


def too_many(request: HttpRequest, exception: Exception | None = None, *, seconds: int = 60) -> Any:
    """429, with the time to wait."""
    text = ngettext(
        "Please wait %(count)d second and try again.",
        "Please wait %(count)d seconds and try again.",
        seconds,
    ) % {"count": seconds}
    response = error_page(request, 429, _("Too many attempts"), text)
    response["Retry-After"] = str(seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: asks nothing of the database and of the context processors."""
    page = loader.get_template("ui/500.html")
    return HttpResponse(page.render({"status": 500}), status=500)
