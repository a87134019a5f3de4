"""What the figures offer a reader next."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.bulletin.models import Bulletin
from talex.bulletin.rules import can_see_figures
from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.editions.next_steps import NextStep
from talex.editions.rules import is_office


def next_steps(actor: Actor, edition: Edition) -> Iterator[NextStep]:
    """Port of `editions.next_steps`: press and auditors come to read. The office has its board."""
    if is_office(actor, edition.pk) or not can_see_figures(actor, edition.pk):
        return
    slug = {"edition": edition.slug}
    released = Bulletin.objects.filter(snapshot__edition=edition, withdrawn_at__isnull=True).count()
    if released:
        yield NextStep(
            key="bulletin.released", title=_("Read the bulletins"),
            text=_("Official figures, frozen and released."), icon="archive",
            url=reverse("bulletin:snapshots", kwargs=slug), action=_("Read"), order=40,
            count=released,
        )  # fmt: skip
    yield NextStep(
        key="bulletin.figures", title=_("See the figures"),
        text=_("As they stand now, each with its definition."), icon="chart",
        url=reverse("bulletin:figures", kwargs=slug), action=_("See"), order=50,
    )  # fmt: skip
