"""When a conference or an opening is over, no page offers what the service would refuse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from talex.core import clock
from tests.fair.test_pages import World

pytestmark = pytest.mark.django_db
ASKS = "Ask to meet"


@pytest.fixture
def world() -> World:
    return World()


def _after(world: World) -> datetime:
    last = world.edition.ends_on + timedelta(days=2)
    return datetime(last.year, last.month, last.day, tzinfo=UTC)


def test_nothing_is_offered_once_the_conference_is_over(world: World) -> None:
    opening = {"pk": world.opening.pk}
    pages = [("talent", "for_you", {}, ASKS), ("talent", "opening", opening, ASKS),
             ("delegate", "candidates", {}, "Invite<")]  # fmt: skip
    for who, name, more, offer in pages:
        assert offer in world.get(who, name, **more).content.decode(), name
    world.edition.refresh_from_db()
    world.edition.state = "closed"
    world.edition.save()
    for who, name, more, offer in pages:
        page = world.get(who, name, **more).content.decode()
        assert offer not in page, name
        assert "The conference is over" in page, name
    assert world.get("talent", "ask", **opening).status_code == 409
    assert world.get("delegate", "invite", pk=world.match.pk).status_code == 409


def test_the_last_day_ends_it_as_well(world: World) -> None:
    with clock.at(_after(world)):
        page = world.get("talent", "opening", pk=world.opening.pk).content.decode()
    assert ASKS not in page


def test_an_opening_that_closed_is_not_offered(world: World) -> None:
    world.opening.closes_on = clock.now().date() - timedelta(days=3)
    world.opening.save()
    for name, more in (("for_you", {}), ("opening", {"pk": world.opening.pk})):
        assert ASKS not in world.get("talent", name, **more).content.decode(), name
    page = world.get("talent", "opening", pk=world.opening.pk).content.decode()
    assert "takes no more requests" in page


def test_a_general_error_is_the_heading_itself(world: World) -> None:
    assert world.post("talent", "ask", {}, pk=world.opening.pk).status_code == 303
    page = world.post("talent", "ask", {}, pk=world.opening.pk).content.decode()
    assert "check what is marked" not in page
    summary = page.partition("data-error-summary")[2].partition("</div>")[0]
    assert summary.count("This was asked for already") == 1
    marked = world.post("talent", "ask", {"rank": "0"}, pk=world.opening.pk).content.decode()
    assert "check what is marked" in marked


def test_optional_is_said_once(world: World) -> None:
    page = world.get("talent", "ask", pk=world.opening.pk).content.decode()
    assert "(optional)" in page
    assert "Optional." not in page
