"""Fits what the engine has learned, on labels of concepts alone: ESCO's and the taxonomy's.

    python -m talex.engine.text.fitting --esco FOLDER            # fits and writes both files
    python -m talex.engine.text.fitting --esco FOLDER --check    # fits and compares

``map.npz`` (:mod:`.contrast`) is fitted on all labels. ``fusion.json`` (:mod:`.fusion`) is fitted
on labels whose concepts the map has not seen: a map fitted on half of the concepts serves to rank
concepts for labels of the other half, each hidden from its own concept while it is asked for; a
quarter of all concepts fits the weights, another quarter, that neither saw, says how good they are.
Opens the ESCO files of the folder and nothing outside it but the package, which a test holds. The
same labels, encoder and libraries give the same files. To be run again when the taxonomy has grown.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .concept_embedder import ConceptEmbedder
from .concepts import Concept, ConceptTable, Kind
from .contrast import Schedule, contrasted
from .embedder import Embedder, RememberingEmbedder, SentenceEncoder
from .esco import read_esco
from .fusion import ACROSS, FUSION_FILE, Fusion, fit_weights
from .mapping import FILE, LanguageMap, MappedEmbedder, fit
from .ranking import ConceptRanker, Evidence, label_keys

__all__ = ["Labels", "Plan", "fitted_fusion", "fitted_map", "main"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is fitted; a test fits less. queries: most labels asked for in each language."""

    schedule: Schedule = field(default_factory=Schedule)
    queries: int = 1_000
    candidates: int = 150
    seed: int = 0


@dataclass(frozen=True)
class Labels:
    """Where labels come from: collections of concepts, each weighing alike in the map."""

    collections: tuple[tuple[Concept, ...], ...]

    def part(self, *parts: int) -> Labels:
        """The quarters (0 to 3) of all concepts, told by their ids."""
        return Labels(
            tuple(
                tuple(one for one in concepts if _quarter(one) in parts)
                for concepts in self.collections
            )
        )


def _quarter(concept: Concept) -> int:
    return zlib.crc32(concept.id.encode()) & 3


def fitted_map(embedder: Embedder, labels: Labels, schedule: Schedule | None = None) -> LanguageMap:
    """The map of all labels: the closed form, then contrast."""
    rows = [
        (source, concept.id, language, label)
        for source, concepts in enumerate(labels.collections)
        for concept in concepts
        for language, own in concept.labels.items()
        for label in own
    ]
    vectors = embedder.embed([label for *_, label in rows])
    _, concept_of = np.unique([one for _, one, _, _ in rows], return_inverse=True)
    languages = [language for _, _, language, _ in rows]
    sources = np.array([source for source, *_ in rows])
    start = fit(vectors, concept_of, languages)
    return contrasted(start, vectors, concept_of, languages, sources, schedule)


@dataclass(frozen=True)
class _Asked:
    """Labels asked for, in one language, and the places of their concepts in a ranker."""

    ranker: ConceptRanker
    language: str
    texts: list[str]
    right: NDArray[np.int64]
    kept: list[tuple[int, NDArray[np.int64]]] | None

    def lists(self, candidates: int) -> list[NDArray[np.float32]]:
        """For each text the evidence of the concepts in question, the right one first."""
        found: list[NDArray[np.float32]] = []
        for part, evidence in self.ranker.features(self.texts, self.language, self.kept):
            for one, right in zip(evidence, self.right[part], strict=True):
                near = one[:, Evidence.CHARACTERS_BEST] + one[:, Evidence.VECTOR_BEST]
                best = np.argsort(-near, kind="stable")[:candidates]
                found.append(one[np.concatenate([[right], best[best != right]])])
        return found

    def reciprocal_ranks(self, weights: NDArray[np.floating]) -> NDArray[np.float64]:
        """Their means among all concepts for several ways to weigh, (kinds, ways) -> (ways,).
        Equals count against us."""
        found = []
        for part, evidence in self.ranker.features(self.texts, self.language, self.kept):
            scores = evidence @ weights
            own = scores[np.arange(len(scores)), self.right[part]]
            found.append(1 / (scores >= own[:, None, :]).sum(axis=1))
        return np.concatenate(found).mean(axis=0)


def _hidden(ranker: ConceptRanker, language: str, quarter: int, plan: Plan) -> _Asked | None:
    """Labels of one quarter of the concepts, each hidden from its concept with what is the same
    but for case, number and gender. Labels of several concepts are not asked for."""
    texts: list[str] = []
    kept: list[tuple[int, NDArray[np.int64]]] = []
    asked: set[tuple[int, frozenset[str]]] = set()
    for row in _shuffled(np.flatnonzero(ranker.languages == language), plan.seed):
        owner, label = int(ranker.owners[row]), ranker.labels[row]
        keys = label_keys(label)
        same = {at for key in keys for at in ranker.with_key(key)}
        if (
            _quarter(ranker.concepts[owner]) != quarter
            or "/" in label
            or (owner, keys) in asked
            or any(ranker.owners[at] != owner for at in same)
        ):
            continue
        asked.add((owner, keys))
        left = np.array([at for at in ranker.labels_of(owner) if at not in same], dtype=np.int64)
        if len(left):
            texts.append(label)
            kept.append((owner, left))
        if len(texts) == plan.queries:
            break
    right = np.array([owner for owner, _ in kept], dtype=np.int64)
    return _Asked(ranker, language, texts, right, kept) if texts else None


