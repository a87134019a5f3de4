"""The grid shows what is closed or away, who is asked for another time, and what is held."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import SYSTEM
from talex.meetings import absences, grids, marks, places, proposals, repairing
from talex.meetings.happened import Happened, Kind
from talex.meetings.models import Absence, Meeting
from tests.meetings.fair_factory import Fair, make_fair, schedule

pytestmark = pytest.mark.django_db
DAY = datetime(2037, 4, 20, tzinfo=UTC)


@pytest.fixture
def office(client: Client) -> Client:
    user = User.objects.create(email="office@example.org", name="Office", is_site_admin=True)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def fair() -> Fair:
    made = make_fair(talents=3)
    schedule(made.edition)
    return made


def shown(fair: Fair, by: str = "hall") -> list[tuple[grids.Row, grids.Place]]:
    grid = marks.marked(fair.edition, grids.grid(fair.edition, grids.wanted({"by": by})))
    return [(row, place) for row in grid.rows for place in row.cells]


def do(fair: Fair, happened: Happened) -> None:
    found = repairing.preview(SYSTEM, fair.edition, happened)
    repairing.carry_out(SYSTEM, fair.edition, happened, found.token)


def test_a_closed_table_is_closed_for_its_time_and_a_closed_hall_as_a_whole(
    fair: Fair, office: Client
) -> None:
    page = reverse("meetings:timetable", kwargs={"edition": fair.edition.slug})
    assert "place-mark" not in office.get(page).content.decode()
    meeting = fair.edition.meetings.order_by("starts_at")[0]
    table, start = meeting.table, meeting.starts_at
    assert table is not None
    end = meeting.ends_at
    do(fair, Happened(Kind.CLOSED, table=table.id, starts_at=start, ends_at=end))
    closed = {(p.starts_at, p.table) for _row, p in shown(fair) if p.away}
    assert closed == {(start, table.id)}
    assert not any(row.away for row, _place in shown(fair))
    told = office.get(page).content.decode()
    assert told.count('class="place-mark"') == 1 and "Closed" in told
    do(fair, Happened(Kind.CLOSED, hall=table.hall_id, starts_at=start, ends_at=end))
    assert {place.starts_at for row, place in shown(fair) if row.away} == {start}
    # Open again, it is no longer marked.
    for absence in Absence.objects.filter(ended_at=None):
        absences.end(SYSTEM, fair.edition, absence.id)
    assert not any(place.away for _row, place in shown(fair))


def test_who_is_away_is_marked_by_person(fair: Fair) -> None:
    talent = fair.talents[0]
    ill = Happened(Kind.ILL, person=talent.id, starts_at=DAY, ends_at=DAY + timedelta(hours=2))
    Meeting.objects.filter(request=fair.requests[0]).update(locked=False)
    do(fair, ill)
    rows = shown(fair, "person")
    assert {row.head.pk for row, place in rows if place.away} <= {talent.id}
    assert not any(place.away for _row, place in shown(fair, "organisation"))


def test_who_is_asked_and_what_is_held_for_them_is_shown_until_it_ends(
    fair: Fair, office: Client
) -> None:
    meeting = Meeting.objects.get(request=fair.requests[0])
    free = [p for p in places.places_for(fair.edition, meeting) if p.starts_at != meeting.starts_at]
    made = proposals.propose(
        SYSTEM, fair.edition, proposals.ProposeTime(meeting.id, free[0].starts_at, 0)
    )
    for by, owner in (("hall", made.table_id), ("organisation", None), ("person", None)):
        found = shown(fair, by)
        asked = {c.spot.request.id for _row, p in found for c in p.cells if c.asked}
        assert asked == {fair.requests[0].id}
        held = [(p.starts_at, p.held[0][0]) for _row, p in found if p.held]
        # By person it is held for both sides.
        assert set(held) == {(made.starts_at, fair.requests[0].id)}
        assert len(held) == (2 if by == "person" else 1)
        if owner is not None:
            assert {p.table for _row, p in found if p.held} == {owner}
    page = office.get(
        reverse("meetings:timetable", kwargs={"edition": fair.edition.slug})
    ).content.decode()
    assert "Held for an answer: Talent 0 – Yangtze Motors" in page and "slot-asked" in page
    with clock.at(made.expires_at):
        assert not any(p.held for _row, p in shown(fair))


def test_many_holds_ask_no_more_than_one(fair: Fair, office: Client) -> None:
    page = reverse("meetings:timetable", kwargs={"edition": fair.edition.slug})
    asked = []
    for n in (0, 1):
        meeting = Meeting.objects.get(request=fair.requests[n])
        free = [
            p for p in places.places_for(fair.edition, meeting) if p.starts_at != meeting.starts_at
        ]
        command = proposals.ProposeTime(meeting.id, free[-1].starts_at, 0)
        proposals.propose(SYSTEM, fair.edition, command)
        office.get(page)
        with CaptureQueriesContext(connection) as told:
            office.get(page)
        asked.append(len(told))
    assert asked[0] == asked[1]
