"""Every page of a conference on a telephone: as wide as the screen, and no error in the browser.

A breach of the content security policy is told in the browser's console as an error.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from tests.access.scene import make_scene
from tests.access.values import filled
from tests.access.walk import pages
from tests.web.test_browser import BACKEND

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# A tab beyond the edge, and what stands beneath the label of its cell instead of beside it.
HIDDEN = "[...document.querySelectorAll('.tabs')].some(e => e.scrollWidth > e.clientWidth)"
MISPLACED = """[...document.querySelectorAll('.table-cards td[data-label]:not(.cell-main) > *')]
    .some(e => getComputedStyle(e.parentElement).display === 'grid'
        && getComputedStyle(e).gridColumnStart !== '2')"""

# What a card is about, squeezed into the column of the labels.
SQUEEZED = """[...document.querySelectorAll('.table-cards tbody th:not([data-label])')]
    .some(e => getComputedStyle(e).gridTemplateColumns.trim().includes(' '))"""


@pytest.mark.parametrize(
    ("role", "language"),
    [("talent", "de"), ("delegate", "zh-hans"), ("organiser", "de")],
)
def test_every_page_on_a_telephone(
    browser: Browser, live_server: Any, role: str, language: str
) -> None:
    scene = make_scene()
    client = Client()
    client.force_login(scene.users[role], backend=BACKEND)
    readable = []
    for address in sorted(pages()):
        if address.method == "GET" and "edition" in address.parameters:
            path = reverse(address.name, kwargs=filled(address, scene))
            answer = client.get(path)
            html = answer.status_code == 200 and "text/html" in answer["Content-Type"]
            if html and b"<html" in answer.content:
                readable.append(path)
    context = browser.new_context(
        locale=language, viewport={"width": 390, "height": 900}, base_url=live_server.url
    )
    for name, value in (
        ("sessionid", client.cookies["sessionid"].value), ("talex_language", language),
    ):  # fmt: skip
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    page = context.new_page()
    faults: list[tuple[str, str]] = []
    page.on("console", lambda m: faults.append((page.url, m.text)) if m.type == "error" else None)
    page.on("pageerror", lambda error: faults.append((page.url, str(error))))
    for path in readable:
        page.goto(path, wait_until="load")
        if page.evaluate(WIDE):
            faults.append((path, "wider than the screen"))
        if page.evaluate(HIDDEN):
            faults.append((path, "a tab is beyond the edge"))
        if page.evaluate(MISPLACED):
            faults.append((path, "a part of a cell is beneath its label"))
        if page.evaluate(SQUEEZED):
            faults.append((path, "the heading of a card is squeezed"))
    context.close()
    assert len(readable) > 10
    assert faults == []
