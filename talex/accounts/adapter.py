"""allauth here: every change of an account is told to the ledger, mails speak its language."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from talex.accounts.actors import actor_for
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

    def set_password(self, user: User, password: str) -> None:
        """After a change or a reset."""
        user.set_password(password)
        with work():
            user.save(update_fields=["password"])
            record("accounts.password_set", actor=actor_for(user), edition=None, obj=user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of the account; where there is none, of the page it was asked on."""
        user = context.get("user") or User.objects.filter(email=normal_email(email)).first()
        language = (user.language if user else "") or translation.get_language()
        with translation.override(language):
            super().send_mail(template_prefix, email, context)
