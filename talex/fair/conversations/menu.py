"""What conversations and cases put into the navigation."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from talex.fair.conversations import rules
from talex.fair.menu import is_delegate, is_talent
from talex.ui.nav import NavItem

# What was reported of oneself, and reporting something: for whoever has a case, on either side.
OWN_CASES = ("conversations:cases", "conversations:appeal", "conversations:report")


def items() -> Iterator[NavItem]:
    """Messages for both sides, reports for the office."""
    yield NavItem(
        key="conversations", label=_("Messages"), url_name="conversations:list", icon="mail",
        section="main", order=17, also=OWN_CASES,
        visible=lambda actor, edition: is_talent(actor, edition) or is_delegate(actor, edition),
    )  # fmt: skip
    yield NavItem(
        key="reports", label=_("Reports of abuse"), url_name="conversations:reports", icon="flag",
        section="fair", order=25, also=OWN_CASES,
        visible=lambda actor, edition: rules.can_handle(actor, edition.pk),
    )  # fmt: skip
