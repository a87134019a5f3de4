"""Files in the form in which ESCO publishes them; the rows are ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from talex.engine.text import Concept, ConceptTable, Kind, Linker
from talex.engine.text.esco import EscoError, read_esco, table_of

OCCUPATIONS = (
    "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,"
    "regulatedProfessionNote,scopeNote,definition,inScheme,description,code\n"
)
SKILLS = (
    "conceptType,conceptUri,preferredLabel,status,skillType,reuseLevel,altLabels,description,"
    "broaderConceptUri,broaderConceptPT\n"
)
SHARED = Path("/work/shared/data/esco")


def occupation(uri: str, preferred: str, alternative: str = "", status: str = "released") -> str:
    return f'Occupation,http://e/{uri},1,"{preferred}","{alternative}",,{status},,,,,,"a, b\nc",1\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "occupations_en.csv").write_text(
        OCCUPATIONS
        + occupation("tide", "tide keeper", "keeper of tides\ntidal attendant\nwarden")
        + occupation("moor", "moor keeper", "warden")
        + occupation("gone", "gas lamp lighter", status="retired"),
        encoding="utf-8",
    )
    (tmp_path / "occupations_de.csv").write_text(
        "\ufeff" + OCCUPATIONS + occupation("tide", "Gezeitenwärter/Gezeitenwärterin", "Tidenwart"),
        encoding="utf-8",
    )
    (tmp_path / "digitalSkillsCollection_de.csv").write_text(
        SKILLS
        + "KnowledgeSkillCompetence,http://e/knot,Knotenkunde,released,knowledge,,"
        + "Knoten knüpfen | Seilkunde,,,\n",
        encoding="utf-8",
    )
    (tmp_path / "skillsHierarchy_de.csv").write_text("not,read\n", encoding="utf-8")
    return tmp_path


def test_labels_of_all_languages_come_together(folder: Path) -> None:
    found = {concept.id: concept for concept in read_esco(folder)}
    assert set(found) == {"http://e/tide", "http://e/moor", "http://e/knot"}
    tide = found["http://e/tide"]
    assert tide.kind is Kind.OCCUPATION
    assert tide.labels["en"] == ("tide keeper", "keeper of tides", "tidal attendant", "warden")
    assert tide.labels["de"] == (
        "Gezeitenwärter/Gezeitenwärterin",
        "Gezeitenwärter",
        "Gezeitenwärterin",
        "Tidenwart",
    )
    knot = found["http://e/knot"]
    assert (knot.kind, knot.labels) == (
        Kind.SKILL,
        {"de": ("Knotenkunde", "Knoten knüpfen", "Seilkunde")},
    )


def test_only_the_languages_asked_for(folder: Path) -> None:
    assert {key for one in read_esco(folder, ["en"]) for key in one.labels} == {"en"}


def test_a_table_of_esco_links_and_keeps_shared_labels_apart(folder: Path) -> None:
    linker = Linker(table_of(read_esco(folder)))
    assert [link.concept.id for link in linker.link("Gezeitenwärterin")] == ["http://e/tide"]
    assert {link.concept.id for link in linker.link("Warden")} == {"http://e/tide", "http://e/moor"}


def test_what_is_written_here_goes_before(folder: Path) -> None:
    own = Concept("occupation:lock", Kind.OCCUPATION, {"en": ("tide keeper",)})
    table = table_of(read_esco(folder), ConceptTable([own]))
    assert table.exactly("tide keeper") == (own,)
    assert [one.id for one in table.exactly("Tidenwart")] == ["http://e/tide"]


@pytest.mark.parametrize(
    ("name", "text", "said", "code"),
    [
        ("occupations_en.csv", "a,b\n1,2\n", "no column", "columns"),
        (
            "occupations_en.csv",
            OCCUPATIONS + "Occupation,http://e/x,1\n",
            "cells are missing",
            "cells",
        ),
        ("occupations_en.csv", OCCUPATIONS + 'Occupation,http://e/x,1,"broken', "line", "broken"),
        ("people.csv", OCCUPATIONS, "holds no", "none"),
    ],
)
def test_other_files_are_refused_by_name(
    tmp_path: Path, name: str, text: str, said: str, code: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(EscoError, match=said) as refused:
        read_esco(tmp_path)
    assert refused.value.code == code


def test_groups_of_occupations_are_read_where_they_are_asked_for(folder: Path) -> None:
    (folder / "ISCOGroups_en.csv").write_text(
        "conceptType,conceptUri,code,preferredLabel,status,altLabels,inScheme,description\n"
        "ISCOGroup,http://e/C1,1,Keepers of water,released,,,\n",
        encoding="utf-8",
    )
    assert "http://e/C1" not in {one.id for one in read_esco(folder)}
    group = next(one for one in read_esco(folder, groups=True) if one.id == "http://e/C1")
    assert group.kind is Kind.OCCUPATION and group.labels == {"en": ("Keepers of water",)}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published files of ESCO are not here")
def test_the_published_files_are_read() -> None:
    concepts = read_esco(SHARED)
    occupations = [one for one in concepts if one.kind is Kind.OCCUPATION]
    assert len(occupations) > 2_900
    assert all(set(one.labels) == {"de", "en"} for one in occupations)
    table = table_of(concepts, ConceptTable.default())
    assert [one.id for one in table.exactly("software developer", [Kind.OCCUPATION])] == [
        "occupation:software-engineer"
    ]
