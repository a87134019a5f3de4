"""Django's entry to self-registration, a part of the room `participants`."""

from __future__ import annotations

from django.apps import AppConfig


class RegisteringConfig(AppConfig):
    name = "talex.participants.registering"
    label = "registering"

    def ready(self) -> None:
        from talex.core import registries, uploads
        from talex.core.jobs.ticks import register_tick
        from talex.ledger.words import name_events
        from talex.participants.registering import expiry, navigation, reminding
        from talex.participants.registering.erasing import DraftErase, DraftFiles
        from talex.participants.registering.event_names import EVENT_NAMES
        from talex.participants.registering.services.reading import MOST_BYTES, PURPOSE, TYPES

        name_events(EVENT_NAMES)
        registries.erase.register(DraftErase())
        registries.own_files.register(DraftFiles())
        reminding.register()
        register_tick("registering.reminders", 900.0, reminding.remind)
        register_tick("registering.expiry", 3600.0, expiry.expire)
        uploads.register_purpose(PURPOSE, types=TYPES, limit=MOST_BYTES)
        navigation.install()
