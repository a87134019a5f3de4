"""A university opens a cohort on a phone, a graduate joins by its code, is confirmed, and seen."""

from __future__ import annotations

import re
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.core.hostile import pdf
from tests.e2e.conftest import PASSWORD, Open, Site
from tests.e2e.test_journey import register, sign_in, submit

pytestmark = pytest.mark.e2e
EDITION = "/e/jahrgang-2027/"
UNIVERSITY = "华中理工学院"


def test_a_university_brings_its_graduates(
    site: Site, open_page: Open, shots: Path, tmp_path: Path
) -> None:
    site.talex("user", "create", "cohorts@example.org", "--name", "Office", "--admin",
               "--password", PASSWORD)  # fmt: skip
    office = open_page("en", 1280)
    sign_in(office, "cohorts@example.org")
    open_conference(office)

    university = open_page("zh-hans", 390)
    register(university, site, "zhao@hust.example", "zh-hans")
    registers_itself(university, tmp_path)
    verifies(office)

    university.goto(EDITION + "cohorts/")
    shoot(university, shots, "01-none-yet")
    university.get_by_role("link", name="开设毕业生组").first.click()
    university.locator("[name='name__zh-hans']").first.fill("2027届材料科学")
    university.locator("[name=degree_level]").select_option("master")
    university.locator("[name=year]").fill("2027")
    university.locator("[name=discipline]").fill("材料科学")
    university.locator("[name=expected]").fill("60")
    end = datetime.now() + timedelta(days=40)
    university.locator("[name=closes_at]").fill(end.strftime("%Y-%m-%dT%H:%M"))
    shoot(university, shots, "02-open")
    submit(university)
    code = university.locator("#cohort-code").inner_text()
    cohort = university.url
    shoot(university, shots, "03-code")

    roll = tmp_path / "毕业生.csv"
    roll.write_text(
        "姓名,邮箱,学号,学位,语言\n"
        "Vogel Lena,somewhere-else@example.org,M2027-001,Master,德语\n"
        "王伟,wang.wei@example.org,M2027-002,硕士,中文\n"
        "李娜,不是邮箱,M2027-003,硕士,中文\n",
        encoding="utf-8",
    )
    university.goto(cohort + "list/")
    university.locator("input[type=file]").set_input_files(roll)
    submit(university)
    expect(university.locator("main")).to_contain_text("跳过 1 行")
    shoot(university, shots, "04-check-the-list")
    university.locator("button[name=send]").click()
    expect(university.locator("main")).to_contain_text("2027届材料科学")
    invited(site, "somewhere-else@example.org", "wang.wei@example.org")

    graduate = open_page("de", 390)
    graduate.goto(f"{EDITION}join/{code}/")
    shoot(graduate, shots, "05-account-first")
    register(graduate, site, "lena.vogel@example.net", "de")
    graduate.goto(EDITION + "join/")
    graduate.locator("[name=code]").fill(code.lower())
    shoot(graduate, shots, "06-code")
    submit(graduate)
    expect(graduate.locator("h1")).to_contain_text(UNIVERSITY)
    graduate.locator("[name=student_number]").fill("m2027-001")
    graduate.locator("[name=agree]").check(force=True)
    shoot(graduate, shots, "07-join-and-agree")
    submit(graduate)
    graduate.wait_for_url(re.compile("/register/"))
    registers(graduate)
    graduate.goto(EDITION + "cohorts/mine/")
    expect(graduate.locator("main")).to_contain_text("Von Ihrer Universität zu bestätigen")
    shoot(graduate, shots, "08-to-be-confirmed")

    university.goto(cohort + "members/")
    expect(university.locator("main")).to_contain_text("Lena Vogel")
    expect(university.locator("main")).to_contain_text("在名单中")
    university.locator("main table tbody input[type=checkbox]").first.check(force=True)
    shoot(university, shots, "09-members")
    university.get_by_role("button", name="确认为本校毕业生").click()
    expect(university.locator("main")).to_contain_text("已确认 1 人")
    university.goto(cohort)
    expect(university.locator("#results")).to_contain_text("1")
    shoot(university, shots, "10-results")
    # Her number and name stand in the list of a verified university: that is a check.
    university.goto(cohort + "members/?rung=verified")
    expect(university.locator("main")).to_contain_text("Lena Vogel")

    graduate.reload()
    expect(graduate.locator("main")).to_contain_text("Ihre Universität hat Sie bestätigt")
    graduate.get_by_role("button", name="Nichts mehr zeigen").click()
    expect(graduate.locator("main")).to_contain_text("Sie sieht nichts mehr von Ihnen")
    shoot(graduate, shots, "11-taken-back")
    university.goto(cohort + "members/")
    expect(university.locator("main")).not_to_contain_text("Lena Vogel")
    shoot(university, shots, "12-nobody-any-more")
    campaign(office, shots)


