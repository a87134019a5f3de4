"""A talent beside an opening: what fits, in whose words, and what is not shown to whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from talex.core.translated import TranslatedText
from talex.engine.text import ConceptTable
from talex.fair import queries_beside, reasons
from talex.fair.marking import mark
from talex.fair.models import Opening
from talex.fair.names import place_name
from talex.fair.sidebyside import beside
from talex.fair.words import Words
from talex.participants.models import Organisation, Talent
from tests.fair import factories as make
from tests.fair.test_pages import World

FACTS: dict[str, Any] = {
    "degree_level": "bachelor", "skills": ["机器学习", "Excel"], "experience_years": 4.0,
    "languages": [{"code": "de", "level": "B1"}, {"code": "en", "level": "C1"}],
    "wished_regions": ["武汉"], "wished_industries": [], "mode": "online",
    "profile_text": "我会做电池管理系统。",
}  # fmt: skip

WORDS = Words(ConceptTable.default())


def opening(**values: Any) -> Opening:
    return Opening(
        organisation=Organisation(region="Wuhan"), title=TranslatedText.of("数据工程师"),
        description=TranslatedText({"de": "Arbeit am Batteriemanagementsystem."}),
        skills=["Machine Learning", "SQL"], degree_required="master", experience_min=3,
        languages=[{"code": "de", "level": "B2"}, {"code": "fr", "level": "A2"}],
        mode="both", **values,
    )  # fmt: skip


def test_each_requirement_says_whether_it_is_met() -> None:
    with translation.override("en"):
        found = beside(opening(), FACTS, WORDS)
    fits = [(row.title, str(row.fit)) for row in found.rows]
    assert ("Degree", "different") in fits and ("Experience", "fits") in fits
    assert ("German", "different") in fits and ("French", "unknown") in fits
    assert ("Place", "fits") in fits and ("Way of meeting", "fits") in fits
    skills = {row.asked[0].text: row for row in found.rows if row.title == "Skill"}
    assert skills["Machine Learning"].fit == "fits" and skills["SQL"].fit == "missing"
    (mine,) = skills["Machine Learning"].has
    assert (mine.text, mine.label, mine.matched) == ("机器学习", "machine learning", True)


def test_an_empty_profile_is_unknown_and_not_missing() -> None:
    found = beside(opening(), {"mode": "both"}, WORDS)
    assert {row.fit for row in found.rows if row.part not in ("mode",)} == {"unknown"}


@pytest.mark.parametrize(
    ("language", "label"),
    [("en", "Machine learning"), ("de", "Maschinelles Lernen"), ("zh-hans", "")],
)
def test_words_are_labelled_in_the_readers_language(language: str, label: str) -> None:
    with translation.override(language):
        assert WORDS.label("机器学习").casefold() == label.casefold()
        stored = {"code": "skills_matched", "part": "skills", "weight": 1, "fits": True,
                  "matched": [["机器学习", "maschinelles Lernen", 1.0]], "missing": []}  # fmt: skip
        (told,) = reasons.told([stored], WORDS)
        assert (label or "机器学习").casefold() in told.text.casefold()
        assert "机器学习" in told.text
        assert place_name("武汉市") == ("武汉市" if language == "zh-hans" else "Wuhan (武汉市)")


def test_shared_words_are_marked_where_they_stand() -> None:
    text = "Wir suchen für Python und 机器学习 jemanden."
    table = ConceptTable.default()
    known = {m.concept.id for m in table.find(text)}
    pieces = mark(text, known, table)
    assert "".join(piece.text for piece in pieces) == text
    assert {piece.text for piece in pieces if piece.marked} >= {"Python", "机器学习"}
    assert mark("", known, table) == [] and not any(p.marked for p in mark(text, set(), table))


@pytest.mark.django_db
def test_a_delegate_reads_no_more_than_elsewhere() -> None:
    world = World()
    Talent.objects.filter(pk=world.talent.pk).update(
        profile_text="Geheimes Profil", current_position="Chief Secret", skills=["电池"]
    )
    pages = {who: world.get(who, "match", pk=world.match.pk).content.decode()
             for who in ("talent", "delegate", "office")}  # fmt: skip
    for secret in ("Geheimes Profil", "Chief Secret", "Anna Weber"):
        assert secret not in pages["delegate"]
    assert "Geheimes Profil" in pages["talent"] and "Geheimes Profil" in pages["office"]
    assert "电池" in pages["delegate"]
    make.consent(world.talent, "profile")
    assert "Geheimes Profil" in world.get("delegate", "match", pk=world.match.pk).content.decode()


@pytest.mark.django_db
def test_a_talent_compares_an_opening_that_was_not_proposed() -> None:
    world = World()
    other = make.opening(world.edition, world.company, "Other", degree_required="master")
    pair = queries_beside.of_opening(make.as_talent(world.talent), world.edition, other.pk)
    assert pair.match is None and pair.side == "talent"
    assert world.get("talent", "beside", pk=other.pk).status_code == 200
    for who in ("delegate", "office"):
        assert world.get(who, "beside", pk=other.pk).status_code == 403
