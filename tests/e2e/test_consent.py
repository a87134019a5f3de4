"""A talent agrees on a phone, is seen and handed on, takes it back, and the next file lacks her."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PASSWORD, Open, Site
from tests.e2e.test_journey import register, sign_in, submit

pytestmark = pytest.mark.e2e
EDITION = "/e/einwilligung-2027/"
NAME, EMAIL = "Lena Sommer", "lena.sommer@example.org"


def test_taken_back_the_next_file_lacks_the_person(
    site: Site, open_page: Open, shots: Path, tmp_path: Path
) -> None:
    site.talex("user", "create", "consent@example.org", "--name", "Office", "--admin",
               "--password", PASSWORD)  # fmt: skip
    office = open_page("en", 1280)
    sign_in(office, "consent@example.org")
    open_conference(office)
    people(office)
    delegate = open_page("zh-hans", 390)
    register(delegate, site, "sun.li@example.org", "zh-hans")
    talent = open_page("de", 390)
    register(talent, site, EMAIL, "de")

    assert not seen(delegate)
    assert handed_on(office, tmp_path) == []

    agree(talent, "profile", "partners")
    shoot(talent, shots, "01-agreed")
    assert seen(delegate)
    shoot(delegate, shots, "02-seen")
    assert handed_on(office, tmp_path) == [NAME]
    shoot(office, shots, "03-list-of-partners")
    office.goto(EDITION + "consents/")
    shoot(office, shots, "04-counts")

    agree(talent)
    shoot(talent, shots, "05-taken-back")
    assert handed_on(office, tmp_path) == []
    shoot(office, shots, "06-list-without-her")
    assert not seen(delegate)
    shoot(delegate, shots, "07-not-seen")
    delegate.goto(f"/search/?q={NAME.split()[1]}")
    expect(delegate.locator("main")).not_to_contain_text(NAME)
    phone = open_page("en", 390)
    sign_in(phone, "consent@example.org")
    for name, address in (("08-list", "consents/partners/"), ("09-counts", "consents/")):
        phone.goto(EDITION + address)
        shoot(phone, shots, f"{name}-390")


def open_conference(page: Page) -> None:
    start = date.today() + timedelta(days=60)
    page.goto("/conferences/new/")
    page.locator("[name=name__en]").fill("Consents 2027", force=True)
    page.locator("[name=city__en]").fill("Wuhan", force=True)
    page.locator("[name=slug]").fill(EDITION.split("/")[2])
    page.locator("[name=starts_on]").fill(start.isoformat())
    page.locator("[name=ends_on]").fill((start + timedelta(days=2)).isoformat())
    submit(page)
    page.goto(EDITION + "settings/")
    page.locator("form[action$='/settings/state/'] button").first.click()
    page.wait_for_load_state()


def people(page: Page) -> None:
    """A talent, and an organisation with a delegate, as the office adds them."""
    page.goto(EDITION + "talents/new/")
    page.locator("#id_names").fill(f"{NAME},")
    page.locator("[name=email]").fill(EMAIL)
    submit(page)
    page.goto(EDITION + "organisations/new/")
    page.locator("[name=name__en]").fill("Yangtze Motors", force=True)
    submit(page)
    page.goto(EDITION + "organisations/")
    page.get_by_role("link", name="Yangtze Motors").first.click()
    page.locator("a[href$='/delegates/new/']").first.click()
    page.locator("#id_names").fill("孙丽,")
    page.locator("[name=email]").fill("sun.li@example.org")
    submit(page)


def agree(page: Page, *purposes: str) -> None:
    """Tick exactly these purposes on one's own page."""
    page.goto(EDITION + "me/sharing/")
    for box in page.locator("input[name=purposes]").all():
        box.set_checked(box.get_attribute("value") in purposes, force=True)
    submit(page)
    page.goto(EDITION + "me/sharing/")
    ticked = page.locator("input[name=purposes]:checked")
    assert [box.get_attribute("value") for box in ticked.all()] == list(purposes)


def seen(page: Page) -> bool:
    """Whether she is in the delegate's list of talents."""
    page.goto(EDITION + "talents/")
    return NAME in page.locator("main").inner_text()


def handed_on(page: Page, folder: Path) -> list[str]:
    """The names in the file for the partners, as the office saves it now."""
    page.goto(EDITION + "consents/partners/")
    with page.expect_download() as download:
        page.evaluate("location.href = '?export=csv'")
    path = folder / "partners.csv"
    download.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [row["Name"] for row in csv.DictReader(stream)]


def shoot(page: Page, shots: Path, name: str) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{name} is {wide} px too wide"
    page.screenshot(path=shots / f"consent-{name}.png", full_page=True)
