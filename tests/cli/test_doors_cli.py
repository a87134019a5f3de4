"""The command line's doors: editions, accounts, sign-in links; codes, JSON and languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.utils import translation

from talex.accounts.models import User
from talex.cli.codes import (
    CONFLICT,
    FAULT,
    INVALID,
    NOT_ALLOWED,
    NOT_FOUND,
    OK,
    USAGE,
)
from talex.cli.main import group
from talex.editions.models import Edition, Invitation, RoleGrant
from talex.messages.models import Message
from tests.editions.factories import make_edition, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _language() -> Any:
    with translation.override("en"):
        yield


def talex(*arguments: str, code: int = OK, **environment: str) -> Result:
    result = CliRunner().invoke(
        group, arguments, env={"TALEX_LANGUAGE": "en", **environment}, prog_name="talex"
    )
    assert result.exit_code == code, (result.output, result.stderr, result.exception)
    return result


CREATE = ("edition", "create", "one", "--name", "en=One", "--from", "2027-05-12", "--to")


def test_an_edition_from_nothing_to_its_first_organiser() -> None:
    talex("user", "create", "ada@example.org", "--admin", TALEX_PASSWORD="sesame-open-1234")
    talex(*CREATE, "2027-05-14", "--name", "zh-hans=大会", "--organiser", "ada@example.org")
    edition = Edition.objects.get()
    assert edition.name.texts() == {"en": "One", "zh-hans": "大会"}
    assert RoleGrant.objects.get().user.email == "ada@example.org"
    talex("edition", "state", "one", "open")
    assert "One" in talex("edition", "list").output
    told = json.loads(talex("edition", "show", "one", "--json").stdout)
    assert told["state"] == "open"
    assert told["name"] == {"en": "One", "zh-hans": "大会"}
    assert told["roles"] == [{"role": "organiser", "email": "ada@example.org", "pending": False}]
    talex("edition", "grant", "one", "neu@example.org", "press", "--mail-language", "de")
    assert Invitation.objects.get().language == "de"


def test_a_role_given_in_a_rehearsal_promises_no_mail() -> None:
    make_edition("played", rehearsal=True)
    make_edition("real")
    make_user("there@bonn.de")
    invited = talex("edition", "grant", "real", "neu@bonn.de", "press").output
    assert "gets an invitation" in invited and "rehearsal" not in invited
    assert Message.objects.count() == 1
    played = talex("edition", "grant", "played", "neu@bonn.de", "press").output
    assert "as soon as an account confirms" in played and "This is a rehearsal" in played
    assert "invitation" not in played
    assert Message.objects.count() == 1
    assert (
        "has the role now" in talex("edition", "grant", "played", "there@bonn.de", "press").output
    )
    assert Message.objects.count() == 2


def test_accounts() -> None:
    assert "talex user create" in talex("user", "list").output
    talex("user", "create", "a@example.org", "--no-password")
    assert not User.objects.get().has_usable_password()
    talex("user", "grant-admin", "a@example.org")
    assert json.loads(talex("--json", "user", "list").stdout)[0]["is_site_admin"] is True


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("edition", "show", "nowhere"), NOT_FOUND),
        (("user", "grant-admin", "nobody@example.org"), NOT_FOUND),
        ((*CREATE, "2027-05-11"), INVALID),
        (("user", "create", "no address", "--no-password"), INVALID),
        (("user", "create", "there@example.org", "--no-password"), CONFLICT),
        (("edition", "state", "two", "draft", "--nope"), USAGE),
        (("nonsense",), USAGE),
        (("sign-in-link", "--edition", "two", "--role", "judge"), NOT_ALLOWED),
    ],
)
def test_exit_codes_and_where_it_is_told(arguments: tuple[str, ...], code: int) -> None:
    make_user("there@example.org")
    make_edition("two")
    result = talex(*arguments, code=code)
    assert result.stdout == ""
    assert result.stderr.strip()


def test_a_refusal_as_json_names_the_fields() -> None:
    result = talex("--json", *CREATE, "2027-05-11", code=INVALID)
    told = json.loads(result.stderr)
    assert told["code"] == INVALID
    assert list(told["errors"]) == ["ends_on"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Der letzte Tag liegt vor dem ersten."), ("zh-hans", "结束日期早于开始日期。")],
)
def test_it_speaks_the_readers_language(language: str, words: str) -> None:
    result = talex("--language", language, *CREATE, "2027-05-11", code=INVALID)
    assert words in result.stderr
    assert words in talex(*CREATE, "2027-05-11", code=INVALID, TALEX_LANGUAGE=language).stderr


@pytest.mark.parametrize(
    ("given", "language"),
    [("de_DE.UTF-8", "de"), ("zh_CN.UTF-8", "zh-hans"), ("C", "en"), ("fr_FR.UTF-8", "en")],
)
def test_the_terminals_language(given: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from talex.cli.main import _language_of_terminal

    for name in ("TALEX_LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", given)
    assert _language_of_terminal() == language


def test_help_lists_every_subject() -> None:
    told = talex("--help").output
    for subject in ("edition", "user", "sign-in-link"):
        assert subject in told


@pytest.mark.parametrize(
    ("arguments", "terminal", "words"),
    [
        (["--help"], "C", "Talex runs international"),
        ([], "C", "Talex runs international"),
        (["--help"], "zh_CN.UTF-8", "国际人才"),
        (["-h"], "de_DE.UTF-8", "führt internationale"),
        (["--language", "de", "--help"], "zh_CN.UTF-8", "führt internationale"),
    ],
)
def test_help_is_the_first_thing_a_process_says(
    arguments: list[str], terminal: str, words: str
) -> None:
    """In a process of its own: within the tests Django has long been started."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TALEX_", "DJANGO_", "LC_"))}
    done = subprocess.run(
        [sys.executable, "-m", "talex.cli.main", *arguments],
        env=kept | {"LANG": terminal, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
    )
    assert "Traceback" not in done.stderr
    assert words in done.stdout + done.stderr


def test_a_language_that_is_not_there() -> None:
    assert "zh-hans" in talex("--language", "fr", "edition", "list", code=USAGE).stderr


@pytest.mark.parametrize(
    "arguments", [("--json", "nonsense"), ("edition", "state", "two", "--json", "--nope")]
)
def test_a_usage_error_as_json(arguments: tuple[str, ...]) -> None:
    result = talex(*arguments, code=USAGE)
    told = json.loads(result.stderr)
    assert told["code"] == USAGE
    assert told["detail"]
    assert result.stdout == ""


def test_help_and_good_answers_stay_as_they_are_with_json() -> None:
    assert "edition" in talex("--json", "--help").stdout
    assert json.loads(talex("--json", "user", "list").stdout) == []


@pytest.mark.parametrize("as_json", [False, True])
def test_a_database_that_does_not_answer_is_said_in_a_sentence(as_json: bool) -> None:
    """Port 1 answers nobody."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("TALEX_")
    } | {"TALEX_DATABASE_URL": "postgresql://talex:x@127.0.0.1:1/talex", "TALEX_LANGUAGE": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "talex.cli.main", *(["--json"] if as_json else []), "user", "list"],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == FAULT
    assert "Traceback" not in done.stderr
    assert "talex doctor" in done.stderr
    assert "refused" in done.stderr
    assert done.stdout == ""
    if as_json:
        assert json.loads(done.stderr)["code"] == FAULT


def test_a_taken_port_is_said_before_the_demo_is_filled() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = talex("demo", "--port", str(port), code=INVALID)
    assert "PORT=8077" in result.stderr
    assert not Edition.objects.exists()


def test_an_account_without_a_language_takes_that_of_the_browser(client: Any) -> None:
    talex("user", "create", "mei@example.org", TALEX_PASSWORD="sesame-open-1234")
    user = User.objects.get()
    assert user.language == ""
    page = client.post(
        "/accounts/login/",
        {"login": "mei@example.org", "password": "sesame-open-1234"},
        headers={"accept-language": "zh-CN"},
    )
    assert page.status_code == 302
    user.refresh_from_db()
    assert user.language == "zh-hans"
    home = client.get("/account/profile/", headers={"accept-language": "zh-CN"})
    assert 'lang="zh-hans"' in home.content.decode()
