from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    name = "talex.programme"
    label = "programme"

    def ready(self) -> None:
        from talex.core import registries
        from talex.ledger.words import name_events
        from talex.programme import rules, search
        from talex.programme.event_names import EVENT_NAMES
        from talex.ui.nav import NavItem, register

        name_events(EVENT_NAMES)
        registries.search.register(search.ActivitySource())
        register(
            NavItem(
                key="programme",
                label=_("Programme"),
                url_name="programme:programme",
                icon="list",
                section="programme",
                order=10,
                visible=lambda actor, edition: True,
            )
        )
        register(
            NavItem(
                key="halls",
                label=_("Halls and days"),
                url_name="programme:halls",
                icon="building",
                section="programme",
                order=20,
                visible=lambda actor, edition: rules.can_manage(actor, edition.id),
            )
        )
