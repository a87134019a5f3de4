"""What campaigns ask of a reader next."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.editions.next_steps import NextStep
from talex.messages.campaigns import queries, rules
from talex.messages.campaigns.models import State


def next_steps(actor: Actor, edition: Edition) -> Iterator[NextStep]:
    """Port of `editions.next_steps`: what waits for a second person, for who can be the one."""
    if not rules.can_write(actor, edition.pk):
        return
    submitted = queries.campaigns(actor, edition).filter(state=State.SUBMITTED)
    waiting = [one for one in submitted if rules.can_approve(actor, one)]
    if not waiting:
        return
    here = {"edition": edition.slug}
    yield NextStep(
        key="campaigns.approve", title=_("Approve a campaign, or give it back"),
        text=_("Nothing goes out before a second person of the office has looked at it."),
        url=reverse("campaigns:campaign", kwargs={**here, "campaign": waiting[0].pk})
        if len(waiting) == 1
        else reverse("campaigns:list", kwargs=here),
        icon="mail", action=_("Look"), order=14, count=len(waiting),
    )  # fmt: skip
