"""Django's entry to cohorts of universities, a part of the room `participants`."""

from __future__ import annotations

from django.apps import AppConfig


class CohortsConfig(AppConfig):
    name = "talex.participants.cohorts"
    label = "cohorts"

    def ready(self) -> None:
        from talex.core import limits, registries, uploads
        from talex.core.jobs.ticks import register_tick
        from talex.evidence.rules import register_confirmer
        from talex.ledger.words import name_events
        from talex.participants import checked
        from talex.participants.arrivals import on_arrival
        from talex.participants.cohorts import expiry, mails, navigation
        from talex.participants.cohorts.erasing import CohortsErase, CohortsMerge
        from talex.participants.cohorts.event_names import EVENT_NAMES
        from talex.participants.cohorts.services import confirming, joining, rechecking, rolls

        name_events(EVENT_NAMES)
        mails.register()
        registries.erase.register(CohortsErase())
        registries.merge.register(CohortsMerge())
        register_confirmer(confirming.confirmer)
        checked.register_listener(rechecking.recheck)
        on_arrival("cohorts", joining.after_registration)
        register_tick("cohorts.expiry", 3600.0, expiry.expire)
        uploads.register_purpose(rolls.PURPOSE, limit=rolls.MOST_BYTES, guarded=False)
        # A code has 40 bits: at this pace nobody finds one.
        limits.register("cohort_code", account=(20, 3600), address=(300, 3600))
        navigation.install()
