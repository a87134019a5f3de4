from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "talex.evidence"
    label = "evidence"

    def ready(self) -> None:
        from talex.evidence.models import Dimension, Evidence, SameSubject
        from talex.ledger.triggers import protect

        for model in (Evidence, Dimension, SameSubject):
            protect(model)
