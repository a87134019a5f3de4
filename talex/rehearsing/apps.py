from django.apps import AppConfig


class RehearsingConfig(AppConfig):
    name = "talex.rehearsing"
    label = "rehearsing"

    def ready(self) -> None:
        from talex.rehearsing import run

        run.register()
