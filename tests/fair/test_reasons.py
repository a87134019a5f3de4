"""Every code of the engine has its sentence, in every language."""

from __future__ import annotations

import pytest
from django.utils import translation

from talex.core.ids import ascending
from talex.engine.matching import Code
from talex.engine.text import ConceptTable
from talex.fair import reasons
from talex.fair.forms import read_language, write_language
from talex.fair.models import Opening
from talex.fair.privacy import alias
from talex.fair.show import pay_line, years_line
from talex.fair.words import Words
from talex.participants.models import Talent

SAMPLES: dict[str, dict] = {
    "skills_matched": {
        "matched": [["数据分析", "data analysis", 1.0], ["Python", "Python", 1.0]],
        "missing": ["SQL"],
    },
    "skills_none": {"missing": ["SQL"]},
    "degree_met": {"has": "doctorate", "wanted": "master"},
    "degree_below": {"has": "bachelor", "wanted": "master", "gain": 0.31},
    "experience_met": {"has": 4.0, "least": 3.0, "most": 5.0},
    "experience_below": {"has": 1.5, "least": 3.0, "most": None},
    "experience_above": {"has": 9.0, "least": None, "most": 5.0},
    "language_met": {"languages": [["de", "C1", "B2"]], "unsaid": [["zh", "B1"]]},
    "language_below": {"languages": [["de", "A2", "B2"], ["en", "", "B1"]], "unsaid": []},
    "region_met": {"common": ["武汉"]},
    "region_other": {"wished": ["Berlin"], "offered": ["武汉"]},
    "industry_met": {"common": ["@aerospace"]},
    "industry_other": {"known": ["@aerospace"], "offered": ["Toys"]},
}

WORDS = Words(ConceptTable.default())


