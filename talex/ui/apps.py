"""Django's entry to the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "talex.ui"
    label = "ui"
    verbose_name = _("Face")
