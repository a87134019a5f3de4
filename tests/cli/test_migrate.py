"""`talex migrate`, and what other commands say of a database that is not that of this version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection

from talex.cli.codes import CONFLICT, FAULT, NOT_VERIFIED
from tests.cli.installations import Installation, installation

DROP_A_TRIGGER = """
from django.db import connection
from talex.ledger import triggers
from talex.ledger.models import Entry
name = triggers.trigger_name(Entry, "update")
on = "" if connection.vendor == "sqlite" else f" ON {Entry._meta.db_table}"
connection.cursor().execute(f"DROP TRIGGER {name}{on}")
"""


def test_brings_the_database_up_and_says_what_was_done(tmp_path: Path) -> None:
    with installation(tmp_path / "home") as place:
        # One sentence, no traceback, and what to do: on SQLite as on PostgreSQL.
        unready = place.talex("edition", "list", code=FAULT)
        assert unready.stderr.count("\n") == 1 and "talex migrate" in unready.stderr
        assert "not that of this version" in unready.stderr
        told = json.loads(place.talex("--json", "edition", "list", code=FAULT).stderr)
        assert told["error"] == "Unusable" and "talex migrate" in told["detail"]

        pending = place.told("migrate", "--check", code=NOT_VERIFIED)
        assert pending["ok"] is False and "accounts.0001_initial" in pending["unapplied"]

        done = place.told("migrate")
        assert done == {"ok": True, "applied": pending["unapplied"], "put_back": []}
        assert place.told("edition", "list") == []
        nothing = place.talex("migrate", "--check")
        assert nothing.stdout.strip() == "The database is that of this version."

        # A trigger that somebody took away is pending too, and comes back.
        place.python(DROP_A_TRIGGER)
        lacking = place.told("migrate", "--check", code=NOT_VERIFIED)
        assert lacking["missing_triggers"] == ["talex_ledger_entry_update"]
        again = place.told("migrate")
        assert again["put_back"] == ["talex_ledger_entry_update"] and again["applied"] == []
        assert place.told("doctor")["ok"] is True


def test_one_migration_that_lacks_is_one(tmp_path: Path) -> None:
    with installation(tmp_path / "home", migrated=True) as place:
        place.migrate("mfa", "0002")
        said = place.talex("migrate", "--check", code=NOT_VERIFIED).stdout
        assert said.startswith("1 migration is not applied:\n  mfa.0003")
        said = place.talex("--language", "de", "migrate").stdout
        assert said.startswith("1 Migration wurde angewandt:\n  mfa.0003")


def test_a_running_server_is_not_migrated_under_its_feet(tmp_path: Path) -> None:
    with installation(tmp_path / "home") as place:
        hold = (
            "import django; django.setup()\n"
            "from talex.cli.installation import lock; import time\n"
            "with lock.running():\n    print('held', flush=True); time.sleep(60)"
        )
        holder = place.start("-c", hold)
        try:
            assert holder.stdout is not None and holder.stdout.readline() == "held\n"
            assert "talex serve" in place.talex("migrate", code=CONFLICT).stderr
        finally:
            holder.kill()
            holder.communicate()


def test_a_database_that_is_away_is_no_migration(tmp_path: Path) -> None:
    away = Installation(tmp_path, "postgresql://nobody@127.0.0.1:1/talex")
    assert "cannot be reached" in away.talex("migrate", code=CONFLICT).stderr
    told = away.talex("edition", "list", code=FAULT).stderr
    assert "cannot be used" in told and "talex migrate" not in told


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's file")
def test_a_file_that_cannot_be_opened_is_no_migration(tmp_path: Path) -> None:
    (tmp_path / "is-a-folder").mkdir()
    place = Installation(tmp_path, f"sqlite:///{tmp_path / 'is-a-folder'}")
    told = place.talex("edition", "list", code=FAULT).stderr
    assert "talex doctor" in told and "talex migrate" not in told
