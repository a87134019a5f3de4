"""The face in a real browser: scripts, keyboard, phones, and what axe finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FileChooser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from talex.ui import nav

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def permissions(transactional_db: None) -> None:
    """The list of the page of components needs rows; a flushed database has none."""
    from django.apps import apps
    from django.contrib.auth.management import create_permissions

    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0)


def opened(browser: Browser, url: str, **options: Any) -> Page:
    page = browser.new_context(locale="en", **options).new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.faults = faults  # type: ignore[attr-defined]
    page.goto(url)
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["", "list/", "public/"])
def test_axe_finds_nothing(
    browser: Browser, live_server: Any, path: str, width: int, theme: Any
) -> None:
    page = opened(
        browser,
        f"{live_server.url}/styleguide/{path}",
        viewport={"width": width, "height": 900},
        color_scheme=theme,
    )
    found = Axe().run(page)
    told = [(v["id"], [n["html"][:220] for n in v["nodes"]]) for v in found.response["violations"]]
    assert told == []
    wide = page.evaluate(
        "(w) => [...document.querySelectorAll('body *')].filter((e) => e.scrollWidth > w).map("
        " (e) => e.outerHTML.slice(0, 160))",
        width,
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width, wide
    assert page.faults == []  # type: ignore[attr-defined]
    page.context.close()


@pytest.mark.parametrize("language", ["en", "zh-hans", "de"])
def test_navigation_is_a_sheet_on_a_phone(
    browser: Browser, live_server: Any, language: str
) -> None:
    for number, name in enumerate(("office", "other")):
        nav.register(nav.NavItem(name, name.title(), name, icon="users", order=number))
    page = opened(
        browser,
        f"{live_server.url}/e/x/office/",
        viewport={"width": 390, "height": 844},
        extra_http_headers={"Accept-Language": language},
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    side = page.locator("#side")
    expect(side).to_be_hidden()
    page.locator("[popovertarget=side]").first.click()
    expect(side).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Escape")
    expect(side).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(side).to_be_visible()
    expect(side.locator("[aria-current=page]")).to_have_text("Office")
    side.get_by_role("link", name="Other").click()
    expect(page.locator("#side [aria-current=page]")).to_have_text("Other")
    assert Axe().run(page).response["violations"] == []
    page.context.close()


def test_list_by_keyboard_and_htmx(browser: Browser, live_server: Any) -> None:
    page = opened(browser, f"{live_server.url}/styleguide/list/")
    expect(page.locator("[data-bulk]")).to_be_hidden()
    boxes = page.locator(".row-check")
    boxes.nth(1).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("[data-bulk-count]")).to_have_text("Selected: 2")
    boxes.nth(5).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("Selected: 5")
    page.get_by_role("checkbox", name="Select all rows of this page").check()
    expect(page.locator(".row-check:not(:checked)")).to_have_count(0)

    page.get_by_role("searchbox").fill("delete group")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "q=delete%20group" in page.url
    page.get_by_role("searchbox").fill("")
    expect(page.locator("tbody tr")).to_have_count(25)
    page.get_by_role("link", name="Number").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Number")
    page.get_by_label("Part", exact=True).select_option("auth")
    expect(page.locator(".chip")).to_contain_text("auth")
    # The order chosen stays when the list is narrowed.
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Number")
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)
    assert page.faults == []  # type: ignore[attr-defined]
    page.context.close()


def test_bulk_with_a_question(browser: Browser, live_server: Any) -> None:
    page = opened(browser, f"{live_server.url}/styleguide/list/")
    page.locator(".row-check").first.check()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove these rows?")
    expect(page.locator(".lost")).to_contain_text("Their wishes and their meetings.")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".flash")).to_contain_text("1 row changed.")
    page.context.close()


def test_form_leads_to_its_faults_and_keeps_what_was_typed(
    browser: Browser, live_server: Any
) -> None:
    page = opened(browser, f"{live_server.url}/styleguide/")
    page.get_by_role("tab", name="Deutsch").click()
    page.locator("#id_name__de").fill("Messe")
    tags = page.get_by_label("Which subjects does it touch?")
    tags.fill("Saatgut")
    tags.press("Enter")
    tags.fill("激光，材料，")
    expect(page.locator(".tagbox .chip")).to_have_count(3)
    page.get_by_role("button", name="Remove: 激光").click()
    page.get_by_role("button", name="Check", exact=True).click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(page.locator("#id_email")).to_be_focused()
    expect(page.locator("#id_name__de")).to_have_value("Messe")
    expect(page.locator(".tagbox .chip")).to_have_text(["Saatgut", "材料"])
    page.context.close()


def test_form_is_sent_once(browser: Browser, live_server: Any) -> None:
    page = opened(browser, f"{live_server.url}/styleguide/")
    sent = page.evaluate(
        """() => {
          let sent = 0;
          document.addEventListener("submit", (event) => { sent += 1; event.preventDefault(); });
          const button = document.querySelector("#form .button-primary");
          for (let n = 0; n < 3; n += 1) button.click();
          return sent;
        }"""
    )
    assert sent == 1
    expect(page.locator("#form .button-primary")).to_have_attribute("aria-disabled", "true")
    page.context.close()


def test_menus_dialog_theme_and_language(browser: Browser, live_server: Any) -> None:
    page = opened(browser, f"{live_server.url}/styleguide/")
    page.get_by_role("button", name="Remove").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("This will be lost:")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.locator("summary[aria-label=Appearance]").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    page.locator("summary[aria-label=Language]").click()
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bausteine")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    assert page.faults == []  # type: ignore[attr-defined]
    page.context.close()


def test_without_scripts_everything_is_there(browser: Browser, live_server: Any) -> None:
    page = opened(browser, f"{live_server.url}/styleguide/", java_script_enabled=False)
    for language in ("zh-hans", "en", "de"):
        expect(page.locator(f"#id_name__{language}")).to_be_visible()
    expect(page.get_by_label("Which subjects does it touch?")).to_be_visible()
    page.goto(f"{live_server.url}/styleguide/list/")
    expect(page.locator("[data-bulk]")).to_be_visible()
    page.get_by_label("Part", exact=True).select_option("auth")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".chip")).to_contain_text("auth")
    page.context.close()


def test_a_long_file_button_does_not_widen_the_page(browser: Browser, live_server: Any) -> None:
    page = opened(browser, f"{live_server.url}/styleguide/", viewport={"width": 320, "height": 900})
    page.locator("input[type=file]").first.evaluate("(e) => { e.style.fontSize = '22px' }")
    zone = page.locator(".dropzone").first
    assert zone.evaluate("(e) => e.scrollWidth <= e.clientWidth")
    page.context.close()


def choosing(page: Page, act: Callable[[], Any]) -> FileChooser:
    """What an act opens. A busy browser now and then opens nothing the first time."""
    for patience in (5_000, 10_000):
        try:
            with page.expect_file_chooser(timeout=patience) as opened_now:
                act()
            return opened_now.value
        except PlaywrightTimeout:
            continue
    raise AssertionError("no file could be chosen")


def test_a_file_is_chosen_in_the_words_of_the_page(
    browser: Browser, live_server: Any, tmp_path: Any
) -> None:
    chosen = tmp_path / "Lebenslauf.pdf"
    chosen.write_bytes(b"%PDF-1.4")
    context = browser.new_context(locale="en", viewport={"width": 390, "height": 900})
    context.add_cookies([{"name": "talex_language", "value": "de", "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/styleguide/")
    zone = page.locator(".dropzone").first
    expect(zone.get_by_text("Datei auswählen")).to_be_visible()
    expect(zone.get_by_text("Noch keine Datei ausgewählt")).to_be_visible()
    field = zone.locator("input[type=file]")
    # The browser's own button and words are there for the keyboard, but not to be seen.
    assert field.evaluate("(e) => getComputedStyle(e).opacity") == "0"
    field.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(field).to_be_focused()
    assert (
        zone.locator("label.button").evaluate("(e) => getComputedStyle(e).outlineStyle") != "none"
    )
    choosing(page, lambda: field.press("Enter")).set_files(chosen)
    expect(zone.get_by_text("Lebenslauf.pdf")).to_be_visible()
    context.close()
    # Without a script too, a click opens the choice.
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/styleguide/")
    choosing(page, page.locator(".dropzone .button").first.click)
    context.close()


@pytest.mark.parametrize("language", ["zh-hans", "de", "en"])
def test_the_top_bar_fits_a_telephone(browser: Browser, live_server: Any, language: str) -> None:
    context = browser.new_context(locale=language, viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(f"{live_server.url}/styleguide/")
    bar = page.locator(".topbar")
    assert bar.evaluate("(e) => e.scrollWidth <= e.clientWidth")
    # What the bar has no room for stands at the foot.
    expect(bar.locator("[data-theme-form]")).to_be_hidden()
    page.locator(".foot summary").click()
    page.locator(".foot button[value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    context.close()
