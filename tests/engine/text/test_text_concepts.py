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
    language_of,
)

HEAD = "id\tkind\tzh\ten\tde\n"


def found(text: str) -> list[str]:
    return [mention.concept.id for mention in ConceptTable.default().find(text)]


def test_the_shipped_table_has_all_three_languages_everywhere() -> None:
    table = ConceptTable.default()
    assert len(table.concepts) > 300
    for concept in table.concepts:
        assert set(concept.labels) == {"zh", "en", "de"}, concept.id


def test_every_label_finds_its_own_concept() -> None:
    for concept in ConceptTable.default().concepts:
        for labels in concept.labels.values():
            for label in labels:
                assert found(label) == [concept.id], label


def test_chinese_columns_hold_chinese() -> None:
    for concept in ConceptTable.default().concepts:
        assert language_of(concept.label("zh") or "") == "zh", concept.id


def test_longest_label_wins_and_spaces_do_not_matter_in_chinese() -> None:
    assert found("负责大数据 开发工程师团队") == ["big-data-engineer"]
    assert found("Deep Learning und maschinelles Lernen") == ["deep-learning", "machine-learning"]


def test_german_female_forms_and_english_plurals() -> None:
    assert found("Softwareentwicklerin") == found("Software Engineers") == ["software-engineer"]


@pytest.mark.parametrize(
    "rows",
    [
        "a\tskill\t焊\tweld\t\nb\tskill\t接\tWELD\t",
        "a\tskill\t焊\tweld\t\na\tskill\t接\tjoin\t",
        "a\tskill\t！\tweld\t",
        "a\tnonsense\t焊\tweld\t",
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
