from __future__ import annotations

import pytest

from talex.engine.text import Concept, ConceptTable, How, Kind, Linker, normalise


def linked(text: str, *kinds: Kind) -> list[str]:
    links = Linker().link(text, kinds) if kinds else Linker().link(text)
    return [link.concept.id for link in links]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("软件工程师", Kind.OCCUPATION, "occupation:software-engineer"),
        ("軟件工程師", Kind.OCCUPATION, "occupation:software-engineer"),
        ("Software-Entwicklerin (m/w/d)", Kind.OCCUPATION, "occupation:software-engineer"),
        ("SOFTWARE ENGINEERS", Kind.OCCUPATION, "occupation:software-engineer"),
        ("ｍａｃｈｉｎｅ　ｌｅａｒｎｉｎｇ", Kind.SKILL, "skill:machine-learning"),
        ("R&D", Kind.SKILL, "skill:research-and-development"),
        ("BMS", Kind.SKILL, "skill:battery-management-systems"),
        ("博士", Kind.DEGREE, "degree:doctorate"),
        ("Dipl.-Ing.", Kind.DEGREE, "degree:diplom-ingenieur"),
        ("Ph.D.", Kind.DEGREE, "degree:doctor-of-philosophy"),
        ("Wirtschaftsinformatik", Kind.DISCIPLINE, "discipline:information-systems"),
        ("新能源汽车", Kind.INDUSTRY, "industry:new-energy-vehicles"),
    ],
)
def test_a_whole_text_is_one_concept(text: str, kind: Kind, expected: str) -> None:
    [link] = Linker().link(text, [kind])
    assert (link.concept.id, link.share) == (expected, 1.0)


def test_how_it_was_linked_is_told() -> None:
    def how(text: str) -> How:
        return Linker().link(text, [Kind.OCCUPATION])[0].how

    assert how("焊工") is How.EXACT
    assert how("Elektroingenieur*in") is How.PLAIN
    assert how("资深焊工，常驻北京") is How.PART
    assert how("安全工程师") is How.MAYBE


def test_labels_inside_a_text_are_found_longest_first() -> None:
    assert linked("高级电池管理系统工程师", Kind.OCCUPATION)[0] == (
        "occupation:battery-management-engineer"
    )
    found = Linker().link("Experience in welding and laser cutting", [Kind.SKILL])
    assert {link.concept.id for link in found} == {"skill:welding", "skill:laser-cutting"}
    assert all(0 < link.share < 1 for link in found)


def test_german_compounds_are_opened_where_the_whole_is_not_known() -> None:
    table = ConceptTable([Concept("skill:laser", Kind.SKILL, {"de": ("Laser",)})])
    [link] = Linker(table).link("Lasertechniker", [Kind.SKILL], "de")
    assert (link.concept.id, link.how) == ("skill:laser", How.COMPOUND)
    assert Linker(table).link("Lasertechniker", [Kind.SKILL], "en") == []


def test_nothing_known_is_an_empty_list() -> None:
    assert linked("") == linked("???") == linked("Xylophonquarz") == []


def test_an_organiser_s_own_terms_link_at_once() -> None:
    own = Concept("occupation:tide-keeper", Kind.OCCUPATION, {"zh": ("潮汐管家",)})
    linker = Linker(ConceptTable.default().extended([own]))
    assert [link.concept for link in linker.link("潮汐管家")] == [own]


def test_every_label_links_to_its_concept_in_full_width_and_capitals() -> None:
    linker = Linker()
    for concept in linker.table.concepts[::7]:
        for labels in concept.labels.values():
            wide = "".join(
                chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in labels[0]
            )
            for text in (wide, labels[0].upper()):
                if normalise(text) == normalise(labels[0]):
                    assert concept in [one.concept for one in linker.link(text, [concept.kind])]
