"""Mails at the door (codes, confirmations, passwords) are known when they come back."""

from __future__ import annotations

import re
import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outgoing
from django.test import Client
from django.urls import reverse

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Invalid
from talex.ledger.models import Entry
from talex.messages import door, log, sending
from talex.messages.bounces import returns, suppressing, verp
from talex.messages.models import Message, State
from talex.participants import services
from talex.participants.commands import ErasePerson
from tests.editions.factories import make_user
from tests.messages.bounces.conftest import TO, mail
from tests.messages.conftest import Box
from tests.participants import factories as make

pytestmark = pytest.mark.django_db
BACK = "bounces@mail.talex.example"


@pytest.fixture(autouse=True)
def _often(settings: Any) -> None:
    settings.TALEX_RATES_ON = False
    settings.ACCOUNT_RATE_LIMITS = False


def ask(address: str = TO) -> int:
    return Client().post(reverse("account_request_login_code"), {"email": address}).status_code


def row() -> Message:
    return Message.objects.get(kind="messages.door")


def test_a_code_that_comes_back_suppresses_the_address(box: Box, settings: Any) -> None:
    settings.TALEX_BOUNCE_ADDRESS = BACK
    user = make_user(TO, language="de")
    ask(TO.upper())
    left, (envelope, to) = box.taken[0], box.envelopes[0]
    assert (envelope, to) == (verp.sender_of(row().pk), [TO])
    assert left["Message-ID"] == row().message_id and left["From"] == settings.DEFAULT_FROM_EMAIL
    assert (row().state, row().user, row().address) == (State.SENT, user, TO)
    assert returns.take(mail("postfix", row())) == returns.Taken("hard", row().pk, True)
    assert row().state == State.BOUNCED and suppressing.of(TO) is not None
    assert TO not in "".join(Entry.objects.values_list("canonical", flat=True))
    # It is tried once a day, and what comes back of that is known as well.
    ask()
    assert len(box.taken) == 1
    with clock.at(clock.now() + suppressing.TRY + timedelta(minutes=1)):
        ask()
        ask()
        assert len(box.taken) == 2
        again = Message.objects.order_by("-created_at").first()
        assert again is not None
        assert returns.take(mail("postfix", again, number="again")).suppressed
        ask()
    assert len(box.taken) == 2


def test_nothing_of_its_words_is_kept_and_no_worker_sends_it(box: Box) -> None:
    make_user(TO)
    ask()
    words = box.taken[0].get_content()
    code = re.search(r"\b[A-Z0-9-]{6,}\b", words)
    assert code is not None
    kept = repr(Message.objects.filter(pk=row().pk).values().get())
    assert code[0] not in kept and not row().text
    assert log.is_secret(row()) and "code" in row().subject
    for state in (State.SENT, State.HANDED, State.UNSURE):
        claim = row().pk if state == State.HANDED else None
        Message.objects.update(state=state, claim=claim, claimed_until=clock.now())
        with clock.at(clock.now() + timedelta(days=1)):
            assert sending.deliver() == 0
    assert row().state == State.UNSURE and len(box.taken) == 1


def test_an_address_without_an_account_is_suppressed_too() -> None:
    ask()
    assert len(outgoing.outbox) == 1 and row().user is None
    assert returns.take(mail("postfix", row())).suppressed
    ask()
    assert len(outgoing.outbox) == 1
    # Who forges proves nothing.
    with pytest.raises(Invalid):
        returns.take(mail("postfix", row(), to="other@mail.example.com", number="2"))


def test_what_the_server_refuses_at_once_is_known(box: Box) -> None:
    make_user(TO)
    box.recipient = lambda to: "550 5.1.1 no such user"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        ask()
    assert row().state == State.FAILED and suppressing.of(TO) is not None


def test_a_server_that_is_away_says_nothing_of_the_address(box: Box) -> None:
    make_user(TO)
    box.recipient = lambda to: "451 4.3.0 later"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        ask()
    assert row().state == State.FAILED and suppressing.of(TO) is None
    with clock.at(clock.now() + timedelta(days=1)):
        assert sending.deliver() == 0


def test_it_goes_with_its_person_and_after_two_weeks() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Li Lei")
    actor = make.with_account(talent)
    talent.person.refresh_from_db()
    assert talent.person.user is not None
    ask(talent.person.user.email)
    ask("other@mail.example.com")
    assert Message.objects.filter(kind=door.DOOR.name, user=actor.user).count() == 1
    services.erase_person(SYSTEM, ErasePerson(person=talent.person_id))
    assert row().address == "other@mail.example.com"
    assert door.prune() == 0
    with clock.at(clock.now() + door.KEPT + timedelta(hours=1)):
        assert door.prune() == 1
