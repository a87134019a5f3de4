from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "talex.evidence"
    label = "evidence"
