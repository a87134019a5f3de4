"""A PostgreSQL database through COPY: no client programme of a fitting version is needed.

The schema is not dumped: the migrations that the backup names build it again, in one transaction
with the rows (docs/decisions/0002-backup.md). Rows are COPY's text format, which every version of
PostgreSQL reads.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import psycopg
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from psycopg import sql

from talex.cli.installation.archive import Contents, Writer, damaged

Progress = Callable[[int, int, str], None]

_TABLES = """
    SELECT c.relname, array_agg(a.attname ORDER BY a.attnum)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.relname ORDER BY c.relname
"""
_SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1"


class Snapshot:
    """The database as it is at one moment, on a connection of its own."""

    def __init__(self) -> None:
        self.wrapper = connections["default"].copy()
        self.wrapper.connect()
        found: Any = self.wrapper.connection
        self.connection: psycopg.Connection[Any] = found
        self.connection.autocommit = False
        self.connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        self.connection.read_only = True

    def close(self) -> None:
        self.connection.rollback()
        self.wrapper.close()

    def version(self) -> str:
        return str(self.connection.info.server_version)

    def tables(self) -> dict[str, list[str]]:
        """Table -> its columns, without those that are computed."""
        with self.connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
            return dict(cursor.execute(_TABLES).fetchall())

    def facts(self) -> tuple[dict[str, list[str]], dict[str, dict[str, Any]]]:
        """Applied migrations (app -> names) and heads of the ledger."""
        tables = self.tables()
        migrations: dict[str, list[str]] = {}
        heads: dict[str, dict[str, Any]] = {}
        with self.connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
            if "django_migrations" in tables:
                for app, name in cursor.execute(
                    "SELECT app, name FROM django_migrations ORDER BY app, name"
                ):
                    migrations.setdefault(app, []).append(name)
            if "ledger_head" in tables:
                for chain, number, digest in cursor.execute(
                    "SELECT chain, number, hash FROM ledger_head"
                ):
                    heads[chain] = {"number": number, "hash": digest}
        return migrations, heads

    def dump(self, archive: Writer, folder: Path, progress: Progress) -> None:
        """Write every table into the archive, one after another through `folder`."""
        tables = self.tables()
        with self.connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
            for done, (table, columns) in enumerate(tables.items()):
                progress(done, len(tables), table)
                file = folder / f"{table}.copy"
                written = 0
                with (
                    file.open("wb") as out,
                    cursor.copy(_copy(table, columns, "TO STDOUT")) as rows,
                ):
                    for chunk in rows:
                        out.write(chunk)
                        # Line breaks within a value are escaped: one line is one row.
                        written += bytes(chunk).count(b"\n")
                archive.add(f"database/{table}.copy", file)
                file.unlink()
                archive.contents.rows[table] = written
                archive.contents.columns[table] = columns
            for (name,) in cursor.execute(_SEQUENCES).fetchall():
                state = cursor.execute(
                    sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name))
                ).fetchone()
                archive.contents.sequences[name] = list(state or ())


def _copy(
    table: str, columns: list[str], direction: Literal["TO STDOUT", "FROM STDIN"]
) -> sql.Composed:
    return sql.SQL("COPY {} ({}) {}").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(direction),
    )


def _raw() -> psycopg.Connection[Any]:
    connection.ensure_connection()
    found: Any = connection.connection
    return found


def empty() -> None:
    """Drop every table of the schema; part of the transaction that is open."""
    with _raw().cursor() as cursor:
        # A server that still runs holds locks; do not wait for it for ever.
        cursor.execute("SET LOCAL lock_timeout = '15s'")
        names = [row[0] for row in cursor.execute(_TABLES).fetchall()]
        if names:
            cursor.execute(
                sql.SQL("DROP TABLE {} CASCADE").format(
                    sql.SQL(", ").join(map(sql.Identifier, names))
                )
            )


def load(
    folder: Path, contents: Contents, migrations: dict[str, list[str]], progress: Progress
) -> None:
    """Build the backup's schema in the emptied database and fill it.

    Within one open transaction: whatever goes wrong, what was there before is there again.
    Raises Invalid where the database refuses what the backup holds.
    """
    try:
        _load(folder, contents, migrations, progress)
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        raise damaged(str(error).strip()) from error


def _load(
    folder: Path, contents: Contents, migrations: dict[str, list[str]], progress: Progress
) -> None:
    with _raw().cursor() as cursor:
        # Pending checks would forbid later migrations to alter a table.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        executor = MigrationExecutor(connection)
        executor.migrate(targets(executor, migrations))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        there = dict(cursor.execute(_TABLES).fetchall())
        strange = [
            table
            for table, columns in contents.columns.items()
            if set(columns) - set(there.get(table, ()))
        ]
        if strange:
            raise damaged(
                _("the migrations make no such table or column: %(names)s.")
                % {"names": ", ".join(strange)}
            )
        for table in there:  # what migrations put in
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for done, (table, columns) in enumerate(contents.columns.items()):
            progress(done, len(contents.columns), table)
            file = folder / "database" / f"{table}.copy"
            with file.open("rb") as rows, cursor.copy(_copy(table, columns, "FROM STDIN")) as into:
                while chunk := rows.read(1024 * 1024):
                    into.write(chunk)
            if cursor.rowcount != contents.rows[table]:
                raise damaged(_("%(table)s lacks rows.") % {"table": table})
        for name, (last, called) in contents.sequences.items():
            cursor.execute("SELECT setval(quote_ident(%s)::regclass, %s, %s)", [name, last, called])
        # Now every reference is checked.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def targets(executor: MigrationExecutor, wanted: dict[str, list[str]]) -> list[tuple[str, str]]:
    """The migrations of the backup as this version has them (a squashed one for its parts)."""
    graph = executor.loader.graph.nodes
    replaced = {
        part: key for key, migration in executor.loader.replacements.items()
        for part in migration.replaces
    }  # fmt: skip
    found = set()
    for app, names in wanted.items():
        for name in names:
            key = (app, name) if (app, name) in graph else replaced.get((app, name))
            if key is not None and key in graph:
                found.add(key)
    # The last ones only: Django takes one that another needs for a wish to go back to it.
    nodes = executor.loader.graph.node_map
    return sorted(key for key in found if not any(c.key in found for c in nodes[key].children))
