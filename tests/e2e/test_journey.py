"""The main job as its people do it, in three languages, from an empty installation to a figure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import files
from tests.e2e.conftest import PASSWORD, Open, Site

pytestmark = pytest.mark.e2e
EDITION = "/e/messe-2026/"


def test_from_files_to_a_figure(site: Site, open_page: Open, shots: Path, tmp_path: Path) -> None:
    site.talex("user", "create", "office@example.org", "--name", "Office", "--admin",
               "--password", PASSWORD)  # fmt: skip
    office = open_page("en", 1280)
    sign_in(office, "office@example.org")
    create_edition(office)
    set_up_halls(office)
    office.screenshot(path=shots / "01-halls.png", full_page=True)

    bring_in(office, "organisation", files.organisations_csv(tmp_path), shots)
    bring_in(office, "talent", files.talents_csv(tmp_path), shots, mend="wang@example.org")
    bring_in(office, "opening", files.openings_xlsx(tmp_path), shots, mend="Datenpfleger")
    match_and_schedule(office, shots)

    talent = open_page("de", 390)
    register(talent, site, "lena@example.org", "de")
    sees_why_and_proposes(talent, shots)

    delegate = open_page("zh-hans", 390)
    register(delegate, site, "lilei@example.org", "zh-hans")
    sees_the_agenda(delegate, shots)
    with site.days_later(2):  # the meetings are tomorrow
        records_an_outcome(delegate, shots)
        figures_open_down(office, shots)


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    page.wait_for_url(re.compile(r"/(\?.*)?$|/e/"))


def register(page: Page, site: Site, email: str, language: str) -> None:
    """Sign up in one's own language; the mail proves the address, and the records are found."""
    page.goto("/accounts/signup/")
    assert (page.locator("html").get_attribute("lang") or "").lower().startswith(language[:2])
    page.locator("input[name=name]").fill(email.split("@")[0].title())
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password1]").fill(PASSWORD)
    page.locator("input[name=password2]").fill(PASSWORD)
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    page.wait_for_url(re.compile("confirm-email"))
    page.goto(site.link_in_mail(email))
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    if "login" in page.url:
        sign_in(page, email)


def submit(page: Page) -> None:
    """Send the page's one form."""
    page.locator("main form .form-actions button.button-primary").last.click()
    page.wait_for_load_state()


def create_edition(page: Page) -> None:
    today = date.today()
    page.goto("/conferences/new/")
    page.locator("[name=name__en]").fill("Talent fair 2026")
    page.locator("[name=city__en]").fill("Wuhan")
    page.locator("[name=slug]").fill("messe-2026")
    page.locator("[name=starts_on]").fill((today - timedelta(days=1)).isoformat())
    page.locator("[name=ends_on]").fill((today + timedelta(days=2)).isoformat())
    submit(page)
    page.goto(EDITION + "settings/")
    page.locator("form[action$='/settings/state/'] button").first.click()
    page.wait_for_load_state()


def set_up_halls(page: Page) -> None:
    page.goto(EDITION + "halls/new/")
    page.locator("[name=code]").fill("A1")
    page.locator("[name=name__en]").fill("Hall A1")
    page.locator("[name=tables]").fill("4")
    submit(page)
    page.goto(EDITION + "halls/days/")
    page.locator("[name=date]").fill((date.today() + timedelta(days=1)).isoformat())
    page.locator("[name=opens]").fill("09:00")
    page.locator("[name=closes]").fill("17:00")
    page.locator("[name=breaks]").fill("10:30-11:00")
    submit(page)
    expect(page.locator("main")).to_contain_text("Hall A1")


def bring_in(page: Page, target: str, path: Path, shots: Path, mend: str = "") -> None:
    """Upload, check the columns, mend what is wrong, apply."""
    page.goto(EDITION + "imports/new/")
    page.locator(f"input[name=target][value={target}]").check(force=True)
    page.locator("input[type=file]").set_input_files(path)
    submit(page)
    page.get_by_role("button", name="Read the file").click()
    apply = page.locator("form[action$='/apply/'] button")
    expect(page.locator("#rows-heading")).to_be_visible(timeout=60_000)
    page.screenshot(path=shots / f"02-import-{target}.png", full_page=True)
    if mend:
        box = page.locator("input[id^=mend-]").first
        box.fill(mend)
        with page.expect_response(re.compile(r"/rows/\d+/")):
            box.locator("xpath=..").get_by_role("button", name="Mend").click()
        page.reload()
        expect(page.get_by_text("Some rows have to be mended")).to_have_count(0)
    apply.first.click()
    expect(page.get_by_text("Imported", exact=True).first).to_be_visible(timeout=60_000)


