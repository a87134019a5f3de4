"""What pages, API and command line read of webhooks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from talex.core.actor import Actor
from talex.core.errors import NotFound
from talex.core.registries import Finding, Level
from talex.editions.models import Edition
from talex.messages.webhooks import rules
from talex.messages.webhooks.models import Delivery, Endpoint, State


def endpoints(actor: Actor, edition: Edition) -> QuerySet[Endpoint]:
    """Those of the edition, with `failed` and `last`: when something arrived there."""
    return Endpoint.objects.filter(rules.visible_endpoints(actor), edition=edition).annotate(
        failed=Count("deliveries", filter=Q(deliveries__state=State.FAILED)),
        waiting=Count("deliveries", filter=Q(deliveries__state=State.QUEUED)),
        last=Max("deliveries__ended_at", filter=Q(deliveries__state=State.SENT)),
    )


def endpoint(actor: Actor, edition: Edition, pk: UUID) -> Endpoint:
    """One of them. `NotFound` where not visible."""
    found = endpoints(actor, edition).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def deliveries(found: Endpoint, state: str = "") -> QuerySet[Delivery]:
    """The log, the newest first."""
    rows = found.deliveries.order_by("-created_at", "id")
    return rows.filter(state=state) if state in State.values else rows


@dataclass(frozen=True, slots=True)
class FailingCheck:
    """`talex doctor`: whether the other systems take what is sent."""

    name: str = "webhooks.failing"

    def check(self) -> Iterable[Finding]:
        rows = Endpoint.objects.filter(off="")
        failing: list[tuple[str, datetime | None]] = [
            (one.host, one.failing_since) for one in rows.filter(failing_since__isnull=False)
        ]
        if not failing:
            count = rows.count()
            told = ngettext("%(count)s webhook is on.", "%(count)s webhooks are on.", count)
            yield Finding(Level.FINE, told % {"count": count})
        for host, since in failing:
            yield Finding(
                Level.WARNING,
                _("The webhook at %(host)s takes nothing since %(since)s.")
                % {"host": host, "since": f"{since:%Y-%m-%d %H:%M} UTC"},
                _("Ask its operator, or switch it off on the page Webhooks."),
            )
