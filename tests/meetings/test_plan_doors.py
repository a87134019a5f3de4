"""The draft and the living day through pages, API and command line."""

from __future__ import annotations

import json
import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from talex.accounts.models import User
from talex.cli.main import group
from talex.meetings import board, grids, places, scheduling
from talex.meetings.models import Absence, Meeting, Placement, Proposal, TimetableVersion
from tests.editions.factories import make_user
from tests.meetings.fair_factory import Fair, make_fair, schedule

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def office(client: Client) -> Client:
    user = User.objects.create(email="office@example.org", name="Office", is_site_admin=True)
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def fair() -> Fair:
    made = make_fair(talents=3)
    schedule(made.edition)
    return made


def url(fair: Fair, name: str, **more: Any) -> str:
    return reverse(f"meetings:{name}", kwargs={"edition": fair.edition.slug, **more})


def signed_in(person: Any) -> Client:
    person.user = make_user()
    person.save()
    client = Client()
    client.force_login(person.user, backend=BACKEND)
    return client


def free_cell(client: Client, fair: Fair, n: int = 0) -> tuple[str, str]:
    cells = client.get(url(fair, "costs", pk=fair.requests[n].id)).json()["cells"]
    key = next(key for key, (state, _text) in cells.items() if state == "free")
    start, _bar, table = key.partition("|")
    return start, table


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_every_new_page_opens_in_every_language(office: Client, fair: Fair, language: str) -> None:
    start, table = free_cell(office, fair)
    request = fair.requests[0].id
    plan = url(fair, "plan", pk=request)
    office.post(
        plan,
        {"start": start, "table": table, "mark": board.now_mark(fair.edition, request, None)},
    )
    assert Placement.objects.count() == 1
    pages = [
        *(url(fair, n) for n in ("timetable", "versions", "compare", "release", "rules")),
        *(url(fair, n) for n in ("drop", "happened")),
        *(url(fair, "repair", kind=k) for k in ("ill", "late", "closed", "no_show", "booking")),
        plan, f"{plan}?start={start}&table={table}", f"{plan}?start={start}&auto=1&fragment=1",
        url(fair, "timetable") + "?by=organisation", url(fair, "timetable") + "?by=person",
        url(fair, "repair", kind="ill") + "?q=Talent",
        url(fair, "repair", kind="ill") + f"?person={fair.talents[0].id}&day=2037-04-20",
        url(fair, "propose", pk=Meeting.objects.all()[0].id),
    ]  # fmt: skip
    office.cookies["talex_language"] = language
    for page in pages:
        answer = office.get(page)
        assert answer.status_code == 200, page
        assert "{%" not in answer.content.decode() and "{{" not in answer.content.decode()


def test_costs_preview_move_undo_and_lock_through_pages(office: Client, fair: Fair) -> None:
    start, table = free_cell(office, fair)
    plan = url(fair, "plan", pk=fair.requests[0].id)
    shown = office.get(f"{plan}?start={start}&table={table}&fragment=1").content.decode()
    assert "<html" not in shown and 'name="token"' in shown and "Nobody else is moved." in shown
    mark = board.now_mark(fair.edition, fair.requests[0].id, None)
    body = {
        "start": start,
        "table": table,
        "mark": mark,
        "back": url(fair, "timetable") + "?by=hall",
    }
    moved = office.post(plan, body)
    assert moved.status_code == 302
    assert moved["Location"].startswith(url(fair, "timetable") + "?by=hall#m")
    spot = board.spot_of(fair.edition, fair.requests[0].id)
    assert spot is not None and spot.change == "moved"
    page = office.get(url(fair, "timetable"))
    draft = board.draft_of(fair.edition)
    assert draft is not None
    undo = url(fair, "undo", revision=draft.revision)
    assert undo in page.content.decode() and "This is a draft" in page.content.decode()
    other = dict(zip(("start", "table"), free_cell(office, fair), strict=True))
    stale = office.post(plan, body | other)
    assert stale.status_code == 409 and "Here it is as it stands now" in stale.content.decode()
    assert office.post(undo).status_code == 302
    assert board.spot_of(fair.edition, fair.requests[0].id).change == ""  # type: ignore[union-attr]
    toggle = {"toggle": f"{fair.requests[0].id}:1"}
    assert office.post(url(fair, "lock_spot"), toggle).status_code == 302
    assert Meeting.objects.get(request=fair.requests[0]).locked
    # Nothing leads out of the site.
    away = office.post(url(fair, "lock_spot"), toggle | {"back": "//evil.example/"})
    assert away["Location"].startswith(url(fair, "timetable"))


