from __future__ import annotations

from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    name = "talex.participants"
    label = "participants"

    def ready(self) -> None:
        from talex.accounts.hooks import on_email_changed, on_email_confirmed
        from talex.core import registries
        from talex.core.actor import register_grants
        from talex.core.jobs.ticks import register_tick
        from talex.editions.consents import expire_consents
        from talex.ledger.words import name_events, name_facts
        from talex.participants import mails, navigation, receipts, recorded, retention, search
        from talex.participants.archive import services as archive
        from talex.participants.event_names import EVENT_NAMES
        from talex.participants.services.comparing import compare_due
        from talex.participants.services.linking import follow_address, grants_of, link_confirmed

        name_events(EVENT_NAMES)
        name_facts(recorded.FIELD_NAMES)
        register_grants(grants_of)
        on_email_confirmed(link_confirmed)
        on_email_changed(follow_address)
        register_tick("participants.comparing", 1.0, lambda: compare_due(seconds=2.0))
        register_tick("participants.consents.expiry", 3600.0, expire_consents)
        register_tick("participants.consents.reminders", 3600.0, receipts.remind)
        receipts.register()
        mails.register()
        archive.register()
        retention.register()
        register_tick("participants.retention", 3600.0, retention.tick)
        navigation.install()
        for source in search.SOURCES:
            registries.search.register(source())
