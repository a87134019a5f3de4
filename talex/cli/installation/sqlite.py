"""A SQLite database as one file: taken while others write, checked before it is put in place."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connections
from django.utils.translation import gettext as _

from talex.cli.installation.archive import Contents, damaged

MEMBER = "database/talex.sqlite3"


def path() -> Path:
    """Where the installation's database lies."""
    return Path(connections["default"].settings_dict["NAME"])


def _tables(database: sqlite3.Connection) -> list[str]:
    found = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " ORDER BY name"
    )
    return [name for (name,) in found]


def rows(file: Path) -> dict[str, int]:
    """Table -> number of rows."""
    with closing(sqlite3.connect(file)) as database:
        return {
            table: database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            for table in _tables(database)
        }


def snapshot(target: Path) -> None:
    """Copy the database into `target` as it is at one moment, in one self-contained file.

    SQLite's online backup in one step: writers go on meanwhile (WAL), none of what they write
    is in the copy.
    """
    with (
        closing(sqlite3.connect(path(), timeout=60)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    target.chmod(0o600)


def facts(file: Path) -> tuple[dict[str, list[str]], dict[str, dict[str, Any]]]:
    """Applied migrations (app -> names) and heads of the ledger of a database file."""
    with closing(sqlite3.connect(file)) as database:
        tables = _tables(database)
        migrations: dict[str, list[str]] = {}
        if "django_migrations" in tables:
            for app, name in database.execute(
                "SELECT app, name FROM django_migrations ORDER BY app, name"
            ):
                migrations.setdefault(app, []).append(name)
        heads = {}
        if "ledger_head" in tables:
            heads = {
                chain: {"number": number, "hash": digest}
                for chain, number, digest in database.execute(
                    "SELECT chain, number, hash FROM ledger_head"
                )
            }
    return migrations, heads


def check(file: Path, contents: Contents) -> None:
    """Whether a file taken from a backup is whole: pages, references, numbers of rows."""
    try:
        with closing(sqlite3.connect(file)) as database:
            told = database.execute("PRAGMA integrity_check(3)").fetchall()
            if told != [("ok",)]:
                raise damaged("; ".join(str(line[0]) for line in told))
            dangling = database.execute("PRAGMA foreign_key_check").fetchall()
            if dangling:
                raise damaged(
                    _("rows of %(table)s refer to rows that are not there.")
                    % {"table": dangling[0][0]}
                )
        if rows(file) != contents.rows:
            raise damaged(_("its tables do not have as many rows as it says."))
    except sqlite3.DatabaseError as error:
        raise damaged(str(error)) from error
