"""The office ends many requests at once, and only those that wait."""

from __future__ import annotations

import pytest

from talex.core import clock
from talex.core.errors import NotAllowed
from talex.fair.models import Interest
from talex.fair.services import decline_requests, take_requests_back
from tests.fair import factories as make
from tests.fair.test_pages import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize(("action", "state"), [("back", "withdrawn"), ("decline", "declined")])
def test_through_the_list_after_a_question(world: World, action: str, state: str) -> None:
    world.post("talent", "ask", {}, pk=world.opening.pk)
    waiting = Interest.objects.get()
    other = make.opening(world.edition, world.company, "Chemist")
    agreed = make.interest(world.talent, other, state="accepted")
    data = {"action": action, "ids": [str(waiting.pk), str(agreed.pk)]}
    page = world.clients["office"].post(world.url("requests"), data)
    assert page.status_code == 200
    assert "Agreed meetings stay" in page.content.decode()
    assert Interest.objects.get(pk=waiting.pk).state == "asked"
    done = world.clients["office"].post(world.url("requests"), data | {"confirmed": "1"})
    assert done.status_code in {302, 303}
    assert Interest.objects.get(pk=waiting.pk).state == state
    assert Interest.objects.get(pk=agreed.pk).state == "accepted"


def test_nobody_else_may(world: World) -> None:
    asked = make.interest(world.talent, world.opening)
    for call in (decline_requests, take_requests_back):
        with pytest.raises(NotAllowed), clock.at(make.BEFORE):
            call(make.as_talent(world.talent), world.edition, [asked.pk])