def shoot(page: Page, shots: Path, name: str) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{name} is {wide} px too wide"
    page.screenshot(path=shots / f"cohorts-{name}.png", full_page=True)


def invited(site: Site, *addresses: str) -> None:
    """Each got a mail; several sent at once lie in one file."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        mails = "".join(path.read_text() for path in (site.home / "mail").glob("*"))
        if all(f"To: {address}\n" in mails for address in addresses):
            return
        time.sleep(0.3)
    raise AssertionError(f"not all of {addresses} were invited")


def open_conference(page: Page) -> None:
    page.goto("/conferences/new/")
    page.locator("[name=name__en]").fill("Graduates 2027", force=True)
    page.locator("[name=city__en]").fill("Wuhan", force=True)
    page.locator("[name=slug]").fill("jahrgang-2027")
    page.locator("[name=starts_on]").fill((date.today() + timedelta(days=60)).isoformat())
    page.locator("[name=ends_on]").fill((date.today() + timedelta(days=62)).isoformat())
    submit(page)
    page.goto(EDITION + "settings/")
    page.locator("form[action$='/settings/state/'] button").first.click()
    page.wait_for_load_state()


def registers_itself(page: Page, folder: Path) -> None:
    page.goto(EDITION + "register-organisation/name/")
    page.locator("[name='name__zh-hans']").first.fill(UNIVERSITY)
    page.locator("[name=kind]").select_option("university")
    submit(page)
    page.locator("[name=country]").select_option("CN")
    page.locator("[name=number_kind][value=uscc]").check(force=True)
    page.locator("[name=registration_number]").fill("12420000420000123E")
    submit(page)
    page.locator("[name=region]").fill("武汉")
    page.locator("[name=title]").fill("就业处")
    submit(page)
    submit(page)
    licence = folder / "licence.pdf"
    licence.write_bytes(pdf())
    page.locator("input[type=file]").set_input_files(licence)
    page.locator("#papers .form-actions button").click()
    page.locator("#hand-in button").click()
    expect(page.locator("main")).to_contain_text("待审核")


def verifies(page: Page) -> None:
    page.goto(EDITION + "verification/queue/")
    page.get_by_role("link", name=UNIVERSITY).first.click()
    page.locator("#claim button").click()
    page.locator("#accept button").click()
    expect(page.locator("main")).to_contain_text("Accepted")


def registers(page: Page) -> None:
    page.locator("form[action$='/register/talent/'] button").click()
    page.wait_for_url(re.compile("/file/"))
    page.goto(EDITION + "register/talent/who/")
    page.locator("#id_names").fill("Lena Vogel,")
    page.locator("[name=region]").fill("Köln, Deutschland")
    submit(page)
    for step in ("education", "experience", "skills"):
        page.wait_for_url(re.compile(f"/{step}/"))
        submit(page)
    page.wait_for_url(re.compile("/wishes/"))
    page.locator("input[name=mode][value=both]").check(force=True)
    for step in ("wishes", "hours", "consents"):
        page.wait_for_url(re.compile(f"/{step}/"))
        submit(page)
    page.wait_for_url(re.compile("/talent/check/"))
    submit(page)
    page.wait_for_url(re.compile("/profile/|/me/|/own/|/talent/"))


def campaign(office: Page, shots: Path) -> None:
    """The office makes a link and sees its QR code."""
    office.goto(EDITION + "reach/new/")
    office.locator("[name=name]").fill("Article of 3 March")
    submit(office)
    short = office.locator("#short a").get_attribute("href") or ""
    shoot(office, shots, "13-campaign-link")
    office.goto(short)
    office.goto(EDITION + "reach/")
    shoot(office, shots, "14-reach")
    office.goto(EDITION + "belonging/")
    shoot(office, shots, "15-belonging")
