"""Filters: what they leave, how many each choice would leave, and what they must not tell."""

from __future__ import annotations

import pytest
from django.utils import translation

from talex.fair import filtering, queries
from talex.fair.choices import Side
from talex.fair.filtering import Wanted
from talex.fair.words import words_of
from tests.fair import factories as make
from tests.fair.test_pages import World

pytestmark = pytest.mark.django_db


def three_openings() -> tuple[World, dict[str, str]]:
    world = World()
    berlin = make.organisation(world.edition, "Spree AG", region="Berlin")
    ids = {"Battery engineer": str(world.match.pk)}
    for title, score, more in (
        ("Laser", 0.9, {"region": "Wuhan", "industry": "激光", "degree_required": "master"}),
        ("机器学习工程师", 0.4, {"languages": [{"code": "de", "level": "B2"}], "mode": "online"}),
    ):
        about = make.opening(world.edition, berlin, title, **more)
        ids[title] = str(make.match(world.talent, about, score).pk)
    return world, ids


def lines(world: World) -> filtering.Lines:
    actor = make.as_talent(world.talent)
    return filtering.match_lines(
        queries.for_you(actor, world.edition, world.talent), Side.TALENT, words_of(world.edition)
    )


def counts(found: list[filtering.Facet], key: str) -> dict[str, int]:
    return {c.value: c.count for f in found if f.key == key for c in f.choices}


def test_places_and_industries_are_found_however_they_are_written() -> None:
    world, ids = three_openings()
    every = lines(world)
    found = filtering.facets(every, Wanted(), Side.TALENT)
    # 武汉 and Wuhan are one place.
    assert counts(found, "place") == {"wuhan": 2, "berlin": 1}
    left = filtering.narrowed(every, Wanted(place="wuhan"))
    assert {str(pk) for pk in left} == {ids["Laser"], ids["Battery engineer"]}
    assert str(left[0]) == ids["Laser"]
    # Other filters count within what is chosen, a filter's own choices do not shrink.
    narrow = filtering.facets(every, Wanted(place="wuhan"), Side.TALENT)
    assert counts(narrow, "place") == {"wuhan": 2, "berlin": 1}
    assert counts(narrow, "mode") == {"onsite": 2, "online": 2}
    assert counts(narrow, "minimum")["80"] == 1


def test_words_are_found_in_the_other_languages() -> None:
    world, ids = three_openings()
    left = filtering.narrowed(lines(world), Wanted(q="machine learning engineer"))
    assert [str(pk) for pk in left] in ([], [ids["机器学习工程师"]])
    assert [str(pk) for pk in filtering.narrowed(lines(world), Wanted(q="laser"))] == [ids["Laser"]]


def test_what_cannot_be_read_is_not_asked_for() -> None:
    assert Wanted.read({"minimum": "x", "opening": "1", "q": " a "}) == Wanted(q="a")
    wanted = Wanted(q="a", place="b", minimum=40)
    assert Wanted.read(wanted.params()) == wanted
    assert wanted.without("minimum") == Wanted(q="a", place="b")


def test_a_delegate_narrows_by_what_everybody_may_see_of_a_talent() -> None:
    world = World()
    make.match(
        make.talent(world.edition, "Xerxes", region="Secretville", wished_regions=["Berlin"],
                    profile_text="Hidden words", degree_level="doctorate"),
        world.opening, 0.6,
    )  # fmt: skip
    rows = queries.candidates(make.as_delegate(world.delegate), world.edition)
    every = filtering.match_lines(rows, Side.EMPLOYER, words_of(world.edition))
    assert len(every) == 2
    for secret in ("Secretville", "Hidden words", "Xerxes", "Anna Weber"):
        assert filtering.narrowed(every, Wanted(q=secret)) == []
    assert len(filtering.narrowed(every, Wanted(degree="doctorate"))) == 1


def test_the_page_keeps_its_filters_in_the_address() -> None:
    world, _ids = three_openings()
    client, url = world.clients["talent"], world.url("for_you")
    page = client.get(url + "?place=berlin").content.decode()
    assert "机器学习工程师" in page and ">Laser<" not in page
    assert "<strong>1</strong> of 3" in page
    none = client.get(url + "?place=berlin&minimum=90").content.decode()
    assert "Nothing is left by these filters" in none
    with translation.override("de"):
        label = filtering.label_of("place", "wuhan", words_of(world.edition), "武汉")
    assert label == "Wuhan (武汉)"


def test_a_place_in_two_languages_is_one_choice() -> None:
    world = World()
    for number, region in enumerate(
        ["Yunlan Province", "Yunlan Province", "Provinz Yunlan", "云岚省"]
    ):
        one = make.opening(world.edition, world.company, f"Work {number}", region=region)
        make.match(world.talent, one, 0.5)
    every = lines(world)
    assert len(filtering.narrowed(every, Wanted(place="yunlan"))) == 4
    for reader, label in (
        ("en", "Yunlan Province"), ("de", "Provinz Yunlan"), ("zh-hans", "云岚省"),
    ):  # fmt: skip
        with translation.override(reader):
            facets = filtering.facets(every, Wanted(), Side.TALENT)
            choices = next(f for f in facets if f.key == "place").choices
            assert (choices[0].label, choices[0].count) == (label, 4)
            spoken = filtering.spoken(every, Wanted(place="yunlan"), Side.TALENT)
            assert spoken[0][1] == label
