"""What is held of how somebody signs in, for them to take out: never a secret or its digest."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from talex.accounts.models import ApiToken, User
from talex.core.models import Job, Upload
from talex.editions.models import Invitation, RoleGrant


def account_of(user: UUID) -> dict[str, Any] | None:
    """The account, its addresses, keys, sessions and roles, and the long work it asked for."""
    found = User.objects.filter(pk=user).first()
    if found is None:
        return None
    return {
        "id": found.pk,
        "email": found.email,
        "name": found.name,
        "phone": found.phone,
        "language": found.language,
        "time_zone": found.time_zone,
        "created_at": found.created_at,
        "last_sign_in": found.last_login,
        "addresses": list(
            EmailAddress.objects.filter(user=found).values("email", "verified", "primary")
        ),
        "second_factors": list(
            Authenticator.objects.filter(user=found).values("type", "created_at", "last_used_at")
        ),
        "other_accounts": list(
            SocialAccount.objects.filter(user=found).values(
                "provider", "uid", "extra_data", "date_joined", "last_login"
            )
        ),
        "sessions": list(
            UserSession.objects.filter(user=found).values(
                "ip", "user_agent", "created_at", "last_seen_at"
            )
        ),
        "keys_for_programs": list(
            ApiToken.objects.filter(user=found).values(
                "name", "prefix", "created_at", "expires_at", "last_used_at", "revoked_at"
            )
        ),
        "roles": list(
            RoleGrant.objects.filter(user=found).values("edition__slug", "role", "granted_at")
        ),
        "invitations": list(
            Invitation.objects.filter(email__iexact=found.email).values("edition__slug", "role")
        ),
        "jobs": list(
            Job.objects.filter(owner_id=found.pk)
            .order_by("created_at")
            .values("kind", "state", "created_at", "finished_at")
        ),
        "files_given": list(
            Upload.objects.filter(owner_id=found.pk)
            .order_by("created_at")
            .values("purpose", "name", "size", "sha256", "created_at")
        ),
    }