def stored(code: str) -> dict:
    known = code.endswith("_unknown")
    missing = {"missing": ["talent"]} if known else {}
    return {
        "code": code, "part": "degree", "weight": 0.1, "fits": None if known else True,
        **missing, **SAMPLES.get(code, {}),
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
@pytest.mark.parametrize("side", ["talent", "employer"])
def test_every_code_is_a_sentence(language: str, side: str) -> None:
    with translation.override(language):
        for code in Code:
            (one,) = reasons.told([stored(code.value)], WORDS, side)
            assert one.text and "%(" not in one.text, code
            assert "%(" not in one.change, code


def test_no_sentence_of_the_catalogue_is_english() -> None:
    def texts(language: str) -> dict[str, str]:
        with translation.override(language):
            return {code: reasons.told([stored(code.value)], WORDS)[0].text for code in Code}

    english = texts("en")
    for language in ("de", "zh-hans"):
        other = texts(language)
        assert not [code for code in Code if other[code] == english[code]]


def test_words_names_and_gains() -> None:
    (told,) = reasons.told([stored("skills_matched")], WORDS)
    assert told.text == "Skills that fit: data analysis (数据分析), Python."
    assert told.change == "Asked for, too: SQL."
    (told,) = reasons.told([stored("degree_below") | {"fits": False}], WORDS)
    assert (told.gain, told.state) == (31, "warning")
    assert "Master" in told.change
    with translation.override("de"):
        assert "Luft- und Raumfahrt" in reasons.told([stored("industry_met")], WORDS)[0].text
        assert "Deutsch B2" in reasons.told([stored("language_below")], WORDS)[0].text
    with translation.override("zh-hans"):
        assert "航空航天" in reasons.told([stored("industry_met")], WORDS)[0].text


def test_unknown_codes_of_later_engines_are_left_out() -> None:
    assert reasons.told([{"code": "horoscope", "part": "x", "fits": True}], WORDS) == []


@pytest.mark.parametrize(
    ("text", "language", "code", "level"),
    [
        ("German: B2", "en", "de", "B2"),
        ("Deutsch C1", "de", "de", "C1"),
        ("德语：b1", "zh-hans", "de", "B1"),
        ("Chinese", "de", "zh", None),
        ("en native", "en", None, None),
        ("en: native", "en", "en", "native"),
        ("Kauderwelsch", "de", None, None),
    ],
)
def test_languages_are_read_as_people_write_them(
    text: str, language: str, code: str | None, level: str | None
) -> None:
    with translation.override(language):
        found = read_language(text)
        assert found == ({"code": code, "level": level} if code else None)
        if found:
            assert read_language(write_language(found)) == found


def test_pay_and_years_are_said_in_words() -> None:
    opening = Opening(pay={"low": "10000", "high": "15000", "currency": "CNY", "period": "month"})
    assert pay_line(opening) == "CN¥10,000 – CN¥15,000 a month"
    with translation.override("de"):
        assert pay_line(opening).startswith("10.000\xa0CN¥ – 15.000\xa0CN¥")
    assert pay_line(Opening(pay={"low": "9", "currency": "EUR", "period": "hour"})) == "€9 an hour"
    assert pay_line(Opening()) == ""
    assert years_line(3, 5) == "3 to 5 years"
    assert years_line(None, None) == ""
    with translation.override("de"):
        assert years_line(2.5, 4) == "2,5 bis 4 Jahre"


def test_an_employer_reads_no_industry_of_the_talent() -> None:
    reason = stored("industry_other")
    assert "Aerospace" in reasons.told([reason], WORDS, "talent")[0].text
    assert "Aerospace" not in reasons.told([reason], WORDS, "employer")[0].text


def test_languages_are_unknown_only_where_none_is_named() -> None:
    named = stored("language_unknown") | {"unsaid": [["en", "B2"]]}
    assert reasons.told([named], WORDS, "talent")[0].text == "Nothing is said about: English B2."
    assert "English" not in reasons.told([stored("language_unknown")], WORDS, "talent")[0].text
    # The side that could say it reads so.
    silent = named | {"missing": ["talent"]}
    assert "Adding it" in reasons.told([silent], WORDS, "talent")[0].change
    assert reasons.told([silent], WORDS, "employer")[0].change == ""


def test_rows_of_one_import_have_signs_of_their_own() -> None:
    ids = ascending()
    talents = [Talent(pk=next(ids)) for _ in range(200)]
    assert len({alias(talent) for talent in talents}) == 200


@pytest.mark.parametrize(
    ("has", "least", "most", "language", "told"),
    [
        (1.0, 0.0, None, "en", "1 year of experience; asked for: none needed."),
        (2.0, 1.0, None, "en", "2 years of experience; asked for: at least 1 year."),
        (1.5, 0.0, 1.0, "de", "1,5 Jahre Erfahrung; verlangt: höchstens 1 Jahr."),
        (1.0, 2.0, 5.0, "zh-hans", "经验 1 年；要求：2 至 5 年。"),
    ],
)
def test_years_have_their_plural(
    has: float, least: float, most: float | None, language: str, told: str
) -> None:
    reason = {"code": "experience_met", "part": "experience", "weight": 1, "fits": True,
              "has": has, "least": least, "most": most}  # fmt: skip
    with translation.override(language):
        assert reasons.told([reason], WORDS)[0].text == told
        below = {**reason, "code": "experience_below", "fits": False, "least": has + 1}
        change = reasons.told([below], WORDS)[0].change
    singular = {"en": "Missing: 1 year.", "de": "Es fehlt 1 Jahr.", "zh-hans": "还差 1 年。"}
    assert change == singular[language]


def test_an_employer_gets_no_advice_for_another_profession() -> None:
    far = {"code": "title_far", "part": "title", "weight": 1, "fits": False}
    degree = {"code": "degree_below", "part": "degree", "weight": 1, "fits": False,
              "has": "bachelor", "wanted": "master"}  # fmt: skip
    assert any(one.change for one in reasons.told([degree], WORDS, "employer"))
    assert not any(one.change for one in reasons.told([far, degree], WORDS, "employer"))


def test_a_reason_quotes_no_contact_details() -> None:
    """Skills and places are the talent's words: an organisation reads them before both agreed."""
    hidden = ("wechat: zorro_99", "zorro@leak.example.org", "+49 171 5550777")
    matched = {"matched": [[hidden[0], f"Python {hidden[1]}", 1.0], ["SQL", "SQL", 1.0]]}
    for code, part, said in (
        ("skills_matched", "skills", {**matched, "missing": [hidden[2]]}),
        ("region_other", "region", {"wished": [f"Berlin {hidden[2]}"], "offered": ["武汉"]}),
        ("industry_other", "industry", {"known": ["@aerospace"], "offered": [hidden[1]]}),
    ):
        for side in ("employer", "talent", ""):
            (told,) = reasons.told([stored(code) | said | {"part": part}], WORDS, side)
            assert not [one for one in hidden if one in told.text + told.change], code
    assert "erospace" in told.text
