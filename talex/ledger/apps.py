from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "talex.ledger"
    label = "ledger"
    verbose_name = _("Ledger")

    def ready(self) -> None:
        from talex.core import work
        from talex.ledger import (  # noqa: F401
            aside,
            checks,
            outbox,
            rules,
            searching,
            services,
            tasks,
            triggers,
            within,
        )
        from talex.ledger.event_names import EVENT_NAMES
        from talex.ledger.fact_names import FACT_NAMES
        from talex.ledger.models import Block, Entry, Payload
        from talex.ledger.words import name_events, name_facts
        from talex.ui.nav import NavItem, register

        name_events(EVENT_NAMES)
        name_facts(FACT_NAMES)
        # In this order: what rooms do within the transaction may be recorded as well.
        work.before_commit(within.run)
        work.before_commit(services.write_blocks)
        triggers.protect(Block)
        triggers.protect(Entry)
        triggers.protect(Payload, allow_delete=True)
        post_migrate.connect(triggers.install_after_migrate, dispatch_uid="talex.ledger.triggers")
        outbox.register()
        aside.register()
        searching.register()
        checks.register()
        register(
            NavItem(
                key="ledger",
                label=_("Ledger"),
                url_name="ledger:entries",
                icon="shield",
                section="admin",
                order=80,
                visible=lambda actor, edition: rules.can_read_chain(actor, str(edition.pk)),
            )
        )
