"""Timetable, agenda, moving and placing in a real browser: what axe finds, widths, print."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from talex.accounts.models import User
from talex.meetings.models import Meeting
from talex.programme.models import Hall
from tests.meetings.full_fair import FullFair, make_full_fair, some_meeting

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def fair() -> FullFair:
    return make_full_fair(24)


def signed_in(
    browser: Browser,
    base: str,
    who: str,
    language: str = "en",
    width: int = 1280,
    theme: Any = None,
) -> Page:
    client = Client()
    client.force_login(
        User.objects.get(email=f"{who}@example.org"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    context = browser.new_context(
        locale=language, viewport={"width": width, "height": 900}, color_scheme=theme
    )
    context.add_cookies(
        [
            {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base},
            {"name": "talex_language", "value": language, "url": base},
        ]
    )
    return context.new_page()


def _url(name: str, **more: Any) -> str:
    return reverse(name, kwargs={"edition": "fair", **more})


@pytest.mark.parametrize(
    ("language", "width", "theme"),
    [("zh-hans", 390, "dark"), ("de", 390, "light"), ("zh-hans", 1280, "light")],
)
def test_axe_finds_nothing_and_nothing_is_too_wide(
    browser: Browser, live_server: Any, fair: FullFair, language: str, width: int, theme: Any
) -> None:
    meeting = some_meeting(fair, fair.talents[1])
    hall = Hall.objects.get(edition=fair.edition, code="A1")
    office = [
        _url("meetings:timetable"), _url("meetings:timetable") + "?by=person",
        _url("meetings:meeting", pk=meeting.pk), _url("meetings:move", pk=meeting.pk),
        _url("meetings:agenda_of", kind="hall", pk=hall.pk), _url("programme:halls"),
        _url("programme:programme"),
    ]  # fmt: skip
    faults: list[str] = []
    # What is hidden from sight in a cell far to the right must not widen the page.
    Meeting.objects.filter(table__number__gte=5).update(locked=True)
    for who, pages in (("office", office), ("talent", [_url("meetings:agenda")])):
        page = signed_in(browser, live_server.url, who, language, width, theme)
        page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
        for address in pages:
            page.goto(live_server.url + address)
            found = Axe().run(page).response["violations"]
            assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == [], address
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        page.context.close()
    assert faults == []


def test_a_talent_proposes_another_time_in_german_and_the_delegate_accepts_in_chinese(
    browser: Browser, live_server: Any, fair: FullFair
) -> None:
    meeting = some_meeting(fair, fair.delegates[0])
    talent = meeting.request.parties.get(side="talent").person
    talent.user = User.objects.get(email="talent@example.org")
    fair.talents[1].user = None
    fair.talents[1].save()
    talent.save()
    page = signed_in(browser, live_server.url, "talent", "de", 390)
    page.goto(live_server.url + _url("meetings:agenda"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mein Terminplan")
    page.goto(live_server.url + _url("meetings:meeting", pk=meeting.pk))
    page.get_by_role("link", name="Andere Zeit vorschlagen").click()
    page.locator(".radio-card").last.click()
    page.locator("textarea[name=note]").fill("Prüfung an der Hochschule")
    page.get_by_role("button", name="Diese Zeit vorschlagen").click()
    expect(page.locator(".proposal")).to_be_visible()
    assert [v["id"] for v in Axe().run(page).response["violations"]] == []
    page.screenshot(path="screenshots/proposal-de-390.png", full_page=True)
    assert Meeting.objects.get(pk=meeting.pk).starts_at == meeting.starts_at
    other = signed_in(browser, live_server.url, "delegate", "zh-hans", 1280)
    other.goto(live_server.url + _url("meetings:meeting", pk=meeting.pk))
    expect(other.locator(".proposal")).to_contain_text("Prüfung an der Hochschule")
    other.screenshot(path="screenshots/proposal-zh-hans-1280.png", full_page=True)
    other.get_by_role("button", name="接受").click()
    expect(other.locator(".flash")).to_be_visible()
    assert Meeting.objects.get(pk=meeting.pk).starts_at > meeting.starts_at
    expect(other.locator(".timeline")).to_be_visible()
    page.context.close()
    other.context.close()


def test_the_grid_keeps_its_heads_and_the_print_button_prints(
    browser: Browser, live_server: Any, fair: FullFair
) -> None:
    page = signed_in(browser, live_server.url, "office")
    page.goto(live_server.url + _url("meetings:timetable"))
    region = page.locator(".timetable-scroll")
    region.evaluate("(e) => e.scrollTo(400, 300)")
    head, first = region.locator("thead th").first, region.locator("tbody th").nth(9)
    box = region.bounding_box()
    assert box is not None
    top, left = head.bounding_box(), first.bounding_box()
    assert top is not None and abs(top["y"] - box["y"]) < 3
    assert left is not None and abs(left["x"] - box["x"]) < 3
    hall = Hall.objects.get(edition=fair.edition, code="A1")
    page.goto(live_server.url + _url("meetings:agenda_of", kind="hall", pk=hall.pk))
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.locator("[data-print]").click()
    expect(page).to_have_title("printed")
    sheets = page.locator("section.card").count()
    assert sheets > 1 and page.pdf().count(b"/Type /Page\n") >= sheets
    page.context.close()
