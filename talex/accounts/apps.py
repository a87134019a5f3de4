"""Django's entry to the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "talex.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from talex.accounts import mails, sessions, signals, social  # noqa: F401 (connect themselves)
        from talex.accounts.actors import load_actor, names_of
        from talex.accounts.event_names import EVENT_NAMES
        from talex.core.actor import register_loader
        from talex.core.jobs.ticks import register_tick
        from talex.ledger.words import name_events
        from talex.ui.nav import NavItem, register

        name_events(EVENT_NAMES)
        mails.register()
        register_tick("accounts.sessions", 3600.0, sessions.sweep)
        register_loader(load_actor, names_of)
        register(
            NavItem(
                key="profile",
                label=_("My profile"),
                url_name="accounts:profile",
                icon="user",
                scope="account",
                order=10,
                visible=lambda actor, edition: actor is not None and actor.signed_in,
            )
        )
        register(
            NavItem(
                key="tokens",
                label=_("API tokens"),
                url_name="accounts:tokens",
                icon="key",
                scope="account",
                order=30,
                visible=lambda actor, edition: actor is not None and actor.signed_in,
            )
        )
