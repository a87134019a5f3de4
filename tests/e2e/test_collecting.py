"""On a phone: a district returns an opening, the company mends it, it is passed on and approved,
the list is published, and everybody sees it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from talex.accounts.models import User
from talex.core.actor import SYSTEM
from talex.editions.models import RoleGrant
from talex.fair.collecting import services
from talex.fair.collecting.models import Submission
from talex.fair.models import Opening
from talex.fair.publishing.models import PublishedList
from talex.messages.models import Message
from talex.participants.models import Organisation
from tests.conftest import browser as beside_a_server
from tests.fair import factories as make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
#: The one that stands beside the test's own server, not beside an installation of its own.
browser = beside_a_server


@pytest.fixture(autouse=True)
def _patient() -> Iterator[None]:
    expect.set_options(timeout=15_000)
    yield
    expect.set_options(timeout=5_000)


class Fair:
    """A district with a company below it, the office, and their phones."""

    def __init__(self, browser: Browser, base: str, shots: Path) -> None:
        self.browser, self.base, self.shots = browser, base, shots
        self.edition = make.edition()
        self.district = self.add("洪山区", kind="district")
        self.company = self.add("长江激光", parent=self.district)
        services.set_reviewed(SYSTEM, self.edition, True)
        self.addresses: dict[str, str] = {}

    def add(self, name: str, **values: Any) -> Organisation:
        kind = values.pop("kind", "")
        made = make.organisation(self.edition, name, **values)
        if kind:
            Organisation.objects.filter(pk=made.pk).update(kind=kind)
        return made

    def account(self, name: str, language: str) -> User:
        self.addresses[name] = f"{name}@example.org"
        return User.objects.create(email=self.addresses[name], name=name, language=language)

    def delegate(self, name: str, of: Organisation, language: str) -> Page:
        row = make.delegate(self.edition, of, name)
        row.person.user = self.account(name, language)
        row.person.save()
        assert row.person.user is not None
        return self.phone(row.person.user, language)

    def office(self, language: str) -> Page:
        user = self.account("office", language)
        RoleGrant.objects.create(edition=self.edition, user=user, role="organiser")
        return self.phone(user, language)

    def phone(self, user: User | None, language: str, width: int = 390) -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": 844}, locale=language, base_url=self.base
        )
        cookies = [{"name": "talex_language", "value": language, "url": self.base}]
        if user is not None:
            client = Client()
            client.force_login(user)
            session = client.cookies["sessionid"].value
            cookies.append({"name": "sessionid", "value": session, "url": self.base})
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    def at(self, name: str, **more: Any) -> str:
        return reverse(name, kwargs={"edition": self.edition.slug, **more})

    def look(self, page: Page, name: str) -> None:
        """Nothing wider than the phone, nothing axe finds, and a picture."""
        page.screenshot(path=self.shots / f"collecting-{name}.png", full_page=True)
        width = page.viewport_size["width"] if page.viewport_size else 390
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == [], name


def test_from_the_company_s_draft_to_the_published_list(
    browser: Browser, live_server: Any, shots: Path
) -> None:
    fair = Fair(browser, live_server.url, shots)
    office = fair.office("en")
    district = fair.delegate("district", fair.district, "de")
    company = fair.delegate("company", fair.company, "zh-hans")

    # The office gives the district a quota of one.
    office.goto(fair.at("collecting:quotas"))
    fair.look(office, "01-no-quota")
    office.locator(f"a[href='{fair.at('collecting:quota')}']").first.click()
    office.locator("select[name=organisation]").select_option(str(fair.district.pk))
    office.locator("input[name=openings]").fill("1")
    fair.look(office, "02-quota")
    office.locator("#form button.button-primary").click()
    office.wait_for_url("**/quotas/")
    fair.look(office, "03-quotas")
    assert Message.objects.get(kind="collecting.quota").address == fair.addresses["district"]

    # The company writes an opening and hands it in.
    company.goto(fair.at("fair:new"))
    company.locator("[name='title_zh-hans'], [name='title.zh-hans'], [name^=title]").first.fill(
        "激光工程师"
    )
    company.locator("input[name=state][value=open]").check()
    fair.look(company, "04-hand-in")
    company.locator("#form button.button-primary").click()
    company.wait_for_url("**/openings/*-*/")
    opening = Opening.objects.get()
    assert opening.state == "draft"
    company.goto(fair.at("collecting:mine"))
    fair.look(company, "05-mine")

    # The district returns it with a reason.
    district.goto(fair.at("collecting:queue"))
    fair.look(district, "06-queue")
    one = Submission.objects.get()
    district.goto(fair.at("collecting:submission", pk=one.pk))
    fair.look(district, "07-submission")
    district.locator(f"a[href='{fair.at('collecting:return')}?id={one.pk}']").click()
    fair.look(district, "08-return")
    district.locator("#form button.button-primary").click()
    expect(district.locator(".error-summary, [role=alert]").first).to_be_visible()
    district.locator("input[name=faults][value=pay]").check()
    district.locator("textarea[name=words]").fill("请写明月薪。")
    district.locator("#form button.button-primary").click()
    district.wait_for_url(f"**/collecting/{one.pk}/")
    fair.look(district, "09-returned")
    mail = Message.objects.get(kind="collecting.returned")
    assert (mail.address, mail.language) == (fair.addresses["company"], "zh-hans")
    assert "薪酬缺失或不合理" in mail.text and "请写明月薪。" in mail.text

    # The company mends it.
    company.goto(fair.at("collecting:mine"))
    expect(company.locator("article")).to_contain_text("请写明月薪。")
    fair.look(company, "10-to-mend")
    company.locator(f"a[href='{fair.at('fair:edit', pk=opening.pk)}']").click()
    company.locator("input[name=pay_low]").fill("15000")
    company.locator("input[name=pay_currency]").fill("CNY")
    company.locator("select[name=pay_period]").select_option("month")
    company.locator("input[name=state][value=open]").check()
    company.locator("#form button.button-primary").click()
    company.wait_for_url(f"**/openings/{opening.pk}/")

    # The district passes it on, the office approves.
    district.goto(fair.at("collecting:submission", pk=one.pk))
    district.locator(f"form[action='{fair.at('collecting:pass', pk=one.pk)}'] button").click()
    fair.look(district, "11-passed-on")
    district.goto(fair.at("collecting:companies"))
    fair.look(district, "12-companies")
    office.goto(fair.at("collecting:queue") + "?turn=mine")
    fair.look(office, "13-office-queue")
    office.goto(fair.at("collecting:submission", pk=one.pk))
    office.locator(f"form[action='{fair.at('collecting:approve', pk=one.pk)}'] button").click()
    fair.look(office, "14-approved")
    assert Opening.objects.get().state == "open"

    # The office publishes; a visitor without an account reads it, in German, on the phone.
    office.goto(fair.at("publishing:versions"))
    fair.look(office, "15-publish")
    office.locator("#form button.button-primary").click()
    office.wait_for_url("**/offers/")
    assert PublishedList.objects.get().count == 1
    for language in ("de", "zh-hans", "en"):
        visitor = fair.phone(None, language)
        visitor.goto(fair.at("publishing:latest"))
        fair.look(visitor, f"16-list-{language}")
        visitor.locator(f"a[href='{fair.at('publishing:opening', pk=opening.pk)}']").click()
        fair.look(visitor, f"17-opening-{language}")
        data = visitor.locator("script[type='application/ld+json']").text_content()
        posting = json.loads(data or "")
        assert posting["@type"] == "JobPosting"
        assert posting["baseSalary"]["currency"] == "CNY"
        visitor.goto(fair.at("publishing:changes", number=1))
        fair.look(visitor, f"18-changes-{language}")
    wide = fair.phone(None, "de", 1280)
    wide.goto(fair.at("publishing:latest"))
    fair.look(wide, "20-list-wide")
    office_wide = fair.phone(User.objects.get(email="office@example.org"), "zh-hans", 1280)
    for number, name in enumerate(("queue", "companies", "quotas")):
        office_wide.goto(fair.at(f"collecting:{name}"))
        fair.look(office_wide, f"2{number + 1}-{name}-wide")
    office_wide.goto(fair.at("publishing:versions"))
    fair.look(office_wide, "24-publish-wide")
    district_wide = fair.phone(User.objects.get(email="district@example.org"), "de", 1280)
    district_wide.goto(fair.at("collecting:queue"))
    fair.look(district_wide, "25-district-wide")

    # Closed: the page says so at once.
    Opening.objects.update(state="closed")
    answer = visitor.goto(fair.at("publishing:opening", pk=opening.pk))
    assert answer is not None and answer.status == 410
    fair.look(visitor, "26-gone")
