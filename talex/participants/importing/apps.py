"""Django's entry to the import of files, a part of the room `participants`."""

from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "talex.participants.importing"
    label = "importing"

    def ready(self) -> None:
        from talex.core import uploads
        from talex.participants.importing import tasks  # noqa: F401 - registers the jobs
        from talex.participants.importing.registry import register_target
        from talex.participants.importing.rules import can_read_file
        from talex.participants.importing.targets.organisations import OrganisationTarget
        from talex.participants.importing.targets.talents import TalentTarget

        register_target(TalentTarget())
        register_target(OrganisationTarget())
        uploads.register_purpose("import", may_read=can_read_file)
