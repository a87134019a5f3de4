from django.apps import AppConfig


class FairConfig(AppConfig):
    name = "talex.fair"
    label = "fair"

    def ready(self) -> None:
        from talex.core import outbox, registries
        from talex.core.jobs.ticks import register_tick
        from talex.editions.next_steps import register_next_steps
        from talex.evidence.rules import register_confirmer
        from talex.fair import (
            mailed,
            mails,
            menu,
            outside,
            people,
            refused,
            search,
            steps,
            telling,
        )
        from talex.fair import tasks as _tasks  # noqa: F401 (registers the job)
        from talex.fair.agreements import FairAgreements
        from talex.fair.event_names import EVENT_NAMES
        from talex.fair.importing import OpeningTarget
        from talex.fair.services import ending, esco, leaving, matches, outcomes, searches
        from talex.fair.views.outcomes import part
        from talex.ledger.outbox import register_consumer
        from talex.ledger.within import register_within
        from talex.ledger.words import name_events
        from talex.meetings.services import on_outcome
        from talex.meetings.views import DETAIL_EXTRAS
        from talex.participants import agreements, barred
        from talex.participants.importing.registry import register_target
        from talex.ui.nav import register

        name_events(EVENT_NAMES)
        mails.register()
        telling.register()
        refused.register()
        outbox.use_seer(mailed.seen)
        barred.register_organisations(outside.suspended_organisations)
        barred.register_persons(outside.suspended_persons)
        register_confirmer(outcomes.confirmer)
        on_outcome(outcomes.after_outcome)
        agreements.register(FairAgreements())
        register_target(OpeningTarget())
        registries.merge.register(people.PersonsMerge())
        registries.merge.register(people.OrganisationsMerge())
        registries.erase.register(people.PersonsErase())
        registries.search.register(search.OpeningSource())
        register_next_steps(steps.next_steps)
        register_tick("fair.requests", 60, ending.run_by_itself)
        register_within(
            "fair.called_off", frozenset({"meetings.meeting.cancelled"}), matches.after_called_off
        )
        register_consumer("fair.consents", ending.after_event, ending.FOLLOWED)
        register_consumer("fair.leaving", leaving.after_event, leaving.FOLLOWED)
        register_tick("fair.alerts", 300, searches.enqueue_due)
        register_tick("fair.esco.expiry", 3600.0, esco.expire)
        if part not in DETAIL_EXTRAS:
            DETAIL_EXTRAS.append(part)
        for item in menu.items():
            register(item)
