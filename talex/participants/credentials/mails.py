"""Telling the outcome of a check, in the recipient's language."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from talex.accounts.models import User
from talex.participants.credentials.models import Case, DelegateInvitation


def decided(case: Case) -> None:
    """Mail whoever opened the case that it was accepted or returned, and why."""
    opened_by = case.opened_by
    user = opened_by and User.objects.filter(pk=opened_by, is_active=True).first()
    if not user:
        return
    path = reverse("credentials:own", kwargs={"edition": case.edition.slug})
    with translation.override(user.language):
        context = {
            "case": case,
            "accepted": case.state == "accepted",
            "reason": str(case.get_reason_display()) if case.reason else "",
            "kind": str(case.get_kind_display()),
            "edition": str(case.edition.name),
            "url": settings.TALEX_URL + path,
        }
        subject = render_to_string("participants/credentials/mail/decided_subject.txt", context)
        body = render_to_string("participants/credentials/mail/decided.txt", context)
        send_mail(" ".join(subject.split()), body.strip() + "\n", None, [user.email])


def invited(invitation: DelegateInvitation, token: str) -> None:
    """Send the link, in the language that the inviting colleague chose."""
    path = reverse(
        "credentials:invited", kwargs={"edition": invitation.edition.slug, "token": token}
    )
    with translation.override(invitation.language):
        context = {
            "organisation": str(invitation.organisation.name),
            "edition": str(invitation.edition.name),
            "until": invitation.expires_at,
            "url": settings.TALEX_URL + path,
        }
        subject = render_to_string("participants/credentials/mail/invited_subject.txt", context)
        body = render_to_string("participants/credentials/mail/invited.txt", context)
        send_mail(" ".join(subject.split()), body.strip() + "\n", None, [invitation.email])
