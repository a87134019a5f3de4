from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "talex.programme"
    label = "programme"
