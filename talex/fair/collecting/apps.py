from django.apps import AppConfig


class CollectingConfig(AppConfig):
    name = "talex.fair.collecting"
    label = "collecting"

    def ready(self) -> None:
        from talex.core import registries
        from talex.editions.next_steps import register_next_steps
        from talex.fair import reviewing
        from talex.fair.collecting import gate, mails, menu, people, steps
        from talex.fair.collecting.event_names import EVENT_NAMES
        from talex.fair.collecting.services import following
        from talex.ledger.words import name_events
        from talex.ui.nav import register

        name_events(EVENT_NAMES)
        mails.register()
        following.register()
        reviewing.use(gate.Gate())
        registries.merge.register(people.OrganisationsMerge())
        register_next_steps(steps.next_steps)
        for item in menu.items():
            register(item)
