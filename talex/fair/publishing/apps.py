from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "talex.fair.publishing"
    label = "publishing"

    def ready(self) -> None:
        from talex.editions.next_steps import register_next_steps
        from talex.fair.publishing import menu
        from talex.fair.publishing.event_names import EVENT_NAMES
        from talex.ledger.words import name_events
        from talex.ui.nav import register

        name_events(EVENT_NAMES)
        register_next_steps(menu.next_steps)
        for item in menu.items():
            register(item)
