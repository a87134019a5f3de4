"""Scores calibrated on half of the judged queries and measured on the other half.

    python -m bench.calibrating --titles DIR/en … --linking DIR … --esco DIR [--write]

``--write`` puts the curves into ``talex/engine/text/calibration.json``; without it those are
measured that it would write. Nothing that orders pairs is fitted here.

Which half a query is in is drawn with ``--seed``. Of a query those pairs count that it would be
shown: the ``SHOWN`` nearest titles, or likeliest concepts. For titles the score is the cosine of
the product's vectors, for concepts the likelihood that the ranking gives a concept among all (its
scores through a softmax, which is what its weights are fitted for).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench import linking as occupations
from bench import titles as job_titles
from talex.engine.text import calibration, default_embedder
from talex.engine.text.calibration import (
    CALIBRATION_FILE,
    Curve,
    Curves,
    expected_calibration_error,
    fit_curve,
    reliability,
)
from talex.engine.text.ranking import commonest_language, likelihoods

SHOWN = {"titles": 50, "concepts": 10}


@dataclass(frozen=True)
class Judged:
    """what: 'titles' or 'concepts'. scores, right: (queries, offered)."""

    what: str
    language: str
    source: str
    scores: NDArray[np.floating]
    right: NDArray[np.bool_]

    def pairs(self, queries: NDArray[np.int64]) -> tuple[NDArray[np.floating], NDArray[np.bool_]]:
        """The pairs that ``queries`` would be shown."""
        count = min(SHOWN[self.what], self.scores.shape[1])
        nearest = np.argsort(-self.scores[queries], axis=1, kind="stable")[:, :count]
        scores = np.take_along_axis(self.scores[queries], nearest, axis=1)
        return scores.ravel(), np.take_along_axis(self.right[queries], nearest, axis=1).ravel()


def halves(count: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    order = np.random.default_rng(seed).permutation(count)
    return order[: count // 2], order[count // 2 :]


def judged_titles(folder: Path) -> Judged:
    found = job_titles.read(folder)
    some = np.flatnonzero(found.right.any(axis=1))
    scores = job_titles.cosines(found)[some]
    language = commonest_language(found.documents)
    return Judged("titles", language, f"job-titles/{folder.name}", scores, found.right[some])


def judged_concepts(folder: Path, scores: NDArray[np.floating]) -> Judged:
    found = occupations.read(folder)
    language = commonest_language(found.queries)
    source = f"occupation-linking/{folder.name}"
    return Judged("concepts", language, source, likelihoods(scores), found.right)


def calibrated(one: Judged, seed: int) -> tuple[Curve, dict[str, Any]]:
    """The curve of one half, and how far it is off on the other."""
    fitting, measuring = halves(len(one.scores), seed)
    scores, right = one.pairs(measuring)
    curve = fit_curve(*one.pairs(fitting), {})
    shares = curve.share(scores)
    error = expected_calibration_error(shares, right)
    origin = {
        "source": one.source,
        "command": "bench.calibrating",
        "seed": seed,
        "queries fitted on": len(fitting),
        "queries measured on": len(measuring),
        "pairs of a query": len(scores) // len(measuring),
        "expected calibration error": round(error, 4),
    }
    curve = Curve(curve.scores, curve.shares, origin)
    others = [_error(one, other) for other in range(seed + 1, seed + 21)]
    return curve, {
        "what": one.what,
        "language": one.language,
        "error": error,
        "error_uncalibrated": expected_calibration_error(np.clip(scores, 0, 1), right),
        "error_of_20_other_splits": [float(np.mean(others)), float(np.max(others))],
        "bins": reliability(shares, right),
        **origin,
    }


def _error(one: Judged, seed: int) -> float:
    fitting, measuring = halves(len(one.scores), seed)
    scores, right = one.pairs(measuring)
    return expected_calibration_error(fit_curve(*one.pairs(fitting), {}).share(scores), right)


def calibrate(sets: Sequence[Judged], seed: int) -> tuple[Curves, list[dict[str, Any]]]:
    curves: dict[str, dict[str, Curve]] = {}
    reports = []
    for one in sets:
        curve, report = calibrated(one, seed)
        curves.setdefault(one.what, {})[one.language] = curve
        reports.append(report)
    return Curves(default_embedder().model_name, curves), reports


def shown(reports: Sequence[dict[str, Any]]) -> str:
    lines = []
    for row in reports:
        mean, worst = row["error_of_20_other_splits"]
        lines.append(
            f"calibration of {row['what']} in {row['language']}: error {row['error']:.3f} "
            f"(of the score itself {row['error_uncalibrated']:.3f}; 20 other splits: mean "
            f"{mean:.3f}, worst {worst:.3f})"
        )
        lines.append("  said  " + "".join(f"{said:7.3f}" for _, said, _ in row["bins"]))
        lines.append("  judged" + "".join(f"{found:7.3f}" for _, _, found in row["bins"]))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--titles", nargs="*", type=Path, default=[], metavar="FOLDER")
    parser.add_argument("--linking", nargs="*", type=Path, default=[], metavar="FOLDER")
    parser.add_argument("--esco", type=Path, metavar="FOLDER")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    sets = [judged_titles(folder) for folder in options.titles]
    esco = occupations.occupations(options.esco) if options.esco else None
    for folder in options.linking:
        sets.append(judged_concepts(folder, occupations.product_scores(folder, esco)))
    curves, reports = calibrate(sets, options.seed)
    if options.write:
        curves.write(Path(calibration.__file__).with_name(CALIBRATION_FILE))
    print(json.dumps(reports, indent=1) if options.json else shown(reports))


if __name__ == "__main__":
    main()
