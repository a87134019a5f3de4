"""Django's entry to the room."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "talex.messages"
    label = "talex_messages"  # "messages" is Django's own

    def ready(self) -> None:
        from talex.core import outbox, registries
        from talex.core.jobs.ticks import register_tick
        from talex.messages import channels, sending, writing
        from talex.messages.erasing import PersonsMessages

        outbox.use(writing.write)
        outbox.use_channels(channels.configured)
        registries.erase.register(PersonsMessages())
        register_tick("messages.deliver", 2.0, sending.deliver)
        register_tick("messages.prune", 3600.0, sending.prune)
