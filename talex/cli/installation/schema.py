"""Whether the database is that of this version, and bringing it up to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from talex.ledger import triggers


@dataclass(frozen=True, slots=True)
class Lacks:
    """What the database lacks of this version: names as `room.0001_initial`, and triggers.

    `triggers` guard the ledger's tables; before their tables exist they are not lacking.
    """

    migrations: list[str]
    triggers: list[str]

    def __bool__(self) -> bool:
        return bool(self.migrations or self.triggers)


def unapplied() -> list[str]:
    """Migrations that the database lacks; raises OperationalError where it is not reached."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def lacks() -> Lacks:
    """Raises OperationalError where the database is not reached."""
    migrations = unapplied()
    return Lacks(migrations, [] if migrations else triggers.missing(connection))


def bring_up() -> None:
    """Apply what `lacks` names. Each migration is whole or not at all; the rest can be run again.

    Django's `post_migrate` puts the ledger's triggers back.
    """
    call_command("migrate", interactive=False, verbosity=0)
