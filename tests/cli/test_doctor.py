"""`talex doctor` finds what is wrong, one fault a test, and says what to do."""

from __future__ import annotations

import json
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from talex.cli.codes import INVALID, NOT_VERIFIED, OK
from talex.cli.installation import checks
from talex.cli.main import group
from talex.core.actor import SYSTEM
from talex.core.work import work
from talex.ledger.models import Block, Entry, Head
from talex.ledger.services import record
from tests.cli.installations import Installation
from tests.harness import lifted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _key(settings: Any) -> None:
    settings.SECRET_KEY = "k" * 50


def doctor(code: int) -> list[dict[str, Any]]:
    done = CliRunner().invoke(group, ["--json", "doctor"])
    assert done.exit_code == code, done.output
    found = json.loads(done.stdout)
    assert found["ok"] is (code == OK)
    findings: list[dict[str, Any]] = found["findings"]
    return findings


def faults() -> dict[str, dict[str, Any]]:
    """check -> its fault."""
    return {f["check"]: f for f in doctor(NOT_VERIFIED) if f["level"] == "fault"}


def test_a_fine_installation() -> None:
    with work():
        record("test.made", actor=SYSTEM, edition=None, obj=None)
    found = doctor(OK)
    assert {f["check"] for f in found} >= {
        "version", "settings", "keys", "folders", "languages", "fonts", "clock",
        "database", "migrations", "ledger", "ledger.triggers", "core.jobs", "core.files",
    }  # fmt: skip
    assert not [f for f in found if f["level"] == "fault"]


def test_a_limit_that_talex_does_not_have() -> None:
    with override_settings(TALEX_RATES={"sign_in.adress": (60, 600), "upload.account": (9, 60)}):
        told = [f for f in doctor(OK) if f["level"] == "warning" and "TALEX_RATES" in f["message"]]
    assert len(told) == 1 and "sign_in.adress" in told[0]["message"]
    assert "upload.account" not in told[0]["message"] and "sign_in.address" in told[0]["remedy"]


def test_triggers_that_are_missing() -> None:
    with lifted():
        found = faults()["ledger.triggers"]
    assert "talex_ledger_entry_update" in found["message"]
    assert found["remedy"]
    doctor(OK)


def test_a_head_that_does_not_fit() -> None:
    with work():
        record("test.made", actor=SYSTEM, edition=None, obj=None)
    Head.objects.update(number=7)
    assert "site" in faults()["ledger"]["message"]
    with lifted():
        Entry.objects.all().delete()
        Block.objects.all().delete()
    Head.objects.update(number=1)
    assert "site" in faults()["ledger"]["message"]


def test_migrations_that_are_missing_end_the_checks_of_tables() -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("mfa", "0003_authenticator_type_uniq")
    try:
        found = doctor(NOT_VERIFIED)
    finally:
        recorder.record_applied("mfa", "0003_authenticator_type_uniq")
    last = found[-1]
    assert (last["check"], last["level"]) == ("migrations", "fault")
    assert "mfa.0003" in last["message"] and last["remedy"] == "talex migrate"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="pragmas are SQLite's")
def test_pragmas_that_are_not_as_asked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers=OFF")
    try:
        assert "recursive_triggers" in faults()["database"]["message"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers=ON")


def test_catalogues_that_are_not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "uncompiled", lambda: [Path("django.po")])
    assert faults()["languages"]["remedy"] == "talex languages --compile"


Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(("free", "level"), [(10**9, "warning"), (10**8, "fault")])
def test_a_disk_that_is_full(monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda path: Usage(10**12, 0, free))
    found = doctor(NOT_VERIFIED if level == "fault" else OK)
    assert [f["level"] for f in found if f["check"] == "folders"] == [level]


def test_a_folder_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(dir: Path) -> None:
        raise PermissionError(13, "Permission denied", str(dir))

    monkeypatch.setattr(checks.tempfile, "TemporaryFile", refuse)
    assert "Permission denied" in faults()["folders"]["message"]


def test_a_key_that_others_can_read(tmp_path: Path) -> None:
    key = tmp_path / "secret_key"
    key.write_text("k" * 50)
    key.chmod(0o644)
    with override_settings(HOME=tmp_path, SECRET_KEY="k" * 50):
        assert faults()["keys"]["remedy"] == f"chmod 600 {key}"


def test_settings_that_do_not_fit() -> None:
    with override_settings(
        SECRET_KEY="k" * 50,
        TALEX_URL="http://talex.example.org",
        ALLOWED_HOSTS=["other.example.org"],
        TALEX_REHEARSAL_SIGN_IN=True,
        EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend",
        DEBUG=True,
    ):
        found = [f for f in doctor(NOT_VERIFIED) if f["check"] == "settings"]
    told = "\n".join(f["level"] + " " + f["message"] for f in found)
    assert "warning TALEX_URL is http://talex.example.org" in told
    assert "fault TALEX_HOSTS does not name talex.example.org" in told
    assert "fault Anybody can sign in" in told
    assert "warning Mail is printed" in told
    assert "warning Debugging is on" in told


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("TALEX_UPLOAD_LIMIT", "abc", "keine ganze Zahl"),
        ("TALEX_UPLOAD_LIMIT", "-1", "keine ganze Zahl"),
        ("TALEX_DATABASE_URL", "mysql://u:geheim@h/x", "postgresql://"),
        ("TALEX_MAIL_URL", "ftp://x", "smtp://"),
        ("TALEX_HOME", "/proc/nowhere", "/proc/nowhere"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named_and_nothing_is_done(
    tmp_path: Path, name: str, value: str, told: str
) -> None:
    place = Installation(tmp_path, f"sqlite:///{tmp_path / 't.sqlite3'}", {name: value})
    found = place.told("--language", "de", "doctor", code=NOT_VERIFIED)["findings"]
    said = [f["message"] for f in found if f["level"] == "fault"]
    assert len(said) == 1 and said[0].startswith(name) and told in said[0]
    refused = place.talex("--language", "de", "edition", "list", code=INVALID).stderr
    assert name in refused and told in refused
    assert "Traceback" not in refused and "geheim" not in refused


def test_a_check_that_breaks_is_a_fault_and_hides_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("nothing")

    monkeypatch.setitem(checks.CHECKS, "clock", broken)
    found = doctor(NOT_VERIFIED)
    assert "ZeroDivisionError" in next(f["message"] for f in found if f["check"] == "clock")
    assert "ledger" in {f["check"] for f in found}


def test_a_database_that_is_away(tmp_path: Path) -> None:
    away = Installation(tmp_path, "postgresql://nobody@127.0.0.1:1/talex")
    found = away.told("doctor", code=NOT_VERIFIED)["findings"]
    assert found[-1]["check"] == "database" and found[-1]["level"] == "fault"
    assert "TALEX_DATABASE_URL" in found[-1]["remedy"]
    refused = away.talex("serve", "--port", "0", code=6)
    assert "cannot be reached" in refused.stderr
