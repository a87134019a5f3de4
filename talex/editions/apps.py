"""Django's entry to the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditionsConfig(AppConfig):
    name = "talex.editions"
    label = "editions"
    verbose_name = _("Editions")

    def ready(self) -> None:
        from talex.accounts.hooks import on_email_confirmed
        from talex.core import registries
        from talex.core.actor import register_grants
        from talex.editions import mails, navigation, search
        from talex.editions.event_names import EVENT_NAMES
        from talex.editions.role_services import take_up_invitations
        from talex.editions.roles import grants_of
        from talex.ledger.words import name_events

        name_events(EVENT_NAMES)
        register_grants(grants_of)
        on_email_confirmed(take_up_invitations)
        navigation.install()
        mails.register()
        registries.search.register(search.EditionSource())
