from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "talex.core"
    label = "core"
