"""What publishing puts into the navigation."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.editions.rules import can_audit
from talex.fair.publishing.models import PublishedList
from talex.ui.nav import NavItem


def _there(actor: Actor, edition: Edition) -> bool:
    return PublishedList.objects.filter(edition_id=edition.pk).exists()


def items() -> Iterator[NavItem]:
    """The list for everybody once there is one; publishing for the office."""
    yield NavItem(
        key="published", label=_("Published list"), url_name="publishing:latest", icon="globe",
        section="fair", order=13, visible=_there,
    )  # fmt: skip
    yield NavItem(
        key="publish", label=_("Publish openings"), url_name="publishing:versions", icon="upload",
        section="fair", order=14, visible=lambda actor, edition: can_audit(actor, edition.pk),
    )  # fmt: skip
