"""Telling the outcome of a check, and inviting colleagues, in the reader's language."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.core import outbox
from talex.core.outbox import Kind, Recipient
from talex.participants.credentials.models import Case, DelegateInvitation

DECIDED = Kind(
    "credentials.decided",
    _("Documents accepted or returned"),
    "participants/credentials/mail/decided",
    whom=_("Who handed them in"),
)
INVITED = Kind(
    "credentials.invited",
    _("Invitation to act for an organisation"),
    "participants/credentials/mail/invited",
    secret=True,
    whom=_("The colleague who is invited"),
)


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(DECIDED)
    outbox.register_kind(INVITED)


def decided(case: Case) -> None:
    """Tell whoever opened the case that it was accepted or returned, and why."""
    opened_by = case.opened_by
    user = opened_by and User.objects.filter(pk=opened_by, is_active=True).first()
    if not user:
        return
    path = reverse("credentials:own", kwargs={"edition": case.edition.slug})
    outbox.tell(
        Recipient(user.email, user.language, user.pk),
        DECIDED.name,
        lambda: {
            "case": case,
            "accepted": case.state == "accepted",
            "reason": str(case.get_reason_display()) if case.reason else "",
            "kind": str(case.get_kind_display()),
            "edition": str(case.edition.name),
            "url": settings.TALEX_URL + path,
        },
        edition=case.edition_id,
    )


def invited(invitation: DelegateInvitation, token: str) -> None:
    """Send the link, in the language that the inviting colleague chose."""
    path = reverse(
        "credentials:invited", kwargs={"edition": invitation.edition.slug, "token": token}
    )
    outbox.tell(
        Recipient(invitation.email, invitation.language),
        INVITED.name,
        lambda: {
            "organisation": str(invitation.organisation.name),
            "edition": str(invitation.edition.name),
            "until": invitation.expires_at,
            "url": settings.TALEX_URL + path,
        },
        edition=invitation.edition_id,
    )
