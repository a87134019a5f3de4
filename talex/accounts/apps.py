"""Django's entry to the room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "talex.accounts"
    label = "accounts"
