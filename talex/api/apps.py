"""Django's entry to the room."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "talex.api"
    label = "api"
