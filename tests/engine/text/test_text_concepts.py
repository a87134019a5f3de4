from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from talex.engine.text import (
    Concept,
    ConceptEmbedder,
    ConceptTable,
    Kind,
    SentenceEncoder,
    default_embedder,
)

HEAD = "id\tkind\tzh\ten\tde\n"


def found(text: str) -> list[str]:
    return [mention.concept.id for mention in ConceptTable.default().find(text)]


def test_every_label_finds_its_own_concept() -> None:
    table = ConceptTable.default()
    for concept in table.concepts:
        for labels in concept.labels.values():
            for label in (*labels, *concept.abbreviations):
                assert table.exactly(label, [concept.kind]) == (concept,), label
                assert [m.concept for m in table.find(label, [concept.kind])] == [concept], label


def test_longest_label_wins_and_spaces_do_not_matter_in_chinese() -> None:
    assert found("负责大数据 开发工程师团队") == ["occupation:big-data-engineer"]
    assert found("Deep Learning und maschinelles Lernen") == [
        "skill:deep-learning",
        "skill:machine-learning",
    ]


def test_german_female_forms_and_english_plurals() -> None:
    assert found("Softwareentwicklerin") == found("Software Engineers")
    assert found("Software Engineers") == ["occupation:software-engineer"]


def test_traditional_characters_find_what_simplified_ones_do() -> None:
    assert found("電動汽車電池工程師") == found("电动汽车电池工程师") != []


def test_abbreviations_are_found_only_as_they_are_written() -> None:
    assert found("the INS of an aircraft") == ["skill:inertial-navigation"]
    assert found("ins Ausland") == found("Ins Ausland") == []
    assert found("Dr.-Ing.") == ["degree:doctor-of-engineering"]


def test_kinds_share_labels_and_the_caller_says_which_is_meant() -> None:
    table = ConceptTable.default()
    kinds = {kind: table.exactly("会计", [kind]) for kind in (Kind.OCCUPATION, Kind.SKILL)}
    assert [one.id for (one,) in kinds.values()] == ["occupation:accountant", "skill:accounting"]
    [mention] = table.find("会计", [Kind.SKILL, Kind.OCCUPATION])
    assert mention.concept.id == "skill:accounting"


def test_an_ambiguous_label_is_offered_but_not_found() -> None:
    table = ConceptTable.default()
    assert table.find("安全工程师", [Kind.OCCUPATION]) == []
    assert {one.id for one in table.candidates("安全工程师")} == {
        "occupation:security-engineer",
        "occupation:safety-officer",
    }


def test_an_organiser_s_terms_extend_a_table_and_leave_the_first_alone() -> None:
    shipped = ConceptTable.default()
    robot = Concept("skill:sea-robot", Kind.SKILL, {"zh": ("海巡机器人",), "en": ("sea ranger",)})
    synonym = Concept("skill:welding", Kind.SKILL, {"de": ("Fügetechnik",)}, abbreviations=("WLD",))
    grown = shipped.extended([robot, synonym])
    assert [m.concept.id for m in grown.find("Sea Rangers und Fügetechnik, WLD")] == [
        "skill:sea-robot",
        "skill:welding",
        "skill:welding",
    ]
    assert grown.find("welding")[0].concept is grown.get("skill:welding")
    assert shipped.find("Sea Rangers und Fügetechnik, WLD") == []
    assert grown.fingerprint != shipped.fingerprint
    with pytest.raises(ValueError, match="焊接"):
        shipped.extended([Concept("skill:other", Kind.SKILL, {"zh": ("焊接",)})])


@pytest.mark.parametrize(
    "rows",
    [
        "a\tskill\t焊\tweld\t\nb\tskill\t接\tWELD\t",
        "a\tskill\t焊\tweld\t\na\tskill\t接\tjoin\t",
        "a\tskill\t！\tweld\t",
        "a\tnonsense\t焊\tweld\t",
        "a\tskill\t焊\tweld",
    ],
)
def test_a_faulty_table_is_refused(rows: str) -> None:
    with pytest.raises(ValueError):
        ConceptTable.from_tsv(HEAD + rows)


def test_embedding_rows_are_unit_and_blank_is_zero() -> None:
    vectors = default_embedder().embed(["Data Scientist", "  ", "数据分析师", "Data Scientist"])
    assert vectors.shape == (4, default_embedder().dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), [1, 0, 1, 1], atol=1e-5)
    assert np.array_equal(vectors[0], vectors[3])
    assert default_embedder().embed([]).shape == (0, 512)


def test_embedding_does_not_depend_on_the_batch_or_the_thread() -> None:
    texts = ["销售经理", "Batterieingenieur", "plant breeder", "Java开发工程师"]
    encoder = ConceptEmbedder(SentenceEncoder())
    with ThreadPoolExecutor(4) as pool:
        single = list(pool.map(lambda text: encoder.embed([text])[0], texts))
    assert np.allclose(np.stack(single), encoder.embed(texts), atol=1e-4)


def test_concepts_bring_translations_nearer() -> None:
    base = SentenceEncoder()
    pairs = [("动力电池研发工程师", "Batterieingenieur"), ("育种专家", "plant breeder")]
    for one, other in pairs:
        a, b = base.embed([one, other])
        c, d = ConceptEmbedder(base).embed([one, other])
        assert c @ d > a @ b


def test_the_cache_key_tells_models_and_tables_apart() -> None:
    base = SentenceEncoder()
    other = ConceptTable([Concept("x", Kind.SKILL, {"en": ("welding",)})])
    names = {
        base.model_name,
        ConceptEmbedder(base).model_name,
        ConceptEmbedder(base, other).model_name,
        ConceptEmbedder(base, pull=0.1).model_name,
        SentenceEncoder(max_chars=10).model_name,
    }
    assert len(names) == 5