def _foreign(ranker: ConceptRanker, language: str, quarter: int, plan: Plan) -> _Asked | None:
    """First labels in a language of which the ranker has none."""
    owners = [
        at
        for at, concept in enumerate(ranker.concepts)
        if concept.labels.get(language)
        and _quarter(concept) == quarter
        and len(ranker.labels_of(at))
    ]
    chosen = _shuffled(np.array(owners, dtype=np.int64), plan.seed)[: plan.queries]
    # The preferred label of ESCO is often a pair, 'Bäcker/Bäckerin': its first half is asked for.
    texts = [ranker.concepts[at].labels[language][0].split("/")[0] for at in chosen]
    return _Asked(ranker, language, texts, chosen, None) if texts else None


def _shuffled(rows: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    return np.random.default_rng(seed).permutation(rows)


def fitted_fusion(embedder: Embedder, labels: Labels, plan: Plan) -> Fusion:
    """The weights; quarters 0 and 2 of the concepts fit the map that serves, 1 the weights, and 3
    tells how good they are."""
    seen = labels.part(0, 2)
    table = ConceptTable(seen.collections[0], tidy=True)
    mapped = MappedEmbedder(embedder, fitted_map(embedder, seen, plan.schedule))
    vectors = RememberingEmbedder(ConceptEmbedder(mapped, table))
    none = Fusion((), {})
    named = [
        tuple(one for one in concepts if one.kind in (Kind.OCCUPATION, Kind.SKILL))
        for concepts in labels.collections
    ]
    jobs = [tuple(one for one in concepts if one.kind is Kind.OCCUPATION) for concepts in named[1:]]
    own, wide = ConceptRanker(named[0], vectors, none), ConceptRanker(sum(jobs, ()), vectors, none)
    tasks: dict[str, list[tuple[_Asked | None, _Asked | None]]] = {}
    for language in sorted({*own.languages, *wide.languages}):
        ranker = wide if wide.knows(language) else own
        pair = (_hidden(ranker, language, 1, plan), _hidden(ranker, language, 3, plan))
        tasks[language] = [pair]
    for concepts, source, target in (
        (wide.concepts, "de", "en"),
        (wide.concepts, "en", "de"),
        (own.concepts, "zh", "en"),
        (own.concepts, "en", "zh"),
    ):
        ranker = ConceptRanker(concepts, vectors, none, languages=[target])
        across = (_foreign(ranker, source, 1, plan), _foreign(ranker, source, 3, plan))
        tasks.setdefault(ACROSS, []).append(across)
    weights: dict[str, tuple[float, ...]] = {}
    checks: dict[str, Any] = {}
    for name, pairs in tasks.items():
        lists = [one for asked, _ in pairs if asked for one in asked.lists(plan.candidates)]
        if not lists:
            continue
        found = fit_weights(lists)
        weights[name] = tuple(found.tolist())
        checks[name] = [_checked(asked, found) for _, asked in pairs if asked]
    kinds = tuple(kind.name.lower() for kind in Evidence)
    return Fusion(kinds, weights, {"command": "talex.engine.text.fitting", "checked on": checks})


def _checked(asked: _Asked, weights: NDArray[np.float64]) -> dict[str, Any]:
    alone = (Evidence.CHARACTERS_BEST, Evidence.VECTOR_BEST)
    ways = np.column_stack([weights, *(np.eye(len(Evidence))[kind] for kind in alone)])
    fused, *single = asked.reciprocal_ranks(ways.astype(np.float32)).tolist()
    return {
        "language": asked.language,
        "labels": len(asked.texts),
        "concepts": len(asked.ranker.concepts),
        "mrr": round(fused, 3),
        **{
            f"mrr by {kind.name.lower()}": round(value, 3)
            for kind, value in zip(alone, single, strict=True)
        },
    }


def labels_from(esco: Path) -> Labels:
    """The taxonomy's labels, and those of ESCO in ``esco``."""
    return Labels((ConceptTable.default().concepts, tuple(read_esco(esco, ("de", "en")))))


def write(folder: Path, embedder: Embedder, labels: Labels, plan: Plan) -> Iterable[Path]:
    """Fits both files into ``folder``."""
    remembering = RememberingEmbedder(embedder)
    path = folder / FUSION_FILE
    fitted_fusion(remembering, labels, plan).write(path)
    yield path
    path = folder / FILE
    fitted_map(remembering, labels, plan.schedule).write(path)
    yield path


def _apart(made: Path, kept: Path) -> dict[str, float]:
    """How far the files in two folders are apart: cosines for the map, weights for the fusion."""
    one, other = LanguageMap.read(made / FILE), LanguageMap.read(kept / FILE)
    maps = max(float(np.abs(one.maps[name] - other.maps[name]).max()) for name in other.maps)
    left, right = Fusion.read(made / FUSION_FILE), Fusion.read(kept / FUSION_FILE)
    weights = max(
        float(np.abs(np.subtract(left.weights[name], right.weights[name])).max())
        for name in right.weights
    )
    return {FILE: maps, FUSION_FILE: weights}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--esco", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--into", type=Path, default=Path(__file__).parent, metavar="FOLDER")
    options = parser.parse_args(arguments)
    labels = labels_from(options.esco)
    if not options.check:
        for path in write(options.into, SentenceEncoder(), labels, Plan()):
            print(path)
        return 0
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        list(write(Path(folder), SentenceEncoder(), labels, Plan()))
        apart = _apart(Path(folder), options.into)
    for name, value in apart.items():
        print(f"{name}: largest difference {value:.5f}")
    # Half precision near 1 and other versions of BLAS move an entry of a map by less than 0.002,
    # and that a weight by a few hundredths.
    return 0 if apart[FILE] < 2e-3 and apart[FUSION_FILE] < 0.1 else 1


if __name__ == "__main__":
    raise SystemExit(main())
