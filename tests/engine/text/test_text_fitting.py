"""Fitting sees labels of concepts alone: nothing that people judged is so much as opened."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from talex.engine.text import ConceptTable, SentenceEncoder
from talex.engine.text.contrast import Schedule, contrasted
from talex.engine.text.embedder import RememberingEmbedder
from talex.engine.text.esco import read_esco
from talex.engine.text.fitting import Labels, Plan, write
from talex.engine.text.mapping import FILE, fit

OCCUPATIONS = "conceptUri,preferredLabel,altLabels,hiddenLabels,status\n"
JUDGED = ("annotations.tsv", "queries.tsv", "corpus_elements.tsv", "corpus_documents.tsv")
PLAN = Plan(Schedule(steps=5, batch=64), queries=12, candidates=10)


class Opened:
    """The files that were opened while it listens. A hook of audits cannot be taken away."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.listening = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.listening and event == "open":
            self.paths.append(str(arguments[0]))


OPENED = Opened()


def esco_folder(folder: Path) -> Path:
    """The taxonomy's labels in ESCO's form, in pairs so that one can be hidden."""
    folder.mkdir()
    some = [one for one in ConceptTable.default().concepts if one.kind == "occupation"][:60]
    for language in ("de", "en"):
        lines = [
            f'http://e/{one.id},"{one.labels[language][0]}",'
            f'"junior {one.labels[language][-1]}\n{one.labels[language][0]} works",,released\n'
            for one in some
        ]
        (folder / f"occupations_{language}.csv").write_text(
            OCCUPATIONS + "".join(lines), encoding="utf-8"
        )
    return folder


def judged_files(folder: Path, seed: int) -> None:
    """Judged pairs about the very labels that are fitted on, in an order of its own."""
    for kind in ("job-titles/en", "occupation-linking/deu_q_de_c_en"):
        place = folder / kind
        place.mkdir(parents=True)
        for name in JUDGED:
            rows = [f"Q{row}\t0\tC{row}_en_000\t{row % 2}" for row in range(50)]
            random.Random(seed).shuffle(rows)
            (place / name).write_text("\n".join(rows), encoding="utf-8")


def test_shuffled_or_absent_annotations_leave_every_fitted_file_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    esco = esco_folder(tmp_path / "esco")
    taxonomy = ConceptTable.default().concepts[::60]
    encoder = RememberingEmbedder(SentenceEncoder())
    made: list[dict[str, bytes]] = []
    heard: list[str] = []
    for turn in range(3):
        data, out = tmp_path / f"data-{turn}", tmp_path / f"out-{turn}"
        data.mkdir()
        out.mkdir()
        if turn:
            judged_files(data, turn)
        # Whoever looked for data beside the folder, or where one works, would find these.
        monkeypatch.chdir(data)
        OPENED.paths, OPENED.listening = [], True
        try:
            labels = Labels((taxonomy, tuple(read_esco(esco, ("de", "en")))))
            files = list(write(out, encoder, labels, PLAN))
        finally:
            OPENED.listening = False
        made.append({path.name: path.read_bytes() for path in files})
        heard += OPENED.paths
    assert made[0] == made[1] == made[2]
    assert set(made[0]) == {"map.npz", "fusion.json"}
    assert any(path.endswith("occupations_de.csv") for path in heard)  # it does hear
    assert not [path for path in heard if Path(path).name in JUDGED or "shared/data" in path]
    # It depends on what it is fitted on.
    more = tmp_path / "more"
    more.mkdir()
    fewer = Labels((taxonomy, tuple(read_esco(esco, ("de", "en")))[:-7]))
    assert (next(iter(write(more, encoder, fewer, PLAN)))).read_bytes() != made[0]["fusion.json"]


def labelled(seed: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Labels of 240 concepts, two in each of two languages. A quarter of the directions tell them
    apart; the others are louder and say nothing."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=(240, 16))
    truth[:, 4:] = 0
    rows, of, names = [], [], []
    for name in ("de", "en"):
        for _ in range(2):
            noise = rng.normal(size=truth.shape) * np.where(np.arange(16) < 4, 0.1, 1.2)
            rows.append(truth + noise)
            of.append(np.arange(240))
            names += [name] * 240
    vectors = np.vstack(rows)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), np.concatenate(of), names


def test_contrast_on_some_concepts_lets_others_find_their_partners() -> None:
    vectors, of, names = labelled(1)
    seen, language = of < 160, np.array(names)
    start = fit(vectors[seen], of[seen], language[seen].tolist())
    sources = np.zeros(int(seen.sum()), np.int64)
    plan = Schedule(steps=80, batch=128, rate=5e-3, warm=5)
    arguments = vectors[seen], of[seen], language[seen].tolist(), sources, plan
    better, again = contrasted(start, *arguments), contrasted(start, *arguments)
    assert better.fingerprint == again.fingerprint

    def found(mapping: Any) -> float:
        rest = mapping.apply(vectors[~seen], language[~seen].tolist())
        de, en = rest[language[~seen] == "de"][:80], rest[language[~seen] == "en"][:80]
        return float(((de @ en.T).argmax(axis=1) == np.arange(80)).mean())

    assert found(better) > found(start) + 0.03
    assert set(better.maps) == {"de", "en"} and FILE == "map.npz"
