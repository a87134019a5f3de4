"""The three ways by which mails that came back are read: IMAP, a Maildir, one mail on a pipe."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import OperationalError

from talex.cli.main import group
from talex.core.registries import Level
from talex.messages.bounces import imap, reading, returns, suppressing
from talex.messages.bounces.models import Bounce, Suppression
from talex.messages.models import Message, State
from talex.settings import channels, environment
from tests.messages.bounces.conftest import TO, mail, sent
from tests.messages.bounces.imap_server import Mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    box = Mailbox("talex", 'pass" word')
    settings.TALEX_BOUNCES = {
        "host": "127.0.0.1",
        "port": box.port,
        "user": "talex",
        "password": 'pass" word',
        "folder": "INBOX",
        "tls": "none",
    }
    try:
        yield box
    finally:
        box.shutdown()
        box.server_close()


def test_a_mailbox_is_read_once_and_what_is_refused_is_flagged(mailbox: Mailbox) -> None:
    message, other = sent(), sent("other@mail.example.com")
    hard = mailbox.put(mail("postfix", message))
    private = mailbox.put(b"Subject: hello\r\n\r\nHow are you?\r\n")
    huge = mailbox.put(b"Subject: x\r\n\r\n" + b"x" * (reading.LARGEST + 1))
    forged = mailbox.put(mail("postfix", other, to="victim@mail.example.com"))
    assert imap.collect() == 4
    assert mailbox.flags == {
        hard: {r"\Seen"},
        private: {r"\Seen"},
        huge: {r"\Seen", r"\Flagged"},
        forged: {r"\Seen", r"\Flagged"},
    }
    assert set(suppressing.among([TO, other.address])) == {TO}
    assert len(mailbox.mails) == 4 and imap.collect() == 0  # nothing deleted, nothing read twice


def test_a_mail_is_marked_only_after_its_effect_is_kept(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = sent()
    uid = mailbox.put(mail("postfix", message))

    def broken(*_given: Any, **_more: Any) -> None:
        raise OperationalError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(suppressing, "record", broken)
        with pytest.raises(OperationalError):
            imap.collect()
    assert not Bounce.objects.exists() and not mailbox.flags[uid]
    assert Message.objects.get(pk=message.pk).state == State.SENT
    # The connection breaks right before it is marked: it is read again, without harm.
    mailbox.breaks_at = "UID STORE"
    assert imap.collect() == 0 and Suppression.objects.count() == 1
    mailbox.breaks_at = ""
    assert imap.collect() == 1 and mailbox.flags[uid] == {r"\Seen"}
    assert Bounce.objects.count() == 1


def test_a_mailbox_that_does_not_answer_is_told_without_its_password(
    mailbox: Mailbox, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    (finding,) = imap.MailboxCheck().check()
    assert finding.level == Level.FINE
    wrong = {**settings.TALEX_BOUNCES, "password": "hidden-word"}
    settings.TALEX_BOUNCES = wrong
    with caplog.at_level(logging.WARNING, "talex.messages.bounces.imap"):
        logging.getLogger("talex").propagate = True
        assert imap.collect() == 0
    (finding,) = imap.MailboxCheck().check()
    assert finding.level == Level.FAULT and "127.0.0.1" in str(finding.message)
    assert "hidden-word" not in caplog.text + str(finding.message)
    settings.TALEX_BOUNCES = {**wrong, "port": 1}
    assert imap.collect() == 0
    settings.TALEX_BOUNCES = {}
    assert imap.collect() == 0


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("imaps://li%40x:p%2Fw@mail.example.org/Talex/Bounces", ("ssl", 993, "Talex/Bounces")),
        ("imap://li:pw@mail.example.org:1143", ("starttls", 1143, "INBOX")),
        ("imap://li:pw@localhost", ("none", 143, "INBOX")),
        ("", None),
    ],
)
def test_the_setting(given: str, found: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALEX_BOUNCES", given)
    monkeypatch.setattr(environment, "MISFITS", [])
    said = channels.bounces()
    assert (said and (said["tls"], said["port"], said["folder"])) == (found or {})
    if "%" in given:
        assert (said["user"], said["password"]) == ("li@x", "p/w")


@pytest.mark.parametrize(
    "given",
    ["li:secret@host", "imaps://host/INBOX", "imaps://li@host", "imaps://li:secret@host:x/",
     'imaps://li:secret@host/a"b', "pop3://li:secret@host", "imaps://li:secret@[::1/INBOX"],
)  # fmt: skip
def test_a_setting_that_is_wrong_is_told_without_its_password(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALEX_BOUNCES", given)
    before = len(environment.MISFITS)
    assert channels.bounces() == {}
    told = environment.MISFITS[before:]
    del environment.MISFITS[before:]
    assert [one.name for one in told] == ["TALEX_BOUNCES"] and "secret" not in repr(told)


@pytest.mark.parametrize("given", ["bounces", "a b@host", "x" * 21 + "@host", "a+b@host"])
def test_an_address_for_bounces_that_cannot_be_used(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALEX_BOUNCE_ADDRESS", given)
    before = len(environment.MISFITS)
    assert channels.bounce_address() == ""
    assert environment.MISFITS.pop().name == "TALEX_BOUNCE_ADDRESS"
    assert len(environment.MISFITS) == before


def talex(*arguments: str, code: int = 0, given: bytes | None = None) -> Any:
    result = CliRunner().invoke(
        group, ["messages", *arguments], input=given, env={"TALEX_LANGUAGE": "en"}
    )
    assert result.exit_code == code, (result.output, result.stderr, result.exception)
    return result


def test_one_mail_from_a_pipe_and_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = sent()
    raw = mail("postfix", message)
    with monkeypatch.context() as patch:
        patch.setattr(returns, "take", lambda raw: (_ for _ in ()).throw(OperationalError("away")))
        talex("bounces", "read", "-", given=raw, code=75)  # the mail server tries again
    told = json.loads(talex("bounces", "read", "-", "--json", given=raw).stdout)
    assert told == {"what": "hard", "message": str(message.pk), "suppressed": True}
    fresh = mail("postfix", sent("fresh@mail.example.com"), to="fresh@mail.example.com")
    assert " · Nothing is sent" in talex("bounces", "read", "-", given=fresh).output
    file = tmp_path / "mail.eml"
    file.write_bytes(raw)
    assert "read before" in talex("bounces", "read", str(file)).output
    talex("bounces", "read", str(tmp_path / "none.eml"), code=3)
    other = sent("o@mail.example.com")
    forged = mail("postfix", other, to="victim@mail.example.com")
    refused = talex("bounces", "read", "-", given=forged, code=3).stderr
    assert "another address" in refused and "answers" not in refused  # nobody filled in a form
    assert TO in talex("bounces", "list").output
    talex("bounces", "lift", TO)
    talex("bounces", "lift", TO, code=4)
    talex("bounces", "lift", "fresh@mail.example.com")
    assert "Every address" in talex("bounces", "list").output


def test_a_maildir_is_read_once(tmp_path: Path) -> None:
    message, other = sent(), sent("other@mail.example.com")
    talex("bounces", "maildir", str(tmp_path), code=4)
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    new, cur = tmp_path / "new", tmp_path / "cur"
    (new / "1.a.host").write_bytes(mail("postfix", message))
    (new / "2.b.host").write_bytes(mail("postfix", other, to="victim@mail.example.com"))
    (new / "3.c.host").symlink_to("/etc/passwd")
    told = json.loads(talex("bounces", "maildir", str(tmp_path), "--json").stdout)
    assert [(one["name"], one["what"]) for one in told] == [
        ("1.a.host", "hard"),
        ("2.b.host", "refused"),
    ]
    assert {one.name for one in cur.iterdir()} == {"1.a.host:2,S", "2.b.host:2,FS"}
    assert [one.name for one in new.iterdir()] == ["3.c.host"]
    assert "no new mail" in talex("bounces", "maildir", str(tmp_path)).output


def test_the_list_one_message_and_again(tmp_path: Path) -> None:
    from tests.editions.factories import make_edition

    edition = make_edition()
    gone, fine = sent(edition=edition), sent("fine@mail.example.com")
    door = sent("door@mail.example.com", kind="test.door")
    Message.objects.filter(pk=door.pk).update(text="https://door.example")
    returns.take(mail("postfix", gone))
    rows = json.loads(talex("list", "--state", "bounced", "--json").stdout)
    assert [row["id"] for row in rows] == [str(gone.pk)] and rows[0]["problem"]
    assert json.loads(talex("list", "--edition", edition.slug, "--json").stdout) == rows
    found = json.loads(talex("list", "--to", "FINE@", "--kind", "test.news", "--json").stdout)
    assert [row["id"] for row in found] == [str(fine.pk)]
    assert "English" in talex("list").output
    talex("list", "--kind", "no.such", code=3)
    talex("list", "--edition", "no-such", code=4)
    talex("list", "--state", "lost", code=2)
    shown = json.loads(talex("show", str(gone.pk), "--json").stdout)
    assert shown["suppressed"] and shown["reports"][0]["sort"] == "hard" and shown["text"]
    assert "door.example" not in talex("show", str(door.pk)).output
    words = talex("show", str(gone.pk)).output
    assert "came back" in words.lower()
    assert all(not re.search(r":\d\d\.\d|\+00:00", text) for text in (words, talex("list").output))
    assert re.search(r"Written: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", words)
    talex("show", "00000000-0000-4000-8000-000000000000", code=4)
    Message.objects.filter(pk=fine.pk).update(state=State.FAILED)
    # All or none: one that cannot be keeps the other from going out.
    refused = talex("again", str(fine.pk), str(gone.pk), code=6)
    assert str(gone.pk) in refused.stderr and str(fine.pk) not in refused.stderr
    assert Message.objects.get(pk=fine.pk).state == State.FAILED
    talex("bounces", "lift", TO)
    assert "2 go out again" in talex("again", str(fine.pk), str(gone.pk)).output
    assert Message.objects.filter(state=State.QUEUED).count() == 2
