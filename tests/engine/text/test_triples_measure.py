"""The across-languages measure counts what it says it counts."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

from talex.engine.text import ConceptTable, Kind

triples = importlib.import_module("bench.triples")


def test_ties_count_against_us() -> None:
    scores = np.array([[0.9, 0.1, 0.2], [0.5, 0.5, 0.5], [0.3, 0.2, 0.1]])
    assert triples.reciprocal_ranks(scores).tolist() == [1.0, 1 / 3, 1 / 3]


def test_distractors_are_the_same_each_time_and_no_right_answers() -> None:
    terms = {"zh": ["焊工"], "en": ["welder"], "de": ["Schweißer"]}
    others = triples.distractors(terms)
    assert others == triples.distractors(terms)
    table = ConceptTable.default()
    for language, labels in others.items():
        assert len(labels) == triples.DISTRACTORS
        found = {one.id for label in labels for one in table.exactly(label, [Kind.OCCUPATION])}
        assert "occupation:welder" not in found, language


def test_a_set_is_a_file_or_a_folder_with_one(tmp_path: Path) -> None:
    text = "id\tzh\ten\tde\ten_paraphrase\n1\t焊工\twelder\tSchweißer\tjoins metal\n"
    (tmp_path / "mine.tsv").write_text(text, encoding="utf-8")
    assert triples.rows_of(tmp_path) == triples.rows_of(tmp_path / "mine.tsv")
    assert triples.rows_of(tmp_path)[0]["en_paraphrase"] == "joins metal"
    (tmp_path / "more.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="2 tables"):
        triples.rows_of(tmp_path)


def test_linked_puts_a_known_same_concept_first_and_a_known_other_one_last() -> None:
    agreement = triples._agreement(
        ["焊工", "something unknown"], ["welder", "nurse", "joins metal"]
    )
    assert agreement.tolist() == [[1, -1, 0], [0, 0, 0]]
