"""Scores turned into shares: of pairs with a share of 0.7, about 70 % were judged relevant.

A cosine orders pairs and says no more. Where people judged pairs, a rising curve from score to the
share judged relevant is fitted by isotonic regression (pool adjacent violators: Ayer et al., 1955;
Zadrozny & Elkan, 'Transforming classifier scores into accurate multiclass probability estimates',
KDD 2002), apart from whatever orders the pairs. How far it is off is the expected calibration error
(Naeini, Cooper & Hauskrecht, AAAI 2015) over bins of equal count.

``calibration.json`` holds the curves of the shipped vectors and ranking. They are fitted on half
of the queries of public sets and measured on the other half (``python -m bench.calibrating``), and
hold for one language and one model: ask for another, and there is none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CALIBRATION_FILE",
    "Curve",
    "Curves",
    "expected_calibration_error",
    "fit_curve",
    "reliability",
]

CALIBRATION_FILE = "calibration.json"
Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Curve:
    """Rising points, linear between, level outside. origin: what it was fitted and measured on."""

    scores: tuple[float, ...]
    shares: tuple[float, ...]
    origin: Mapping[str, Any]

    def share(self, scores: Floats) -> NDArray[np.float64]:
        """The share of pairs with such scores that is to be expected relevant, in [0, 1]."""
        return np.interp(scores, self.scores, self.shares)


@dataclass(frozen=True)
class Curves:
    """model: the model the scores must come from. curves: what is scored -> language -> curve."""

    model: str
    curves: Mapping[str, Mapping[str, Curve]]

    @classmethod
    @lru_cache(maxsize=1)
    def default(cls) -> Curves:
        """Those that ship with the package."""
        text = files(__package__).joinpath(CALIBRATION_FILE).read_text(encoding="utf-8")
        return cls.of(json.loads(text))

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Curves:
        curves = {
            what: {
                language: Curve(tuple(one["scores"]), tuple(one["shares"]), one["origin"])
                for language, one in languages.items()
            }
            for what, languages in found["curves"].items()
        }
        return cls(found["model"], curves)

    def write(self, path: Path) -> None:
        curves = {
            what: {
                language: {
                    "scores": [round(value, 4) for value in one.scores],
                    "shares": [round(value, 4) for value in one.shares],
                    "origin": one.origin,
                }
                for language, one in sorted(languages.items())
            }
            for what, languages in sorted(self.curves.items())
        }
        text = json.dumps({"model": self.model, "curves": curves}, indent=1)
        path.write_text(text + "\n", encoding="utf-8")

    def get(self, what: str, language: str, model: str) -> Curve | None:
        """The curve for scores of ``what`` ('titles', 'concepts') between texts in ``language``, or
        None where nothing of the kind was judged, or by another model."""
        if model != self.model:
            return None
        return self.curves.get(what, {}).get(language.partition("-")[0])


def fit_curve(
    scores: Floats, relevant: NDArray[np.bool_], origin: Mapping[str, Any], pieces: int = 20
) -> Curve:
    """The isotonic regression of ``relevant`` on ``scores``.

    pieces: the scores are cut into so many groups of equal count first, lest a single pair at
    either end make a share of 0 or 1. Raises ``ValueError`` without pairs.
    """
    if not len(scores):
        raise ValueError("nothing was judged")
    order = np.argsort(scores, kind="stable")
    groups = [group for group in np.array_split(order, pieces) if len(group)]
    # Weight, sum of scores, number relevant; neighbours that fall are pooled.
    pooled: list[tuple[int, float, float]] = []
    for group in groups:
        now = (len(group), float(scores[group].sum()), float(relevant[group].sum()))
        while pooled and pooled[-1][2] * now[0] >= now[2] * pooled[-1][0]:
            last = pooled.pop()
            now = (now[0] + last[0], now[1] + last[1], now[2] + last[2])
        pooled.append(now)
    return Curve(
        tuple(total / count for count, total, _ in pooled),
        tuple(hits / count for count, _, hits in pooled),
        dict(origin),
    )


def reliability(
    shares: Floats, relevant: NDArray[np.bool_], bins: int = 10
) -> list[tuple[int, float, float]]:
    """Bins of equal count by rising share: (pairs, mean share, share that is relevant)."""
    order = np.argsort(shares, kind="stable")
    return [
        (len(group), float(shares[group].mean()), float(relevant[group].mean()))
        for group in np.array_split(order, bins)
        if len(group)
    ]


def expected_calibration_error(
    shares: Floats, relevant: NDArray[np.bool_], bins: int = 10
) -> float:
    """The mean over pairs of how far their bin's share is from what was relevant, in [0, 1]."""
    table = reliability(shares, relevant, bins)
    total = sum(count for count, _, _ in table)
    return sum(count * abs(said - found) for count, said, found in table) / max(total, 1)
