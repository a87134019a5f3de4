"""Telling somebody that they act for an organisation, in their language."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core import outbox
from talex.core.outbox import Kind, Recipient
from talex.participants.models import Delegate

DELEGATE_ADDED = Kind(
    "participants.delegate_added",
    _("You act for an organisation"),
    "participants/mail/delegate_added",
    whom=_("Whose confirmed address was entered as that of a delegate"),
)


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(DELEGATE_ADDED)


def delegate_added(delegate: Delegate) -> None:
    """Tell the account of a delegate, once; who has none is told when it gets one."""
    user = delegate.person.user
    if user is None or not user.is_active or delegate.edition.over:
        return
    path = reverse("web:edition_home", kwargs={"edition": delegate.edition.slug})
    outbox.tell(
        Recipient(user.email, user.language, user.pk),
        DELEGATE_ADDED.name,
        lambda: {
            "organisation": str(delegate.organisation.name),
            "edition": str(delegate.edition.name),
            "url": settings.TALEX_URL + path,
        },
        edition=delegate.edition_id,
        key=f"{DELEGATE_ADDED.name}:{delegate.pk}",
    )
