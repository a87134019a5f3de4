"""Fits the language maps on the taxonomy's labels: ``python -m talex.engine.text.fitting``.

Reads nothing but the package: no annotations, no files from elsewhere. The same labels, encoder
and libraries give the same file. To be run again when the taxonomy has grown much.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .concepts import Concept, ConceptTable
from .embedder import Embedder, SentenceEncoder
from .mapping import FILE, LanguageMap, fit

__all__ = ["fitted", "main"]


def fitted(embedder: Embedder, concepts: Sequence[Concept]) -> LanguageMap:
    """The map of all labels of ``concepts``."""
    rows = [
        (at, language, label)
        for at, concept in enumerate(concepts)
        for language, labels in concept.labels.items()
        for label in labels
    ]
    vectors = embedder.embed([label for _, _, label in rows])
    return fit(vectors, np.array([at for at, _, _ in rows]), [language for _, language, _ in rows])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args()
    made = fitted(SentenceEncoder(), ConceptTable.default().concepts)
    path = Path(__file__).with_name(FILE)
    if not options.check:
        made.write(path)
        print(f"{path}: {made.fingerprint}")
        return
    kept = LanguageMap.read(path)
    apart = max(float(np.abs(made.maps[name] - kept.maps[name]).max()) for name in made.maps)
    print(f"largest difference of an entry: {apart:.5f}")
    # Half precision near 1, and other versions of BLAS.
    raise SystemExit(0 if apart < 2e-3 else 1)


if __name__ == "__main__":
    main()
