"""The timetable under the hands of an organiser: drag, lock, repair, compare, release.

By default on a fair of sixty talents. TALEX_E2E_TIMETABLE names something larger: `city` makes the
city rehearsal in the test's database (about a quarter of an hour), the folder of an installation
with the database of one (TALEX_HOME, SQLite) takes that instead. Each step leaves its picture in
`screenshots/`.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect

from talex.core import clock
from talex.editions.models import Edition
from talex.meetings import board, scheduling, versions
from talex.meetings.models import Absence, Meeting, TimetableVersion
from tests.editions.factories import grant, make_user
from tests.meetings.full_fair import make_full_fair
from tests.meetings.test_browser import signed_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SIZE = os.environ.get("TALEX_E2E_TIMETABLE", "")
OPEN = ("free", "soft", "moves")
WAIT = 120_000


@dataclass
class Site:
    edition: Edition
    base: str
    shots: Path

    def at(self, name: str, **more: Any) -> str:
        return self.base + reverse(
            f"meetings:{name}", kwargs={"edition": self.edition.slug, **more}
        )


@pytest.fixture
def site(live_server: Any) -> Iterator[Site]:
    shots = Path(__file__).resolve().parents[2] / "screenshots"
    shots.mkdir(exist_ok=True)
    expect.set_options(timeout=WAIT)
    if not SIZE:
        edition = make_full_fair(60).edition
    else:
        edition = _city()
        grant(make_user("office@example.org", password="fair"), edition, "organiser")
    yield Site(edition, live_server.url, shots)
    expect.set_options(timeout=5_000)


def _city() -> Edition:
    if SIZE == "city":
        from talex.rehearsing.run import Options, whole

        starts = clock.now().date() + timedelta(days=7)
        options = Options("city", 1, date(starts.year, starts.month, starts.day), "city", 60, False)
        edition, _told = whole(options, lambda step, done, total: None)
        return edition
    if connection.vendor != "sqlite":
        pytest.skip("a folder with an installation is taken over on SQLite only")
    source = sqlite3.connect(Path(SIZE) / "talex.sqlite3")
    connection.ensure_connection()
    source.backup(connection.connection)
    source.close()
    call_command("migrate", verbosity=0)
    found = Edition.objects.order_by("-created_at").first()
    assert found is not None
    return found


def costs(page: Page, request: str) -> dict[str, list[str]]:
    """What the server says of every cell for one meeting."""
    found: dict[str, list[str]] = page.evaluate(
        """async (id) => {
            const t = document.querySelector("[data-timetable]");
            const u = t.dataset.costs.replace(t.dataset.nothing, id) + "?" + t.dataset.view;
            return (await (await fetch(u)).json()).cells;
        }""",
        request,
    )
    return found


def movable(page: Page, kinds: tuple[str, ...], skip: set[str]) -> tuple[str, str]:
    """A meeting of the grid and a cell it may go to: (request, cell's key)."""
    cards = page.locator(".slot[data-movable]")
    for n in range(min(cards.count(), 60)):
        request = str(cards.nth(n).get_attribute("data-request"))
        if request in skip:
            continue
        found = [key for key, (state, *_) in costs(page, request).items() if state in kinds]
        if found:
            return request, found[0]
    raise AssertionError("no meeting of this page can be moved")


def cell(page: Page, key: str) -> Locator:
    start, _bar, table = key.partition("|")
    return page.locator(f"td[data-start='{start}'][data-table='{table}']")


def bring(element: Locator) -> None:
    """To the middle of what is seen, away from the heads that stay."""
    element.evaluate("(e) => e.scrollIntoView({block: 'center', inline: 'center'})")


def drag(page: Page, request: str, key: str, shot: Path) -> None:
    card, target = page.locator(f"#m{request}"), cell(page, key)
    bring(card)
    box = card.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 32, box["y"] + 32, steps=4)
    page.locator("td[data-cost]").first.wait_for(timeout=WAIT, state="attached")
    # The browser itself scrolls while one drags; here the target is brought into sight.
    bring(target)
    there = target.bounding_box()
    assert there is not None
    page.mouse.move(there["x"] + there["width"] / 2, there["y"] + there["height"] / 2, steps=8)
    expect(target).to_have_class("slot-over")
    page.screenshot(path=shot)
    page.mouse.up()
    expect(page.locator("dialog#preview[open]")).to_be_visible(timeout=WAIT)


