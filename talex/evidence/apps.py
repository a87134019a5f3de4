from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "talex.evidence"
    label = "evidence"

    def ready(self) -> None:
        from talex.evidence.event_names import EVENT_NAMES
        from talex.evidence.models import Dimension, Evidence, SameSubject
        from talex.ledger.triggers import protect
        from talex.ledger.words import name_events

        name_events(EVENT_NAMES)
        for model in (Evidence, Dimension, SameSubject):
            protect(model)
