"""What publishing puts into the navigation."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.editions.next_steps import NextStep
from talex.editions.rules import can_audit
from talex.fair.publishing.models import PublishedList
from talex.ui.nav import NavItem


def _there(actor: Actor, edition: Edition) -> bool:
    return PublishedList.objects.filter(edition_id=edition.pk).exists()


def next_steps(actor: Actor, edition: Edition) -> Iterator[NextStep]:
    """Port of `editions.next_steps`: whoever has no part here yet, and no navigation to it."""
    inside = actor.all_powerful or any(one.edition == edition.pk for one in actor.grants)
    if not inside and _there(actor, edition):
        yield NextStep(
            key="publishing.read", title=_("See which openings there are"),
            url=reverse("publishing:latest", args=[edition.slug]), icon="briefcase",
            text=_("The published list, with search and filters."), action=_("Open the list"),
            order=7,
        )  # fmt: skip


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
