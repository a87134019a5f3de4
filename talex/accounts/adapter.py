"""allauth here: every change of an account is told to the ledger, mails speak its language."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from talex.accounts import browsers, confirming, phones, sessions
from talex.accounts.actors import actor_for
from talex.accounts.middleware import language_of
from talex.accounts.models import User, normal_email
from talex.core.actor import NOBODY
from talex.core.client import client_address
from talex.core.work import work
from talex.ledger.services import record


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by e-mail address, in the language and time zone of whoever signs up.

    Hashing a password takes its time, so it is done before the transaction is opened.
    """

    def get_client_ip(self, request: HttpRequest) -> str:
        """As everywhere here: behind the proxies that are trusted (core.client)."""
        return client_address(request) or "0.0.0.0"

    def clean_email(self, email: str) -> str:
        return normal_email(email)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """A new account of somebody who signs up."""
        super().save_user(request, user, form, commit=False)
        data = form.cleaned_data
        user.email = normal_email(user.email)
        user.name = str(data.get("name", "")).strip()
        user.language = translation.get_language() or settings.LANGUAGE_CODE
        user.time_zone = data.get("time_zone") or "UTC"
        if commit:
            with work():
                user.save()
                record(
                    "accounts.created",
                    actor=NOBODY,
                    edition=None,
                    obj=user,
                    subject=user.pk,
                    facts={"by": "sign-up", "site_admin": False},
                    personal={"email": user.email, "name": user.name},
                )
        return user

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The mailbox is theirs; what waits for this address is taken up with it."""
        from talex.accounts import hooks

        with work():
            confirmed: bool = super().confirm_email(request, email_address)
            if confirmed:
                user = email_address.user
                record(
                    "accounts.email_confirmed",
                    actor=actor_for(user),
                    edition=None,
                    obj=user,
                    subject=user.pk,
                    personal={"email": email_address.email},
                )
                hooks.email_confirmed(user, normal_email(email_address.email))
        return confirmed

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return confirming.with_next(
            super().get_email_confirmation_url(request, emailconfirmation), request
        )

    def respond_email_verification_sent(
        self, request: HttpRequest, user: User | None
    ) -> HttpResponse:
        given = request.POST.get("email") or request.POST.get("login") or ""
        # Without a user the address has an account already: the page must look the same.
        confirming.keep(request, user.email if user else given)
        response: HttpResponse = super().respond_email_verification_sent(request, user)
        return response

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        **said: Any,
    ) -> None:
        """In the language of the page that shows it: after signing in the account's, after signing
        out the browser's.

        Not "mail sent" after signing up: its page says so to everybody. allauth leaves it out where
        the address was mailed a moment ago, which would tell that it is known.
        """
        sent = message_template == "account/messages/email_confirmation_sent.txt"
        if sent and (message_context or {}).get("signup"):
            return
        asked = translation.get_language_from_request(request)
        # Of signing out allauth tells while somebody is still signed in.
        leaves = message_template == "account/messages/logged_out.txt"
        language = asked if leaves else language_of(request, request.user) or asked
        with translation.override(language):
            super().add_message(request, level, message_template, message_context, **said)

    def set_password(self, user: User, password: str) -> None:
        """After a change or a reset."""
        user.set_password(password)
        with work():
            user.save(update_fields=["password"])
            record("accounts.password_set", actor=actor_for(user), edition=None, obj=user)

    def login(self, request: HttpRequest, user: User) -> None:
        # Signing in writes the time of it: asked for before.
        request.talex_first_time = user.last_login is None  # type: ignore[attr-defined]
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **said: Any) -> HttpResponse:
        """Who signs in on a browser that was not here before is told by mail."""
        response: HttpResponse = super().post_login(request, user, **said)
        if not browsers.knows(request, user):
            if not getattr(request, "talex_first_time", True):
                sessions.tell_of_new(request, user)
            browsers.remember(request, response, user)
        return response

    def phone_form_field(self, **options: Any) -> phones.PhoneField:
        return phones.PhoneField(**options)

    def get_user_by_phone(self, phone: str) -> User | None:
        return phones.user_of(phone)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        """Only confirmed numbers are kept."""
        return (user.phone, True) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        if verified:
            phones.confirm(user, phone)

    def set_phone_verified(self, user: User, phone: str) -> None:
        phones.confirm(user, phone)

    def generate_phone_verification_code(self, *, user: User, phone: str) -> str:
        """Digits alone: they are read off a telephone and typed on its keys."""
        return f"{secrets.randbelow(1_000_000):06d}"

    def send_verification_code_sms(self, user: User, phone: str, code: str, **said: Any) -> None:
        phones.send_code(user, phone, code)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of the account; where there is none, of the page it was asked on."""
        from talex.accounts import hooks

        if not hooks.may_mail(normal_email(email)):
            return
        user = context.get("user") or User.objects.filter(email=normal_email(email)).first()
        language = (user.language if user else "") or translation.get_language()
        request = allauth_context.request
        around = {
            "request": request,
            "email": email,
            "current_site": get_current_site(request),
        }
        with translation.override(language):
            mail = self.render_mail(template_prefix, email, {**around, **context})
            hooks.send(mail, user, language)
