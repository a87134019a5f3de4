"""Another code, for who waits for one: never counted as a wrong code, and so many an hour."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.core.exceptions import RateLimited
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.accounts.models import normal_email
from talex.core import limits
from talex.core.errors import TooMany

_HOUR = 3600
limits.register("code_sent", target=(10, _HOUR))


def check(target: str) -> None:
    """Count a code sent to an e-mail address or a number. Raises TooMany, with words."""
    try:
        limits.check("code_sent", target=normal_email(target)[:254])
    except TooMany as error:
        minutes = -(-error.seconds // 60)
        told = ngettext(
            "Many codes were sent already. Use the last one, look among the unwanted mails as "
            "well, or ask again in a minute.",
            "Many codes were sent already. Use the last one, look among the unwanted mails as "
            "well, or ask again in %(minutes)s minutes.",
            minutes,
        ) % {"minutes": minutes}
        raise TooMany(told, seconds=error.seconds) from error


def _just_sent() -> str:
    return _("A code was sent a moment ago. Wait a little for it.")


class _Again:
    """Asking again is an act of its own. allauth takes it for a code, a wrong one, as soon as it
    would send no further one."""

    request: HttpRequest

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.POST.get("action") != "resend":
            answer: HttpResponseBase = super().post(request, *args, **kwargs)  # type: ignore[misc]
            return answer
        process: Any = getattr(self, "_process", None) or self.process  # type: ignore[attr-defined]
        try:
            check(process.state.get("email") or process.state.get("phone") or "")
            _send_again(process)
        except TooMany as error:
            messages.warning(request, str(error))
        except RateLimited:
            messages.warning(request, _just_sent())
        here: str = self.passthrough_next_url(request.path)  # type: ignore[attr-defined]
        return HttpResponseRedirect(here)


def _send_again(process: Any) -> None:
    """As allauth's `resend`, which the process of a changed number lacks, and which fails for a
    telephone number that no account has: that would tell who has one."""
    if isinstance(process, LoginCodeVerificationProcess):
        process.send(skip_enumeration_mails=True)
    else:
        process.send()
    process.record_resend()
    process.persist()


class ConfirmCodeView(_Again, allauth_views.ConfirmLoginCodeView):
    """The code with which one signs in."""


class ChangePhoneView(_Again, allauth_views._VerifyPhoneChangeView):
    """The code that shows that a number is one's own."""


confirm_code = ConfirmCodeView.as_view()
_verify_change = ChangePhoneView.as_view()


def change_phone(request: HttpRequest) -> HttpResponseBase:
    """allauth's page; the number that was sent a code a moment ago waits for that code."""
    try:
        answer: HttpResponseBase = allauth_views.change_phone(request)
    except RateLimited:
        messages.warning(request, _just_sent())
        return HttpResponseRedirect(reverse("account_verify_phone"))
    return answer


def verify_phone(request: HttpRequest) -> HttpResponseBase:
    """allauth's two pages; of those, signed in one sees the one of a new number."""
    if request.user.is_authenticated:
        return _verify_change(request)
    answer: HttpResponseBase = allauth_views.verify_phone(request)
    return answer
