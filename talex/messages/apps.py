"""Django's entry to the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    name = "talex.messages"
    label = "talex_messages"  # "messages" is Django's own

    def ready(self) -> None:
        from talex.accounts import hooks
        from talex.core import outbox, registries
        from talex.core.jobs.ticks import register_tick
        from talex.editions.rules import can_audit
        from talex.ledger.words import name_events
        from talex.messages import channels, digests, door, sending, writing
        from talex.messages.erasing import PersonsMessages
        from talex.messages.event_names import EVENT_NAMES
        from talex.ui.nav import NavItem, register

        name_events(EVENT_NAMES)
        digests.register()
        door.register()
        hooks.use_sender(door.send)
        outbox.use(writing.write)
        outbox.use_channels(channels.configured)
        registries.erase.register(PersonsMessages())
        register_tick("messages.deliver", 2.0, sending.deliver)
        register_tick("messages.digests", 300.0, digests.send_due)
        register_tick("messages.prune", 3600.0, sending.prune)
        register_tick("messages.prune_door", 3600.0, door.prune)
        register(
            NavItem(
                key="messages",
                label=_("How we write to you"),
                url_name="messages:preferences",
                icon="mail",
                scope="account",
                order=20,
                visible=lambda actor, edition: actor is not None and actor.signed_in,
            )
        )
        register(
            NavItem(
                key="message-log",
                label=_("Sent messages"),
                url_name="messages:log",
                icon="mail",
                section="admin",
                order=55,
                visible=lambda actor, edition: (
                    actor is not None and edition is not None and can_audit(actor, edition.pk)
                ),
            )
        )
