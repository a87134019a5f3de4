"""Requests, answers, shortlists and messages: who is written to, in which words, how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from talex.accounts.actors import actor_for
from talex.core import clock
from talex.core.actor import Actor
from talex.core.work import work
from talex.fair.choices import EndedBy
from talex.fair.conversations.models import Conversation
from talex.fair.conversations.services import SendMessage, mark_read, send
from talex.fair.models import Interest, Opening
from talex.fair.services import ending
from talex.fair.services.interests import (
    AnswerInterest,
    AskToMeet,
    Invite,
    WithdrawInterest,
    answer,
    ask_to_meet,
    invite,
    withdraw,
)
from talex.fair.services.shortlists import Shortlist, shortlist
from talex.ledger import after
from talex.messages.models import Message
from talex.messages.sending import deliver
from talex.participants.models import Person
from tests.editions.factories import make_user
from tests.fair import factories as make
from tests.messages.conftest import Box

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 4, 1, 2, tzinfo=UTC)  # 10 in the morning at the venue


@pytest.fixture(autouse=True)
def before_the_conference() -> Any:
    with clock.at(NOW):
        yield


@dataclass
class World:
    edition: Any
    opening: Opening
    talent: Any
    of_talent: Actor
    of_delegate: Actor
    of_colleague: Actor


def account(person: Person, email: str, language: str) -> Actor:
    person.user = make_user(email, language=language)
    person.save()
    return actor_for(person.user)


@pytest.fixture
def world() -> World:
    edition = make.edition()
    works = make.organisation(edition)
    delegate, colleague = make.delegate(edition, works), make.delegate(edition, works, "韩梅梅")
    talent = make.talent(edition)
    return World(
        edition,
        make.opening(edition, works),
        talent,
        account(talent.person, "anna@example.org", "de"),
        account(delegate.person, "lilei@example.org", "zh-hans"),
        account(colleague.person, "han@example.org", "en"),
    )


def asked(world: World, words: str = "Call me: +49 151 2345 6789") -> Interest:
    return ask_to_meet(world.of_talent, world.edition, AskToMeet(world.opening.pk, words))


def told(kind: str) -> list[tuple[str, str]]:
    after.catch_up()  # the worker
    rows = Message.objects.filter(kind=kind).order_by("address")
    return [(m.address, m.subject) for m in rows]


def test_each_delegate_is_asked_in_their_language_and_reads_no_contact_details(
    world: World, box: Box
) -> None:
    asked(world)
    assert deliver() == 2
    mails = {m["To"]: m for m in box.taken}
    assert set(mails) == {"lilei@example.org", "han@example.org"}
    text = mails["han@example.org"].get_content()
    assert "asks to meet you about “Battery engineer”" in mails["han@example.org"]["Subject"]
    # Before a consent or an agreement: neither the number nor the name.
    assert "2345" not in text and "Anna" not in text and "•••" in text
    assert "申请与您面谈" in mails["lilei@example.org"].get_content()


def test_the_answer_comes_to_the_side_that_asked_with_the_reason(world: World) -> None:
    one = asked(world)
    answer(
        world.of_delegate, world.edition, AnswerInterest(one.pk, False, "danke", reason="skills")
    )
    ((address, subject),) = told("fair.declined")
    assert address == "anna@example.org" and "hat abgelehnt" in subject
    text = Message.objects.get(kind="fair.declined").text
    assert "andere Kenntnisse" in text or "Fähigkeiten" in text
    assert "„danke“" in text and "List-Unsubscribe" in Message.objects.last().headers  # type: ignore[union-attr]


def test_an_invitation_accepted_and_taken_back(world: World) -> None:
    make.consent(world.talent, "profile")
    one = invite(
        world.of_delegate, world.edition, Invite(world.opening.pk, world.talent.pk, "欢迎")
    )
    assert [a for a, _s in told("fair.asked")] == ["anna@example.org"]
    answer(world.of_talent, world.edition, AnswerInterest(one.pk, True))
    assert [a for a, _s in told("fair.accepted")] == ["han@example.org", "lilei@example.org"]
    assert "Anna Weber" in told("fair.accepted")[0][1]
    # Who invited has applied for nothing (申请).
    chinese = Message.objects.get(kind="fair.accepted", language="zh-hans")
    assert "您发出的面谈邀请" in chinese.text and "份申请" not in chinese.subject
    withdraw(world.of_talent, world.edition, WithdrawInterest(one.pk, "krank"))
    # The meeting had no place yet, so this is all they hear.
    assert [a for a, _s in told("fair.withdrawn")] == ["han@example.org", "lilei@example.org"]


def test_mails_about_an_invitation_call_it_one(world: World) -> None:
    make.consent(world.talent, "profile")

    def invited() -> Interest:
        return invite(world.of_delegate, world.edition, Invite(world.opening.pk, world.talent.pk))

    def intros(kind: str) -> dict[str, str]:
        after.catch_up()
        return {m.language: m.text for m in Message.objects.filter(kind=kind)}

    one = invited()
    with clock.at(one.expires_at - timedelta(hours=20)):
        ending.remind()
    assert "eine Einladung wartet" in told("fair.ends_soon")[0][1]
    with clock.at(one.expires_at + timedelta(minutes=1)):
        ending.run_by_itself()
        texts = intros("fair.expired")
        assert "nobody answered your invitation" in texts["en"] and "面谈邀请" in texts["zh-hans"]
        two = invited()
        answer(world.of_talent, world.edition, AnswerInterest(two.pk, False))
        texts = intros("fair.declined")
    assert "your invitation was declined" in texts["en"] and "面谈邀请" in texts["zh-hans"]


def test_what_ends_by_itself_is_told_to_whom_it_concerns(world: World) -> None:
    one = asked(world)
    with clock.at(one.expires_at - timedelta(hours=20)):
        assert ending.remind() == 1 and ending.remind() == 0
    assert len(told("fair.ends_soon")) == 2
    with clock.at(one.expires_at + timedelta(minutes=1)):
        ending.run_by_itself()
        ending.run_by_itself()
    assert [a for a, _s in told("fair.expired")] == ["anna@example.org"]


@pytest.mark.parametrize(
    ("why", "addresses"),
    [
        (EndedBy.BLOCK, []),
        (EndedBy.CONSENT, ["han@example.org", "lilei@example.org"]),
        (EndedBy.OPENING, ["anna@example.org"]),
    ],
)
def test_what_neither_side_ended(world: World, why: EndedBy, addresses: list[str]) -> None:
    asked(world)
    with work():
        ending.end_waiting(world.of_talent, Interest.objects.all(), why)
    assert [a for a, _s in told("fair.withdrawn")] == addresses


def test_after_the_conference_nothing_of_requests_is_told(world: World) -> None:
    one = asked(world)
    assert told("fair.asked")
    Message.objects.all().delete()
    with clock.at(one.expires_at + timedelta(days=60)):
        ending.run_by_itself()
    after.catch_up()
    assert Interest.objects.get().state == "expired" and not Message.objects.exists()


def test_many_at_once_are_one_mail_a_reader(world: World) -> None:
    for n in range(3):
        other = make.talent(world.edition, f"T{n}")
        actor = account(other.person, f"t{n}@example.org", "en")
        ask_to_meet(actor, world.edition, AskToMeet(world.opening.pk))
    assert len(told("fair.asked")) == 6
    with work():
        ending.end_waiting(world.of_delegate, Interest.objects.all(), EndedBy.CONSENT)
    assert told("fair.withdrawn")[0][1].endswith("3 requests were taken back")
    assert len(told("fair.withdrawn")) == 2


def test_a_shortlisted_talent_is_told_once_and_only_where_the_side_says_so(world: World) -> None:
    asked(world)
    here = (world.opening.pk, world.talent.pk)
    shortlist(world.of_delegate, world.edition, Shortlist(*here))
    assert told("fair.shortlisted") == []
    for note in ("a", "b"):
        shortlist(world.of_delegate, world.edition, Shortlist(*here, told=True, note=note))
    ((address, subject),) = told("fair.shortlisted")
    assert address == "anna@example.org" and "vorgemerkt" in subject


def test_one_mail_a_conversation_until_it_is_read(world: World) -> None:
    one = asked(world)
    here = (world.talent.pk, world.opening.pk)
    for body in ("Write to anna@secret.de", "and again"):
        send(world.of_talent, world.edition, SendMessage(*here, body))
    rows = Message.objects.filter(kind="conversations.written")
    assert sorted(rows.values_list("address", flat=True)) == [
        "han@example.org",
        "lilei@example.org",
    ]
    assert not rows.filter(text__contains="secret.de").exists()
    with clock.at(NOW + timedelta(minutes=5)):
        mark_read(world.of_colleague, Conversation.objects.get())
        send(world.of_talent, world.edition, SendMessage(*here, "third"))
    assert rows.filter(address="han@example.org").count() == 2
    assert rows.filter(address="lilei@example.org").count() == 1
    # Once both agreed, what is written is shown as it is.
    answer(world.of_delegate, world.edition, AnswerInterest(one.pk, True))
    with clock.at(NOW + timedelta(minutes=9)):
        send(world.of_delegate, world.edition, SendMessage(*here, "li@works.cn"))
    assert "li@works.cn" in rows.get(address="anna@example.org").text
