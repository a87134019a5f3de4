"""Django's entry to the room."""

from django.apps import AppConfig


class EditionsConfig(AppConfig):
    name = "talex.editions"
    label = "editions"

    def ready(self) -> None:
        from talex.core.actor import register_grants
        from talex.editions.roles import grants_of

        register_grants(grants_of)
