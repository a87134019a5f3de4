"""What the fair puts into the navigation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.editions.roles import Role
from talex.editions.rules import can_audit
from talex.fair import rules
from talex.ui.nav import NavItem


def is_talent(actor: Actor, edition: Edition) -> bool:
    """Whether the actor takes part as a talent."""
    return actor.has(edition.pk, Role.TALENT)


def is_delegate(actor: Actor, edition: Edition) -> bool:
    """Whether the actor acts for an organisation there."""
    return bool(actor.organisations(edition.pk))


def items() -> Iterator[NavItem]:
    """The pages, each for whom it is."""
    yield NavItem(
        key="for-you", label=_("For you"), url_name="fair:for_you", icon="spark",
        section="main", order=10, visible=is_talent, also=("fair:match", "fair:refused"),
    )  # fmt: skip
    yield NavItem(
        key="candidates", label=_("Candidates"), url_name="fair:candidates", icon="users",
        section="main", order=11, visible=is_delegate,
        also=("fair:match", "fair:refused", "fair:refusal_counts"),
    )  # fmt: skip
    yield NavItem(
        key="my-applications", label=_("My applications"), url_name="fair:applications",
        icon="list", section="main", order=13, visible=is_talent,
    )  # fmt: skip
    yield NavItem(
        key="applications", label=_("Applications"), url_name="fair:applications",
        icon="list", section="main", order=14,
        visible=_delegate_only,
    )  # fmt: skip
    yield NavItem(
        key="requests", label=_("Requests"), url_name="fair:requests", icon="inbox",
        section="main", order=15,
        visible=lambda actor, edition: is_talent(actor, edition) or is_delegate(actor, edition),
    )  # fmt: skip
    yield NavItem(
        key="searches", label=_("Saved searches"), url_name="fair:searches", icon="bell",
        section="main", order=16,
        visible=lambda actor, edition: is_talent(actor, edition) or is_delegate(actor, edition),
    )  # fmt: skip
    yield NavItem(
        key="openings", label=_("Openings"), url_name="fair:openings", icon="briefcase",
        section="fair", order=10, also=("collecting:mine", "collecting:submission"),
    )  # fmt: skip
    yield NavItem(
        key="all-requests", label=_("Requests"), url_name="fair:requests", icon="inbox",
        section="fair", order=20, visible=_office_only,
    )  # fmt: skip
    yield NavItem(
        key="matches", label=_("Proposals"), url_name="fair:matches", icon="spark",
        section="fair", order=30, visible=lambda actor, edition: can_audit(actor, edition.pk),
        also=("fair:candidates", "fair:refusal_counts"),
    )  # fmt: skip
    yield NavItem(
        key="coverage", label=_("Coverage"), url_name="fair:coverage", icon="chart",
        section="fair", order=40, visible=lambda actor, edition: can_audit(actor, edition.pk),
    )  # fmt: skip
    yield NavItem(
        key="exposure", label=_("Exposure"), url_name="fair:exposure", icon="chart",
        section="fair", order=45,
        visible=lambda actor, edition: rules.can_see_exposure(actor, edition.pk),
    )  # fmt: skip
    yield NavItem(
        key="terms", label=_("Own terms"), url_name="fair:terms", icon="book",
        section="fair", order=50, visible=lambda actor, edition: can_audit(actor, edition.pk),
    )  # fmt: skip

    yield NavItem(
        key="understanding", label=_("Understanding of texts"), url_name="fair:understanding",
        icon="book", section="admin", order=60, scope="site",
        visible=lambda actor, edition: actor.all_powerful,
    )  # fmt: skip


def _delegate_only(actor: Actor, edition: Any) -> bool:
    return is_delegate(actor, edition) and not is_talent(actor, edition)


def _office_only(actor: Actor, edition: Any) -> bool:
    # Whoever is a side as well finds their own requests on top.
    return can_audit(actor, edition.pk) and not (
        is_talent(actor, edition) or is_delegate(actor, edition)
    )
