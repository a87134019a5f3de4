"""The page of this room in the navigation."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from talex.participants.reach import rules
from talex.ui.nav import NavItem, register


def _shown(actor: Any, edition: Any) -> bool:
    return edition is not None and actor is not None and rules.can_see_links(actor, edition.pk)


def install() -> None:
    """Called once, when the room starts."""
    register(
        NavItem(
            key="reach",
            label=_("Reach"),
            url_name="reach:list",
            icon="link",
            section="figures",
            order=60,
            visible=_shown,
        )
    )
