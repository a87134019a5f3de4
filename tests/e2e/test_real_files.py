"""The files that people really have go in through the browser, as they are, and are matched.

Skipped, with the reason, where the files are not beside the checkout.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PASSWORD, Open, Site
from tests.e2e.test_journey import sign_in, submit
from tests.real_files import OPENINGS, RESUMES, folder

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        folder() is None, reason="shared/data/real-files is not beside this checkout"
    ),
]
SLUG = "real-files"
EDITION = f"/e/{SLUG}/"


def test_real_files_go_in_as_they_are(site: Site, open_page: Open, shots: Path) -> None:
    files = folder()
    assert files is not None
    today = date.today()
    site.talex("user", "create", "files@example.org", "--name", "Files", "--admin",
               "--password", PASSWORD)  # fmt: skip
    site.talex("edition", "create", SLUG, "--name", "en=Real files", "--city", "en=Wuhan",
               "--from", str(today + timedelta(days=20)), "--to", str(today + timedelta(days=22)),
               "--organiser", "files@example.org")  # fmt: skip
    office = open_page("en", 1280)
    sign_in(office, "files@example.org")
    halls(office, today + timedelta(days=20))

    for name, expected in OPENINGS.items():
        upload(office, "opening", files / name, shots)
        if expected.nothing:
            expect(office.get_by_text("Some rows have to be mended")).to_be_visible()
            office.get_by_role(
                "button", name=re.compile(f"Take {expected.nothing} rows as they stand")
            ).click()
        apply(office, name, shots)
        said = office.locator("main").inner_text()
        assert f"{expected.rows:,}" in said, said
        for field, count in expected.understood().items():
            line = office.locator("main tr", has=office.get_by_role("rowheader", name=field))
            assert f"{count:,}" in line.inner_text(), line.inner_text()

    upload(office, "talent", files / RESUMES.name, shots)
    expect(office.locator("main")).to_contain_text(
        f"the {RESUMES.rows} rows of the file are {RESUMES.people} different ones"
    )
    expect(office.get_by_role("button", name=re.compile("^Import"))).to_be_disabled()
    office.get_by_role("button", name="Merge identical rows").click()
    apply(office, RESUMES.name, shots)
    assert str(RESUMES.people) in office.locator("main").inner_text()

    match_and_schedule(site)
    office.goto(f"{EDITION}matches/")
    expect(office.locator("main table tbody tr").first).to_be_visible()
    office.screenshot(path=shots / "real-matches.png")
    office.goto(f"{EDITION}openings/")
    office.screenshot(path=shots / "real-openings.png")


def halls(page: Page, day: date) -> None:
    page.goto(EDITION + "halls/new/")
    page.locator("[name=code]").fill("A1")
    page.locator("[name=name__en]").fill("Hall A1")
    page.locator("[name=tables]").fill("40")
    submit(page)
    page.goto(EDITION + "halls/days/")
    page.locator("[name=date]").fill(day.isoformat())
    page.locator("[name=opens]").fill("09:00")
    page.locator("[name=closes]").fill("17:00")
    submit(page)


def upload(page: Page, target: str, path: Path, shots: Path) -> None:
    """As far as the preview, with the columns as they are proposed."""
    page.goto(EDITION + "imports/new/")
    page.locator(f"input[name=target][value={target}]").check(force=True)
    page.locator("input[type=file]").set_input_files(path)
    submit(page)
    page.screenshot(path=shots / f"real-{path.stem}-columns.png", full_page=True)
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("#rows-heading")).to_be_visible(timeout=240_000)
    page.screenshot(path=shots / f"real-{path.stem}-preview.png")


def apply(page: Page, name: str, shots: Path) -> None:
    page.locator("form[action$='/apply/'] button").first.click()
    expect(page.get_by_text("Imported", exact=True).first).to_be_visible(timeout=240_000)
    page.screenshot(path=shots / f"real-{name}-result.png", full_page=True)


def match_and_schedule(site: Site) -> None:
    """Chinese openings for English résumés, placed without a conflict."""

    def told(*arguments: str) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(site.talex("--json", *arguments))
        return said

    matched = told("match", "--edition", SLUG, "--approve-above", "0.3")
    assert matched["talents_with_proposal"] == matched["talents"] == RESUMES.people
    placed = told("schedule", "--edition", SLUG, "--seconds", "5")
    assert placed["placed"] > 0
    assert told("verify", "--edition", SLUG)["ok"]