def by_keyboard(page: Page, request: str, key: str) -> None:
    """Pick up with Enter, walk with the arrows, put down with Enter."""
    card = page.locator(f"#m{request} .slot-open")
    card.focus()
    page.keyboard.press("Enter")
    expect(page.locator("td.slot-at")).to_have_count(1, timeout=WAIT)
    rows: int = page.evaluate(
        """([id, start, table]) => {
            const at = (td) => [td.parentElement.rowIndex, td.cellIndex];
            const here = at(document.getElementById("m" + id).closest("td"));
            const rows = [...document.querySelectorAll("tr")];
            const there = at(document.querySelector(
                `td[data-start='${start}'][data-table='${table}']`));
            const between = rows.slice(Math.min(here[0], there[0]) + 1, Math.max(here[0], there[0]))
                .filter((r) => r.matches(".timetable-break")).length;
            const down = there[0] - here[0];
            return [down > 0 ? down - between : down + between, there[1] - here[1]];
        }""",
        [request, *key.split("|")],
    )
    down, across = rows  # type: ignore[misc]
    for _n in range(abs(down)):
        page.keyboard.press("ArrowDown" if down > 0 else "ArrowUp")
    for _n in range(abs(across)):
        page.keyboard.press("ArrowRight" if across > 0 else "ArrowLeft")
    expect(cell(page, key)).to_have_class("slot-at")


def stand(site: Site, request: str) -> Any:
    found = board.spot_of(site.edition, request)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_drag_lock_compare_release_and_repair(browser: Browser, site: Site) -> None:
    page = signed_in(browser, site.base, "office")
    page.set_default_timeout(WAIT)
    faults: list[str] = []
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: faults.append(str(e)))
    shots = site.shots
    page.goto(site.at("release"))
    page.locator("textarea[name=note]").fill("First version")
    page.locator("#form button.button-primary").click()
    first = TimetableVersion.objects.filter(edition=site.edition).latest("released_at").number
    page.goto(site.at("timetable"))
    page.screenshot(path=shots / "timetable-1-grid.png")

    # With the mouse: what it would cost stands in the cells, the drop shows what would change.
    dragged, key = movable(page, ("free",), set())
    before = stand(site, dragged)
    drag(page, dragged, key, shots / "timetable-2-drag.png")
    page.screenshot(path=shots / "timetable-3-preview.png")
    page.keyboard.press("Escape")
    expect(page.locator("dialog#preview")).not_to_be_visible()
    assert stand(site, dragged).starts_at == before.starts_at  # a preview changes nothing
    drag(page, dragged, key, shots / "timetable-2-drag.png")
    page.locator("dialog#preview .button-primary").click()
    expect(page.locator(".flash .notice")).to_be_visible()
    now = stand(site, dragged)
    assert now.change == "moved" and now.live.starts_at == before.starts_at
    expect(page.locator(f"#m{dragged}")).to_have_class("slot slot-planned slot-draft")

    # With the keyboard: Escape lets go, Enter puts down; said aloud all the while.
    other, target = movable(page, ("free", "moves"), {dragged})
    page.locator(f"#m{other} .slot-open").focus()
    page.keyboard.press(" ")
    expect(page.locator("#say")).to_contain_text("Picked up", timeout=WAIT)
    page.keyboard.press("Escape")
    expect(page.locator("#say")).to_contain_text("Nothing changed")
    expect(page.locator(f"#m{other} .slot-open")).to_be_focused()
    by_keyboard(page, other, target)
    expect(page.locator("#say")).to_contain_text(re.compile("Free|would move"))
    page.screenshot(path=shots / "timetable-4-keyboard.png")
    page.keyboard.press("Enter")
    expect(page.locator("dialog#preview .button-primary")).to_be_focused(timeout=WAIT)
    page.keyboard.press("Enter")
    expect(page.locator(".flash .notice")).to_be_visible()
    assert stand(site, other).change == "moved"

    # Taken back from where it was told.
    page.locator(".flash form button").click()
    expect(page.locator(".flash .notice")).to_contain_text("Taken back")
    assert stand(site, other).change == ""

    # Locked: it can no longer be picked up.
    page.locator(f"#m{dragged} .slot-lock").click()
    expect(page.locator(f"#m{dragged} .slot-lock")).to_have_attribute("aria-pressed", "true")
    assert stand(site, dragged).locked
    assert page.locator(f"#m{dragged}[data-movable]").count() == 0
    page.screenshot(path=shots / "timetable-5-locked.png")

    page.goto(site.at("compare"))
    expect(page.locator("main")).to_contain_text("Moved")
    expect(page.locator("main table").first.locator("tbody tr")).to_have_count(1)
    page.screenshot(path=shots / "timetable-6-compare.png", full_page=True)

    page.goto(site.at("release"))
    page.screenshot(path=shots / "timetable-7-release.png", full_page=True)
    page.locator("textarea[name=note]").fill("One meeting moved")
    page.locator("#form button.button-primary").click()
    expect(page.locator(".flash .notice")).to_contain_text(f"Version {first + 1}")
    page.screenshot(path=shots / "timetable-8-versions.png", full_page=True)
    released = Meeting.objects.get(request_id=dragged)
    assert (released.starts_at, released.sequence) == (now.starts_at, before.live.sequence + 1)
    assert released.locked

    repairs(page, site, dragged)
    counted = versions.counts(versions.compare(site.edition, first, first + 1))
    assert counted == {"placed": 0, "moved": 1, "cancelled": 0, "changed": 1}
    assert scheduling.verify_edition(site.edition) == []
    assert faults == []
    page.context.close()


