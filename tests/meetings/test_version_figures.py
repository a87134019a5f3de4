"""What a draft is said to change is what the version that is made of it says it changed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.core.actor import SYSTEM
from talex.meetings import board, drafts, places, releasing, services, versions
from talex.meetings.models import Meeting, Placement
from tests.meetings.fair_factory import Fair, make_fair
from tests.meetings.test_drafts import free_slot, made_draft, move, release

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def fair() -> Fair:
    """Version 1 is released; then one meeting is moved and one called off at once."""
    made = make_fair(talents=4)
    made_draft(made)
    release(made)
    moved = Meeting.objects.get(request=made.requests[0])
    free = [p for p in places.places_for(made.edition, moved) if p.starts_at != moved.starts_at]
    services.move_meeting(
        SYSTEM, made.edition, services.MoveMeeting(moved.id, free[0].starts_at, 0)
    )
    off = Meeting.objects.get(request=made.requests[1])
    services.cancel_meeting(SYSTEM, made.edition, services.CancelMeeting(off.id, 0, "x"))
    return made


def test_what_changed_one_by_one_is_no_part_of_the_version_of_a_draft(
    fair: Fair, client: Client
) -> None:
    user = User.objects.create(email="office@example.org", name="Office", is_site_admin=True)
    client.force_login(user, backend=BACKEND)
    option = free_slot(fair, 2)
    move(fair, 2, option.starts_at, option.table)
    before = versions.live_stands(fair.edition)
    page = client.get(reverse("meetings:release", kwargs={"edition": fair.edition.slug}))
    banner = client.get(reverse("meetings:timetable", kwargs={"edition": fair.edition.slug}))
    assert page.context["counts"]["changed"] == banner.context["changes"] == 1
    made = release(fair, "One moved")
    assert {k: made.figures[k] for k in ("placed", "moved", "cancelled", "changed")} == (
        page.context["counts"]
    )
    # What had changed one by one is a version of its own, before it, and says so.
    assert made.number == 3
    kept = versions.version(fair.edition, 2)
    assert (kept.origin, kept.note, kept.figures["changed"]) == ("single", "", 2)
    assert versions.stands(fair.edition, 2) == before
    assert versions.stands(fair.edition, 3) == versions.live_stands(fair.edition)


def test_a_draft_that_changes_nothing_is_not_released_for_what_others_changed(
    fair: Fair,
) -> None:
    option = free_slot(fair, 2)
    move(fair, 2, option.starts_at, option.table)
    drafts.take_out(SYSTEM, fair.edition, [fair.requests[2].id])
    with pytest.raises(releasing.NothingToRelease):
        release(fair)
    assert fair.edition.timetables.filter(state="released").count() == 1
    # Without the draft what people see is recorded, as before.
    drafts.drop_draft(SYSTEM, fair.edition)
    assert release(fair).figures["changed"] == 2


def test_what_became_so_meanwhile_is_no_difference_of_the_draft(fair: Fair) -> None:
    option = free_slot(fair, 2)
    move(fair, 2, option.starts_at, option.table)
    draft = board.draft_of(fair.edition)
    assert draft is not None and board.differing(draft) == 1
    meeting = Meeting.objects.get(request=fair.requests[2])
    Meeting.objects.filter(id=meeting.id).update(
        starts_at=option.starts_at, ends_at=option.ends_at, table=option.table
    )
    assert board.differing(draft) == 0
    draft.placements.update(kind=Placement.Kind.CANCELLED)
    assert board.differing(draft) == 1
    Meeting.objects.filter(id=meeting.id).update(status="cancelled")
    assert board.differing(draft) == 0
    draft.placements.update(kind=Placement.Kind.PLACED)
    assert board.differing(draft) == 1
