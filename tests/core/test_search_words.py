"""Words of the search: what is asked is found, on both databases alike."""

from __future__ import annotations

import pytest

from talex.core.search.words import asked, for_fts5, for_postgresql, plain, words_of


def _finds(query: str, text: str) -> bool:
    """What the databases do: each phrase follows upon itself, its last word may go on."""
    known = words_of(text)

    def has(phrase: list[str]) -> bool:
        return any(
            known[at : at + len(phrase) - 1] == phrase[:-1]
            and known[at + len(phrase) - 1].startswith(phrase[-1])
            for at in range(len(known) - len(phrase) + 1)
        )

    return bool(asked(query)) and all(has(phrase) for phrase in asked(query))


@pytest.mark.parametrize(
    "query",
    ["武", "汉", "学", "武汉", "汉理工大学", "理工 电池", "wei", "Wei 王", "muller", "MÜLLER",
     "strasse", "Straße", "ｗｅｉ", "c", "3d", "иван", "한국"],
)  # fmt: skip
def test_found(query: str) -> None:
    text = "王伟 Wei, 武汉理工大学 (电池) Müller Hauptstraße Straße C++ 3D-Druck Иванов 한국어"
    assert _finds(query, text)


def test_a_radical_is_found_by_its_character_and_finds_it() -> None:
    assert _finds("长安", "⻓安⼤学") and _finds("⻓安大学", "长安大学")


@pytest.mark.parametrize("query", ["", " .,! ", "汉武", "理电", "ei", "müllers", "伟王"])
def test_not_found(query: str) -> None:
    assert not _finds(query, "王伟 Wei, 武汉理工大学 (电池) Müller")


def test_everything_is_plain_ascii_for_the_databases() -> None:
    assert all(word.isascii() and word.isalnum() for word in words_of("Ünï 武汉 № Иван ½ ٣ 〇 ﬁ"))
    for query in ('"; DROP TABLE x --', "a:* | !b & (c", "NEAR(x y)", "武汉'"):
        assert for_fts5(asked(query)).count('"') % 2 == 0
        assert "'" not in for_postgresql(asked(query))
    assert plain("ＡＢＣ é") == "abc e"
