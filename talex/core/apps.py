from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "talex.core"
    label = "core"

    def ready(self) -> None:
        from talex.core import checks
        from talex.core.jobs import reaper

        reaper.register()
        checks.register()
