"""Triggers by which the database itself refuses to change what is append-only.

They are put back after every migrate (rebuilding a table on SQLite drops them) and `talex doctor`
asks `missing()`. Nothing in this package can lift them; only the test harness does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

_protected: dict[type[models.Model], bool] = {}

MESSAGE = "talex: this table is append-only"
_FUNCTION = "talex_refuse"


def protect(model: type[models.Model], allow_delete: bool = False) -> None:
    """Refuse UPDATE, TRUNCATE and REPLACE of the model's rows, and DELETE unless it is allowed.

    Call it in `AppConfig.ready()`; the triggers appear with the next migrate.
    """
    _protected[model] = allow_delete


def protected() -> list[type[models.Model]]:
    """The models whose tables are append-only."""
    return list(_protected)


def trigger_name(model: type[models.Model], verb: str) -> str:
    return f"talex_{model._meta.db_table}_{verb}"


def _verbs(connection: BaseDatabaseWrapper, allow_delete: bool) -> list[str]:
    # REPLACE on SQLite fires the delete trigger (recursive_triggers); where deleting is allowed,
    # it is kept from changing a row by the insert trigger.
    verbs = ["update"]
    if not allow_delete:
        verbs.append("delete")
    elif connection.vendor == "sqlite":
        verbs.append("replace")
    if connection.vendor == "postgresql":
        verbs.append("truncate")
    return verbs


def install(connection: BaseDatabaseWrapper, models_: list[type[models.Model]]) -> None:
    """Create what is missing on this database."""
    with connection.cursor() as cursor:
        for model in models_:
            for verb in _verbs(connection, _protected[model]):
                for statement in _create(connection, model, verb):
                    cursor.execute(statement)


def _create(connection: BaseDatabaseWrapper, model: type[models.Model], verb: str) -> Iterator[str]:
    quote = connection.ops.quote_name
    table, name = quote(model._meta.db_table), quote(trigger_name(model, verb))
    if connection.vendor == "sqlite":
        when = ""
        timing = verb.upper()
        if verb == "replace":
            key = quote(str(model._meta.pk.column))
            timing = "INSERT"
            when = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {timing} ON {table} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
    elif connection.vendor == "postgresql":
        # 23001 (restrict_violation) reaches Django as an IntegrityError, as on SQLite.
        yield (
            f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = '23001'; END $$"
        )
        yield (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb.upper()} ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()"
        )
        # Also where a replication role would skip ordinary triggers.
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"
    else:
        raise NotImplementedError(f"append-only tables on {connection.vendor}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of the triggers that should be on this database and are not (or are disabled)."""
    expected = {
        trigger_name(model, verb)
        for model, allow_delete in _protected.items()
        for verb in _verbs(connection, allow_delete)
    }
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {row[0] for row in cursor.fetchall()}
    return sorted(expected - found)


def install_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """`post_migrate`: put back the triggers of the app's tables that exist by now."""
    mine = [model for model in _protected if model._meta.app_label == sender.label]
    if not mine:
        return
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    install(connection, [model for model in mine if model._meta.db_table in tables])
