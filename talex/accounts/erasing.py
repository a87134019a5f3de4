"""Erasing an account: what is personal goes, the id that stands in records stays."""

from __future__ import annotations

from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from talex.accounts import sessions
from talex.accounts.models import ApiToken, User
from talex.core.actor import Actor
from talex.core.errors import NotFound
from talex.core.work import work
from talex.ledger.services import erase_subject, record

#: The domain of addresses of erased accounts (RFC 2606: never delivered).
NOWHERE = "erased.invalid"


def is_erased(user: User) -> bool:
    """Whether nothing but its id is left of the account."""
    return user.email.endswith(f"@{NOWHERE}")


def erase_account(actor: Actor, user_id: UUID) -> None:
    """Empty an account and close it; who may is decided by the service that erases the person."""
    with work():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None:
            raise NotFound
        EmailAddress.objects.filter(user=user).delete()
        Authenticator.objects.filter(user=user).delete()
        ApiToken.objects.filter(user=user).delete()
        SocialAccount.objects.filter(user=user).delete()
        sessions.end_all(user)
        user.email = f"{user.pk}@{NOWHERE}"
        user.name = ""
        user.phone = None
        user.is_active = False
        user.set_unusable_password()
        user.save()
        erase_subject(actor, user.pk)
        record("accounts.erased", actor=actor, edition=None, obj=user)
