"""Django's entry to campaign links, a part of the room `participants`."""

from __future__ import annotations

from django.apps import AppConfig


class ReachConfig(AppConfig):
    name = "talex.participants.reach"
    label = "reach"

    def ready(self) -> None:
        from talex.ledger.words import name_events
        from talex.participants.arrivals import on_arrival
        from talex.participants.reach import navigation, services
        from talex.participants.reach.event_names import EVENT_NAMES

        name_events(EVENT_NAMES)
        on_arrival("reach", services.count_registration)
        navigation.install()
