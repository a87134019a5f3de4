from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from talex.engine.text import default_embedder
from talex.engine.text.calibration import (
    Curves,
    expected_calibration_error,
    fit_curve,
    reliability,
)


def judged(seed: int, count: int = 4_000) -> tuple[np.ndarray, np.ndarray]:
    """Scores of which the square is the share that is relevant."""
    rng = np.random.default_rng(seed)
    scores = rng.random(count)
    return scores, rng.random(count) < scores**2


def test_a_curve_says_on_other_pairs_what_was_judged() -> None:
    curve = fit_curve(*judged(1), {})
    scores, right = judged(2)
    assert expected_calibration_error(scores, right) > 0.12
    assert expected_calibration_error(curve.share(scores), right) < 0.03
    assert curve.share(np.array([0.7]))[0] == pytest.approx(0.49, abs=0.06)


def test_a_curve_never_falls_and_stays_within_zero_and_one() -> None:
    rng = np.random.default_rng(5)
    curve = fit_curve(rng.normal(size=500), rng.random(500) < 0.5, {})
    assert (np.diff(curve.shares) > 0).all() and (np.diff(curve.scores) > 0).all()
    assert len(curve.shares) < 20  # falling neighbours were pooled
    shares = curve.share(np.array([-100.0, 0.0, 100.0]))
    assert 0 <= shares[0] <= shares[1] <= shares[2] <= 1
    with pytest.raises(ValueError):
        fit_curve(np.zeros(0), np.zeros(0, np.bool_), {})


def test_pooling_is_isotonic_regression() -> None:
    # By hand: 0, 1, 0, 1 in single groups: the middle two pool to a half.
    right = np.array([False, True, False, True])
    curve = fit_curve(np.array([1.0, 2.0, 3.0, 4.0]), right, {}, pieces=4)
    assert curve.shares == (0.0, 0.5, 1.0) and curve.scores == (1.0, 2.5, 4.0)


def test_the_error_is_the_mean_over_bins_of_equal_count() -> None:
    shares = np.repeat([0.2, 0.6], 5)
    right = np.array([True, False, False, False, False, True, True, True, True, True])
    table = reliability(shares, right, 2)
    assert [count for count, *_ in table] == [5, 5]
    assert np.allclose([row[1:] for row in table], [[0.2, 0.2], [0.6, 1.0]])
    assert expected_calibration_error(shares, right, 2) == pytest.approx(0.2)


def test_curves_hold_for_their_language_and_model_only(tmp_path: Path) -> None:
    curve = fit_curve(*judged(1), {"source": "made"})
    Curves("m", {"titles": {"en": curve}}).write(tmp_path / "c.json")
    kept = Curves.of(json.loads((tmp_path / "c.json").read_text()))
    found = kept.get("titles", "en-GB", "m")
    assert found is not None and found.shares == pytest.approx(curve.shares, abs=1e-4)
    assert found.origin == {"source": "made"}
    assert kept.get("titles", "fr", "m") is None
    assert kept.get("concepts", "en", "m") is None
    assert kept.get("titles", "en", "another") is None


def test_the_shipped_curves_are_of_the_shipped_model() -> None:
    curves, model = Curves.default(), default_embedder().model_name
    for what, languages in {"titles": ("zh", "en", "de"), "concepts": ("en", "de")}.items():
        for language in languages:
            curve = curves.get(what, language, model)
            assert curve is not None, f"{what} in {language}: run bench.calibrating --write"
            assert (np.diff(curve.shares) > 0).all() and curve.shares[-1] > 0.3
            assert curve.origin["expected calibration error"] <= 0.05
