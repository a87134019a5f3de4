"""Django's entry to the trees of organisations, a part of the room `participants`."""

from __future__ import annotations

from django.apps import AppConfig


class BelongingConfig(AppConfig):
    name = "talex.participants.belonging"
    label = "belonging"

    def ready(self) -> None:
        from talex.ledger.words import name_events
        from talex.participants.belonging import mails, navigation
        from talex.participants.belonging.event_names import EVENT_NAMES

        name_events(EVENT_NAMES)
        mails.register()
        navigation.install()
