"""Django's entry to the room."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "talex.api"
    label = "api"

    def ready(self) -> None:
        from talex.api.closings import AnswersErase
        from talex.core import registries

        registries.erase.register(AnswersErase())
