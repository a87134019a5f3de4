"""What conversations and cases ask of a reader next."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.editions.next_steps import NextStep
from talex.fair.conversations import queries, rules
from talex.fair.conversations.models import Report, ReportState
from talex.fair.models import Suspension


def next_steps(actor: Actor, edition: Edition) -> Iterator[NextStep]:
    """Port of `editions.next_steps`: unread messages, decisions about one, cases that wait."""
    if actor.persons() or actor.organisations(edition.pk):
        if fresh := queries.unread(actor, edition):
            yield NextStep(
                key="conversations.unread", title=_("Read your new messages"),
                url=reverse("conversations:list", args=[edition.slug]), icon="mail",
                action=_("Read"), order=12, count=fresh,
            )  # fmt: skip
        decided = Report.objects.filter(
            rules.own_cases(actor, edition.pk) & ~Q(reporter=actor.id), appealed_at__isnull=True
        ).exclude(decision="nothing")
        # A suspension that stands is told by a step of its own.
        standing = Suspension.objects.filter(edition=edition, lifted_at__isnull=True)
        decided = decided.exclude(suspension__in=standing.values("pk"))
        if decided.exists():
            yield NextStep(
                key="conversations.cases", title=_("The office has decided a case about you"),
                url=reverse("conversations:cases", args=[edition.slug]), icon="flag",
                text=_("You can say why it is wrong."), action=_("Read"), order=9,
            )  # fmt: skip
    if rules.can_handle(actor, edition.pk):
        waiting = Report.objects.filter(
            Q(state=ReportState.OPEN) | Q(appealed_at__isnull=False, upheld__isnull=True),
            edition=edition,
        ).count()
        if waiting:
            yield NextStep(
                key="conversations.reports", title=_("Look into reports of abuse"),
                url=reverse("conversations:reports", args=[edition.slug]), icon="flag",
                action=_("Look"), order=8, count=waiting, urgent=True,
            )  # fmt: skip
