"""An organisation that can say nothing at present: the pages say so, why, and where to go on."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import NotAllowed
from talex.fair import queries, services
from talex.fair.models import Interest
from talex.fair.outside import outside
from talex.participants.credentials.models import Case
from talex.participants.models import Participation
from tests.fair import factories as make
from tests.fair.test_pages import World

pytestmark = pytest.mark.django_db

NO = {"answer": "no", "reason": "filled", "message": "Words that took a while"}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: make.BEFORE)
    return World()


def _asked(world: World) -> Interest:
    now = clock.now()
    return make.interest(
        world.talent, world.opening, asked_at=now, expires_at=now + timedelta(days=5)
    )


def _suspend(world: World) -> None:
    services.suspend(
        make.office(world.edition),
        world.edition,
        services.Suspend("Adverts to everybody.", organisation=world.company.pk),
    )


def _case(world: World, state: str, reason: str = "") -> Case:
    Participation.objects.update(pending_since=clock.now())
    return Case.objects.create(
        edition=world.edition, kind="employer", organisation=world.company, state=state,
        reason=reason, note="Photo too dark" if reason else "",
        decided_by=uuid.uuid4() if reason else None,
        decided_at=clock.now() if reason else None,
    )  # fmt: skip


def _sent(world: World, asked: Interest) -> Any:
    return world.clients["delegate"].post(world.url("answer", pk=asked.pk), NO)


def test_a_suspended_organisation_reads_why_in_place_of_the_form(world: World) -> None:
    _suspend(world)
    asked = _asked(world)
    cases = reverse("conversations:cases", kwargs={"edition": world.edition.slug})
    page = world.get("delegate", "answer", pk=asked.pk).content.decode()
    assert "Adverts to everybody." in page and f'href="{cases}"' in page
    assert 'name="message"' not in page
    inbox = world.get("delegate", "requests").content.decode()
    assert "Adverts to everybody." in inbox and world.url("answer", pk=asked.pk) not in inbox
    board = world.get("delegate", "applications").content.decode()
    assert "Adverts to everybody." in board and world.url("answer", pk=asked.pk) not in board


@pytest.mark.parametrize("page", ["fair:candidates", "conversations:list"])
def test_a_suspended_organisation_reads_why_where_it_found_candidates_and_messages(
    world: World, page: str
) -> None:
    _suspend(world)
    here = {"edition": world.edition.slug}
    told = world.clients["delegate"].get(reverse(page, kwargs=here))
    text = told.content.decode()
    assert told.status_code == 200 and "Adverts to everybody." in text
    assert "its openings are closed" in text
    assert f'href="{reverse("conversations:cases", kwargs=here)}"' in text


def test_the_agenda_of_a_suspended_organisation_says_that_it_is(world: World) -> None:
    agenda = reverse("meetings:agenda", kwargs={"edition": world.edition.slug})
    assert world.clients["delegate"].get(agenda).status_code == 200
    _suspend(world)
    told = world.clients["delegate"].get(agenda)
    assert told.status_code == 403
    assert "The office has suspended this organisation here." in told.content.decode()


def test_a_suspended_organisation_has_nothing_to_answer_at_home(world: World) -> None:
    _asked(world)
    delegate = make.as_delegate(world.delegate)
    assert queries.waiting_for(delegate, world.edition) == 1
    _suspend(world)
    assert queries.waiting_for(delegate, world.edition) == 0


def test_an_answer_sent_anyway_comes_back_with_the_reason_and_the_words(world: World) -> None:
    _suspend(world)
    asked = _asked(world)
    answer = _sent(world, asked)
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "Adverts to everybody." in text and "Words that took a while" in text
    assert "Your role here does not include it" not in text
    asked.refresh_from_db()
    assert asked.state == "asked"


@pytest.mark.parametrize(
    ("state", "reason", "told"),
    [
        ("gathering", "", "has not let Yangtze Motors in yet"),
        ("returned", "unreadable", "Photo too dark"),
        ("refused", "fake", "The office has refused Yangtze Motors"),
    ],
)
def test_who_is_not_let_in_is_led_to_the_check(
    world: World, state: str, reason: str, told: str
) -> None:
    asked = _asked(world)
    case = _case(world, state, reason)
    link = reverse("credentials:case", kwargs={"edition": world.edition.slug, "case": case.pk})
    for name, more in (("answer", {"pk": asked.pk}), ("requests", {}), ("applications", {})):
        page = world.get("delegate", name, **more)
        text = page.content.decode()
        assert page.status_code == 200, name
        assert told in text and f'href="{link}"' in text and 'name="message"' not in text
    back = _sent(world, asked)
    assert back.status_code == 403
    assert told in back.content.decode() and "Words that took a while" in back.content.decode()


def test_an_organisation_that_left_is_told_that(world: World) -> None:
    Participation.objects.update(withdrawn_at=clock.now())
    found = outside(world.edition, world.company)
    assert found is not None and "does not take part" in str(found.text) and not found.url


def test_the_office_declines_for_it_but_does_not_accept(world: World) -> None:
    asked = _asked(world)
    _case(world, "refused", "fake")
    with pytest.raises(NotAllowed, match="refused"):
        services.answer(SYSTEM, world.edition, services.AnswerInterest(asked.pk, True))
    done = services.answer(
        SYSTEM, world.edition, services.AnswerInterest(asked.pk, False, reason="filled")
    )
    assert done.state == "declined"


def test_a_suspended_talent_keeps_the_words_of_a_request(world: World) -> None:
    services.suspend(
        make.office(world.edition),
        world.edition,
        services.Suspend("Insults.", world.talent.person_id),
    )
    answer = world.post("talent", "ask", {"message": "A long letter"}, pk=world.opening.pk)
    assert answer.status_code == 403
    assert "Insults." in answer.content.decode() and "A long letter" in answer.content.decode()
