"""Django's entry to campaigns, a part of the room `messages`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "talex.messages.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        from talex.core import outbox, registries
        from talex.core.jobs.ticks import register_tick
        from talex.editions.next_steps import register_next_steps
        from talex.ledger.words import name_events
        from talex.messages.campaigns import lists, mails, rules, running, steps
        from talex.messages.campaigns.erasing import PersonsCampaigns
        from talex.messages.campaigns.event_names import EVENT_NAMES
        from talex.ui.nav import NavItem, register

        name_events(EVENT_NAMES)
        for kind in mails.KINDS:
            outbox.register_kind(kind)
        registries.erase.register(PersonsCampaigns())
        register_next_steps(steps.next_steps)
        register_tick("campaigns.step", running.EVERY, running.step)
        register_tick("campaigns.results", 600.0, lists.keep_results)
        register(
            NavItem(
                key="campaigns",
                label=_("Campaigns"),
                url_name="campaigns:list",
                icon="mail",
                section="admin",
                order=54,
                visible=lambda actor, edition: (
                    edition is not None and actor is not None and rules.can_read(actor, edition.pk)
                ),
            )
        )
