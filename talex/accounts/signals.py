"""What allauth changes by itself (addresses, second factors), told to the ledger."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.dispatch import receiver

from talex.accounts.actors import actor_for
from talex.accounts.models import User, normal_email
from talex.core.work import work
from talex.ledger.services import record


def _tell(event: str, user: User, **facts: str) -> None:
    with work():
        record(event, actor=actor_for(user), edition=None, obj=user, facts=facts or None)


@receiver(account_signals.email_added, dispatch_uid="talex.email_added")
def email_added(user: User, email_address: EmailAddress, **kwargs: Any) -> None:
    _tell("accounts.email_added", user)


@receiver(account_signals.email_removed, dispatch_uid="talex.email_removed")
def email_removed(user: User, email_address: EmailAddress, **kwargs: Any) -> None:
    _tell("accounts.email_removed", user)


@receiver(account_signals.email_changed, dispatch_uid="talex.email_changed")
def email_changed(user: User, to_email_address: EmailAddress, **kwargs: Any) -> None:
    with work():
        # allauth writes the address as it was typed; here it is kept in small letters.
        user.email = normal_email(to_email_address.email)
        user.save(update_fields=["email"])
        record(
            "accounts.email_changed",
            actor=actor_for(user),
            edition=None,
            obj=user,
            subject=user.pk,
            personal={"email": user.email},
        )


@receiver(mfa_signals.authenticator_added, dispatch_uid="talex.authenticator_added")
def authenticator_added(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _tell("accounts.authenticator_added", user, kind=str(authenticator.type))


@receiver(mfa_signals.authenticator_removed, dispatch_uid="talex.authenticator_removed")
def authenticator_removed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _tell("accounts.authenticator_removed", user, kind=str(authenticator.type))


@receiver(mfa_signals.authenticator_reset, dispatch_uid="talex.authenticator_reset")
def authenticator_reset(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _tell("accounts.authenticator_reset", user, kind=str(authenticator.type))
