"""What collecting puts into the navigation."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.editions.rules import can_audit
from talex.fair.collecting import services, tree
from talex.ui.nav import NavItem


def _collects(actor: Actor, edition: Edition) -> bool:
    return can_audit(actor, edition.pk) or bool(tree.collecting_for(actor, edition.pk))


def _hands_in(actor: Actor, edition: Edition) -> bool:
    own = bool(actor.organisations(edition.pk, pending=True))
    return own and services.is_reviewed(edition.pk)


def items() -> Iterator[NavItem]:
    """The queue for office and collectors; where they stand for companies."""
    yield NavItem(
        key="collecting", label=_("Openings handed in"), url_name="collecting:queue", icon="inbox",
        section="fair", order=12, visible=_collects,
    )  # fmt: skip
    yield NavItem(
        key="collecting-mine", label=_("Where our openings stand"), url_name="collecting:mine",
        icon="list", section="fair", order=11, visible=_hands_in,
    )  # fmt: skip
