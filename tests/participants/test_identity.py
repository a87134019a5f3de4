"""Keys under which records of one person meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talex.participants.identity import (
    email_key,
    name_key,
    organisation_key,
    phone_key,
    script_of,
    text_key,
)


@pytest.mark.parametrize(
    "names",
    [
        ("王伟", "Wang Wei", "WEI, Wang", "Wáng Wěi", "Dr. Wei Wang", "王 伟", "王伟博士"),
        ("欧阳小明", "Xiaoming Ouyang", "Ouyang Xiao-ming", "OUYANG Xiao Ming"),
        ("吕布", "Lyu Bu", "LÜ Bu", "Bu Lv"),
        ("曾国藩", "Zeng Guofan"),
        ("仇英", "Ying Qiu"),
        ("Иван Петров", "Petrov, Ivan"),
        ("Jörg Müller", "Muller Jorg", "MÜLLER Jörg"),
    ],
)
def test_one_name_in_many_forms(names: tuple[str, ...]) -> None:
    assert len({name_key(name) for name in names}) == 1
    assert name_key(names[0])


def test_different_names_differ() -> None:
    names = ["王伟", "王薇薇", "李伟", "Wang Min", "Anna Schmidt", "Ana Schmitt", "山田太郎"]
    assert len({name_key(name) for name in names}) == len(names)


@given(st.text(max_size=40))
def test_any_text_has_a_key_that_fits(text: str) -> None:
    assert len(name_key(text)) <= 200
    assert name_key(text) == name_key(f"  {text} ")
    assert len(script_of(text)) == 4


@pytest.mark.parametrize(
    ("text", "script"),
    [("王伟", "Hans"), ("やまだ", "Jpan"), ("김철수", "Kore"), ("Иван", "Cyrl"), ("Ada", "Latn"),
     ("محمد", "Arab"), ("राम", "Deva"), ("", "Latn"), ("王 Wei", "Hans")],
)  # fmt: skip
def test_scripts(text: str, script: str) -> None:
    assert script_of(text) == script


def test_addresses_numbers_and_firms() -> None:
    assert email_key(" Ada@Example.ORG ") == "ada@example.org"
    assert (
        phone_key("+86 138-0013-8000")
        == phone_key("13800138000")
        == phone_key("１３８００１３８０００")
    )
    assert phone_key("12345") == ""
    assert organisation_key("Acme GmbH & Co. KG") == organisation_key("ACME")
    assert organisation_key("武汉光谷科技有限公司") == organisation_key("武汉光谷科技股份有限公司")
    assert organisation_key("GmbH") != ""
    assert text_key("short") == ""
    assert text_key("a b " * 60) == text_key("AB" * 60)
