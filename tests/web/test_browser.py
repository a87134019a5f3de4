"""Search, times and sharing in a real browser: keyboard, telephone, axe; passkeys and codes."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from talex.accounts.models import User
from talex.ledger import searching
from tests.participants import factories as make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Scene:
    """A talent with an account, and two organisations."""

    def __init__(self) -> None:
        self.edition = make.edition()
        self.talent = make.talent(self.edition, "王伟", "Wei Wang")
        self.account = make.with_account(self.talent)
        make.organisation(self.edition, "Laser Works")
        make.organisation(self.edition, "Laser Lab")
        searching.rebuild_all()

    def url(self, name: str) -> str:
        return reverse(name, kwargs={"edition": self.edition.slug})

    def page(
        self, browser: Browser, base: str, language: str, width: int, theme: Any = None
    ) -> Page:
        client = Client()
        client.force_login(User.objects.get(pk=self.account.user), backend=BACKEND)
        context = browser.new_context(
            locale=language, viewport={"width": width, "height": 900}, color_scheme=theme,
            base_url=base,
        )  # fmt: skip
        context.add_cookies(
            [
                {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base},
                {"name": "talex_language", "value": language, "url": base},
            ]
        )
        return context.new_page()


@pytest.fixture
def scene() -> Scene:
    return Scene()


def sound(page: Page, width: int) -> None:
    """Nothing for axe to find, nothing wider than the screen."""
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.mark.parametrize(
    ("language", "width", "theme"),
    [("zh-hans", 390, "dark"), ("de", 390, "light"), ("en", 1280, "dark"),
     ("zh-hans", 1280, "light")],
)  # fmt: skip
def test_the_pages_are_sound(
    browser: Browser, live_server: Any, scene: Scene, language: str, width: int, theme: str
) -> None:
    page = scene.page(browser, live_server.url, language, width, theme)
    faults: list[str] = []
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    for address in (
        scene.url("participants:own_times"), scene.url("participants:own_consents"),
        scene.url("participants:own_share_new"), scene.url("participants:own"),
        scene.url("web:edition_search") + "?q=laser", scene.url("web:edition_search"),
    ):  # fmt: skip
        page.goto(address)
        sound(page, width)
    page.keyboard.press("Control+k")
    expect(page.locator("#search-dialog")).to_be_visible()
    sound(page, width)
    assert faults == []
    page.context.close()


def test_the_search_by_keyboard(browser: Browser, live_server: Any, scene: Scene) -> None:
    page = scene.page(browser, live_server.url, "en", 1280)
    page.goto(scene.url("participants:own"))
    page.keyboard.press("Control+k")
    page.keyboard.type("laser")
    hits = page.locator("#search-dialog [data-hit]")
    expect(hits).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(hits.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(hits.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#search-q")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#search-dialog")).not_to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/organisations/**")
    page.context.close()


def test_the_search_on_a_telephone(browser: Browser, live_server: Any, scene: Scene) -> None:
    page = scene.page(browser, live_server.url, "zh-hans", 390)
    page.goto(scene.url("participants:own"))
    page.locator(".topbar [data-search]:visible").click()
    page.locator("#search-q").fill("王")
    expect(page.locator("#search-dialog [data-hit]")).to_have_count(1)
    # Enter leads to the page that shows more.
    page.locator("#search-q").press("Enter")
    page.wait_for_url("**/search/?q=*")
    expect(page.locator("main [data-hit]")).to_have_count(1)
    page.context.close()


def test_a_talent_says_when_on_a_telephone(
    browser: Browser, live_server: Any, scene: Scene
) -> None:
    page = scene.page(browser, live_server.url, "de", 390)
    page.goto(scene.url("participants:own_times"))
    page.locator("[name=time_zone]").select_option("Europe/Berlin")
    page.locator("[name=windows_0_start]").fill("09:00")
    page.locator("[name=windows_0_end]").fill("12:00")
    page.locator("main form .button-primary").click()
    expect(page.locator("main")).to_contain_text("09:00 bis 12:00 (Berlin)")
    scene.talent.refresh_from_db()
    assert [w["start"][:16] for w in scene.talent.windows] == ["2027-04-12T07:00"]
    page.context.close()


def test_a_passkey_is_made_and_signs_in(browser: Browser, live_server: Any) -> None:
    """With an authenticator that Chromium plays; no password is typed the second time."""
    base = live_server.url.replace("127.0.0.1", "localhost")
    make.user("key@example.org", password="correct horse battery 7")
    from allauth.account.models import EmailAddress

    user = User.objects.get(email="key@example.org")
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    context = browser.new_context(locale="en", base_url=base)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                     "hasUserVerification": True, "isUserVerified": True,
                     "automaticPresenceSimulation": True}},
    )  # fmt: skip
    page.goto("/accounts/login/")
    # With no key there is, nothing would happen that anybody sees.
    page.locator("#passkey_login").click()
    expect(page.get_by_role("alert")).to_contain_text("The key was not used")
    page.locator("input[name=login]").fill("key@example.org")
    page.locator("input[name=password]").fill("correct horse battery 7")
    page.locator("main form button.button-primary").first.click()
    page.wait_for_load_state()
    page.goto(reverse("mfa_add_webauthn"))
    if page.locator("input[name=password]").count():
        page.locator("input[name=password]").fill("correct horse battery 7")
        page.locator("main form button").first.click()
        page.wait_for_load_state()
    assert page.locator("input[name=passwordless]").is_checked()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "add" not in url)
    context.clear_cookies()
    page.goto("/accounts/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url(lambda url: "login" not in url)
    assert page.locator(".avatar").count() == 1
    context.close()


#: Of each search field that is seen: what it says while it is empty, how wide that is, and how wide
#: the field.
HINTS = """() => [...document.querySelectorAll('input[type=search]')]
.filter(one => one.offsetParent).map(one => {
  const field = getComputedStyle(one), hint = getComputedStyle(one, '::placeholder');
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = `${field.fontWeight} ${hint.fontSize} ${field.fontFamily}`;
  const free = one.clientWidth - parseFloat(field.paddingLeft) - parseFloat(field.paddingRight);
  return [one.placeholder, pen.measureText(one.placeholder).width, free];
})"""


def test_what_a_search_field_says_is_read_whole_on_a_telephone(
    browser: Browser, live_server: Any, scene: Scene
) -> None:
    scene.account = make.holder("organiser", scene.edition)
    page = scene.page(browser, live_server.url, "de", 390)
    for name in ("participants:talents", "participants:organisations", "participants:delegates"):
        page.goto(scene.url(name))
        found = page.evaluate(HINTS)
        assert found, name
        for text, wide, free in found:
            # Fonts of other telephones are wider, and a cross stands at the end.
            assert text and wide < 0.85 * free, (text, wide, free)


@pytest.mark.parametrize("width", [390, 1280])
def test_choosing_another_language_keeps_what_was_typed(
    browser: Browser, live_server: Any, scene: Scene, width: int
) -> None:
    page = scene.page(browser, live_server.url, "de", width)
    page.goto(reverse("accounts:profile"))
    name = page.locator("main [name=name]")
    name.fill("Wei Wang-Müller")
    page.locator("details.menu", has=page.locator("button[name=language]")).locator(
        "summary"
    ).click()
    page.locator("button[name=language][value=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(name).to_have_value("Wei Wang-Müller")
    # It comes back once: another way to the page shows what is kept.
    page.goto(reverse("accounts:profile"))
    expect(name).not_to_have_value("Wei Wang-Müller")


def test_what_was_typed_when_the_session_ended_comes_back_to_its_owner(
    browser: Browser, live_server: Any
) -> None:
    from allauth.account.models import EmailAddress

    for name in ("first", "second"):
        user = make.user(f"{name}@example.org", password="correct horse battery 7")
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
    context = browser.new_context(locale="en", base_url=live_server.url)
    page = context.new_page()
    field = page.locator("main [name=name]")

    def sign_in(name: str) -> None:
        page.locator("input[name=login]").fill(f"{name}@example.org")
        page.locator("input[name=password]").fill("correct horse battery 7")
        page.locator("main form button.button-primary").first.click()
        expect(page).to_have_url(live_server.url + reverse("accounts:profile"))

    def type_without_a_session() -> None:
        field.fill("Typed and not saved")
        context.clear_cookies(name="sessionid")
        page.locator("main form button.button-primary").first.click()
        expect(page.get_by_text("You are no longer signed in")).to_be_visible()

    page.goto(reverse("accounts:profile"))
    sign_in("first")
    type_without_a_session()
    sign_in("first")
    expect(field).to_have_value("Typed and not saved")
    type_without_a_session()
    sign_in("second")
    expect(field).not_to_have_value("Typed and not saved")
