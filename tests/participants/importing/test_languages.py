"""Everything that can be said of a file, a row or a cell is said in three languages."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from talex.core.catalogues import compile_all, uncompiled
from talex.participants.importing.labels import FIELD_LABELS, shown
from talex.participants.importing.notes import TEXTS, Note, gist


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    if uncompiled():
        compile_all()


@pytest.mark.parametrize("code", TEXTS)
def test_each_fault_is_told_in_each_language(code: str) -> None:
    params = dict.fromkeys(re.findall(r"%\((\w+)\)s", str(TEXTS[code])), "42")
    told = {}
    for language in ("en", "de", "zh-hans"):
        with translation.override(language):
            told[language] = Note(code, params).message
            assert gist(code)
    assert len(set(told.values())) == 3
    assert re.search("[\u4e00-\u9fff]", told["zh-hans"])
    assert told["en"].count("42") == told["de"].count("42") == told["zh-hans"].count("42")
    assert "%(" not in "".join(told.values())


@pytest.mark.parametrize("field", FIELD_LABELS)
def test_each_field_has_a_name_in_each_language(field: str) -> None:
    for language in ("de", "zh-hans"):
        with translation.override(language):
            told = str(FIELD_LABELS[field])
        assert told and (language == "de" or re.search("[\u4e00-\u9fff]", told)), told


def test_words_within_a_message_are_translated_as_well() -> None:
    said = Note("pay_period_assumed", {"period": "month"})
    degree = Note("degree_several", {"taken": "master"})
    with translation.override("zh-hans"):
        assert "每月" in said.message
        assert "master" not in degree.message
    with translation.override("de"):
        assert "je Monat" in said.message


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("degree_level", "master", ("Master", "Master", "硕士")),
        ("degree_required", "none", ("No degree asked for", "Kein Abschluss verlangt", "不限学历")),
        (
            "pay",
            {"low": None, "high": None, "currency": None, "period": None, "months": None},
            ("negotiable", "nach Vereinbarung", "面议"),
        ),
        ("consent", True, ("yes", "ja", "是")),
        ("languages", [{"code": "de", "level": "B2"}], ("German B2", "Deutsch B2", "德语 B2")),
        ("mode", "online", ("online", "online", "线上")),
        ("kind", "university", ("University", "Universität", "大学")),
        (
            "pay",
            {"low": "10000", "high": "15000", "currency": "CNY", "period": "month", "months": 13},
            (
                "10,000–15,000 CNY / month × 13",
                "10.000–15.000 CNY / Monat × 13",
                "10,000–15,000 CNY / 月 × 13",
            ),
        ),
    ],
)
def test_what_was_understood_is_shown_in_words_of_the_reader(
    field: str, value: object, words: tuple[str, str, str]
) -> None:
    for language, word in zip(("en", "de", "zh-hans"), words, strict=True):
        with translation.override(language):
            assert shown(field, value) == word
