"""Whether the database is that of this version, and bringing it up to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from talex.core.errors import Conflict
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
    """Raises Conflict where the database is not reached."""
    try:
        migrations = unapplied()
    except OperationalError as error:
        raise Conflict(_("The database cannot be reached: %(why)s") % {"why": error}) from error
    return Lacks(migrations, [] if migrations else triggers.missing(connection))


def bring_up() -> None:
    """Apply what `lacks` names. Each migration is whole or not at all; the rest can be run again.

    Django's `post_migrate` puts the ledger's triggers back.
    """
    call_command("migrate", interactive=False, verbosity=0)
