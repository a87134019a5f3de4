from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talex.engine.text import (
    CompoundSplitter,
    chinese_words,
    expanded,
    normalise,
    plain_title,
    simplified,
    words,
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("軟體開發與電機裝置", "软体开发与电机装置"),
        ("乾燥設備", "干燥设备"),
        ("乾坤", "乾坤"),
        ("機器學習 Machine Learning", "机器学习 Machine Learning"),
        ("データ開発エンジニア", "データ開発エンジニア"),
        ("데이터 分析", "데이터 分析"),
        ("Data analyst", "Data analyst"),
    ],
)
def test_traditional_chinese_becomes_simplified_and_japanese_stays(
    written: str, expected: str
) -> None:
    assert simplified(written) == expected


@given(st.text(alphabet="軟體開發與電機裝置乾燥設備髮發著麼後后干乾", max_size=20))
def test_simplifying_is_idempotent_in_the_normal_form(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet="动力电池研发工程师数据分析高级主管", max_size=30))
def test_chinese_words_lose_nothing(text: str) -> None:
    assert "".join(chinese_words(text)) == text


def test_words_of_several_scripts_in_one_text() -> None:
    assert words("資深Java開發工程師(北京)") == ["资深", "java", "开发", "工程师", "北京"]
    assert words("Senior Data Engineer", "en") == ["senior", "data", "engineer"]
    assert words("Leiter Batterieentwicklung", "de") == ["leiter", "batterie", "entwicklung"]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Batterieentwickler", "batterie entwickler"),
        ("Arbeitssicherheit", "arbeit sicherheit"),
        ("Qualitätsmanagement", "qualität management"),
        ("Softwareentwicklungsingenieur", "software entwicklung ingenieur"),
        ("Lasertechnik-Ingenieur", "laser technik ingenieur"),
        ("Schulleiterin", "schule leiter"),
        ("Straßenbau", "strasse bau"),
        # Not compounds of what is known, or no compounds at all.
        ("Ingenieur", "ingenieur"),
        ("Philosophie", "philosophie"),
        ("Xylophonquarz", "xylophonquarz"),
        ("", ""),
    ],
)
def test_german_compounds(word: str, parts: str) -> None:
    assert CompoundSplitter.default().split(word) == parts.split()


@given(st.text(alphabet="abdeghilnrstuäöß-", max_size=30))
def test_splitting_ends_and_makes_no_empty_parts(word: str) -> None:
    assert all(CompoundSplitter(["laden", "tag", "bau", "stahl"]).split(word))


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Sr. SW Eng.", "en", "senior software engineer"),
        ("Asst. Mgr, QA", "en", "assistant manager, quality assurance"),
        ("Dipl.-Ing. Elektrotechnik", "de", "Diplomingenieur Elektrotechnik"),
        ("stv. Ltr. Entw.", "de", "stellvertretender Leiter Entwicklung"),
        ("Leiter F&E", None, "Leiter Forschung und Entwicklung"),
        ("电气高工", "zh", "电气高级工程师"),
        ("最高工资", "zh", "最高工资"),
        ("总工程师", "zh", "总工程师"),
        ("Ing. d'application", "fr", "Ing. d'application"),
    ],
)
def test_short_forms_are_written_out(text: str, language: str | None, expected: str) -> None:
    assert expanded(text, language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ingenieur*in Elektrotechnik (m/w/d)", "Ingenieur Elektrotechnik"),
        ("Projektleiter/-in m/w/d", "Projektleiter"),
        ("Softwareentwickler(in) (all genders)", "Softwareentwickler"),
        ("IngenieurIn", "Ingenieur"),
        ("Sales Manager (f/m/x)", "Sales Manager"),
        ("CI/CD Engineer", "CI/CD Engineer"),
        ("Berlin", "Berlin"),
    ],
)
def test_titles_lose_marks_of_gender(text: str, expected: str) -> None:
    assert plain_title(text) == expected
