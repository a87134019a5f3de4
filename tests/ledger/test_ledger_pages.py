"""The ledger on pages, over the API and on the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.test import Client

from talex.accounts.models import User
from talex.cli.main import group
from talex.core.actor import SYSTEM
from talex.core.jobs import run_pending
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger import heads
from talex.ledger.models import Entry
from talex.ledger.services import erase_subject, record
from tests.editions.factories import grant, make_edition, make_user

pytestmark = pytest.mark.django_db
PERSON = uuid4()


@pytest.fixture
def edition() -> Edition:
    edition = make_edition("wuhan")
    with work():
        record("t.made", actor=SYSTEM, edition=edition.pk, obj=edition, facts={"state": "open"})
        record(
            "t.person",
            actor=SYSTEM,
            edition=edition.pk,
            obj=None,
            subject=PERSON,
            personal={"name": "王小明"},
        )
    return edition


def signed_in(client: Client, edition: Edition, *roles: str) -> User:
    user = make_user()
    for role in roles:
        grant(user, edition, role)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


@pytest.fixture(autouse=True)
def sessions(settings: Any) -> None:
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]


@pytest.mark.parametrize(
    ("roles", "status"),
    [(["organiser"], 200), (["auditor"], 200), (["judge"], 403), (["press"], 403), ([], 403)],
)
def test_office_and_auditors_read_the_ledger(
    client: Client, edition: Edition, roles: list[str], status: int
) -> None:
    signed_in(client, edition, *roles)
    for path in ("", "1/", "head/"):
        assert client.get(f"/e/wuhan/ledger/{path}").status_code == status
    assert client.get("/api/editions/wuhan/ledger").status_code == status
    assert client.get("/api/editions/wuhan/ledger/entries/1").status_code == status
    assert client.get("/api/editions/wuhan/ledger/head").status_code == status


def test_the_organiser_of_another_edition_sees_nothing_of_it(
    client: Client, edition: Edition
) -> None:
    signed_in(client, make_edition(), "organiser")
    assert client.get("/e/wuhan/ledger/").status_code == 403
    assert client.get("/api/editions/wuhan/ledger/entries/2").status_code == 403


def test_the_list_filters_by_event_and_by_person(client: Client, edition: Edition) -> None:
    signed_in(client, edition, "auditor")
    text = client.get("/e/wuhan/ledger/").content.decode()
    assert "t.made" in text and "t.person" in text
    one = client.get("/e/wuhan/ledger/", {"about": str(PERSON), "export": "csv"})
    exported = one.getvalue().decode("utf-8-sig")
    assert "t.person" in exported and "t.made" not in exported
    none = client.get("/e/wuhan/ledger/", {"about": "nonsense"}).content.decode()
    assert 'href="/e/wuhan/ledger/1/"' in text and 'href="/e/wuhan/ledger/1/"' not in none


def test_the_list_asks_as_much_of_three_entries_as_of_thirty(
    client: Client, edition: Edition, django_assert_max_num_queries: Any
) -> None:
    signed_in(client, edition, "auditor")
    client.get("/e/wuhan/ledger/")
    with work():
        for _ in range(30):
            record("t.more", actor=SYSTEM, edition=edition.pk, obj=None)
    with django_assert_max_num_queries(16):
        client.get("/e/wuhan/ledger/")


def test_personal_data_is_shown_until_it_is_erased(client: Client, edition: Edition) -> None:
    signed_in(client, edition, "auditor")
    assert "王小明" in client.get("/e/wuhan/ledger/2/").content.decode()
    erase_subject(SYSTEM, PERSON)
    text = client.get("/e/wuhan/ledger/2/").content.decode()
    assert "王小明" not in text and 'href="/e/wuhan/ledger/3/"' in text
    told = client.get("/api/editions/wuhan/ledger/entries/2").json()
    assert (told["personal"], told["personal_state"], told["erased_by"]) == (None, "erased", 3)
    assert client.get("/e/wuhan/ledger/99/").status_code == 404


def test_facts_are_named_in_the_language_of_the_reader(client: Client, edition: Edition) -> None:
    signed_in(client, edition, "auditor")
    facts = {"purpose": "profile", "fields": ["birth_year", "later"], "unheard_of": "x"}
    with work():
        record("t.named", actor=SYSTEM, edition=edition.pk, obj=None, facts=facts)
    number = Entry.objects.count()
    client.cookies["talex_language"] = "de"
    text = client.get(f"/e/wuhan/ledger/{number}/").content.decode()
    assert re.search(r"<dt>Zweck <code[^>]*>purpose</code></dt>", text)
    # The fields of a record by the words of its page; what has no name stands as it was recorded.
    assert re.search(r"Geburtsjahr <code[^>]*>birth_year</code>", text)
    assert re.search(r"<dt><code[^>]*>unheard_of</code></dt>", text) and ">later<" in text
    client.cookies["talex_language"] = "zh-hans"
    assert "用途 <code" in client.get(f"/e/wuhan/ledger/{number}/").content.decode()


def test_the_chain_is_verified_as_a_job(client: Client, edition: Edition) -> None:
    signed_in(client, edition, "auditor")
    assert client.post("/e/wuhan/ledger/verify/").status_code == 302
    waiting = client.get("/e/wuhan/ledger/").content.decode()
    assert "/jobs/" in waiting
    assert run_pending() == 1
    assert "The chain holds" in client.get("/e/wuhan/ledger/").content.decode()
    client.cookies["talex_language"] = "de"
    assert "Die Kette hält" in client.get("/e/wuhan/ledger/").content.decode()


def test_the_api_pages_through_the_entries(client: Client, edition: Edition) -> None:
    signed_in(client, edition, "auditor")
    first = client.get("/api/editions/wuhan/ledger", {"limit": 1}).json()
    assert [e["number"] for e in first["entries"]] == [2] and first["next"] == 2
    rest = client.get("/api/editions/wuhan/ledger", {"limit": 1, "before": 2}).json()
    assert [e["number"] for e in rest["entries"]] == [1] and rest["next"] is None
    about = client.get("/api/editions/wuhan/ledger", {"about": str(edition.pk)}).json()
    assert [e["event"] for e in about["entries"]] == ["t.made"]


def run(*arguments: str) -> Any:
    return CliRunner().invoke(group, ["--language", "en", *arguments], catch_exceptions=False)


def test_the_command_line_verifies_exports_and_shows(edition: Edition, tmp_path: Path) -> None:
    kept = tmp_path / "head.json"
    assert run("ledger", "head", "--out", str(kept)).exit_code == 0
    assert len(heads.read(kept.read_bytes()).heads) == 1
    found = run("ledger", "verify", "--head", str(kept), "--json")
    assert found.exit_code == 0 and json.loads(found.stdout)["ok"] is True
    shown = run("ledger", "show", "--edition", "wuhan", "--json")
    assert [row["number"] for row in json.loads(shown.stdout)] == [2, 1]
    assert "王小明" in run("ledger", "show", "--edition", "wuhan", "2").stdout
    assert run("ledger", "show", "--edition", "nowhere").exit_code == 4


def test_a_broken_chain_and_a_wrong_file_have_their_exit_codes(
    edition: Edition, tmp_path: Path
) -> None:
    kept = tmp_path / "head.json"
    run("ledger", "head", "--out", str(kept))
    given = json.loads(kept.read_text())
    given["heads"][0]["number"] = 5
    kept.write_text(json.dumps(given))
    altered = run("ledger", "verify", "--head", str(kept))
    assert altered.exit_code == 7 and "not signed" in altered.stdout
    kept.write_text("{}")
    assert run("ledger", "verify", "--head", str(kept)).exit_code == 3
    assert Entry.objects.count() == 2
