"""Somebody who says little is asked what helps most; answers are saved and change the list."""

from __future__ import annotations

from typing import Any

import pytest

from talex.core.errors import Invalid
from talex.fair import asking
from talex.fair.models import Match
from talex.fair.services import answer_questions, refuse
from talex.fair.services.refusals import Refuse
from talex.fair.sparse import FIELDS, opening_says_little
from talex.participants.choices import Mode
from talex.participants.models import Talent
from tests.fair import factories as make
from tests.fair.test_matching import Letters
from tests.fair.test_pages import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Openings that differ in place and degree alone, others who say where and what."""
    monkeypatch.setattr(asking, "embedder_of", lambda where: Letters())
    found = World()
    for number in range(8):
        make.opening(
            found.edition, found.company, "Same title", skills=["BMS"],
            region=["Berlin", "Wuhan"][number % 2], degree_required="master",
        )  # fmt: skip
        make.talent(
            found.edition, f"N{number}", wished_regions=[["Berlin"], ["Wuhan"]][number % 2],
            degree_level="doctorate", mode=Mode.BOTH,
        )  # fmt: skip
    return found


def test_the_question_that_separates_the_openings_is_asked(world: World) -> None:
    found = asking.fresh(world.edition, world.talent)
    assert found.questions[0].component.value == "region"
    assert len(found.questions) <= 3
    assert 0 < len(found.near) <= asking.NEAR and found.compared == 9
    assert world.opening.pk not in {one.opening.pk for one in found.near}  # it is proposed


def test_an_answer_is_saved_and_the_list_follows(world: World) -> None:
    actor = make.as_talent(world.talent)
    before = Match.objects.get().score
    changed = answer_questions(
        actor, world.edition, {"wished_regions": ["Berlin"], "skills": []}, embedder=Letters()
    )
    talent = Talent.objects.get(pk=world.talent.pk)
    assert talent.wished_regions == ["Berlin"] and talent.version == 2
    after = Match.objects.get()
    assert changed == 1 and after.score != before
    region = next(one for one in after.reasons if one["part"] == "region")
    assert region["code"] == "region_other"
    near = asking.fresh(world.edition, talent).near
    assert near[0].opening.region == "Berlin"
    gone = near[0].opening
    refuse(actor, world.edition, Refuse(gone.pk, "pay"))
    assert gone.pk not in {one.opening.pk for one in asking.fresh(world.edition, talent).near}
    with pytest.raises(Invalid):
        answer_questions(actor, world.edition, {"skills": []})
    with pytest.raises(Invalid):
        answer_questions(actor, world.edition, {"email": "x@example.org"})


def test_the_page_asks_inline_and_saves(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.clients["talent"]
    page = world.get("talent", "for_you").content.decode()
    assert f'hx-get="{world.url("fresh")}"' in page
    part = client.get(world.url("fresh"), headers={"HX-Request": "true"}).content.decode()
    assert "Where would you like to work?" in part and "<html" not in part
    sent: dict[str, Any] = {"parts": "region", "wished_regions": "Berlin"}
    assert client.post(world.url("answers"), sent).status_code == 303
    assert Talent.objects.get(pk=world.talent.pk).wished_regions == ["Berlin"]
    assert client.post(world.url("answers"), {"parts": "region"}).status_code == 422
    bad = {"parts": "experience", "experience_years": "many"}
    assert client.post(world.url("answers"), bad).status_code == 422


def test_an_opening_that_says_little_is_asked_for_more(world: World) -> None:
    # The place of the organisation stands in for its own.
    bare = make.opening(world.edition, make.organisation(world.edition, "Nowhere"), "Bare")
    assert opening_says_little(bare)
    asked = asking.of_opening(world.edition, bare, embedder=Letters())
    assert asked and asked[0].component.value in {"region", "degree"}
    page = world.get("office", "opening_questions", pk=bare.pk).content.decode()
    assert "#id_" in page
    assert world.get("talent", "opening_questions", pk=bare.pk).status_code == 403


def test_the_fields_are_those_of_the_engine() -> None:
    from talex.engine.matching import COMPONENTS

    assert set(FIELDS) == {part.value for part in COMPONENTS}