def test_a_release_of_what_changed_meanwhile_shows_it_and_can_then_be_made(
    office: Client, fair: Fair
) -> None:
    def move(n: int) -> None:
        start, table = free_cell(office, fair)
        draft = board.draft_of(fair.edition)
        mark = board.now_mark(fair.edition, fair.requests[n].id, draft)
        plan = url(fair, "plan", pk=fair.requests[n].id)
        assert office.post(plan, {"start": start, "table": table, "mark": mark}).status_code == 302

    def revision(page: HttpResponse) -> str:
        found = re.search(r'name="revision" value="(\d+)"', page.content.decode())
        assert found is not None
        return found[1]

    move(0)
    for name, told in (("release", {"note": "Two moved"}), ("drop", {})):
        old = revision(office.get(url(fair, name)))
        move(0)
        again = office.post(url(fair, name), {"revision": old, **told}, follow=True)
        assert again.status_code == 200 and "changed meanwhile" in again.content.decode()
        assert revision(again) != old
        assert TimetableVersion.objects.filter(state="released").count() == 0
    page = office.get(url(fair, "release"))
    assert "Two moved" not in page.content.decode()  # it was shown, once, where it was lost
    done = office.post(url(fair, "release"), {"revision": revision(page), "note": "Two moved"})
    assert done.status_code == 303
    # What people see now can be compared with any version.
    move(0)
    told = office.get(url(fair, "compare")).content.decode()
    assert '<option value="now" selected>' in told and '<option value="draft" selected>' in told


def test_a_preview_says_why_a_meeting_finds_no_other_place(office: Client, fair: Fair) -> None:
    page = url(fair, "repair", kind="ill") + f"?person={fair.talents[0].id}&day=2037-04-20"
    shown = office.get(page).content.decode()
    assert "The two sides have no time in common." in shown


def test_an_undo_that_comes_too_late_says_so_on_the_timetable(office: Client, fair: Fair) -> None:
    late = office.post(url(fair, "undo", revision=7), follow=True)
    assert late.status_code == 200
    assert "was released or thrown away meanwhile" in late.content.decode()


def test_five_minutes_of_holding_can_be_kept_on_the_page(office: Client, fair: Fair) -> None:
    rules = {"strictness": "warn", "hold_minutes": 5, "walk_minutes": 0, "notice_minutes": 30}
    base = f"/api/editions/{fair.edition.slug}/timetable/rules"
    office.put(base, json.dumps(rules), content_type="application/json")
    shown = office.get(url(fair, "rules")).context["form"].initial
    assert office.post(url(fair, "rules"), shown).status_code == 303
    assert board.rules_of(fair.edition).hold_minutes == 5


def test_a_page_of_the_grid_asks_as_much_for_many_meetings_as_for_few(office: Client) -> None:
    asked = []
    for talents in (1, 5):
        fair = make_fair(talents=talents, tables=3)
        schedule(fair.edition)
        for by in ("hall", "organisation", "person"):
            page = url(fair, "timetable") + f"?by={by}"
            office.get(page)
            with CaptureQueriesContext(connection) as told:
                assert office.get(page).status_code == 200
            asked.append((by, len(told)))
    assert asked[:3] == asked[3:]


def test_the_grid_shows_the_draft_and_the_list_what_people_see(office: Client, fair: Fair) -> None:
    start, table = free_cell(office, fair)
    mark = board.now_mark(fair.edition, fair.requests[0].id, None)
    office.post(
        url(fair, "plan", pk=fair.requests[0].id), {"start": start, "table": table, "mark": mark}
    )
    grid = grids.grid(fair.edition, grids.wanted({}))
    cells = {
        cell.spot.request.id: (place.starts_at, place.table, cell.spot.change)
        for row in grid.rows for place in row.cells for cell in place.cells
    }  # fmt: skip
    moved = cells[fair.requests[0].id]
    assert (f"{moved[0]:%Y-%m-%dT%H:%MZ}", str(moved[1]), moved[2]) == (start, table, "moved")
    live = Meeting.objects.get(request=fair.requests[0])
    mine = signed_in(fair.talents[0]).get(url(fair, "calendar")).content.decode()
    assert f"{live.starts_at.astimezone(grids.ZoneInfo('Asia/Shanghai')):%Y%m%dT%H%M%S}" in mine


