"""Messages about roles, in the recipient's language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core import outbox
from talex.core.outbox import Kind, Recipient
from talex.editions.models import Edition, Invitation, RoleGrant

ROLE_GRANTED = Kind(
    "editions.role_granted",
    _("Role given"),
    "editions/mail/role_granted",
    whom=_("Who gets the role and has an account"),
)
INVITATION = Kind(
    "editions.invitation",
    _("Invitation to a role"),
    "editions/mail/invitation",
    secret=True,
    whom=_("The address that is invited"),
)


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(ROLE_GRANTED)
    outbox.register_kind(INVITATION)


def _context(edition: Edition, of: RoleGrant | Invitation, path: str) -> dict[str, Any]:
    return {
        "edition": str(edition.name),
        "city": str(edition.city),
        "starts_on": edition.starts_on,
        "ends_on": edition.ends_on,
        "role": of.get_role_display(),
        "url": settings.TALEX_URL + path,
    }


def role_granted(grant: RoleGrant) -> None:
    """Tell somebody who has an account that they hold a role now."""
    user, edition = grant.user, grant.edition
    path = reverse("editions:landing", kwargs={"edition": edition.slug})
    outbox.tell(
        Recipient(user.email, user.language, user.pk),
        ROLE_GRANTED.name,
        lambda: _context(edition, grant, path),
        edition=edition.pk,
    )


def invitation(given: Invitation, token: str) -> None:
    """Invite somebody by a link that works once and for this address only."""
    path = reverse("editions:invitation", kwargs={"token": token})
    outbox.tell(
        Recipient(given.email, given.language),
        INVITATION.name,
        lambda: _context(given.edition, given, path),
        edition=given.edition_id,
    )
