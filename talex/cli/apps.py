"""Django's entry to the room."""

from django.apps import AppConfig


class CliConfig(AppConfig):
    name = "talex.cli"
    label = "cli"
