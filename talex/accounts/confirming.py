"""Confirming an address: where to go on afterwards, and the mail once more.

Whoever makes an account comes from somewhere (a registration, the code of a cohort). The mail's
link carries that address, because it may be opened in another browser than the one signed up in.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from allauth.account.views import ConfirmEmailView, EmailVerificationSentView
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from talex.accounts.models import normal_email
from talex.ui.flash import flash

#: In the session: whose address waits, and where they come from.
KEPT = "talex_confirming"
# A link longer than this is broken by some mail programmes.
_LONGEST = 300


def local(address: str | None) -> str:
    """The address, if it is a path of this site; else nothing."""
    given = address or ""
    if not given.startswith("/") or len(given) > _LONGEST:
        return ""
    return given if url_has_allowed_host_and_scheme(given, allowed_hosts=None) else ""


def wanted(request: HttpRequest) -> str:
    """Where whoever sends this request wants to go on, or an empty string."""
    given = request.POST.get("next") or request.GET.get("next")
    return local(given) or local(request.session.get(KEPT, {}).get("next"))


def keep(request: HttpRequest, email: str) -> None:
    """Remember in this browser which address waits for its confirmation."""
    request.session[KEPT] = {"email": normal_email(email), "next": wanted(request)}


def with_next(address: str, request: HttpRequest) -> str:
    """The mail's link, with where to go on."""
    after = wanted(request)
    return f"{address}?{urlencode({'next': after})}" if after else address


class Confirm(ConfirmEmailView):
    """The mail's link. Whoever is not signed in goes on by way of signing in."""

    def get_redirect_url(self) -> str:
        self.request.session.pop(KEPT, None)
        after = local(self.get_next_url())
        if not after:
            found: str = super().get_redirect_url()
            return found
        if self.request.user.is_authenticated:
            return after
        return f"{reverse('account_login')}?{urlencode({'next': after})}"


class Sent(EmailVerificationSentView):
    """A mail was sent: what to do if it does not come. The same for every address."""

    def get_context_data(self, **said: Any) -> dict[str, Any]:
        kept = self.request.session.get(KEPT, {})
        after = local(kept.get("next"))
        return {
            **super().get_context_data(**said),
            "waiting": kept.get("email", ""),
            "sign_in": f"{reverse('account_login')}?{urlencode({'next': after})}"
            if after
            else reverse("account_login"),
        }

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Send it again; nothing is told of whether the address has an account."""
        email = request.session.get(KEPT, {}).get("email", "")
        if email:
            self._send(request, email)
        return redirect("account_email_verification_sent")

    def _send(self, request: HttpRequest, email: str) -> None:
        waiting = EmailAddress.objects.filter(email=email, verified=False).first()
        # An address without an account to confirm is mailed what allauth mails at its sign-up.
        sent = send_verification_email_to_address(
            request, waiting or EmailAddress(email=email), signup=True
        )
        if sent:
            flash(request, _("A mail was sent to %(address)s once more.") % {"address": email})
        else:
            flash(
                request,
                _(
                    "A mail was sent to %(address)s only just now. Wait a few minutes, then ask "
                    "again."
                )
                % {"address": email},
                state="warning",
            )


confirm = never_cache(Confirm.as_view())
sent = never_cache(Sent.as_view())
