"""A project owner registers in Chinese on a phone; the same pages in English on a desk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PASSWORD, Open, Site
from tests.e2e.test_journey import register
from tests.e2e.test_registering import EDITION, go_on, make_edition, saved, shoot

pytestmark = pytest.mark.e2e


@pytest.fixture
def edition(site: Site, open_page: Open) -> str:
    page = open_page("en", 1280)
    if page.goto(EDITION).status == 404:  # type: ignore[union-attr]
        make_edition(site, page)
    return EDITION


def test_a_project_owner_registers_in_chinese(
    site: Site, open_page: Open, shots: Path, edition: str
) -> None:
    phone = open_page("zh-hans", 390)
    register(phone, site, "wang-project@example.org", "zh-hans")
    phone.goto(edition + "register/")
    shoot(phone, shots, "zh-01-as-what")
    phone.locator("form[action$='/register/owner/'] button").click()
    phone.wait_for_url(re.compile("/owner/who/"))
    phone.locator("#id_names").fill("王伟,")
    saved(phone)
    shoot(phone, shots, "zh-02-who")
    go_on(phone)
    go_on(phone)  # what it is about was not said
    expect(phone.locator("[data-error-summary]")).to_be_visible()
    phone.locator("[name=project_title]").fill("激光焊接")
    phone.locator("[name=project_about]").fill("无飞溅焊接薄钢板。")
    phone.locator("input[name=project_seeks][value=investment]").check(force=True)
    saved(phone)
    shoot(phone, shots, "zh-03-project")
    go_on(phone)
    go_on(phone)
    phone.wait_for_url(re.compile("/owner/check/"))
    shoot(phone, shots, "zh-04-summary")
    go_on(phone)
    phone.wait_for_url(re.compile("/project/"))
    expect(phone.locator("main")).to_contain_text("无飞溅焊接薄钢板。")
    shoot(phone, shots, "zh-05-project")


def test_two_windows_lose_nothing(site: Site, open_page: Open, shots: Path, edition: str) -> None:
    desk = open_page("en", 1280)
    register(desk, site, "two-windows@example.org", "en")
    desk.goto(edition + "register/")
    desk.locator("form[action$='/register/talent/'] button").click()
    desk.wait_for_url(re.compile("/file/"))
    shoot(desk, shots, "en-01-file")
    second: Page = desk.context.new_page()
    for window in (desk, second):
        window.goto(edition + "register/talent/who/")
    desk.locator("[name=region]").fill("Bonn")
    saved(desk)
    second.locator("[name=phone]").fill("+49 228 123456")
    saved(second)
    expect(second.locator("#draft-status")).to_contain_text("Changed in another window")
    second.locator("[name=region]").fill("Wuhan")
    saved(second)
    expect(second.locator("#draft-status")).to_contain_text("put aside")
    shoot(second, shots, "en-02-put-aside")
    second.reload()
    expect(second.locator(".notice-warning")).to_contain_text("Bonn")
    shoot(second, shots, "en-03-aside")
    second.locator("button[name=take][value='1']").click()
    second.wait_for_load_state()
    expect(second.locator("[name=region]")).to_have_value("Bonn")
    expect(second.locator("[name=phone]")).to_have_value("+49 228 123456")


def test_what_is_typed_as_the_session_ends_is_given_back_and_saved(
    site: Site, open_page: Open, edition: str
) -> None:
    desk = open_page("en", 1280)
    register(desk, site, "session-over@example.org", "en")
    desk.goto(edition + "register/")
    desk.locator("form[action$='/register/talent/'] button").click()
    desk.wait_for_url(re.compile("/file/"))
    step = edition + "register/talent/who/"
    desk.goto(step)
    desk.context.clear_cookies(name="sessionid")
    desk.locator("[name=region]").fill("Jena")
    desk.wait_for_url(re.compile("/accounts/login/"))
    expect(desk.get_by_text("You are no longer signed in")).to_be_visible()
    desk.locator("input[name=login]").fill("session-over@example.org")
    desk.locator("input[name=password]").fill(PASSWORD)
    desk.locator("main form button.button-primary").first.click()
    desk.wait_for_url(re.compile("/register/talent/who/$"))
    expect(desk.locator("[name=region]")).to_have_value("Jena")
    saved(desk)
    elsewhere: Page = desk.context.new_page()
    elsewhere.goto(step)
    expect(elsewhere.locator("[name=region]")).to_have_value("Jena")
