"""What `talex doctor` asks the database. None of it changes anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.cli.installation.checks import Check
from talex.cli.installation.schema import unapplied
from talex.core.registries import Finding, Level
from talex.ledger.models import Block, Head

# What talex.settings.environment asks SQLite for.
_PRAGMAS = {"journal_mode": "wal", "recursive_triggers": "1", "foreign_keys": "1"}
_OLDEST_POSTGRESQL = 140000


def reachable() -> Iterator[Finding]:
    """The server or file, its version and how it is set up. A FAULT ends the other checks."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield Finding(
            Level.FAULT,
            _("The database cannot be reached: %(why)s") % {"why": str(error).strip()},
            _("Check TALEX_DATABASE_URL and whether the server runs."),
        )
        return
    if connection.vendor == "sqlite":
        yield from _sqlite()
    else:
        yield from _postgresql()


def _sqlite() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        for name, wanted in _PRAGMAS.items():
            cursor.execute(f"PRAGMA {name}")
            found = str(cursor.fetchone()[0])
            if found != wanted:
                yield Finding(
                    Level.FAULT,
                    _("SQLite's %(name)s is %(found)s, not %(wanted)s.")
                    % {"name": name, "found": found, "wanted": wanted},
                    _("Is the file on a network drive? SQLite needs a disk of this machine."),
                )
        cursor.execute("SELECT sqlite_version()")
        version = cursor.fetchone()[0]
        cursor.execute("PRAGMA quick_check(3)")
        told = [row[0] for row in cursor.fetchall()]
    if told != ["ok"]:
        yield Finding(
            Level.FAULT,
            _("The database file is damaged: %(why)s") % {"why": "; ".join(told)},
            _("Stop Talex and restore the last backup."),
        )
    yield Finding(
        Level.FINE,
        _("SQLite %(version)s, %(path)s")
        % {"version": version, "path": connection.settings_dict["NAME"]},
    )


def _postgresql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version'),"
            " current_setting('server_encoding'), now()"
        )
        number, version, encoding, instant = cursor.fetchone()
    if number < _OLDEST_POSTGRESQL:
        yield Finding(
            Level.FAULT,
            _("PostgreSQL %(version)s is too old.") % {"version": version},
            _("Use version 14 or newer."),
        )
    if encoding != "UTF8":
        yield Finding(
            Level.FAULT,
            _("The database keeps text as %(encoding)s.") % {"encoding": encoding},
            _("Make the database with ENCODING 'UTF8'."),
        )
    apart = abs((instant - datetime.now(UTC)).total_seconds())
    if apart > 5:
        yield Finding(
            Level.WARNING,
            ngettext(
                "The database server's clock is %(seconds)s second off this machine's.",
                "The database server's clock is %(seconds)s seconds off this machine's.",
                round(apart),
            )
            % {"seconds": round(apart)},
            _("Let both take their time from the same server (NTP)."),
        )
    yield Finding(Level.FINE, _("PostgreSQL %(version)s") % {"version": version})


def migrations() -> Iterator[Finding]:
    """Whether the database is that of this version. A FAULT ends the checks that read tables."""
    lacking = unapplied()
    if lacking:
        yield Finding(
            Level.FAULT,
            ngettext(
                "%(count)s migration is not applied: %(names)s",
                "%(count)s migrations are not applied: %(names)s",
                len(lacking),
            )
            % {"count": len(lacking), "names": ", ".join(lacking[:3])},
            "talex migrate",
        )
    else:
        yield Finding(Level.FINE, _("The database is that of this version."))


def ledger_heads() -> Iterator[Finding]:
    """Each head names the last block of its chain; `talex ledger verify` walks all of them."""
    broken = []
    heads = {head.chain: head for head in Head.objects.all()}
    for chain, head in heads.items():
        last = Block.objects.filter(chain=chain).order_by("-number").first()
        found = (last.number, last.hash) if last else (0, head.hash if not head.number else "")
        if found != (head.number, head.hash):
            broken.append(chain)
    broken += sorted(set(Block.objects.values_list("chain", flat=True).distinct()) - heads.keys())
    if broken:
        yield Finding(
            Level.FAULT,
            _("The ledger's head does not name the last block: %(chains)s")
            % {"chains": ", ".join(broken)},
            "talex ledger verify",
        )
    else:
        yield Finding(
            Level.FINE,
            ngettext(
                "The ledger's head fits: %(count)s chain.",
                "The ledger's heads fit: %(count)s chains.",
                len(heads),
            )
            % {"count": len(heads)},
        )


# In this order: where one of the first two finds a fault, the others are left out.
FIRST: dict[str, Check] = {"database": reachable, "migrations": migrations}
CHECKS: dict[str, Check] = {
    "ledger": ledger_heads,
}
