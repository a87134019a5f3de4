"""Django's entry to registration and verification, a part of the room `participants`."""

from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "talex.participants.credentials"
    label = "credentials"

    def ready(self) -> None:
        from talex.core import registries, uploads
        from talex.core.jobs.ticks import register_tick
        from talex.ledger.words import name_events
        from talex.participants import checked
        from talex.participants.credentials import mails, navigation, reminding
        from talex.participants.credentials.erasing import CasesErase, CasesFiles, CasesMerge
        from talex.participants.credentials.event_names import EVENT_NAMES
        from talex.participants.credentials.rules import can_read_paper
        from talex.participants.credentials.services import cases, rechecking, retention

        name_events(EVENT_NAMES)
        mails.register()
        reminding.register()
        checked.register_listener(rechecking.recheck)
        register_tick("credentials.reminders", 900.0, reminding.remind)
        registries.erase.register(CasesErase())
        registries.own_files.register(CasesFiles())
        registries.merge.register(CasesMerge())
        register_tick("credentials.retention", 3600.0, retention.tick)
        uploads.register_purpose(
            cases.PURPOSE, may_read=can_read_paper, types=cases.TYPES, limit=cases.LIMIT
        )
        navigation.install()
