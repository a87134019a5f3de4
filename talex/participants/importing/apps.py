"""Django's entry to the import of files, a part of the room `participants`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportingConfig(AppConfig):
    name = "talex.participants.importing"
    label = "importing"

    def ready(self) -> None:
        from talex.core import registries, uploads
        from talex.core.jobs.ticks import register_tick
        from talex.editions.rules import can_audit
        from talex.ledger.words import name_events
        from talex.participants.importing import expiry, tasks  # noqa: F401 - registers the jobs
        from talex.participants.importing.erasing import StagedErase
        from talex.participants.importing.event_names import EVENT_NAMES
        from talex.participants.importing.registry import register_target
        from talex.participants.importing.rules import can_read_file
        from talex.participants.importing.targets.organisations import OrganisationTarget
        from talex.participants.importing.targets.talents import TalentTarget
        from talex.ui.nav import NavItem, register

        name_events(EVENT_NAMES)
        register_target(TalentTarget())
        register_target(OrganisationTarget())
        registries.erase.register(StagedErase())
        register_tick("importing.expiry", 3600.0, expiry.expire)
        uploads.register_purpose("import", may_read=can_read_file, guarded=False)
        register(
            NavItem(
                key="imports",
                label=_("Imports"),
                url_name="importing:imports",
                icon="upload",
                section="people",
                order=90,
                visible=lambda actor, edition: can_audit(actor, edition.id),
            )
        )
