from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "talex.core"
    label = "core"

    def ready(self) -> None:
        from talex.core import checks, idempotency, limits, uploads
        from talex.core.jobs import reaper
        from talex.core.jobs.ticks import register_tick

        reaper.register()
        checks.register()
        register_tick("core.uploads", 3600.0, uploads.sweep)
        register_tick("core.limits", 3600.0, limits.sweep)
        register_tick("core.idempotency", 3600.0, idempotency.sweep)
