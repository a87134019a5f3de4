"""Switching an endpoint off by itself, and telling the office."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core import clock, outbox
from talex.core.actor import SYSTEM, Actor
from talex.core.outbox import Kind, Recipient
from talex.core.work import work
from talex.editions.queries import office_accounts
from talex.ledger.services import record
from talex.messages.webhooks.models import Endpoint, Off, State

SWITCHED_OFF = Kind(
    "webhooks.switched_off",
    _("Webhook switched off by itself"),
    "messages/mail/webhook_off",
    whom=_("The office"),
)


def switch_off(pk: UUID, why: Off, actor: Actor = SYSTEM) -> None:
    """Nothing more is sent; what waits has failed. The office is told unless it did it itself."""
    with work():
        endpoint = (
            Endpoint.objects.select_for_update(of=("self",))
            .select_related("edition")
            .filter(pk=pk, off="")
            .first()
        )
        if endpoint is None:
            return
        endpoint.off = why
        endpoint.save(update_fields=["off"])
        endpoint.deliveries.filter(state=State.QUEUED).update(
            state=State.FAILED, ended_at=clock.now()
        )
        record(
            "webhooks.switched_off",
            actor=actor,
            edition=endpoint.edition_id,
            obj=endpoint,
            facts={"why": why.value},
        )
        if why != Off.OFFICE:
            _tell(endpoint, why)


def _tell(endpoint: Endpoint, why: Off) -> None:
    edition = endpoint.edition
    path = reverse("webhooks:endpoint", kwargs={"edition": edition.slug, "endpoint": endpoint.pk})
    for user in office_accounts(edition.pk):
        outbox.tell(
            Recipient(user.email, user.language, user.pk),
            SWITCHED_OFF.name,
            lambda: {
                "edition": str(edition.name),
                "host": endpoint.host,
                "why": str(why.label),
                "url": settings.TALEX_URL + path,
            },
            edition=edition.pk,
        )
