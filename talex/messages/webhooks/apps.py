"""Django's entry to webhooks, a part of the room `messages`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "talex.messages.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        from talex.core import outbox, registries
        from talex.core.jobs.ticks import register_tick
        from talex.ledger.outbox import register_block_consumer
        from talex.ledger.words import name_events
        from talex.messages.webhooks import events, queries, rules, sending, switching
        from talex.messages.webhooks.event_names import EVENT_NAMES
        from talex.ui.nav import NavItem, register

        name_events(EVENT_NAMES)
        outbox.register_kind(switching.SWITCHED_OFF)
        register_block_consumer("webhooks.events", events.after_block, events.TYPES)
        register_tick("webhooks.deliver", 2.0, sending.deliver)
        register_tick("webhooks.prune", 3600.0, sending.prune)
        registries.doctor.register(queries.FailingCheck())
        register(
            NavItem(
                key="webhooks",
                label=_("Webhooks"),
                url_name="webhooks:list",
                icon="link",
                section="admin",
                order=60,
                visible=lambda actor, edition: (
                    edition is not None
                    and actor is not None
                    and rules.can_see_list(actor, edition.pk)
                ),
            )
        )
