"""A talent registers on a phone in German from a PDF, is interrupted, and goes on elsewhere."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PASSWORD, Open, Site
from tests.e2e.test_journey import sign_in

pytestmark = pytest.mark.e2e
EDITION = "/e/tueren-2027/"
EMAIL = "vogel@example.org"
CV = """<!doctype html><html lang="de"><meta charset="utf-8"><style>
body { font: 11pt sans-serif } h1 { font-size: 20pt; margin: 0 } h2 { font-size: 13pt; color: #246 }
.row { display: grid; grid-template-columns: 40mm 1fr; gap: 4mm } ul { margin: 0; padding-left: 5mm }
</style><h1>Dr.-Ing. Lena Vogel</h1>
<p>Musterstraße 12, 50667 Köln · Telefon: +49 151 2345 6789 · lena.vogel@example.org</p>
<p>Geburtsdatum: 14.03.1990</p>
<h2>Berufserfahrung</h2>
<div class=row><span>03/2019 – heute</span><div>Entwicklungsingenieurin, Lasertechnik GmbH, Aachen
<ul><li>Aufbau einer Fertigungslinie für Faserlaser</ul></div></div>
<div class=row><span>10/2015 – 02/2019</span><div>Wissenschaftliche Mitarbeiterin, RWTH Aachen</div></div>
<h2>Ausbildung</h2>
<div class=row><span>10/2015 – 02/2019</span><div>Promotion zum Dr.-Ing., RWTH Aachen</div></div>
<div class=row><span>10/2013 – 09/2015</span><div>M.Sc. Maschinenbau, Technische Universität München</div></div>
<h2>Kenntnisse</h2><p>MATLAB, Python, Lasertechnik</p>
<h2>Sprachen</h2><p>Deutsch (Muttersprache), Englisch (C1), Chinesisch (Grundkenntnisse)</p>
</html>"""  # noqa: E501


def make_cv(browser: Browser, path: Path) -> Path:
    """A PDF as a browser prints it: fonts embedded, as people's own files are."""
    page = browser.new_page()
    page.set_content(CV)
    page.pdf(path=path, format="A4", margin={"top": "20mm", "left": "20mm", "right": "20mm"})
    page.close()
    return path


def make_edition(site: Site, page: Page) -> None:
    site.talex("user", "create", "door@example.org", "--name", "Office", "--admin",
               "--password", PASSWORD)  # fmt: skip
    sign_in(page, "door@example.org")
    page.goto("/conferences/new/")
    page.locator("[name=name__de]").fill("Offene Türen 2027", force=True)
    page.locator("[name=name__en]").fill("Open doors 2027", force=True)
    page.locator("[name=city__en]").fill("Wuhan", force=True)
    page.locator("[name=slug]").fill("tueren-2027")
    start = date.today() + timedelta(days=60)
    page.locator("[name=starts_on]").fill(start.isoformat())
    page.locator("[name=ends_on]").fill((start + timedelta(days=2)).isoformat())
    go_on(page)
    page.goto(EDITION + "settings/")
    page.locator("form[action$='/settings/state/'] button").first.click()
    page.wait_for_load_state()


def go_on(page: Page) -> None:
    page.locator("main form .form-actions button.button-primary").last.click()
    page.wait_for_load_state()


def saved(page: Page) -> None:
    expect(page.locator("#draft-status[data-draft-saved=ok]")).to_be_visible()


def shoot(page: Page, shots: Path, name: str) -> None:
    """What a page of a phone shows; nothing stands out to the side."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{name} is {wide} px too wide"
    page.screenshot(path=shots / f"doors-{name}.png", full_page=True)


def test_a_talent_registers_from_a_pdf_and_goes_on_elsewhere(
    site: Site, browser: Browser, open_page: Open, shots: Path, tmp_path: Path
) -> None:
    make_edition(site, open_page("en", 1280))
    phone = open_page("de", 390)
    phone.goto(EDITION)
    phone.get_by_role("link", name="Teilnehmen").click()
    shoot(phone, shots, "01-account-first")
    phone.get_by_role("link", name="Konto anlegen").click()
    phone.locator("input[name=name]").fill("Lena Vogel")
    phone.locator("input[name=email]").fill(EMAIL)
    phone.locator("input[name=password1]").fill(PASSWORD)
    phone.locator("input[name=password2]").fill(PASSWORD)
    phone.locator("main form button.button-primary, main form button").last.click()
    phone.wait_for_url(re.compile("confirm-email"))
    phone.goto(site.link_in_mail(EMAIL))
    phone.locator("main form button").first.click()
    phone.wait_for_load_state()
    if "login" in phone.url:
        sign_in(phone, EMAIL)
    phone.goto(EDITION + "register/")
    shoot(phone, shots, "02-as-what")
    phone.locator("form[action$='/register/talent/'] button").click()
    phone.wait_for_url(re.compile("/file/"))
    shoot(phone, shots, "03-file")
    phone.locator("input[type=file]").set_input_files(make_cv(browser, tmp_path / "Lebenslauf.pdf"))
    go_on(phone)
    phone.wait_for_url(re.compile("/file/check/"))
    expect(phone.locator("main")).to_contain_text("Musterstraße 12, 50667 Köln")
    expect(phone.locator("[name=education_1_institution]")).to_have_value(
        "Technische Universität München"
    )
    shoot(phone, shots, "04-is-this-right")
    phone.locator("[name=experience_0_employer]").fill("Lasertechnik Aachen GmbH")
    phone.locator("[name=keep_birth_year]").uncheck()
    go_on(phone)
    phone.wait_for_url(re.compile("/who/"))
    expect(phone.locator("main")).to_contain_text("Lena Vogel")
    expect(phone.locator("[name=birth_year]")).to_have_value("")
    phone.locator("[name=region]").fill("Köln, Deutschland")
    saved(phone)
    shoot(phone, shots, "05-who")

    # The train enters a tunnel: it is told, and tried again by itself.
    phone.context.set_offline(True)
    phone.locator("[name=nationality]").fill("deutsch")
    expect(phone.locator(".draft-failed")).to_be_visible()
    shoot(phone, shots, "06-no-connection")
    phone.context.set_offline(False)
    saved(phone)
    phone.locator("[name=region]").fill("Köln-Deutz, Deutschland")
    saved(phone)
    phone.close()

    # Interrupted. At home, on another device:
    home = open_page("de", 390)
    sign_in(home, EMAIL)
    home.goto(EDITION)
    shoot(home, shots, "07-go-on")
    home.locator("a[href$='/register/talent/']").first.click()
    home.wait_for_url(re.compile("/who/"))
    expect(home.locator("[name=region]")).to_have_value("Köln-Deutz, Deutschland")
    expect(home.locator("[name=nationality]")).to_have_value("deutsch")
    go_on(home)
    home.wait_for_url(re.compile("/education/"))
    shoot(home, shots, "08-education")
    go_on(home)
    expect(home.locator("[name=experience_0_employer]")).to_have_value("Lasertechnik Aachen GmbH")
    shoot(home, shots, "09-experience")
    go_on(home)
    home.locator("#id_skills").fill("Optik,")
    saved(home)
    shoot(home, shots, "10-skills")
    go_on(home)
    home.wait_for_url(re.compile("/wishes/"))
    go_on(home)  # how one would like to meet was not said
    expect(home.locator("[data-error-summary]")).to_be_visible()
    shoot(home, shots, "11-wishes-wrong")
    home.locator("input[name=mode][value=both]").check(force=True)
    home.locator("[name=pay_least]").fill("70000")
    home.locator("[name=pay_currency]").select_option("EUR")
    home.locator("[name=pay_period]").select_option("year")
    go_on(home)
    home.wait_for_url(re.compile("/hours/"))
    shoot(home, shots, "12-hours")
    go_on(home)
    home.locator("input[name=consents][value=profile]").check(force=True)
    shoot(home, shots, "13-consents")
    go_on(home)
    home.wait_for_url(re.compile("/talent/check/"))
    expect(home.locator("main")).to_contain_text("Optik")
    shoot(home, shots, "14-summary")
    go_on(home)
    home.wait_for_url(re.compile("/me/"))
    expect(home.locator("main")).to_contain_text("Lasertechnik Aachen GmbH")
    shoot(home, shots, "15-registered")
