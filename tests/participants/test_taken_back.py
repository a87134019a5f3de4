"""The profile taken back from all: what ends with it, what is said before and afterwards, and that
the end of a consent reads as one day everywhere."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from talex.editions.models import Consent
from talex.editions.next_steps import next_steps
from talex.messages.models import Message
from talex.participants import agreements, services
from talex.participants.commands import SetConsents, ShareContact
from talex.participants.statements import last_day, statement
from tests.participants.test_abroad import Place
from tests.participants.test_sharing import Place as Pages

pytestmark = pytest.mark.django_db


def give(place: Place, *purposes: str) -> None:
    services.set_consents(place.own, SetConsents(talent=place.talent.pk, purposes=list(purposes)))


def share_with(place: Place, to: Any, *purposes: str, abroad: bool | None = None) -> None:
    services.share_contact(
        place.own,
        ShareContact(
            talent=place.talent.pk,
            organisation=to.pk,
            share=True,
            purposes=purposes,
            abroad=abroad,
        ),
    )


def held(place: Place) -> set[tuple[str, str]]:
    rows = Consent.objects.current().filter(person=place.talent.person_id)
    return set(rows.values_list("purpose", "recipient"))


def test_nothing_comes_back_to_life_when_the_profile_is_given_again() -> None:
    place = Place("profile")
    share_with(place, place.far, "profile", "contact", abroad=True)
    share_with(place, place.home, "contact")
    assert place.seen() == ("contact", "contact", "")
    before = Message.objects.filter(kind="participants.receipt").count()
    give(place)
    assert held(place) == set() and place.seen() == ("", "", "")
    sent = Message.objects.filter(kind="participants.receipt").order_by("created_at")
    assert sent.count() == before + 1
    # Each that ended has its receipt: the profile twice, the contact twice, the one abroad.
    assert Consent.objects.exclude(withdrawn_at=None).count() == 5
    told = sent.last()
    assert told is not None and told.text.count("taken back") >= 5
    give(place, "profile")
    assert held(place) == {("profile", "")} and place.seen() == ("profile", "", "")


def test_whom_the_talent_agreed_to_meet_keeps_the_consent_abroad(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = Place("profile")
    share_with(place, place.far, "contact", abroad=True)

    class Agreed:
        def agreed_with(self, edition: UUID, person: UUID) -> set[UUID]:
            return {place.far.pk}

        def waiting(self, edition: UUID, person: UUID, organisation: UUID | None = None) -> int:
            return 0

    monkeypatch.setattr(agreements, "_ROOMS", [Agreed()])
    give(place)
    assert held(place) == {("abroad", str(place.far.pk))}


def test_the_page_says_how_many_requests_end(monkeypatch: pytest.MonkeyPatch) -> None:
    place = Pages()
    page = place.url("own_consents")
    number = 2
    monkeypatch.setattr(agreements, "waiting", lambda *_of: number)
    warning, ended = "2 requests that wait for an answer end", "2 waiting requests end by this"
    # Not shared: nothing can be taken back.
    assert warning not in place.own.get(page).content.decode()
    said = place.own.post(page, {"purposes": ["profile"]}, follow=True).content.decode()
    assert warning in said and ended not in said
    assert ended in place.own.post(page, {}, follow=True).content.decode()
    number = 0
    place.own.post(page, {"purposes": ["profile"]})
    assert "wait for an answer end" not in place.own.get(page).content.decode()
    assert "waiting request" not in place.own.post(page, {}, follow=True).content.decode()


def test_the_contact_falls_with_the_profile_and_stays_down() -> None:
    place = Place("profile")
    give(place, "profile", "contact", "press")
    # The box of the contact was left ticked.
    give(place, "contact", "press")
    assert held(place) == {("press", "")}
    give(place, "profile", "press")
    assert place.seen() == ("profile", "profile", "profile") or "contact" not in place.seen()
    assert held(place) == {("profile", ""), ("press", "")}
    share_with(place, place.home, "profile", "contact")
    share_with(place, place.home, "contact")
    assert not [one for one in held(place) if one[1] == str(place.home.pk)]


def test_the_page_says_that_the_contact_fell() -> None:
    place = Pages()
    page = place.url("own_consents")
    place.own.post(page, {"purposes": ["profile", "contact"]})
    said = place.own.post(page, {"purposes": ["contact"]}, follow=True).content.decode()
    assert "that is taken back as well" in said
    assert "that is taken back as well" not in place.own.get(page).content.decode()


def test_one_organisation_alone_is_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    place = Pages()
    asked: list[Any] = []

    def waiting(edition: UUID, person: UUID, organisation: UUID | None = None) -> int:
        asked.append(organisation)
        return 1

    monkeypatch.setattr(agreements, "waiting", waiting)
    page = place.url("own_share", organisation=place.firm.pk)
    warning, ended = "1 request that waits for an answer ends", "1 waiting request ends by this"
    # It sees nothing yet: nothing can end.
    assert warning not in place.own.get(page).content.decode() and not asked
    said = place.own.post(page, {"purposes": ["profile"]}, follow=True).content.decode()
    assert ended not in said
    assert warning in place.own.get(page).content.decode()
    assert [one for one in asked if one] == [place.firm.pk]
    assert ended in place.own.post(page, {}, follow=True).content.decode()
    # Shared with all it stays visible to this one.
    place.own.post(page, {"purposes": ["profile"]})
    place.own.post(place.url("own_consents"), {"purposes": ["profile"]})
    assert ended not in place.own.post(page, {}, follow=True).content.decode()


def test_who_is_invisible_is_told_to_decide() -> None:
    place = Place()

    def steps() -> set[str]:
        return {step.key for step in next_steps(place.own, place.edition)}

    assert "participants.sharing" in steps()
    give(place, "contact", "follow_up")
    assert "participants.sharing" in steps()
    give(place, "profile")
    assert "participants.sharing" not in steps()
    give(place, "partners")
    assert "participants.sharing" not in steps()


def test_the_end_of_a_consent_is_one_day_everywhere() -> None:
    place = Pages()
    # Midnight in Wuhan: the day before in UTC, in which the account reads.
    end = datetime(2028, 3, 3, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert last_day(place.edition, end) == date(2028, 3, 2)
    place.own.post(place.url("own_consents"), {"purposes": ["profile"]})
    one = Consent.objects.get(purpose="profile")
    assert one.valid_until is not None
    day = last_day(place.edition, one.valid_until)
    assert dict(statement(place.edition, "profile"))["Until"] == day
    receipt = place.own.get(place.url("own_receipt", consent=one.pk))
    assert dict(receipt.context["pairs"])["Until"] == day
    text = Message.objects.get(kind="participants.receipt").text
    assert f"Until: {day:%B} {day.day}, {day.year}" in text or f"Until: {day.day} {day:%B}" in text
