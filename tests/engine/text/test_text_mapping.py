from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from talex.engine.text import (
    ConceptTable,
    Embedder,
    Kind,
    LanguageMap,
    MappedEmbedder,
    SentenceEncoder,
    default_embedder,
)
from talex.engine.text.contrast import Schedule
from talex.engine.text.fitting import Labels, fitted_map
from talex.engine.text.mapping import fit

_ENCODER = SentenceEncoder()


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


def test_the_shipped_map_fits_the_encoder_and_tells_labels_of_other_languages_apart() -> None:
    base, mapped = _ENCODER, MappedEmbedder(_ENCODER)
    assert set(LanguageMap.default().maps) == {"zh", "en", "de"}
    assert LanguageMap.default().maps["zh"].shape == (base.dimension, base.dimension)
    concepts = [one for one in ConceptTable.default().concepts if one.kind is Kind.OCCUPATION][::20]
    zh, de = ([one.labels[name][0] for one in concepts] for name in ("zh", "de"))

    def apart(embedder: Embedder) -> float:
        """How much nearer the right label is than the nearest wrong one, on average."""
        scores = embedder.embed(zh) @ embedder.embed(de).T
        right = scores.diagonal().copy()
        np.fill_diagonal(scores, -1)
        return float((right - scores.max(axis=1)).mean())

    assert apart(mapped) > apart(base) + 0.02
    assert mapped.model_name.startswith(base.model_name)
    assert LanguageMap.default().fingerprint in default_embedder().model_name


def test_a_fitted_map_depends_on_the_labels_it_is_given() -> None:
    concepts, plan, encoder = ConceptTable.default().concepts[:40], Schedule(steps=3), _ENCODER
    one, two = (fitted_map(encoder, Labels((concepts,)), plan) for _ in range(2))
    assert one.fingerprint == two.fingerprint
    fewer = fitted_map(encoder, Labels((concepts[:39],)), plan)
    assert fewer.fingerprint != one.fingerprint
