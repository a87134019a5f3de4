"""The outbox against a real SMTP server: in the right language, once, also when workers die."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from talex.accounts.erasing import erase_account
from talex.core import clock, outbox, registries
from talex.core.actor import SYSTEM
from talex.core.outbox import Kind, Recipient
from talex.core.work import work
from talex.editions import role_services as roles
from talex.editions.role_services import GrantRole
from talex.messages import sending
from talex.messages.models import Message, State
from talex.messages.sending import deliver
from talex.participants.models import Person
from tests import processes
from tests.editions.factories import make_edition, make_user
from tests.messages.conftest import Box


def invite(to: str = "neu@example.org", language: str = "de") -> Message:
    roles.grant_role(SYSTEM, GrantRole(make_edition().pk, to, "press", language))
    return Message.objects.get(address=to)


def later(**span: int) -> Any:
    return clock.at(clock.now() + timedelta(**span))


@pytest.mark.django_db
def test_a_message_reaches_a_real_server_once_in_the_recipients_language(box: Box) -> None:
    words = {"de": "Einladung", "zh-hans": "邀请", "en": "Invitation"}
    texts = {one: invite(f"{one}@example.org", one).text for one in words}
    assert not box.taken and deliver() == 3 and deliver() == 0
    assert len(box.taken) == 3
    for mail in box.taken:
        language = mail["Content-Language"]
        assert mail["To"] == f"{language}@example.org"
        assert words[language] in mail["Subject"]
        kept = Message.objects.get(address=mail["To"])
        assert mail["Message-ID"] == kept.message_id and kept.state == State.SENT
        assert mail.get_content().replace("\r\n", "\n") == texts[language]
        assert kept.text == ""  # an invitation's link is in nobody's log


@pytest.mark.django_db
def test_lines_that_begin_with_a_dot_arrive_as_they_were(box: Box) -> None:
    message = invite()
    Message.objects.update(text=".\n..two\nend\n")
    deliver()
    assert message.pk and box.taken[0].get_content().replace("\r\n", "\n") == ".\n..two\nend\n"


@pytest.mark.django_db
def test_a_calendar_part_arrives_as_programmes_expect_it(box: Box) -> None:
    content = (
        b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nX-N:" + "面谈".encode() + b"\r\nEND:VCALENDAR\r\n"
    )
    part = outbox.CalendarPart(content, "REQUEST")
    to = Recipient("li@example.org", "zh-hans")
    outbox.tell(to, "editions.invitation", {}, calendar=lambda: part)
    assert deliver() == 1
    (mail,) = box.taken
    assert mail.get_content_type() == "multipart/mixed"
    alternative, attached = mail.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    text, shown = alternative.iter_parts()
    assert (text.get_content_type(), shown.get_content_type()) == ("text/plain", "text/calendar")
    assert shown.get_param("method") == "REQUEST" and shown.get_content_charset() == "utf-8"
    assert shown.get_payload(decode=True) == content
    assert attached.get_filename() == "invite.ics" and attached.get_payload(decode=True) == content


@pytest.mark.django_db
def test_no_change_no_message_and_none_outside_of_a_transaction() -> None:
    class Broken(Exception):
        pass

    with pytest.raises(Broken), work():
        roles.grant_role(SYSTEM, GrantRole(make_edition().pk, "x@example.org", "press"))
        raise Broken
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_nothing_is_told() -> None:
    with pytest.raises(RuntimeError):
        outbox.tell(Recipient("a@example.org", "en"), "editions.invitation", {})
    with pytest.raises(LookupError), transaction.atomic():
        outbox.tell(Recipient("a@example.org", "en"), "of.nobody", {})


@pytest.mark.django_db
def test_one_cause_tells_once_and_nobody_is_told_nothing() -> None:
    user = make_user("one@example.org", language="de")
    to, kind = Recipient(user.email, user.language, user.pk), "editions.invitation"
    told = [outbox.tell(to, kind, {"edition": "E", "role": "R"}, key="k") for _ in range(2)]
    assert told[0] == told[1] and Message.objects.count() == 1
    erase_account(SYSTEM, user.pk)
    user.refresh_from_db()
    assert outbox.tell(Recipient(user.email, "de", user.pk), kind, {}) is None
    assert outbox.tell(Recipient("", "de"), kind, {}) is None


@pytest.mark.django_db
def test_a_server_that_says_later_is_asked_again_with_the_same_id(box: Box) -> None:
    box.answer = lambda to, before: "451 try later" if before == 0 else "250 OK"
    message = invite()
    assert deliver() == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.QUEUED, 1)
    assert "try later" in message.error
    assert deliver() == 0  # not at once
    with later(minutes=2):
        assert deliver() == 1
    assert [m["Message-ID"] for m in box.taken] == [message.message_id]


@pytest.mark.django_db
def test_an_address_that_is_refused_fails_and_the_others_are_sent(box: Box) -> None:
    box.recipient = lambda to: "550 no such user" if to.startswith("gone") else "250 OK"
    gone, fine = invite("gone@example.org"), invite("fine@example.org")
    assert deliver() == 1
    gone.refresh_from_db()
    fine.refresh_from_db()
    assert (gone.state, fine.state) == (State.FAILED, State.SENT)
    assert "no such user" in gone.error


@pytest.mark.django_db
def test_without_a_server_it_waits_and_gives_up_in_the_end(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = invite()
    day = 0
    while Message.objects.filter(state=State.QUEUED).exists():
        with later(days=day):
            assert deliver() == 0
        day += 2
    message.refresh_from_db()
    assert message.state == State.FAILED and message.attempts == len(sending.PAUSES)


DIE = """
from talex.messages import sending, smtp
import os, signal
def die(*given):
    os.kill(os.getpid(), signal.SIGKILL)
{patch}
sending.deliver()
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("patch", "state", "before", "after"),
    [
        # All but the last line is with the server, which has nothing then: it is sent again.
        (
            "from unittest import mock\n"
            "of = smtp.TwoStepBackend.watch\n"
            "smtp.TwoStepBackend.watch = lambda self, call: of(self, die)",
            State.CLAIMED, 0, 1,
        ),
        # The server has taken it and nobody wrote that down: it is not sent again by itself.
        ("sending.end = die", State.HANDED, 1, 1),
    ],
)  # fmt: skip
def test_a_worker_that_is_killed_in_the_middle_loses_nothing_and_sends_nothing_twice(
    box: Box, settings: Any, patch: str, state: State, before: int, after: int
) -> None:
    message = invite()
    where = {n: getattr(settings, n) for n in ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT")}
    died = processes.start(DIE.format(patch=patch), overrides=where)
    assert died.wait(60) == -9, died.communicate()
    message.refresh_from_db()
    assert message.state == state and len(box.taken) == before
    assert deliver() == 0  # its lease runs still
    with later(minutes=11):
        deliver()
    message.refresh_from_db()
    assert len(box.taken) == after
    assert message.state == (State.SENT if state == State.CLAIMED else State.UNSURE)
    with later(days=3):
        deliver()
    assert len(box.taken) == after


@pytest.mark.django_db
def test_an_attempt_that_lost_its_claim_hands_nothing_over(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = invite()
    real = sending.as_mail

    def slow(given: Message) -> Any:
        with later(minutes=11):
            assert sending.sweep() == 1  # another worker, while this one writes the mail
        return real(given)

    with monkeypatch.context() as patch:
        patch.setattr(sending, "as_mail", slow)
        assert deliver() == 0
    assert not box.taken
    message.refresh_from_db()
    assert message.state == State.QUEUED and deliver() == 1 and len(box.taken) == 1


@pytest.mark.django_db
def test_a_person_takes_their_messages_out_and_has_them_erased() -> None:
    user = make_user("li@example.org", language="zh-hans")
    person = Person.objects.create(name="Li", email="li@example.org", user=user)
    invite("other@example.org")
    invite("li@example.org", "en")
    port = registries.erase["messages.outbox"]
    (one,) = port.export(person.pk)["messages"]
    assert one["address"] == "li@example.org" and "人才交流大会" in one["text"]
    assert port.erase(SYSTEM, person.pk) == {
        "messages": 1, "messages that told of them": 0, "message preferences": 0,
    }  # fmt: skip
    assert Message.objects.get().address == "other@example.org"


@pytest.mark.django_db
def test_the_log_ends_with_its_term_but_nothing_that_waits_is_deleted(box: Box) -> None:
    invite("sent@example.org")
    deliver()
    invite("waits@example.org")
    with later(days=179):
        assert sending.prune() == 0
    with later(days=181):
        assert sending.prune() == 1
    assert Message.objects.get().address == "waits@example.org"


@pytest.mark.django_db
def test_the_database_refuses_a_claim_without_an_owner() -> None:
    message = invite()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(state=State.HANDED)


@pytest.mark.django_db
def test_other_ways_out_send_as_well(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    invite()
    assert deliver() == 1 and len(list(tmp_path.iterdir())) == 1


def test_kinds_have_titles() -> None:
    assert all(isinstance(kind, Kind) and str(kind.title) for kind in outbox.kinds().values())
