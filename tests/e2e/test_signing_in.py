"""The ways into an account, on a phone: a provider, a telephone; and what is signed in where."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accounts import oidc_server
from tests.e2e.conftest import Site, installed
from tests.messages import providers
from tests.messages.providers import Provider

pytestmark = pytest.mark.e2e
PERSON = {"sub": "li-1", "email": "li@uni.example.cn", "email_verified": True, "name": "李雷"}


@pytest.fixture(scope="module")
def texts() -> Iterator[Provider]:
    with providers.running(Provider(answer=lambda asked: (200, {}))) as provider:
        yield provider


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, texts: Provider) -> Iterator[Site]:
    with oidc_server.running(**PERSON) as provider:
        more = {
            "TALEX_OIDC": "uni",
            "TALEX_OIDC_UNI_ISSUER": provider.url,
            "TALEX_OIDC_UNI_CLIENT_ID": oidc_server.CLIENT,
            "TALEX_OIDC_UNI_CLIENT_SECRET": oidc_server.SECRET,
            "TALEX_OIDC_UNI_NAME": "Universität Nirgendwo",
            "TALEX_WEIXIN_APP_ID": "wx1",
            "TALEX_WEIXIN_SECRET": "s",
            "TALEX_SMS": "http",
            "TALEX_SMS_URL": texts.url,
        }
        with installed(tmp_path_factory.mktemp("signing-in"), **more) as made:
            yield made
        assert provider.faults == []


def visitor(browser: Browser, site: Site, language: str, width: int = 390) -> Page:
    context = browser.new_context(
        base_url=site.url, locale=language, viewport={"width": width, "height": 900}
    )
    context.set_default_timeout(30_000)
    return context.new_page()


def code(texts: Provider, known: int) -> str:
    """The code of the next text message."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if len(texts.asked) > known:
            found = re.search(r"\b\d{6}\b", json.loads(texts.asked[-1].body)["text"])
            assert found is not None
            return found[0]
        time.sleep(0.2)
    raise AssertionError("no text message came")


def fits(page: Page) -> None:
    """Nothing scrolls sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url}: {wide} px too wide"


def test_in_by_a_provider_then_by_a_telephone_and_out_elsewhere(
    browser: Browser, site: Site, texts: Provider, shots: Path
) -> None:
    page = visitor(browser, site, "de")
    page.goto("/accounts/login/")
    fits(page)
    page.screenshot(path=shots / "sign-in-1.png", full_page=True)
    page.get_by_role("button", name="Universität Nirgendwo").click()
    page.wait_for_url("**/accounts/confirm-email/")
    page.goto(site.link_in_mail("li@uni.example.cn"))
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "confirm-email" not in url)
    # Who confirms in the browser of the sign-up is signed in by that: here it is another one.
    page.context.clear_cookies(name="sessionid")
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Universität Nirgendwo").click()
    page.wait_for_url(lambda url: "login" not in url and "onward" not in url)

    for language in ("de", "zh-hans", "en"):
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.context.add_cookies(
                [{"name": "talex_language", "value": language, "url": site.url}]
            )
            page.goto("/account/sign-in/")
            fits(page)
            page.screenshot(path=shots / f"sign-in-2-{language}-{width}.png", full_page=True)
    page.context.clear_cookies(name="talex_language")
    page.set_viewport_size({"width": 390, "height": 900})

    page.goto("/accounts/phone/change/")
    page.locator("[name=phone]").fill("0151 23456789")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("main")).to_contain_text("Landesvorwahl")
    fits(page)
    page.screenshot(path=shots / "sign-in-3-fault.png", full_page=True)
    page.locator("[name=phone]").fill("+49 151 23456789")
    page.locator("main form button[type=submit]").last.click()
    page.locator("[name=code]").fill(code(texts, 0))
    page.screenshot(path=shots / "sign-in-4-code.png", full_page=True)
    page.locator("main form button[type=submit]").first.click()
    page.goto("/account/sign-in/")
    expect(page.locator("main")).to_contain_text("+49 1512 3456789")

    other = visitor(browser, site, "zh-CN")
    other.goto("/accounts/login/code/")
    other.screenshot(path=shots / "sign-in-5-request.png", full_page=True)
    other.locator("[name=phone]").fill("+49 151 23456789")
    other.locator("main form button[type=submit]").first.click()
    other.locator("[name=code]").fill(code(texts, 1))
    other.locator("main form button[type=submit]").first.click()
    other.wait_for_url(lambda url: "code" not in url)
    other.goto("/account/profile/")
    expect(other.locator("h1")).to_be_visible()

    page.goto("/accounts/sessions/")
    fits(page)
    page.screenshot(path=shots / "sign-in-6-sessions.png", full_page=True)
    page.get_by_role("button", name="Überall sonst abmelden").click()
    other.goto("/account/profile/")
    other.wait_for_url("**/accounts/login/**")
