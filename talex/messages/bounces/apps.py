"""Django's entry to mails that come back, a part of the room `messages`."""

from __future__ import annotations

from django.apps import AppConfig


class BouncesConfig(AppConfig):
    name = "talex.messages.bounces"
    label = "bounces"

    def ready(self) -> None:
        from talex.accounts import hooks
        from talex.core import registries
        from talex.core.jobs.ticks import register_tick
        from talex.editions.next_steps import register_next_steps
        from talex.ledger.words import name_events
        from talex.messages.bounces import erasing, imap, showing, suppressing
        from talex.messages.bounces.event_names import EVENT_NAMES
        from talex.participants.warnings import register_warnings, use_unreachable

        name_events(EVENT_NAMES)
        hooks.before_mail(suppressing.may_try)
        hooks.on_email_confirmed(suppressing.works)
        showing.listen()
        register_next_steps(showing.steps)
        register_warnings(showing.warnings)
        use_unreachable(showing.unreachable)
        registries.erase.register(erasing.PersonsAddresses())
        registries.doctor.register(imap.MailboxCheck())
        register_tick("bounces.collect", 60.0, imap.collect)
        register_tick("bounces.tidy", 3600.0, suppressing.tidy)
