"""Talents' and delegates' pages in a real browser: filters by keyboard, and nothing cut off."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page

from talex.core.translated import TranslatedText
from talex.fair import asking
from talex.fair.models import SavedSearch
from talex.fair.proposing import solved, write_run
from talex.fair.services import RunMatching
from talex.participants.models import Talent
from tests.fair import factories as make
from tests.fair.test_matching import Letters
from tests.fair.test_pages import World

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
#: A folder for pictures of every page, to look at.
PICTURES = os.environ.get("TALEX_PICTURES", "")


def full(monkeypatch: pytest.MonkeyPatch) -> World:
    """A fair in three languages, matched; `world.bare` says nothing of themselves."""
    monkeypatch.setattr(asking, "embedder_of", lambda where: Letters())
    world = World()
    world.match.delete()
    texts = [
        ("机器学习工程师", ["机器学习", "Python", "电池管理系统"], "武汉", "zh-hans"),
        ("Laboringenieur Batteriesysteme", ["Batteriemanagement", "SQL"], "Berlin", "de"),
        ("Laser physicist", ["optics", "machine learning"], "Shenzhen", "en"),
        ("Datenanalyst Energiewirtschaft", ["Datenanalyse", "Python"], "München", "de"),
    ]
    for number, (title, skills, region, language) in enumerate(texts * 2):
        make.opening(
            world.edition, world.company, text=TranslatedText({language: f"{title} {number}"}),
            skills=skills, region=region, degree_required=["master", "doctorate"][number % 2],
            languages=[{"code": ["de", "en"][number % 2], "level": "B2"}],
            industry="new_energy_vehicles", experience_min=2,
            description=TranslatedText({language: f"{title}: {', '.join(skills)}, 5 Tage."}),
        )  # fmt: skip
    Talent.objects.filter(pk=world.talent.pk).update(
        skills=["Machine Learning", "数据分析", "Excel"], current_position="Data scientist",
        degree_level="doctorate", experience_years=4, wished_regions=["武汉市", "Berlin"],
        wished_industries=["laser"], profile_text="Ich arbeite mit Python und 机器学习.",
        languages=[{"code": "de", "level": "B2"}, {"code": "en", "level": "C1"}],
    )  # fmt: skip
    for number in range(6):
        make.talent(
            world.edition, f"N{number}", wished_regions=[["Berlin"], ["武汉"]][number % 2],
            degree_level=["bachelor", "doctorate"][number % 2], skills=["Python", "SQL"],
            languages=[{"code": "en", "level": "C1"}],
        )  # fmt: skip
    command = RunMatching(per_talent=6)
    made = solved(world.edition, command, embedder=Letters())
    assert made is not None
    write_run(make.office(world.edition), world.edition, command, made)
    return world


def open_page(browser: Browser, server: Any, client: Any, language: str, width: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale=language, base_url=server.url
    )
    session = client.cookies["sessionid"].value
    context.add_cookies([
        {"name": "sessionid", "value": session, "url": server.url},
        {"name": "talex_language", "value": language, "url": server.url},
    ])  # fmt: skip
    return context.new_page()


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    wide = "() => document.documentElement.scrollWidth <= window.innerWidth + 1"
    return bool(page.evaluate(wide))


def test_filters_by_keyboard_and_questions_inline(
    browser: Browser, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = full(monkeypatch)
    page = open_page(browser, live_server, world.clients["talent"], "en", 390)
    page.goto(world.url("for_you"))
    page.locator("details.filters > summary").focus()
    page.keyboard.press("Enter")
    page.locator("#f-place").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**place=*")
    assert page.evaluate("document.activeElement.id") == "f-place"  # the place is not lost
    assert page.locator("#found article").count() < world.talent.matches.count()
    assert fits(page)
    page.reload()
    assert page.locator("#f-place").input_value() != ""
    # Somebody who says nothing is asked, and the answer is saved.
    Talent.objects.filter(pk=world.talent.pk).update(
        skills=[], current_position="", degree_level="", experience_years=None, wished_regions=[],
        wished_industries=[], profile_text="", languages=[],
    )  # fmt: skip
    page.goto(world.url("for_you"))
    form = page.locator("#fresh form")
    form.wait_for()
    assert 1 <= form.locator(".field:visible").count() <= 3
    page.context.close()


@pytest.mark.skipif(not PICTURES, reason="TALEX_PICTURES names no folder")
def test_pictures_of_every_page(
    browser: Browser, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = full(monkeypatch)
    talent_match = world.talent.matches.order_by("-score").first()
    world.post("talent", "refuse", {"reason": "pay", "note": "x"},
               pk=world.talent.matches.order_by("score").first().opening_id)  # fmt: skip
    user = Talent.objects.select_related("person").get(pk=world.talent.pk).person.user_id
    search = SavedSearch.objects.create(
        edition=world.edition, owner_id=user, side="talent", name="Berlin",
        wanted={"place": "berlin", "degree": "doctorate"},
    )  # fmt: skip
    assert talent_match is not None
    bare = make.opening(world.edition, world.company, "Bare")
    pages = [
        ("talent", "for_you", {}), ("talent", "match", {"pk": talent_match.pk}),
        ("talent", "refuse", {"pk": talent_match.opening_id}), ("talent", "refused", {}),
        ("talent", "searches", {}), ("talent", "search", {"pk": search.pk}),
        ("talent", "browse", {}), ("talent", "fresh", {}), ("office", "refusal_counts", {}),
        ("delegate", "candidates", {}), ("delegate", "match", {"pk": talent_match.pk}),
        ("delegate", "opening", {"pk": bare.pk}), ("office", "matches", {}),
    ]  # fmt: skip
    narrow = []
    for language in ("zh-hans", "en", "de"):
        for width in (1280, 390):
            for who, name, more in pages:
                page = open_page(browser, live_server, world.clients[who], language, width)
                page.goto(reverse(f"fair:{name}", kwargs={"edition": world.edition.slug, **more}))
                page.wait_for_load_state("networkidle")
                page.evaluate("document.querySelectorAll('main details').forEach(d => d.open=true)")
                page.screenshot(
                    path=f"{PICTURES}/{who}-{name}-{language}-{width}.png", full_page=True
                )
                if not fits(page):
                    narrow.append((who, name, language, width))
                page.context.close()
    assert not narrow
