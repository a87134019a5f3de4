"""Django's entry to the log of who looked, a part of the room `participants`."""

from django.apps import AppConfig


class LookingConfig(AppConfig):
    name = "talex.participants.looking"
    label = "looking"

    def ready(self) -> None:
        from talex.core import registries
        from talex.core.jobs.ticks import register_tick
        from talex.participants.looking.ports import LookErase
        from talex.participants.looking.services import forget_old

        registries.erase.register(LookErase())
        register_tick("looking.expiry", 3600.0, forget_old)
