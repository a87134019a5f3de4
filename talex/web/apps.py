"""Django's entry to the room."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "talex.web"
    label = "web"
