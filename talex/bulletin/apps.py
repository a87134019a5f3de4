"""Django's entry to the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BulletinConfig(AppConfig):
    name = "talex.bulletin"
    label = "bulletin"

    def ready(self) -> None:
        from talex.bulletin import steps
        from talex.bulletin.event_names import EVENT_NAMES
        from talex.bulletin.models import Snapshot, SnapshotCell
        from talex.bulletin.rules import can_see_figures
        from talex.editions.next_steps import register_next_steps
        from talex.ledger.triggers import protect
        from talex.ledger.words import name_events
        from talex.ui.nav import NavItem, register

        name_events(EVENT_NAMES)
        register_next_steps(steps.next_steps)
        protect(Snapshot)
        protect(SnapshotCell)
        register(
            NavItem(
                key="figures",
                label=_("Figures"),
                url_name="bulletin:figures",
                icon="chart",
                section="figures",
                order=10,
                visible=lambda actor, edition: (
                    edition is not None and can_see_figures(actor, edition.pk)
                ),
            )
        )
        register(
            NavItem(
                key="snapshots",
                label=_("Snapshots and bulletins"),
                url_name="bulletin:snapshots",
                icon="archive",
                section="figures",
                order=20,
                also=("bulletin:bulletins", "bulletin:bulletin", "bulletin:bulletin_in"),
                visible=lambda actor, edition: (
                    edition is not None and can_see_figures(actor, edition.pk)
                ),
            )
        )
