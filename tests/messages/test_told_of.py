"""What others were told of a person: not repeated by the daily mail once it may not be read, and
erased with the person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.editions.models import Consent
from talex.fair.conversations.services import SendMessage, send
from talex.fair.models import Interest
from talex.fair.services.interests import AskToMeet, WithdrawInterest, ask_to_meet, withdraw
from talex.ledger import after
from talex.messages import digests, preferences
from talex.messages.models import Message, State
from talex.participants.commands import ErasePerson
from talex.participants.models import Delegate
from talex.participants.services import erase_person
from tests.fair import factories as make
from tests.messages.conftest import Box
from tests.messages.test_fair import NOW, World, before_the_conference, world  # noqa: F401

pytestmark = pytest.mark.django_db
TOMORROW = NOW + timedelta(days=1)
ANNA = "Anna Weber"


def waits_for_the_daily_mail(world: World) -> None:  # noqa: F811
    """Anna shows her profile, asks and writes; the delegate wants all of it once a day."""
    preferences.set_ways(
        world.of_delegate, preferences.SetWays({"requests": "daily", "messages": "daily"})
    )
    make.consent(world.talent, "profile", str(world.opening.organisation_id))
    ask_to_meet(world.of_talent, world.edition, AskToMeet(world.opening.pk, "I like batteries"))
    send(
        world.of_talent,
        world.edition,
        SendMessage(world.talent.pk, world.opening.pk, "When would it begin?"),
    )
    after.catch_up()
    rows = Message.objects.filter(address="lilei@example.org", state=State.GATHERED)
    assert rows.count() == 2 and all(ANNA in f"{one.subject}{one.text}" for one in rows)


def daily_mail() -> str:
    with clock.at(TOMORROW):
        digests.send_due()
    found = Message.objects.filter(kind="messages.digest").first()
    return found.text if found else ""


def test_what_is_shown_still_is_told_once_a_day(world: World) -> None:  # noqa: F811
    waits_for_the_daily_mail(world)
    told = daily_mail()
    assert ANNA in told and "I like batteries" in told and "When would it begin?" in told


def test_who_took_the_consent_back_is_named_by_no_daily_mail(world: World) -> None:  # noqa: F811
    waits_for_the_daily_mail(world)
    Consent.objects.update(withdrawn_at=clock.now())
    withdraw(world.of_talent, world.edition, WithdrawInterest(Interest.objects.get().pk))
    after.catch_up()
    told = daily_mail()
    # That it was taken back is told, under the sign the pages show.
    assert told and ANNA not in told and "I like batteries" not in told


def test_who_acts_for_the_organisation_no_more_gets_none(world: World) -> None:  # noqa: F811
    waits_for_the_daily_mail(world)
    Delegate.objects.filter(person__user=world.of_delegate.user).update(withdrawn_at=clock.now())
    assert daily_mail() == ""
    assert not Message.objects.filter(state=State.GATHERED).exists()


def test_a_daily_mail_that_was_sent_is_erased_like_those_it_joins(world: World) -> None:  # noqa: F811
    waits_for_the_daily_mail(world)
    assert "I like batteries" in daily_mail()
    erase_person(SYSTEM, ErasePerson(person=world.talent.person_id))
    assert Message.objects.get(kind="messages.digest").text == ""


def test_words_that_others_were_mailed_are_erased_with_the_person(
    world: World,  # noqa: F811
    box: Box,
) -> None:
    waits_for_the_daily_mail(world)
    # The colleague gets each mail at once.
    colleague = Message.objects.filter(address="han@example.org")
    assert any("I like batteries" in one.text for one in colleague)
    facts = erase_person(SYSTEM, ErasePerson(person=world.talent.person_id))
    assert facts["messages that told of them"] == 4
    after.catch_up()
    told = daily_mail()  # at most that the request is over, under the sign
    assert ANNA not in told and "batteries" not in told and "begin" not in told
    for one in Message.objects.exclude(address="anna@example.org"):
        assert ANNA not in f"{one.subject}{one.text}" and "batteries" not in one.text
    assert Message.objects.filter(state=State.UNWANTED).count() >= 2
