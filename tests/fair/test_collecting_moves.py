"""What is handed in when its organisation comes to belong elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from talex.core import clock
from talex.fair.collecting.models import Stage
from talex.participants.belonging.services import (
    AnswerBelonging,
    AskToBelong,
    EndBelonging,
    answer_belonging,
    ask_to_belong,
    end_belonging,
)
from tests.fair import factories as make
from tests.fair.collecting_tree import Tree, sub

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[Tree]:
    with clock.at(make.BEFORE):
        yield Tree()


@pytest.mark.parametrize("left", [True, False])
def test_what_waits_with_a_collector_follows_who_belongs_elsewhere(world: Tree, left: bool) -> None:
    world.quota(world.park)
    company, _address = world.delegate(world.company)
    one = sub(world.write(company, world.company))
    other = sub(world.write(world.delegate(world.sister)[0], world.sister, "Fibre drawer"))
    assert (one.stage, one.collector_id) == (Stage.HANDED_IN, world.park.pk)
    if left:
        end_belonging(
            company,
            EndBelonging(edition=world.edition.pk, child=world.company.pk, reason="Moved."),
        )
        wanted = (Stage.PASSED, None)
    else:
        world.quota(world.elsewhere)
        head, _other = world.delegate(world.elsewhere)
        asked = ask_to_belong(
            company,
            AskToBelong(
                edition=world.edition.pk, child=world.company.pk, parent=world.elsewhere.pk
            ),
        )
        answer_belonging(head, AnswerBelonging(belonging=asked.pk, confirm=True))
        wanted = (Stage.HANDED_IN, world.elsewhere.pk)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.stage, one.collector_id) == wanted
    assert (other.stage, other.collector_id) == (Stage.HANDED_IN, world.park.pk)