def repairs(page: Page, site: Site, request: str) -> None:
    """A talent is ill: shown first, then done; nobody else moves."""
    meeting = Meeting.objects.select_related("request").get(request_id=request)
    person = meeting.request.parties.get(side="talent").person
    everyone = {
        m.id: (m.starts_at, m.table_id, m.sequence)
        for m in Meeting.objects.filter(edition=site.edition).exclude(
            request__parties__person=person
        )
    }
    page.goto(site.at("happened"))
    page.screenshot(path=site.shots / "timetable-9-happened.png", full_page=True)
    page.goto(site.at("repair", kind="ill") + f"?q={person.name}")
    page.screenshot(path=site.shots / "timetable-10-who.png", full_page=True)
    page.locator(f"input[name=person][value='{person.id}']").first.check(force=True)
    zone_day = board_day(site, meeting)
    page.locator("select[name=day]").select_option(zone_day)
    page.locator("input[name=from]").fill("")
    page.locator("main form button.button-primary").last.click()
    expect(page.locator("main")).to_contain_text("What would change")
    page.screenshot(path=site.shots / "timetable-11-repair.png", full_page=True)
    assert not Absence.objects.exists()
    page.locator("main form button.button-primary").click()
    expect(page.locator(".flash .notice")).to_contain_text("Done, as version")
    page.screenshot(path=site.shots / "timetable-12-repaired.png", full_page=True)
    meeting.refresh_from_db()
    assert Absence.objects.get().resource_id == person.id
    assert meeting.status == "cancelled" or board_day(site, meeting) != zone_day
    now = {
        m.id: (m.starts_at, m.table_id, m.sequence) for m in Meeting.objects.filter(id__in=everyone)
    }
    changed = {pk for pk in everyone if everyone[pk] != now[pk]}
    placed = TimetableVersion.objects.latest("released_at").figures
    assert len(changed) <= placed["changed"]


def board_day(site: Site, meeting: Meeting) -> str:
    from talex.meetings import grids

    return grids.date_at(site.edition, meeting.starts_at).isoformat()


@pytest.mark.parametrize(
    ("language", "width"),
    [("zh-hans", 390), ("de", 390), ("en", 390), ("zh-hans", 1280), ("de", 1280)],
)
def test_the_same_without_a_mouse_on_a_phone_in_three_languages(
    browser: Browser,
    site: Site,
    language: str,
    width: int,
) -> None:
    page = signed_in(browser, site.base, "office", language, width)
    page.set_default_timeout(WAIT)
    page.goto(site.at("timetable"))
    look(page, site, f"timetable-{language}-{width}-1-grid", width)
    request, _key = movable(page, ("free",), set())
    page.goto(site.at("plan", pk=request))
    look(page, site, f"timetable-{language}-{width}-2-choose", width)
    page.locator("main .agenda a.button").first.click()
    look(page, site, f"timetable-{language}-{width}-3-preview", width)
    page.locator("main form .button-primary").click()
    expect(page.locator(".flash .notice")).to_be_visible()
    assert stand(site, request).change == "moved"
    names = ("release", "compare", "versions", "rules", "happened")
    for name in names:
        page.goto(site.at(name))
        look(page, site, f"timetable-{language}-{width}-4-{name}", width)
    page.goto(site.at("repair", kind="closed"))
    look(page, site, f"timetable-{language}-{width}-5-closed", width)
    page.context.close()


def look(page: Page, site: Site, name: str, width: int) -> None:
    """A picture, what axe finds, and nothing wider than the screen."""
    page.screenshot(path=site.shots / f"{name}.png", full_page="grid" not in name)
    if not SIZE or "grid" not in name:
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == [], name
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_a_stale_grid_is_told_and_changes_nothing(browser: Browser, site: Site) -> None:
    """Two organisers look at the same grid; the second drops what the first has moved."""
    first = signed_in(browser, site.base, "office")
    first.set_default_timeout(WAIT)
    first.goto(site.at("timetable"))
    request, key = movable(first, ("free",), set())
    start, _bar, table = key.partition("|")
    asked = f"?start={start}&table={table}"
    first.goto(site.at("plan", pk=request) + asked)
    second = signed_in(browser, site.base, "office")
    second.set_default_timeout(WAIT)
    others = [k for k, (state, *_) in costs_from(second, site, request).items() if state == "free"]
    other, _bar, seat = next(k for k in others if k != key).partition("|")
    second.goto(site.at("plan", pk=request) + f"?start={other}&table={seat}")
    second.locator("main form .button-primary").click()
    expect(second.locator(".flash .notice")).to_be_visible()
    moved = stand(site, request)
    first.locator("main form .button-primary").click()
    expect(first.locator("main .notice-danger")).to_be_visible()
    assert stand(site, request).mark == moved.mark
    first.context.close()
    second.context.close()


def costs_from(page: Page, site: Site, request: str) -> dict[str, list[str]]:
    page.goto(site.at("timetable"))
    return costs(page, request)
