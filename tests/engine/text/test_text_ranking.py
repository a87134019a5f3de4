from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import pytest

from talex.engine.text import Concept, ConceptRanker, Evidence, Fusion, Kind
from talex.engine.text.fusion import ACROSS, fit_weights
from talex.engine.text.lexical import Tfidf, character_ngrams, head_word, word_terms
from talex.engine.text.ranking import label_keys, likelihoods


class Letters:
    """A stand-in for the encoder: sums of a vector for each three letters."""

    dimension = 32
    model_name = "letters"

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        made = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for at in range(max(len(text) - 2, 1)):
                seed = zlib.crc32(text[at : at + 3].casefold().encode())
                made[row] += np.random.default_rng(seed).normal(size=self.dimension)
        return made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9)


def job(name: str, de: tuple[str, ...] = (), en: tuple[str, ...] = ()) -> Concept:
    labels = {"de": de, "en": en}
    return Concept(name, Kind.OCCUPATION, {key: own for key, own in labels.items() if own})


JOBS = [
    job("group"),
    job("butcher", ("Fleischer/Fleischerin", "Metzger", "Schlachter"), ("butcher", "meat cutter")),
    job("fitter", ("Reifenmonteur", "Reifenmonteurin"), ("tyre fitter", "tire installer")),
    job("maker", ("Reifenhersteller",), ("tyre maker", "tyre builder", "tyre vulcaniser")),
    job("nurse", (), ("nurse",)),
]
EQUAL = Fusion((), {"de": (1.0,) * len(Evidence), ACROSS: (0.0,) * 4 + (1.0,) * 4 + (0.0,) * 2})


def ranker(languages: Sequence[str] | None = None) -> ConceptRanker:
    return ConceptRanker(JOBS, Letters(), EQUAL, languages=languages)


def test_cosines_of_tfidf_are_those_of_the_formula() -> None:
    index = Tfidf([["a", "b"], ["a", "c", "c"], ["d"]])
    idf = {"a": np.log(4 / 3) + 1, "b": np.log(2) + 1, "c": np.log(2) + 1, "d": np.log(2) + 1}
    asked = index.vectors([["a", "c", "unknown"], ["unknown"]])
    found = (asked @ index.rows.T).toarray()
    second = np.array([idf["a"], 2 * idf["c"]])
    own = np.array([idf["a"], idf["c"]])
    wanted = own @ second / np.linalg.norm(own) / np.linalg.norm(second)
    assert found[0, 1] == pytest.approx(wanted, abs=1e-6)
    assert found[0, 2] == 0 and not found[1].any()
    shares = index.shares([["a", "a", "unknown"]]).toarray()[0]
    assert shares.sum() == pytest.approx(idf["a"] / (idf["a"] + idf["d"]), abs=1e-6)


def test_words_are_padded_cut_and_named_by_their_head() -> None:
    assert character_ngrams("Ab c", 2, 3) == [" a", "ab", "b ", " ab", "ab ", " c", "c ", " c "]
    assert {"batterie", "entwickler", "batterieentwickler"} <= set(
        word_terms("Batterieentwickler", "de")
    )
    assert head_word("Head of Battery Development (m/w/d)", "en") == "head"
    assert head_word("Batterieentwickler für Fahrzeuge", "de") == "entwickler"
    assert head_word("", "de") == ""
    assert label_keys("Bäcker/Bäckerin") >= {"bäcker"}


def test_each_concept_is_ranked_once_by_all_its_labels() -> None:
    found = ranker().rank("Reifenmonteur (m/w/d)", 10, "de")
    assert found[0].concept.id == "fitter"
    assert sorted(one.concept.id for one in found) == sorted(one.id for one in JOBS)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    # The rare second half tells it from its neighbour, and so does a label in another language.
    assert ranker().rank("Hersteller von Reifen", 1, "de")[0].concept.id == "maker"
    assert ranker().rank("tire installer", 1, "en")[0].concept.id == "fitter"


