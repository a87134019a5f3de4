"""A company registers on a phone in Chinese, is returned for a wrong code, mends it, verified."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.core.hostile import pdf
from tests.e2e.conftest import PASSWORD, Open, Site
from tests.e2e.test_journey import register, sign_in, submit

pytestmark = pytest.mark.e2e
EDITION = "/e/doors-2026/"
OTHERS, MISTYPED, OWN = "91110000600037341L", "91330100799655058X", "91330100799655058B"


def test_a_company_registers_is_returned_and_verified(
    site: Site, open_page: Open, shots: Path, tmp_path: Path
) -> None:
    site.talex("user", "create", "doors@example.org", "--name", "Office", "--admin",
               "--password", PASSWORD)  # fmt: skip
    office = open_page("en", 1280)
    sign_in(office, "doors@example.org")
    open_conference(office)

    company = open_page("zh-hans", 390)
    register(company, site, "lilei@qq.com", "zh-hans")
    company.goto(EDITION + "register-organisation/name/")
    company.locator("[name='name__zh-hans']").first.fill("武汉光谷电池有限公司")
    expect(company.locator("#saved")).to_contain_text("已于")  # as it was typed
    company.screenshot(path=shots / "doors-1-name.png", full_page=True)
    submit(company)
    give_number(company, MISTYPED)
    company.screenshot(path=shots / "doors-2-check-digit.png", full_page=True)
    expect(company.locator("main")).to_contain_text("校验码不符")
    give_number(company, OTHERS)
    company.locator("[name=region]").fill("武汉")
    company.locator("[name=title]").fill("人事经理")
    submit(company)
    company.screenshot(path=shots / "doors-3-send.png", full_page=True)
    expect(company.locator("main")).to_contain_text(OTHERS)
    submit(company)

    licence = tmp_path / "licence.pdf"
    licence.write_bytes(pdf())
    company.locator("input[type=file]").set_input_files(licence)
    company.locator("#papers .form-actions button").click()
    company.locator("#hand-in button").click()
    expect(company.locator("main")).to_contain_text("待审核")
    company.screenshot(path=shots / "doors-4-waits.png", full_page=True)
    mine = company.url

    take_oldest(office)
    office.screenshot(path=shots / "doors-5-office.png", full_page=True)
    expect(office.locator("main")).to_contain_text("qq.com")  # a hint for the office
    office.locator("#return [name=return-reason]").select_option("number_differs")
    office.locator("#return [name=return-note]").fill("见营业执照右上角")
    office.locator("#return button").click()
    expect(office.locator("main")).to_contain_text("Returned")

    company.goto(site.link_in_mail("lilei@qq.com"))
    company.goto(mine)
    expect(company.locator("main")).to_contain_text("号码与材料不一致")
    company.screenshot(path=shots / "doors-6-returned.png", full_page=True)
    company.get_by_role("link", name="更正号码").click()
    give_number(company, OWN)
    company.locator("#hand-in button").click()
    expect(company.locator("main")).to_contain_text("待审核")

    take_oldest(office)
    office.locator("#accept button").click()
    expect(office.locator("main")).to_contain_text("Accepted")
    company.goto(mine)
    expect(company.locator("main")).to_contain_text("已核验")
    company.screenshot(path=shots / "doors-7-verified.png", full_page=True)
    visitor = open_page("de", 390)
    visitor.goto(EDITION + "organisations/")
    expect(visitor.locator("main")).to_contain_text("武汉光谷电池有限公司")


def open_conference(page: Page) -> None:
    page.goto("/conferences/new/")
    page.locator("[name=name__en]").fill("Doors 2026")
    page.locator("[name=city__en]").fill("Wuhan")
    page.locator("[name=slug]").fill("doors-2026")
    page.locator("[name=starts_on]").fill((date.today() + timedelta(days=5)).isoformat())
    page.locator("[name=ends_on]").fill((date.today() + timedelta(days=7)).isoformat())
    submit(page)
    page.goto(EDITION + "settings/")
    page.locator("form[action$='/settings/state/'] button").first.click()
    page.wait_for_load_state()


def give_number(page: Page, number: str) -> None:
    page.locator("[name=country]").select_option("CN")
    page.locator("[name=number_kind][value=uscc]").check(force=True)
    page.locator("[name=registration_number]").fill(number)
    submit(page)


def take_oldest(page: Page) -> None:
    page.goto(EDITION + "verification/queue/")
    expect(page).to_have_url(re.compile("state=waiting"))
    page.get_by_role("link", name="武汉光谷电池有限公司").first.click()
    page.locator("#claim button").click()
    expect(page.locator("#accept")).to_be_visible()
