"""Reminders: what is due, once, by day, and never what is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.jobs.ticks import run_ticks
from talex.core.outbox import Group
from talex.editions.models import Consent, Edition
from talex.meetings import reminding, services
from talex.messages.models import Message, Preference
from talex.messages.sending import deliver
from talex.participants.credentials import reminding as papers
from talex.participants.credentials.models import Case
from talex.participants.credentials.models import Draft as Company
from talex.participants.models import Person, Talent
from talex.participants.registering import reminding as registrations
from talex.participants.registering.models import Draft
from tests.editions.factories import make_edition, make_user
from tests.messages.conftest import Box
from tests.messages.test_meetings import account, body, cancel, fair_of, place

pytestmark = pytest.mark.django_db


def at(text: str) -> Any:
    return clock.at(datetime.fromisoformat(text))


def told(kind: str) -> list[str]:
    rows = Message.objects.filter(kind=kind).order_by("address")
    return list(rows.values_list("address", flat=True))


def test_the_day_before_each_person_gets_their_day_once_while_it_is_day_there(box: Box) -> None:
    fair = fair_of("de", talents=2)
    first, second = place(fair, 0), place(fair, 1)  # the weightier request first: talent 1
    cancel(second)
    Message.objects.all().delete()
    for too_early in ("2037-04-18T10:00+08:00", "2037-04-19T07:30+08:00"):
        with at(too_early):
            reminding.remind()
    assert told("meetings.tomorrow") == []
    # Ten in the morning at the venue is four in the morning in Berlin, where the delegate lives.
    with at("2037-04-19T10:00+08:00"):
        reminding.remind()
        assert told("meetings.tomorrow") == ["talent1@example.org"]
        assert deliver() == 1
    assert "Battery engineer" in body(box.taken[0]) and "20. April 2037" in box.taken[0]["Subject"]
    with at("2037-04-19T16:00+08:00"):
        for _again in range(2):
            reminding.remind()
    assert told("meetings.tomorrow") == ["delegate@example.org", "talent1@example.org"]
    with clock.at(first.ends_at):
        reminding.remind()
    assert len(told("meetings.tomorrow")) == 2


def open_edition() -> Edition:
    return make_edition(
        starts_on=datetime(2027, 5, 12).date(), ends_on=datetime(2027, 5, 14).date()
    )


START = datetime(2027, 4, 1, 2, tzinfo=UTC)


def after(days: float) -> Any:
    return clock.at(START + timedelta(days=days))


def test_an_unfinished_registration_is_recalled_once() -> None:
    edition, user = open_edition(), make_user(language="de")
    with after(0):
        Draft.objects.create(user=user, edition=edition, kind="talent", values={"name": "L"})
        empty = make_user(language="de")
        Draft.objects.create(user=empty, edition=edition, kind="talent")
        Company.objects.create(user=user, edition=edition, answers={"name": {"de": "X"}})
    for days in (1, 2):
        with after(days):
            registrations.remind()
            papers.remind()
    assert not Message.objects.exists()
    for days in (3.5, 3.6, 10):
        with after(days):
            registrations.remind()
            papers.remind()
    assert told("registering.unfinished") == [user.email]
    assert told("credentials.unfinished") == [user.email]
    Message.objects.all().delete()
    with after(31):
        registrations.remind()
        papers.remind()
    Draft.objects.update(changed_at=START + timedelta(days=60))
    with after(65):  # the conference is over
        registrations.remind()
    assert not Message.objects.exists()


def test_a_sent_registration_is_not_recalled() -> None:
    user = make_user(language="en")
    with after(0):
        Draft.objects.create(
            user=user, edition=open_edition(), kind="talent", values={"name": "L"},
            sent_at=clock.now(),
        )  # fmt: skip
    with after(4):
        registrations.remind()
    assert not Message.objects.exists()


def test_who_answered_no_consent_is_asked_once() -> None:
    edition = open_edition()
    people = [
        Person.objects.create(name=f"P{n}", user=make_user(f"p{n}@example.org", language="zh-hans"))
        for n in range(3)
    ]
    with after(0):
        for person in people:
            Talent.objects.create(person=person, edition=edition, created_at=clock.now())
        for person, withdrawn in ((people[1], None), (people[2], clock.now())):
            Consent.objects.create(
                edition=edition, person=person.pk, purpose="profile", wording="w",
                withdrawn_at=withdrawn,
            )  # fmt: skip
        Talent.objects.create(person=Person.objects.create(name="Imported"), edition=edition)
    for days in (1, 4, 5):
        with after(days):
            registrations.remind()
    assert told("registering.missing") == ["p0@example.org"]
    assert "可面谈" in Message.objects.get().text


def test_returned_papers_are_recalled_once_for_each_return() -> None:
    edition, user = open_edition(), make_user(language="en")
    talent = Talent.objects.create(person=Person.objects.create(name="T"), edition=edition)
    case = Case.objects.create(
        edition=edition, kind="degree", talent=talent, state="returned", opened_by=user.pk,
        decided_by=make_user().pk, decided_at=START, reason="unreadable",
    )  # fmt: skip
    for days in (2, 4, 5):
        with after(days):
            papers.remind()
    assert told("credentials.to_mend") == [user.email]
    Case.objects.filter(pk=case.pk).update(state="waiting")
    with after(6):
        papers.remind()
    Case.objects.filter(pk=case.pk).update(
        state="returned", version=case.version + 1, decided_at=START + timedelta(days=7)
    )
    with after(11):
        papers.remind()
    assert len(told("credentials.to_mend")) == 2


def test_reminders_can_be_switched_off_and_run_with_the_worker() -> None:
    edition, user = open_edition(), make_user(language="en")
    Preference.objects.create(user=user, group=Group.REMINDERS, way="never")
    other = make_user(language="en")
    with after(0):
        for one in (user, other):
            Draft.objects.create(user=one, edition=edition, kind="owner", values={"title": "x"})
    with after(4):
        run_ticks(all_of_them=True)
    assert told("registering.unfinished") == [other.email]


def test_nobody_is_reminded_of_a_meeting_in_a_conference_without_address() -> None:
    fair = fair_of("en")
    place(fair)
    Message.objects.all().delete()
    account(fair.delegate, "away@example.org", "en")
    services.withdraw_requests(SYSTEM, fair.edition, [fair.requests[0].pk], "x")
    Message.objects.all().delete()
    with at("2037-04-19T16:00+08:00"):
        reminding.remind()
    assert not Message.objects.exists()
