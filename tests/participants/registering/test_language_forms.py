"""What is typed and shown follows the form of the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from talex.core import clock
from talex.participants.looking.models import Look
from talex.participants.looking.queries import seen_by
from talex.participants.models import Talent
from talex.participants.registering.models import Draft
from talex.participants.registering.services import SendDraft, send_draft
from talex.participants.words import month_shown, months_shown
from tests.participants import factories as make
from tests.participants.registering.factories import answered, client_of

pytestmark = pytest.mark.django_db
WISHES = {"mode": "both", "pay_currency": "EUR", "pay_period": "year"}


def test_pay_typed_in_german_is_kept_as_it_was_meant() -> None:
    edition, user = make.edition(), make.user("lena@example.org")
    _actor, draft = answered(user, edition)
    client = client_of(user, "de")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    kwargs = {"edition": edition.slug, "kind": "talent"}
    wishes = reverse("registering:step", kwargs={**kwargs, "step": "wishes"})
    assert client.post(wishes, {**WISHES, "pay_least": "60.000"}).status_code == 303
    check = reverse("registering:check", kwargs=kwargs)
    assert "60.000" in client.get(check).content.decode()
    client.post(check, {"revision": Draft.objects.get(pk=draft.pk).revision})
    assert Talent.objects.get(person__user=user).wished_pay["least"] == "60000"
    own = client.get(reverse("participants:own", kwargs={"edition": edition.slug}))
    assert "60.000" in own.content.decode()


def test_an_amount_of_two_meanings_is_asked_back_at_the_step() -> None:
    edition, user = make.edition(), make.user("lena@example.org")
    answered(user, edition)
    wishes = reverse(
        "registering:step", kwargs={"edition": edition.slug, "kind": "talent", "step": "wishes"}
    )
    answer = client_of(user, "en").post(wishes, {**WISHES, "pay_least": "60.000"})
    assert answer.status_code == 422
    assert "60000" in answer.content.decode()


def test_years_months_and_fractions_on_the_pages() -> None:
    edition, user = make.edition(), make.user("lena@example.org")
    actor, draft = answered(user, edition, experience_years="8.1", birth_year="1994")
    client = client_of(user, "de")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    check = client.get(
        reverse("registering:check", kwargs={"edition": edition.slug, "kind": "talent"})
    ).content.decode()
    assert "<p>8,1</p>" in check or ">8,1<" in check
    step = {"edition": edition.slug, "kind": "talent", "step": "experience"}
    assert 'value="8,1"' in client.get(reverse("registering:step", kwargs=step)).content.decode()
    assert "seit März 2019" in check and "2019-03" not in check
    assert "12.04.2027" in check
    send_draft(actor, SendDraft(draft.pk))
    own = client.get(reverse("participants:own", kwargs={"edition": edition.slug}))
    own_page = own.content.decode()
    assert "1994" in own_page and "1.994" not in own_page
    assert "2019-03" not in own_page


@pytest.mark.parametrize(
    ("language", "told"),
    [("de", "April 2021"), ("en", "April 2021"), ("zh-hans", "2021年4月")],
)
def test_a_month_is_told_in_words(language: str, told: str) -> None:
    with translation.override(language):
        assert month_shown("2021-04") == told
        assert month_shown("2021") == "2021" and month_shown("2021-13") == "2021-13"
        assert told in months_shown({"start": "2021-04", "end": ""})
        assert months_shown({"start": "2018", "end": "2021-04"}) == f"2018 – {told}"


def test_the_time_of_saving_is_that_of_whoever_types() -> None:
    edition, user = make.edition(), make.user("lena@example.org")
    with clock.at(datetime(2026, 11, 28, 19, 54, tzinfo=UTC)):
        answered(user, edition, time_zone="Europe/Berlin")
    client = client_of(user, "de")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    page = client.get(
        reverse(
            "registering:step", kwargs={"edition": edition.slug, "kind": "talent", "step": "who"}
        )
    )
    assert "28.11.2026, 20:54 (Berlin)" in page.content.decode()


def test_the_day_of_a_look_is_told_by_the_readers_clock() -> None:
    edition, person = make.edition(), uuid4()
    seen_at = datetime(2026, 11, 28, 19, 54, tzinfo=UTC)
    Look.objects.create(
        edition=edition, person=person, viewer=uuid4(), role="organiser", way="profile",
        day=seen_at.date(), first_at=seen_at,
    )  # fmt: skip
    [shanghai] = seen_by([person], edition.pk, zone=ZoneInfo("Asia/Shanghai"))
    [berlin] = seen_by([person], edition.pk, zone=ZoneInfo("Europe/Berlin"))
    assert (shanghai.last.day, berlin.last.day) == (29, 28)
