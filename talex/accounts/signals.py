"""What allauth changes by itself (addresses, second factors), told to the ledger."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import translation

from talex.accounts import hooks
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
def email_changed(
    user: User,
    to_email_address: EmailAddress,
    from_email_address: EmailAddress | None = None,
    **kwargs: Any,
) -> None:
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
        if from_email_address is not None:
            hooks.email_changed(user, normal_email(from_email_address.email), user.email)


@receiver(user_logged_in, dispatch_uid="talex.first_language")
def first_language(
    sender: type[User], request: HttpRequest | None, user: User, **kwargs: Any
) -> None:
    """An account made without a language takes that of the page its owner signs in on."""
    language = translation.get_language()
    if user.language or request is None or not language:
        return
    with work():
        user.language = language
        user.save(update_fields=["language"])
        record(
            "accounts.profile_edited",
            actor=actor_for(user),
            edition=None,
            obj=user,
            subject=user.pk,
            facts={"fields": ["language"]},
        )


# allauth's own signals of factors come after the commit; the rows themselves tell within it.
@receiver(post_save, sender=Authenticator, dispatch_uid="talex.authenticator_saved")
def authenticator_saved(
    instance: Authenticator, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    if created and not raw:
        _tell("accounts.authenticator_added", instance.user, kind=str(instance.type))


@receiver(post_delete, sender=Authenticator, dispatch_uid="talex.authenticator_deleted")
def authenticator_deleted(instance: Authenticator, **kwargs: Any) -> None:
    _tell("accounts.authenticator_removed", instance.user, kind=str(instance.type))