def test_a_talent_proposes_and_the_delegate_answers_through_pages(fair: Fair) -> None:
    talent, employer = signed_in(fair.talents[0]), signed_in(fair.delegate)
    meeting = Meeting.objects.get(request=fair.requests[0])
    free = [p for p in places.places_for(fair.edition, meeting) if p.starts_at != meeting.starts_at]
    body = {"place": free[0].starts_at.isoformat(), "sequence": 0, "note": "Exam"}
    assert talent.post(url(fair, "propose", pk=meeting.id), body).status_code == 303
    made = Proposal.objects.get()
    page = url(fair, "meeting", pk=meeting.id)
    assert "Exam" in employer.get(page).content.decode()
    answer = url(fair, "answer", pk=made.id)
    assert answer not in talent.get(page).content.decode()
    assert talent.post(answer, {"accept": "1"}).status_code == 403
    assert employer.post(answer, {"accept": "1"}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.starts_at == free[0].starts_at
    assert signed_in(fair.talents[1]).post(answer, {"accept": "1"}).status_code == 404


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def test_the_api_plans_releases_and_repairs(office: Client, fair: Fair) -> None:
    base = f"/api/editions/{fair.edition.slug}/timetable"
    one = f"{base}/plan/{fair.requests[0].id}"
    told = office.get(one).json()
    option = next(o for o in told["options"] if o["state"] == "free")
    where = {"starts_at": option["starts_at"], "table": option["table"]}
    plan = post(office, f"{one}/preview", **where).json()
    assert plan["passes"] and plan["asides"] == []
    assert post(office, one, **where, mark="old").status_code == 409
    assert post(office, one, **where, mark=plan["mark"], token=plan["token"]).status_code == 200
    assert office.get(f"{base}/versions").json()[0]["state"] == "draft"
    compared = office.get(f"{base}/compare?first=0").json()
    assert compared["counts"]["placed"] == 3
    released = post(office, f"{base}/releases", note="Better")
    # Version 1 is what stood before.
    assert released.status_code == 201 and released.json()["number"] == 2
    assert Meeting.objects.get(request=fair.requests[0]).starts_at == datetime.fromisoformat(
        option["starts_at"]
    )
    meeting = Meeting.objects.get(request=fair.requests[0])
    late = {
        "kind": "late", "person": str(fair.talents[0].id),
        "starts_at": (meeting.starts_at - timedelta(hours=1)).isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
    }  # fmt: skip
    shown = post(office, f"{base}/repairs/preview", **late).json()
    assert [d["request"] for d in shown["differences"]] == [str(fair.requests[0].id)]
    assert post(office, f"{base}/repairs", **late, token="no").status_code == 409
    done = post(office, f"{base}/repairs", **late, token=shown["token"])
    assert done.status_code == 201 and done.json()["origin"] == "repair"
    assert Absence.objects.count() == 1
    assert office.get(f"{base}/compare?first=99").status_code == 404
    assert post(office, f"{base}/absences/{uuid.uuid4()}/end").status_code == 404
    rules = {"strictness": "warn", "hold_minutes": 30, "walk_minutes": 5, "notice_minutes": 45}
    put = office.put(f"{base}/rules", json.dumps(rules), content_type="application/json")
    assert put.json() == rules == office.get(f"{base}/rules").json()
    wrong = office.put(
        f"{base}/rules", json.dumps(rules | {"strictness": "x"}), content_type="application/json"
    )
    assert wrong.status_code == 422
    assert scheduling.verify_edition(fair.edition) == []


def test_the_command_line_plans_releases_and_repairs(fair: Fair) -> None:
    def run(*arguments: str) -> Any:
        done = CliRunner().invoke(
            group, ["timetable", *arguments, "--edition", fair.edition.slug, "--json"]
        )
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    meeting = Meeting.objects.get(request=fair.requests[0])
    free = [p for p in places.places_for(fair.edition, meeting) if p.starts_at != meeting.starts_at]
    move = [
        "move", str(fair.requests[0].id), "--to", f"{free[0].starts_at:%Y-%m-%dT%H:%M%z}",
        "--table", str(free[0].table.id),  # type: ignore[union-attr]
    ]  # fmt: skip
    assert run(*move)["moved"] is False and board.draft_of(fair.edition) is None
    assert run(*move, "--yes")["moved"] is True
    assert run("compare", "--from", "0")["counts"]["placed"] == 3
    assert run("lock", str(fair.requests[0].id))["locked"] is True
    assert run("release", "--note", "x")["version"] == 2
    assert [(v["version"], v["changed"]) for v in run("versions")] == [(2, 1), (1, 3)]
    meeting.refresh_from_db()
    assert meeting.starts_at == free[0].starts_at and meeting.locked
    absent = [
        "repair", "ill", "--person", str(fair.talents[0].id), "--from", "2037-04-20T00:00+08:00",
        "--until", "2037-04-21T00:00+08:00",
    ]  # fmt: skip
    assert run(*absent)["version"] is None and not Absence.objects.exists()
    done = run(*absent, "--yes")
    assert done["version"] == 3 and done["counts"]["cancelled"] == 1
    assert run("rules", "--strictness", "allow")["strictness"] == "allow"
    assert TimetableVersion.objects.count() == 3
    assert scheduling.verify_edition(fair.edition) == []
