"""The office's lists in a real browser: nothing is cut off beside the navigation."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from tests.fair import factories as make
from tests.fair.test_pages import World

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

CUT = """() => [...document.querySelectorAll('.table-scroll')]
  .filter(table => table.scrollWidth > table.clientWidth + 1)
  .map(table => table.scrollWidth - table.clientWidth)"""


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_lists_fit_beside_the_navigation(browser: Browser, live_server: Any, language: str) -> None:
    world = World()
    company = make.organisation(world.edition, "Wolkuhlen Grüne Energie GmbH", region="Düsseldorf")
    make.opening(
        world.edition, company, "Gemeinsames Projekt: Abwasserbehandlung", region="Düsseldorf",
        pay={"low": "174000", "high": "212000", "currency": "CNY", "period": "year"},
        degree_required="doctorate", headcount=12,
    )  # fmt: skip
    make.talent(
        world.edition, "Alexander Ehrenstein", current_position="Senior-Ingenieur für Antriebe",
        institution="Technische Universität Lindenfelde", industry="marine_economy",
        experience_years=16, degree_level="doctorate", region="Deutschland",
    )  # fmt: skip
    office: Client = world.clients["office"]
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale=language, base_url=live_server.url
    )
    context.add_cookies([
        {"name": "sessionid", "value": office.cookies["sessionid"].value, "url": live_server.url},
        {"name": "talex_language", "value": language, "url": live_server.url},
    ])  # fmt: skip
    page = context.new_page()
    for name in ("fair:openings", "participants:talents", "fair:matches", "bulletin:figures"):
        page.goto(reverse(name, kwargs={"edition": world.edition.slug}))
        assert page.evaluate(CUT) == [], name
    context.close()
