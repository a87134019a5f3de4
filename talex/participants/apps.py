from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    name = "talex.participants"
    label = "participants"
