"""On a phone: a talent applies, the delegate shortlists and invites, both agree, they meet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from talex.core.actor import SYSTEM
from talex.core.translated import TranslatedText
from talex.fair.models import Interest
from talex.meetings import releasing
from talex.meetings.models import Meeting, MeetingRequest
from talex.programme import services as programme
from tests.fair import factories as make
from tests.fair.test_pages import World
from tests.meetings.fair_factory import schedule

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SHOTS = Path(__file__).resolve().parents[2] / "screenshots"


@pytest.fixture(autouse=True)
def _patient() -> Iterator[None]:
    SHOTS.mkdir(exist_ok=True)
    expect.set_options(timeout=60_000)
    yield
    expect.set_options(timeout=5_000)


def phone(browser: Browser, base: str, client: Client, language: str) -> Page:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale=language, base_url=base
    )
    context.add_cookies([
        {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base},
        {"name": "talex_language", "value": language, "url": base},
    ])  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(60_000)
    return page


def look(page: Page, name: str) -> None:
    """Nothing wider than the phone, nothing axe finds, and a picture."""
    page.screenshot(path=SHOTS / f"applying-{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == [], name


def test_from_the_application_to_the_placed_meeting(browser: Browser, live_server: Any) -> None:
    world = World()
    where = world.edition
    hall = programme.SaveHall("A1", TranslatedText.of("Hall A1"), 2)
    programme.save_hall(SYSTEM, where, hall)
    programme.save_day(SYSTEM, where, programme.SaveDay(date(2027, 4, 20), time(9), time(12)))
    second = make.opening(where, world.company, "Cell chemist")
    make.consent(world.talent, "profile")

    def at(name: str, **more: Any) -> str:
        return reverse(name, kwargs={"edition": where.slug, **more})

    talent = phone(browser, live_server.url, world.clients["talent"], "de")
    delegate = phone(browser, live_server.url, world.clients["delegate"], "zh-hans")

    # The talent applies for one opening and writes a line.
    talent.goto(at("fair:opening", pk=world.opening.pk))
    talent.locator(f"a[href='{at('fair:ask', pk=world.opening.pk)}']").first.click()
    talent.locator("textarea[name=message]").fill("Ich habe solche Packs gebaut.")
    talent.locator("#form button.button-primary").click()
    talent.wait_for_url("**/applications/")
    look(talent, "1-talent-asked")
    pair = {"talent": world.talent.pk, "opening": world.opening.pk}
    talent.goto(at("conversations:thread", **pair))
    talent.locator("textarea[name=body]").fill("Guten Tag! Meine Adresse: anna@example.org")
    talent.locator("#form button.button-primary").click()
    expect(talent.locator("article")).to_have_count(1)
    look(talent, "2-talent-wrote")

    # The delegate reads it without the address, shortlists, and answers.
    delegate.goto(at("fair:applications"))
    look(delegate, "3-board")
    delegate.goto(at("conversations:thread", **pair))
    expect(delegate.locator("article")).to_contain_text("•••")
    assert "anna@example.org" not in delegate.content()
    look(delegate, "4-delegate-reads")
    delegate.goto(at("fair:applications"))
    shortlist = at("fair:shortlist", pk=world.opening.pk, talent=world.talent.pk)
    delegate.locator(f"a[href='{shortlist}']").click()
    delegate.locator("input[name=told][value=yes]").check()
    delegate.locator("#form button.button-primary").click()
    delegate.wait_for_url("**/applications/")
    look(delegate, "5-shortlisted")
    interest = Interest.objects.get(talent=world.talent, opening=world.opening)
    delegate.locator(f"a[href='{at('fair:answer', pk=interest.pk)}']").click()
    look(delegate, "6-answer")
    delegate.locator("input[name=answer][value=yes]").check()
    delegate.locator("#form button.button-primary").click()
    delegate.wait_for_url("**/requests/")
    # Now both agreed, and the address is read.
    delegate.goto(at("conversations:thread", **pair))
    expect(delegate.locator("article")).to_contain_text("anna@example.org")

    # The delegate invites to the second opening; the talent accepts.
    shown = at("fair:invite_talent", pk=second.pk, talent=world.talent.pk)
    delegate.goto(shown)
    delegate.locator("#form button.button-primary").click()
    delegate.wait_for_url("**/applications/")
    assert MeetingRequest.objects.count() == 1  # an invitation alone is no meeting
    talent.goto(at("fair:applications"))
    look(talent, "7-talent-invited")
    invited = Interest.objects.get(talent=world.talent, opening=second)
    talent.goto(at("fair:answer", pk=invited.pk) + "?answer=yes")
    talent.locator("#form button.button-primary").click()
    talent.wait_for_url("**/requests/")
    assert MeetingRequest.objects.count() == 2

    # The timetable is made and released: both meet.
    schedule(where)
    releasing.release_timetable(SYSTEM, where, releasing.ReleaseTimetable("First"))
    assert Meeting.objects.filter(status="planned").count() == 2
    for page, who in ((talent, "talent"), (delegate, "delegate")):
        page.goto(at("fair:applications") + "?stage=placed")
        expect(page.locator("tbody tr")).to_have_count(2)
        look(page, f"8-{who}-placed")
    talent.context.close()
    delegate.context.close()


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_the_office_s_pages_on_a_phone(browser: Browser, live_server: Any, language: str) -> None:
    world = World()
    from talex.fair.conversations import reporting
    from talex.fair.conversations.models import Report

    as_talent = make.as_talent(world.talent)
    command = reporting.MakeReport("opening", world.opening.pk, "fake", "There is no such firm.")
    reporting.report(as_talent, world.edition, command)
    office = phone(browser, live_server.url, world.clients["office"], language)

    def at(name: str, **more: Any) -> str:
        return reverse(name, kwargs={"edition": world.edition.slug, **more})

    case = at("conversations:case", pk=Report.objects.get().pk)
    for name, address in (
        ("limits", at("fair:limits")),
        ("reports", at("conversations:reports")),
        ("case", case),
    ):
        office.goto(address)
        look(office, f"office-{name}-{language}")
    office.locator(f"form[action='{case}claim/'] button").click()
    office.locator("input[name=decision][value=warn]").check()
    office.locator("textarea[name=words]").fill("Please show the licence.")
    look(office, f"office-decide-{language}")
    office.locator("#form button.button-primary").click()
    office.wait_for_url("**/abuse/")
    assert Report.objects.get().decision == "warn"
    office.context.close()
