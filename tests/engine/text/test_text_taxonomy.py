"""The shipped taxonomy keeps its form, holds what the house already names, and no check data."""

from __future__ import annotations

import csv
import subprocess
import sys
import unicodedata
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from talex.engine.text import ConceptTable, Kind, normalise, simplified
from talex.engine.text.normalise import cleaned
from talex.rehearsal.vocabulary import vocabulary

LANGUAGES = ("zh", "en", "de")
_TERMS = Path(__file__).parents[3] / "bench" / "data" / "terms.tsv"


def test_it_is_large_and_every_concept_speaks_three_languages() -> None:
    concepts = ConceptTable.default().concepts
    kinds = Counter(concept.kind for concept in concepts)
    assert len(concepts) > 1_500
    assert set(kinds) == set(Kind)
    for concept in concepts:
        assert tuple(concept.labels) == LANGUAGES, concept.id
    spelled = sum(len(labels) for one in concepts for labels in one.labels.values())
    assert spelled > 2 * len(LANGUAGES) * len(concepts) - len(concepts)  # synonyms, not words only


def test_parents_exist_and_lead_to_an_end() -> None:
    table = ConceptTable.default()
    for concept in table.concepts:
        if concept.kind in (Kind.OCCUPATION, Kind.SKILL, Kind.DISCIPLINE):
            assert concept.parents, concept.id
        seen = {concept.id}
        above = list(concept.parents)
        while above:
            parent = table.get(above.pop())
            assert parent is not None, concept.id
            assert parent.id not in seen, concept.id
            seen.add(parent.id)
            above += parent.parents


def test_labels_are_tidy_and_chinese_is_simplified() -> None:
    for concept in ConceptTable.default().concepts:
        spelled = [label for labels in concept.labels.values() for label in labels]
        for label in (*spelled, *concept.abbreviations, *concept.ambiguous):
            assert label == cleaned(label) == unicodedata.normalize("NFC", label), label
            assert label == simplified(label), label
            assert not set(label) & set("|;?\t"), label
        # A product's own name may be the Chinese label too.
        assert concept.labels["zh"] == concept.labels["en"] or any(
            "\u4e00" <= sign <= "\u9fff" for sign in "".join(concept.labels["zh"])
        ), concept.id


def test_files_are_plain_tables_a_person_can_read() -> None:
    folder = files("talex.engine.text").joinpath("taxonomy")
    for entry in folder.iterdir():
        text = entry.read_text(encoding="utf-8")
        assert text.endswith("\n") and "\r" not in text and " \t" not in text and "\t " not in text
        assert len(text.splitlines()) < 400, entry.name


def test_it_holds_no_paraphrase_of_the_check_set() -> None:
    with _TERMS.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source, delimiter="\t", quoting=csv.QUOTE_NONE))
    asked = [normalise(row[f"{language}_paraphrase"]) for row in rows for language in LANGUAGES]
    for concept in ConceptTable.default().concepts:
        for label in (label for labels in concept.labels.values() for label in labels):
            known = normalise(label)
            assert not any(one in known for one in asked), label
            # The other way round a whole label inside of a paraphrase is a word, not a giveaway,
            # unless it is nearly all of it.
            for one in asked:
                assert known not in one or len(known) < 0.8 * len(one), label


@pytest.mark.parametrize("language", ["zh-hans", "en", "de"])
def test_rehearsals_speak_its_words(language: str) -> None:
    known, words = ConceptTable.default(), vocabulary()
    rows = [(Kind.SKILL, label) for label in words.skills.values()]
    rows += [(Kind.OCCUPATION, one.label) for one in words.occupations.values()]
    rows += [(Kind.INDUSTRY, one.label) for one in words.industries.values()]
    rows += [(Kind.DISCIPLINE, label) for label in words.disciplines.values()]
    for kind, label in rows:
        [english] = known.exactly(label.en, [kind])
        assert known.exactly(label.text(language), [kind]) == (english,), label


def test_it_is_read_quickly_and_only_when_it_is_asked_for() -> None:
    script = """
import time
import talex.engine.text.concepts as concepts
assert not concepts.ConceptTable.default.cache_info().currsize
start = time.process_time()
concepts.ConceptTable.default()
print(time.process_time() - start)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    # A tenth of a second on an idle machine; the others of this machine are not counted, yet felt.
    assert float(run.stdout) < 0.3