def match_and_schedule(page: Page, shots: Path) -> None:
    page.goto(EDITION + "matches/run/")
    submit(page)
    page.wait_for_timeout(1000)
    wait_for_rows(page, EDITION + "matches/")
    page.screenshot(path=shots / "03-matches.png", full_page=True)
    page.goto(EDITION + "matches/approve/")
    page.locator("[name=score]").fill("0.45")
    submit(page)
    page.goto(EDITION + "meetings/make/")
    page.locator("[name=seconds]").fill("3")
    submit(page)
    # What is made is a draft; people see their meetings once it is released.
    wait_for_rows(page, EDITION + "meetings/versions/compare/")
    page.goto(EDITION + "meetings/release/")
    submit(page)
    wait_for_rows(page, EDITION + "meetings/")
    page.goto(EDITION + "meetings/timetable/")
    page.screenshot(path=shots / "04-timetable.png", full_page=True)


def wait_for_rows(page: Page, address: str) -> None:
    """Until the worker has done its job and the list has rows."""
    for _attempt in range(60):
        page.goto(address)
        if page.locator("main table tbody tr").count():
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"{address} stays empty")


def sees_why_and_proposes(page: Page, shots: Path) -> None:
    page.goto(EDITION + "for-you/")
    expect(page.locator("main h1")).to_contain_text("Für Sie")
    assert page.locator("main article").count() >= 1
    assert page.locator("main article li").count() >= 1  # the reasons
    page.screenshot(path=shots / "05-fuer-sie-390.png", full_page=True)
    page.goto(EDITION + "agenda/")
    page.screenshot(path=shots / "06-terminplan-390.png", full_page=True)
    page.locator("main a[href*='/meetings/']").first.click()
    page.locator("main a[href$='/propose/']").first.click()
    page.locator("input[name=place]").last.check(force=True)
    submit(page)
    expect(page.locator(".proposal")).to_be_visible()
    page.locator(".proposal form[action$='/withdraw/'] button").click()
    expect(page.locator(".proposal")).to_have_count(0)


def sees_the_agenda(page: Page, shots: Path) -> None:
    page.goto(EDITION + "agenda/")
    expect(page.locator("html")).to_have_attribute("lang", re.compile("zh", re.I))
    page.screenshot(path=shots / "07-agenda-zh-390.png", full_page=True)
    page.locator("main a[href*='/meetings/']").first.click()
    # Before it begins there is nothing to tell.
    expect(page.locator("main a[href$='/propose/']")).to_have_count(1)
    expect(page.locator("main a[href$='/outcome/']")).to_have_count(0)


def records_an_outcome(page: Page, shots: Path) -> None:
    page.goto(EDITION + "agenda/")
    page.locator("main a[href*='/meetings/']").first.click()
    page.locator("main a[href$='/outcome/']").first.click()
    page.locator("input[name=status][value=held]").check(force=True)
    submit(page)
    page.locator("main a[href*='/employer/intent/']").first.click()
    page.locator("main form input[type=radio]").first.check(force=True)
    submit(page)
    page.screenshot(path=shots / "08-outcome-zh-390.png", full_page=True)


def figures_open_down(page: Page, shots: Path) -> None:
    page.goto(EDITION + "figures/")
    page.screenshot(path=shots / "09-figures.png", full_page=True)
    page.goto(EDITION + "figures/of/interviewed/")
    expect(page.locator("main table tbody tr")).to_have_count(1)
    page.screenshot(path=shots / "10-records.png", full_page=True)
    page.locator("main a[href*='/figures/records/']").first.click()
    page.locator("main a[href*='/meetings/']").first.click()
    expect(page.locator("main")).to_contain_text("Held")
