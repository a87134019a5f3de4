"""The office's pages in a real browser, with the data of a rehearsal: none is wider than its
screen, and the browser has nothing to say of any."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from itertools import cycle
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Error, Page

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.editions.models import Edition
from talex.fair.models import Opening
from talex.meetings.models import Meeting, MeetingRequest
from talex.participants.models import Talent
from talex.programme.models import Table
from talex.rehearsing.load import load
from talex.rehearsing.play import ask_and_answer
from tests.editions.factories import grant, make_user
from tests.fair import factories as fair
from tests.web.test_browser import BACKEND

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SIZES = (1265, 390)  # a small laptop's 1280 less its scrollbar; a telephone
LEAVES = re.compile(r"/logout/|/language/|[?&]export=|\.(ics|csv|xlsx|css)\b|/downloads?/")
VARIES = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
WIDER = "document.scrollingElement.scrollWidth - innerWidth"
LISTS_WIDER = """[...document.querySelectorAll(".list-body .table-scroll")]
    .map((list) => list.scrollWidth - list.clientWidth).filter((more) => more > 0)"""
LINKS = """[...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href"))
    .map((href) => new URL(href, location.href)).filter((url) => url.origin === location.origin)
    .map((url) => url.pathname + url.search)"""


def rehearsed() -> Edition:
    """A small rehearsal whose meetings stand at any table: who meets whom is not the matter."""
    starts = clock.now().date() + timedelta(days=1)
    loaded = load(SYSTEM, "small", 3, starts_on=starts, slug="practice")
    ask_and_answer(loaded)
    edition = loaded.edition
    noon = datetime.combine(starts, time(4), UTC)
    places = zip(cycle(Table.objects.order_by("id")), cycle(Meeting.Status.values), strict=False)
    for request, (table, status) in zip(
        MeetingRequest.objects.filter(edition=edition), places, strict=False
    ):
        Meeting.objects.create(
            edition=edition, request=request, starts_at=noon, ends_at=noon + timedelta(minutes=20),
            table=table, status=status, changed_at=noon, locked=True,
        )  # fmt: skip
    for who, about in zip(Talent.objects.all()[:40], Opening.objects.all()[:40], strict=True):
        fair.match(who, about)
    return edition


def office_page(browser: Browser, base: str, edition: Edition) -> Page:
    """An organiser of the edition, who reads German."""
    user = make_user("office@example.org", language="de")
    grant(user, edition, "organiser")
    client = Client()
    client.force_login(user, backend=BACKEND)
    context = browser.new_context(
        locale="de", viewport={"width": SIZES[0], "height": 900}, base_url=base
    )
    context.add_cookies(
        [
            {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base},
            {"name": "talex_language", "value": "de", "url": base},
        ]
    )
    return context.new_page()


def narrow_and_wide(page: Page) -> list[str]:
    """What is wider than its place, at each size."""
    found = []
    for width in SIZES:
        page.set_viewport_size({"width": width, "height": 900})
        if (more := page.evaluate(WIDER)) > 0:
            found.append(f"{page.url} is {more} px wider than a screen of {width}")
        if more := page.evaluate(LISTS_WIDER):
            found.append(f"{page.url}: a list scrolls sideways by {more} px at {width}")
    page.set_viewport_size({"width": SIZES[0], "height": 900})
    return found


def swapped(page: Page) -> None:
    """A list sorted and narrowed: its body is put in anew by htmx."""
    for selector in ("th a.sort", "th a.sort"):
        if page.locator(selector).count():
            with page.expect_response(lambda answer: "sort=" in answer.url):
                page.locator(selector).first.click()
            page.wait_for_timeout(50)


def walk(page: Page, root: str) -> tuple[set[str], list[str]]:
    """Every kind of page below `root` that links lead to, and what is wrong with them."""
    faults: list[str] = []
    page.on("console", lambda one: faults.append(f"{page.url}: {one.type}: {one.text}"))
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    kinds: set[str] = set()
    waiting = [f"{root}board/"]
    while waiting:
        address = waiting.pop(0)
        kind = VARIES.sub("*", address.partition("?")[0])
        if kind in kinds or LEAVES.search(address) or not address.startswith(root):
            continue
        kinds.add(kind)
        try:
            answer = page.goto(address)
        except Error:  # a file to save: the page stays
            continue
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        faults += narrow_and_wide(page)
        waiting += page.evaluate(LINKS)
        swapped(page)
    return kinds, faults


def test_the_office_fits_its_screens_and_the_browser_is_silent(
    browser: Browser, live_server: Any
) -> None:
    edition = rehearsed()
    assert Meeting.objects.count() > 30
    page = office_page(browser, live_server.url, edition)
    kinds, faults = walk(page, f"/e/{edition.slug}/")
    assert len(kinds) > 40
    assert faults == []
    page.context.close()
