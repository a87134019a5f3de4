"""What pages and API say of conflicts, notes and places, in the reader's language."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from talex.accounts.models import User
from talex.core.actor import SYSTEM
from talex.core.errors import Invalid
from talex.meetings import board, consequences, drafts, happened, releasing, repairing, services
from talex.meetings.models import Meeting, TimetableVersion
from talex.meetings.views.plan import says
from tests.meetings.fair_factory import make_fair, schedule
from tests.meetings.test_drafts import free_slot, move, spot, strict

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def office(client: Client) -> Client:
    user = User.objects.create(email="office@example.org", name="Office", is_site_admin=True)
    client.force_login(user, backend=BACKEND)
    return client


def test_what_is_locked_in_the_way_is_told_to_be_locked() -> None:
    fair = make_fair(talents=3, tables=1)
    schedule(fair.edition)
    request = consequences.request_of(fair.edition, fair.requests[0].id)
    other = spot(fair, 1)
    slot, tables = (other.starts_at, other.ends_at), [other.table_id]

    def told() -> str:
        (option,) = consequences.options(fair.edition, request, [slot], tables)  # type: ignore[arg-type]
        return says(option)

    assert "locked" not in told()
    with translation.override("zh-hans"):
        text = told()
        assert "：" in text and ": " not in text and ", " not in text
    drafts.lock_spot(SYSTEM, fair.edition, fair.requests[1].id, True)
    assert told().startswith("Not possible") and "(locked: unlock it first)" in told()


def test_a_refused_release_names_each_conflict_once_and_its_button_is_off(office: Client) -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    strict(fair, "refuse_release")
    other = spot(fair, 1)
    request = consequences.request_of(fair.edition, fair.requests[0].id)
    plan = consequences.plan(
        fair.edition, request, other.starts_at, other.table_id, settle=True
    )  # fmt: skip
    command = drafts.PlaceInDraft(
        request.id, other.starts_at, other.table_id, plan.mark, plan.token, True
    )
    drafts.place_in_draft(SYSTEM, fair.edition, command)
    page = reverse("meetings:release", kwargs={"edition": fair.edition.slug})
    found = releasing.check(fair.edition, board.draft_of(fair.edition))
    assert found.refused
    shown = office.get(page).content.decode()
    assert 'disabled aria-describedby="submit-refused"' in shown
    draft = board.draft_of(fair.edition)
    assert draft is not None
    again = office.post(page, {"revision": draft.revision, "note": "Mine"}, follow=True)
    for _spot, conflict in found.refused:
        assert again.content.decode().count(f": {conflict.text}") == sum(
            c.text == conflict.text for _s, c in found.refused
        )
    assert "Mine" in again.content.decode()
    # What can be released has its button.
    drafts.undo(SYSTEM, fair.edition, draft.revision)
    option = free_slot(fair, 0)
    move(fair, 0, option.starts_at, option.table)
    assert (
        "disabled" not in office.get(page).content.decode().split('id="form"')[1].split("</form")[0]
    )


def test_a_note_has_one_length_wherever_it_is_written(office: Client) -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    long, base = "x" * 301, f"/api/editions/{fair.edition.slug}/timetable"
    told = office.post(
        f"{base}/releases", json.dumps({"note": long}), content_type="application/json"
    )
    assert told.status_code == 422 and "300" in told.content.decode()
    page = reverse("meetings:release", kwargs={"edition": fair.edition.slug})
    assert 'maxlength="300"' in office.get(page).content.decode()
    assert office.post(page, {"revision": 0, "note": long}).status_code == 422
    meeting = Meeting.objects.get(request=fair.requests[0])
    gone = happened.Happened(happened.Kind.NO_SHOW, meeting=meeting.id)
    found = repairing.preview(SYSTEM, fair.edition, gone)
    with pytest.raises(Invalid):
        repairing.carry_out(SYSTEM, fair.edition, gone, found.token, long)
    assert not TimetableVersion.objects.exists()
    repairing.carry_out(SYSTEM, fair.edition, gone, found.token, "x" * 300)


def test_lines_are_written_with_the_marks_of_the_language(office: Client) -> None:
    fair = make_fair(talents=2)
    schedule(fair.edition)
    meeting = Meeting.objects.get(request=fair.requests[0])
    services.lock_meeting(SYSTEM, fair.edition, meeting.id, True)
    office.cookies["talex_language"] = "zh-hans"
    place = reverse("meetings:timetable", kwargs={"edition": fair.edition.slug})
    page = office.get(place).content.decode()
    caption = page.split("<caption")[1].split("</caption")[0]
    assert "，" in caption and ", " not in caption
    office.cookies["talex_language"] = "de"
    assert ", " in office.get(place).content.decode().split("<caption")[1].split("</caption")[0]
