from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "talex.fair.conversations"
    label = "conversations"

    def ready(self) -> None:
        from talex.core import registries
        from talex.core.jobs.ticks import register_tick
        from talex.editions.next_steps import register_next_steps
        from talex.fair.conversations import (
            menu,
            people,
            reportable,
            reporting,
            steps,
            telling,
            telling_cases,
        )
        from talex.participants import abuse
        from talex.ui.nav import register

        abuse.use_reports(reportable.report_url)
        telling.register()
        telling_cases.register()
        registries.merge.register(people.PersonsMerge())
        registries.merge.register(people.OrganisationsMerge())
        registries.erase.register(people.PersonsErase())
        register_next_steps(steps.next_steps)
        register_tick("conversations.retention", 3600, reporting.forget_evidence)
        for item in menu.items():
            register(item)
