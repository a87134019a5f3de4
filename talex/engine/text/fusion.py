"""The weights by which kinds of evidence are added up, and how they are fitted.

The score of a concept is a weighted sum of its evidence; the weights are those under which, among
the concepts that come into question, the right one is likeliest: multinomial logistic regression
over a list (McFadden's conditional logit, 1974; 'ListNet', Cao et al. 2007), by L-BFGS.
``fusion.json`` is fitted on labels alone: one label of a concept is hidden and asked for by
(:mod:`.fitting`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ACROSS", "FUSION_FILE", "Fusion", "fit_weights"]

FUSION_FILE = "fusion.json"
# The weights for texts in a language that no concept has labels in.
ACROSS = "across"
_RIDGE = 1e-3


@dataclass(frozen=True)
class Fusion:
    """kinds: names of the evidence, in order. weights: language (or ``ACROSS``) -> a weight each.
    origin: what they were fitted on and how well they do on what they were not fitted on."""

    kinds: tuple[str, ...]
    weights: Mapping[str, tuple[float, ...]]
    origin: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    @lru_cache(maxsize=1)
    def default(cls) -> Fusion:
        """The one that ships with the package."""
        with as_file(files(__package__).joinpath(FUSION_FILE)) as path:
            return cls.read(path)

    @classmethod
    def read(cls, path: Path) -> Fusion:
        found = json.loads(path.read_text(encoding="utf-8"))
        weights = {name: tuple(values) for name, values in found["weights"].items()}
        if any(len(values) != len(found["kinds"]) for values in weights.values()):
            raise ValueError(f"{path} has not one weight for each kind of evidence")
        return cls(tuple(found["kinds"]), weights, found["origin"])

    def write(self, path: Path) -> None:
        made = {
            "kinds": self.kinds,
            "weights": {
                name: [round(value, 3) for value in values]
                for name, values in sorted(self.weights.items())
            },
            "origin": self.origin,
        }
        path.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")

    def weights_for(self, language: str, known: bool) -> NDArray[np.float32]:
        """known: whether concepts have labels in ``language``. A language without weights of its
        own takes the mean of the others."""
        name = language.partition("-")[0] if known else ACROSS
        own = [values for key, values in self.weights.items() if key != ACROSS]
        found = self.weights.get(name) or np.mean(own, axis=0)
        return np.asarray(found, dtype=np.float32)


def fit_weights(
    lists: Sequence[NDArray[np.floating]], ridge: float = _RIDGE
) -> NDArray[np.float64]:
    """lists: for each text the evidence (candidates, kinds) with the right one first.

    ridge: weight of the squared weights. No weight is negative: what speaks for a concept never
    counts against it, whatever texts will come. That costs .001 of the mean reciprocal rank of
    German labels and nothing in English. The function is convex: one minimum, found from 0.
    """
    longest, kinds = max(map(len, lists)), lists[0].shape[1]
    evidence = np.zeros((len(lists), longest, kinds))
    absent = np.ones((len(lists), longest), np.bool_)
    for at, one in enumerate(lists):
        evidence[at, : len(one)] = one
        absent[at, : len(one)] = False

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = np.where(absent, -np.inf, evidence @ weights)
        scores -= scores.max(axis=1, keepdims=True)
        power = np.exp(scores)
        total = power.sum(axis=1)
        value = float((np.log(total) - scores[:, 0]).mean()) + ridge * float(weights @ weights) / 2
        expected = np.einsum("qc,qck->k", power / total[:, None], evidence)
        return value, (expected - evidence[:, 0].sum(axis=0)) / len(lists) + ridge * weights

    bounds = [(0, None)] * kinds
    from scipy.optimize import minimize  # only a fit needs it

    found = minimize(loss, np.zeros(kinds), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x)
