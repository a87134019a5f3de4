from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talex.engine.text import UNKNOWN, is_cjk, language_of, normalise, segment


@given(st.text())
def test_normalise_is_idempotent_and_tidy(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert once == " ".join(once.split())


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ＰＹＴＨＯＮ　３．８", "python 3.8"),
        ("  Data\t\nScientist ", "data scientist"),
        ("Straße", "strasse"),
        ("da\u200bta\u00ad", "data"),
        ("数据（分析）", "数据(分析)"),
        ("\ud800x", "x"),
        ("", ""),
    ],
)
def test_normalise_examples(written: str, expected: str) -> None:
    assert normalise(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("数据分析 with C++", ["数据", "据分", "分析", "with", "c++"]),
        ("熟练使用C#、.NET和Node.js", ["熟练", "练使", "使用", "c#", ".net", "和", "node.js"]),
        ("医", ["医"]),
        ("R&D", ["r", "d"]),
        ("！？", []),
    ],
)
def test_segment_examples(written: str, expected: list[str]) -> None:
    assert segment(written) == expected


@given(st.text(alphabet="数据分析工程师abc #+.", max_size=30))
def test_segment_loses_no_letter_and_needs_no_spaces(text: str) -> None:
    pieces = segment(text)
    assert {sign for piece in pieces for sign in piece if sign.isalpha()} == {
        sign for sign in text if sign.isalpha()
    }
    assert all(len(piece) <= 2 for piece in pieces if is_cjk(piece[0]))
    assert all(" " not in piece for piece in pieces)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("数据分析师", "zh"),
        ("资深Java开发工程师", "zh"),
        ("データサイエンティスト", "ja"),
        ("데이터 분석가", "ko"),
        ("Инженер-программист", "ru"),
        ("Data Scientist", "en"),
        ("Head of Marketing", "en"),
        ("Softwareentwicklerin", "de"),
        ("Leiter Qualitätssicherung (m/w/d)", "de"),
        ("Ingénieur en mécanique des matériaux", "fr"),
        ("Ingeniero de diseño y producción", "es"),
        ("123 / --", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_language_of(text: str, language: str) -> None:
    assert language_of(text) == language


def test_latin_text_without_evidence_gets_the_language_asked_for() -> None:
    assert language_of("XYZ", latin="de") == "de"
