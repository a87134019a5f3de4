"""The one place that can lift the ledger's triggers: to empty a test database, and to tamper.

`conftest.py` calls `install()`; nothing in the package imports this.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

from talex.ledger import triggers


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    """Within the block, append-only tables can be changed; afterwards the triggers are back."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    models = [m for m in triggers.protected() if m._meta.db_table in tables]
    _drop(connection)
    try:
        yield
    finally:
        triggers.install(connection, models)


def _drop(connection: BaseDatabaseWrapper) -> None:
    quote = connection.ops.quote_name
    query = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'talex_%'"
        if connection.vendor == "sqlite"
        else "SELECT tgname, tgrelid::regclass::text FROM pg_trigger "
        "WHERE NOT tgisinternal AND tgname LIKE 'talex_%'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        for name, table in cursor.fetchall():
            on = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER {quote(name)}{on}")


def install() -> None:
    """Let a TransactionTestCase empty the database after a test."""
    if getattr(TransactionTestCase, "_talex_harness", False):
        return
    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(self: TransactionTestCase) -> None:
        with lifted():
            original(self)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]
    TransactionTestCase._talex_harness = True  # type: ignore[attr-defined]
