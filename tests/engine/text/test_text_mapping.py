from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from talex.engine.text import (
    ConceptTable,
    Kind,
    LanguageMap,
    MappedEmbedder,
    SentenceEncoder,
    default_embedder,
)
from talex.engine.text.fitting import fitted
from talex.engine.text.mapping import fit


def labelled(
    seed: int, concepts: int = 300, d: int = 16
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Labels near their concept, moved and turned a little by their language."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=(concepts, d))
    turns = {
        name: np.eye(d) + 0.3 * np.random.default_rng(at).normal(size=(d, d)) / 4
        for at, name in enumerate(("zh", "en", "de"))
    }
    rows, of, names = [], [], []
    for name, turn in turns.items():
        rows.append(truth @ turn + 0.1 * rng.normal(size=truth.shape))
        of.append(np.arange(concepts))
        names += [name] * concepts
    vectors = np.vstack(rows)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), np.concatenate(of), names


def test_what_was_fitted_on_some_concepts_helps_on_others() -> None:
    vectors, of, names = labelled(1)
    seen = of < 200
    language = np.array(names)
    mapping = fit(vectors[seen], of[seen], language[seen].tolist())
    rest, rest_names = vectors[~seen], language[~seen]

    def first(them: np.ndarray) -> float:
        scores = them[rest_names == "zh"] @ them[rest_names == "de"].T
        return float((scores.argmax(axis=1) == np.arange(len(scores))).mean())

    def near(them: np.ndarray) -> float:
        return float((them[rest_names == "zh"] * them[rest_names == "de"]).sum(axis=1).mean())

    mapped = mapping.apply(rest, rest_names.tolist())
    assert near(mapped) > near(rest) + 0.01
    assert first(mapped) >= first(rest)


def test_fitting_twice_is_the_same_and_a_heavier_ridge_changes_less() -> None:
    vectors, of, names = labelled(2)
    one, two, heavy = (fit(vectors, of, names, ridge) for ridge in (0.3, 0.3, 100.0))
    assert one.fingerprint == two.fingerprint != heavy.fingerprint
    for name in one.maps:
        there = np.linalg.norm(one.maps[name] - np.eye(16))
        assert np.linalg.norm(heavy.maps[name] - np.eye(16)) < there / 10
    with pytest.raises(ValueError):
        fit(vectors, of, names, 0)


def test_rows_are_unit_zero_stays_zero_and_other_languages_are_mapped_too(tmp_path: Path) -> None:
    vectors, of, names = labelled(3)
    mapping = fit(vectors, of, names)
    mapping.write(tmp_path / "map.npz")
    kept = LanguageMap.read(tmp_path / "map.npz")
    assert kept.fingerprint == mapping.fingerprint
    some = np.vstack([vectors[:3], np.zeros((1, 16), np.float32)])
    mapped = kept.apply(some, ["zh", "fr", "und", "de"])
    assert np.allclose(np.linalg.norm(mapped, axis=1), [1, 1, 1, 0], atol=1e-5)
    assert mapped.dtype == np.float32 and mapped.flags.c_contiguous
    assert np.allclose(mapped, mapping.apply(some, ["zh", "fr", "und", "de"]), atol=2e-3)


def test_the_shipped_map_fits_the_encoder_and_brings_languages_nearer() -> None:
    base, mapped = SentenceEncoder(), MappedEmbedder(SentenceEncoder())
    assert set(LanguageMap.default().maps) == {"zh", "en", "de"}
    assert LanguageMap.default().maps["zh"].shape == (base.dimension, base.dimension)
    concepts = [one for one in ConceptTable.default().concepts if one.kind is Kind.OCCUPATION][::20]
    zh, de = ([one.labels[name][0] for one in concepts] for name in ("zh", "de"))
    before = (base.embed(zh) * base.embed(de)).sum(axis=1).mean()
    assert (mapped.embed(zh) * mapped.embed(de)).sum(axis=1).mean() > before
    assert mapped.model_name.startswith(base.model_name)
    assert LanguageMap.default().fingerprint in default_embedder().model_name


def test_fitting_reads_labels_of_the_table_it_is_given_and_nothing_else() -> None:
    concepts = ConceptTable.default().concepts[:40]
    one, two = (fitted(SentenceEncoder(), concepts) for _ in range(2))
    assert one.fingerprint == two.fingerprint
    assert fitted(SentenceEncoder(), concepts[:39]).fingerprint != one.fingerprint
