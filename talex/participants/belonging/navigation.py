"""The page of this room in the navigation, and requests that wait for an answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.editions.next_steps import NextStep, register_next_steps
from talex.editions.rules import can_audit
from talex.participants.belonging import queries, rules
from talex.ui.nav import NavItem, register


def _shown(actor: Any, edition: Any) -> bool:
    return (
        edition is not None
        and actor is not None
        and (can_audit(actor, edition.pk) or bool(rules.heads(actor, edition.pk)))
    )


def steps(actor: Actor, edition: Edition) -> Iterable[NextStep]:
    """Answer who asks to belong to one's organisation."""
    if not _shown(actor, edition):
        return
    asked = queries.to_answer(actor, edition).count()
    if asked:
        yield NextStep(
            key="belonging.answer",
            title=_("An organisation asks to belong to another"),
            url=reverse("belonging:list", kwargs={"edition": edition.slug}),
            icon="building",
            action=_("Answer"),
            order=16,
            count=asked,
        )


def install() -> None:
    """Called once, when the room starts."""
    register_next_steps(steps)
    register(
        NavItem(
            key="belonging",
            label=_("Belongs together"),
            url_name="belonging:list",
            icon="building",
            section="people",
            order=34,
            visible=_shown,
        )
    )
