"""Signing in through another provider (OpenID Connect, WeChat): allauth's, told to the ledger.

What a provider says of an address counts only where the operator trusts it
(TALEX_OIDC_..._TRUST_EMAIL). Else the address is confirmed by mail as any other, and where it has
an account already, its owner signs in there and links the provider on the account's page: nobody
gets into an account by claiming its address elsewhere.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import translation

from talex.accounts import hooks
from talex.accounts.actors import actor_for
from talex.accounts.models import User, normal_email
from talex.core.actor import NOBODY
from talex.core.work import work
from talex.ledger.services import record

# What is kept of a provider's answer: enough to tell one's linked accounts apart.
KEPT = ("name", "nickname", "preferred_username", "email")


class SocialAdapter(DefaultSocialAccountAdapter):
    """Accounts that begin at a provider."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Drop what nobody needs, and do not believe an address that nobody vouches for."""
        account = sociallogin.account
        said = account.extra_data or {}
        _refuse_two_persons(said)
        parts = [part for name in ("id_token", "userinfo") if (part := said.get(name))]
        told = {key: part[key] for part in parts or [said] for key in KEPT if part.get(key)}
        account.extra_data = told
        if account.pk and not account._state.adding:
            account.save(update_fields=["extra_data"])
        if not self._trusts(sociallogin):
            for address in sociallogin.email_addresses:
                address.verified = False

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        """A suggestion of name and address, which the person may change."""
        data = {name: value for name, value in data.items() if isinstance(value, str)}
        user: User = super().populate_user(request, sociallogin, data)
        both = " ".join(filter(None, (data.get("first_name"), data.get("last_name"))))
        user.name = str(data.get("name") or both or data.get("username") or "")[:200]
        user.email = normal_email(user.email)
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        return {**initial, "name": sociallogin.user.name if sociallogin.user else ""}

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """A new account; one unit of work with its entry in the ledger."""
        with work():
            if form is None:
                user: User = sociallogin.user
                user.language = translation.get_language() or settings.LANGUAGE_CODE
                user.save()
                record(
                    "accounts.created",
                    actor=NOBODY,
                    edition=None,
                    obj=user,
                    subject=user.pk,
                    facts={"by": sociallogin.account.provider, "site_admin": False},
                    personal={"email": user.email, "name": user.name},
                )
            user = super().save_user(request, sociallogin, form)
            for address in EmailAddress.objects.filter(user=user, verified=True):
                record(
                    "accounts.email_confirmed",
                    actor=actor_for(user),
                    edition=None,
                    obj=user,
                    subject=user.pk,
                    personal={"email": address.email},
                )
                hooks.email_confirmed(user, normal_email(address.email))
        return user

    def _trusts(self, sociallogin: SocialLogin) -> bool:
        app = sociallogin.provider.app
        return bool(app and app.settings.get("email_authentication"))


class AnotherPerson(Exception):
    """What is told is of another person than the ID token names."""


def _refuse_two_persons(said: dict[str, Any]) -> None:
    """A token names who signed in, and what is told besides is of the same person (OpenID Connect
    Core 1.0, 3.1.3.3 and 5.3.2)."""
    told, named = said.get("userinfo") or {}, said.get("id_token") or {}
    if told and told.get("sub") != named.get("sub"):
        # Told by `accounts.middleware.ProvidersMiddleware`.
        raise AnotherPerson


@receiver(post_save, sender=SocialAccount, dispatch_uid="talex.social_saved")
def linked(instance: SocialAccount, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Within the transaction that links it."""
    if created and not raw:
        _tell("accounts.provider_linked", instance)


@receiver(post_delete, sender=SocialAccount, dispatch_uid="talex.social_deleted")
def unlinked(instance: SocialAccount, **kwargs: Any) -> None:
    _tell("accounts.provider_unlinked", instance)


def _tell(event: str, account: SocialAccount) -> None:
    user: Any = account.user
    with work():
        record(
            event,
            actor=actor_for(user),
            edition=None,
            obj=user,
            facts={"provider": str(account.provider)},
        )
