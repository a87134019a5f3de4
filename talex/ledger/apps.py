from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "talex.ledger"
    label = "ledger"

    def ready(self) -> None:
        from talex.core import work
        from talex.ledger import outbox, services, triggers
        from talex.ledger.models import Block, Entry, Payload

        work.before_commit(services.write_blocks)
        triggers.protect(Block)
        triggers.protect(Entry)
        triggers.protect(Payload, allow_delete=True)
        post_migrate.connect(triggers.install_after_migrate, dispatch_uid="talex.ledger.triggers")
        outbox.register()
