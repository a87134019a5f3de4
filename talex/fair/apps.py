from django.apps import AppConfig


class FairConfig(AppConfig):
    name = "talex.fair"
    label = "fair"

    def ready(self) -> None:
        from talex.evidence.rules import register_confirmer
        from talex.fair import tasks  # noqa: F401 (registers the handler)
        from talex.fair.importing import OpeningTarget
        from talex.fair.services import outcomes
        from talex.meetings.services import on_outcome
        from talex.participants.importing.registry import register_target

        register_confirmer(outcomes.confirmer)
        on_outcome(outcomes.after_outcome)
        register_target(OpeningTarget())