def test_evidence_is_what_it_is_named() -> None:
    one = ranker()
    _, block = next(one.features(["Metzgerin", "butcher"], "de"))
    assert block.shape == (2, len(JOBS), len(Evidence))
    assert block[0, 1, Evidence.EXACT] == 1 and block[0, 2, Evidence.EXACT] == 0
    assert block[0, 1, Evidence.HEAD] == 1
    assert block[1, 1, Evidence.VECTOR_BEST] == pytest.approx(1, abs=1e-5)
    assert block[1, 1, Evidence.VECTOR_ELSEWHERE] == pytest.approx(1, abs=1e-5)
    assert not block[:, 0].any()  # no labels, nothing near
    assert block[:, :, : Evidence.COVERAGE + 1].max() <= 1 + 1e-5
    # By three nearest is at most by nearest.
    assert (block[..., Evidence.VECTOR_THREE] <= block[..., Evidence.VECTOR_BEST] + 1e-6).all()


def test_what_is_hidden_counts_for_nothing_and_nothing_hidden_changes_nothing() -> None:
    one, texts = ranker(), ["Reifenmonteur", "Metzger", "tyre builder"]
    owners = [2, 1, 3]
    _, whole = next(one.features(texts, "de"))
    everything = [(owner, one.labels_of(owner)) for owner in owners]
    _, same = next(one.features(texts, "de", everything))
    assert np.allclose(whole, same, atol=1e-5)
    left = [
        (owner, np.array([at for at in one.labels_of(owner) if one.labels[at] != text]))
        for owner, text in zip(owners, texts, strict=True)
    ]
    _, hidden = next(one.features(texts, "de", left))
    rows = np.arange(3), owners
    assert (hidden[rows][:, Evidence.VECTOR_BEST] < 0.999).all()
    assert (hidden[rows][:, Evidence.CHARACTERS_BEST] < 0.999).all()
    others = np.ones(len(JOBS), bool)
    others[2] = False
    assert np.array_equal(whole[0, others], hidden[0, others])


def test_weights_follow_the_language_that_concepts_have_labels_in() -> None:
    fusion = Fusion(("x", "y"), {"de": (1, 0), "en": (0, 1), ACROSS: (5, 5)})
    assert fusion.weights_for("de-AT", True).tolist() == [1, 0]
    assert fusion.weights_for("de", False).tolist() == [5, 5]
    assert fusion.weights_for("fr", True).tolist() == [0.5, 0.5]
    assert ranker(["en"]).knows("en") and not ranker(["en"]).knows("de")


def test_fitting_finds_the_evidence_that_tells() -> None:
    rng = np.random.default_rng(3)
    lists = []
    for _ in range(300):
        evidence = rng.normal(size=(rng.integers(5, 15), 3))
        truth = evidence @ [2.0, 1.0, 0.0] + rng.gumbel(size=len(evidence))
        best = int(truth.argmax())
        lists.append(np.vstack([evidence[best], np.delete(evidence, best, axis=0)]))
    found = fit_weights(lists)
    assert found == pytest.approx([2, 1, 0], abs=0.35)
    assert fit_weights(lists, ridge=10.0).max() < 0.2
    assert (fit_weights([-one for one in lists])[:2] == 0).all()  # nothing counts against a concept


def test_likelihoods_sum_to_one_and_keep_the_order() -> None:
    scores = np.array([[900.0, 899.0, 0.0], [1.0, 1.0, 1.0]], np.float32)
    found = likelihoods(scores)
    assert np.allclose(found.sum(axis=1), 1) and (np.diff(found[0]) < 0).all()


def test_the_shipped_weights_fit_the_evidence_and_beat_either_side_alone() -> None:
    fusion = Fusion.default()
    assert fusion.kinds == tuple(kind.name.lower() for kind in Evidence)
    assert {"zh", "en", "de", ACROSS} == set(fusion.weights)
    for checks in fusion.origin["checked on"].values():
        for check in checks:
            assert check["labels"] >= 100
            assert check["mrr"] > check["mrr by characters_best"]
            assert check["mrr"] > check["mrr by vector_best"] - 0.01
