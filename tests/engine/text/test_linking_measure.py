"""What ``bench.matching --linking`` measures, on a folder small enough to reckon by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.calibrating import Judged, calibrate
from bench.linking import best_label, by_concept, by_label, enriched, published, read
from talex.engine.text import Concept, Kind

ELEMENTS = """C1_en_000\tbaker
C2_en_000\ttyre fitter
C2_en_001\ttire installer
C2_en_002\twheel fitter
C3_en_000\tLegislators
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "deu_q_de_c_en"
    place.mkdir()
    (place / "corpus_elements.tsv").write_text(ELEMENTS, encoding="utf-8")
    (place / "queries.tsv").write_text("Q1\tReifenmonteur\nQ2\tunbekannt\n", encoding="utf-8")
    (place / "annotations.tsv").write_text(
        "".join(f"Q1\t0\tC2_en_00{at}\t1\n" for at in range(3)), encoding="utf-8"
    )
    (tmp_path / "published-results.tsv").write_text(
        "model\tdataset\tMAP\tMRR\tA@1\tA@5\tA@10\nx\tdeu_q_de_c_en\t.1\t.2\t.3\t.4\t.5\n"
        "x\tother\t.9\t.9\t.9\t.9\t.9\n",
        encoding="utf-8",
    )
    return place


def test_concepts_are_ranked_once_and_labels_stand_in_their_order(folder: Path) -> None:
    corpus = read(folder)
    assert corpus.queries == ["Reifenmonteur"]  # the other has no right concept
    found = by_concept(corpus, np.array([[0.9, 0.5, 0.1]]))
    # One label stands before: places 2, 3, 4 of the right three.
    assert found["mrr"] == 0.5 and found["map"] == pytest.approx((1 / 2 + 2 / 3 + 3 / 4) / 3)
    assert found["a@1"] == 0 and found["a@5"] == 1
    assert by_concept(corpus, np.array([[0.1, 0.5, 0.1]]))["map"] == 1
    # Equals count against us.
    assert by_concept(corpus, np.array([[0.5, 0.5, 0.5]]))["mrr"] == pytest.approx(1 / 3)


def test_labels_are_ranked_singly_beside_it(folder: Path) -> None:
    corpus = read(folder)
    scores = np.array([[0.9, 0.8, 0.1, 0.2, 0.3]])
    found = by_label(corpus, scores)
    assert found["mrr"] == 0.5 and found["map"] == pytest.approx((1 / 2 + 2 / 4 + 3 / 5) / 3)
    assert np.allclose(best_label(scores, corpus.owners, 3), [[0.9, 0.8, 0.3]])
    assert [row["MAP"] for row in published(folder)] == [".1"]


def test_a_concept_takes_the_labels_of_the_esco_concept_it_shares_labels_with(
    folder: Path,
) -> None:
    esco = [
        Concept(
            "a",
            Kind.OCCUPATION,
            {"en": ("tyre fitter", "Wheel Fitter", "tyre man"), "de": ("Reifenmonteur",)},
        ),
        Concept("b", Kind.OCCUPATION, {"en": ("tyre fitter",), "de": ("Reifenbauer",)}),
        Concept("c", Kind.OCCUPATION, {"en": ("legislators", "deputy"), "de": ("Abgeordnete",)}),
        Concept("d", Kind.OCCUPATION, {"en": ("Legislators",), "de": ("Angehörige",)}),
    ]
    baker, fitter, group = enriched(read(folder).concepts, esco)
    assert baker.labels == {"en": ("baker",)}
    assert fitter.labels["de"] == ("Reifenmonteur",) and "tire installer" in fitter.labels["en"]
    assert group.labels["de"] == ("Angehörige",)


def test_calibration_is_measured_on_queries_it_was_not_fitted_on() -> None:
    rng = np.random.default_rng(7)
    scores = rng.random((60, 80))
    sets = [
        Judged("titles", "en", "made", scores, rng.random(scores.shape) < scores**3),
        Judged("concepts", "de", "made", scores, rng.random(scores.shape) < 0.5),
    ]
    curves, reports = calibrate(sets, 3)
    again, _ = calibrate(sets, 3)
    assert curves.curves == again.curves
    first = reports[0]
    assert first["queries fitted on"] == first["queries measured on"] == 30
    assert first["pairs of a query"] == 50 and len(first["bins"]) == 10
    assert first["error"] < 0.06 < first["error_uncalibrated"]
    # A half whose judgements are turned over is not what was fitted.
    flipped = Judged("titles", "en", "made", scores, ~sets[0].right)
    assert calibrate([flipped], 3)[0].curves != {"titles": curves.curves["titles"]}
