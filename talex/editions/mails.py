"""Mails about roles, in the recipient's language."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from talex.editions.models import Edition, Invitation, RoleGrant


def _send(name: str, language: str, to: str, edition: Edition, role: str, path: str) -> None:
    with translation.override(language):
        context = {
            "edition": str(edition.name),
            "city": str(edition.city),
            "starts_on": edition.starts_on,
            "ends_on": edition.ends_on,
            "role": role,
            "url": settings.TALEX_URL + path,
        }
        subject = render_to_string(f"editions/mail/{name}_subject.txt", context)
        body = render_to_string(f"editions/mail/{name}.txt", context)
        send_mail(" ".join(subject.split()), body.strip() + "\n", None, [to])


def role_granted(grant: RoleGrant) -> None:
    """Tell somebody who has an account that they hold a role now."""
    with translation.override(grant.user.language):
        role = grant.get_role_display()
    _send(
        "role_granted",
        grant.user.language,
        grant.user.email,
        grant.edition,
        role,
        reverse("editions:landing", kwargs={"edition": grant.edition.slug}),
    )


def invitation(given: Invitation, token: str) -> None:
    """Invite somebody by a link that works once and for this address only."""
    with translation.override(given.language):
        role = given.get_role_display()
    _send(
        "invitation",
        given.language,
        given.email,
        given.edition,
        role,
        reverse("editions:invitation", kwargs={"token": token}),
    )
