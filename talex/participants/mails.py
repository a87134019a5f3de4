"""Telling somebody what they are to an organisation, in their language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core import outbox
from talex.core.actor import Actor
from talex.core.outbox import Kind, Recipient
from talex.participants.choices import DELEGATE_ROLE_TEXTS, DelegateRole
from talex.participants.models import Delegate

DELEGATE_ADDED = Kind(
    "participants.delegate_added",
    _("You act for an organisation"),
    "participants/mail/delegate_added",
    whom=_("Whose confirmed address was entered as that of a delegate"),
)

DELEGATE_CHANGED = Kind(
    "participants.delegate_changed",
    _("You act for an organisation in another role, no longer, or again"),
    "participants/mail/delegate_changed",
    whom=_("The delegate whose role or access somebody else changed"),
)


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(DELEGATE_ADDED)
    outbox.register_kind(DELEGATE_CHANGED)


def delegate_added(delegate: Delegate) -> None:
    """Tell the account of a delegate, once; who has none is told when it gets one."""
    _tell(delegate, DELEGATE_ADDED, str(delegate.pk), dict)


def role_set(delegate: Delegate, actor: Actor) -> None:
    """Tell a delegate of another role. Who does not act any more reads it on coming back."""
    if delegate.withdrawn_at is None:
        _changed(delegate, "role", actor)


def access_changed(delegate: Delegate, actor: Actor) -> None:
    """Tell somebody that they no longer act for the organisation, or do again."""
    _changed(delegate, "ended" if delegate.withdrawn_at else "back", actor)


def _changed(delegate: Delegate, change: str, actor: Actor) -> None:
    if delegate.person.user_id is not None and delegate.person.user_id == actor.user:
        return
    # The office acts as an office; of a head, the colleague knows the name.
    heads = actor.acts_as(delegate.edition_id, delegate.organisation_id, DelegateRole.HEAD)
    # Each change raises the version: one mail for each, however often it is told.
    _tell(
        delegate,
        DELEGATE_CHANGED,
        f"{delegate.pk}:{delegate.version}",
        lambda: {
            "change": change,
            "head": actor.name if heads else "",
            "role": str(DelegateRole(delegate.role).label),
            "means": str(DELEGATE_ROLE_TEXTS[delegate.role]),
        },
    )


def _tell(
    delegate: Delegate, kind: Kind, about: str, context: Callable[[], Mapping[str, Any]]
) -> None:
    user = delegate.person.user
    if user is None or not user.is_active or delegate.edition.over:
        return
    path = reverse("web:edition_home", kwargs={"edition": delegate.edition.slug})
    outbox.tell(
        Recipient(user.email, user.language, user.pk),
        kind.name,
        lambda: {
            "organisation": str(delegate.organisation.name),
            "edition": str(delegate.edition.name),
            "url": settings.TALEX_URL + path,
            **context(),
        },
        edition=delegate.edition_id,
        key=f"{kind.name}:{about}",
    )
