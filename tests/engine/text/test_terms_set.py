"""The check set of ``bench/data/terms.tsv`` keeps the form that its README promises."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

LANGUAGES = ("zh", "en", "de")
_FILE = Path(__file__).parents[3] / "bench" / "data" / "terms.tsv"


def rows() -> list[dict[str, str]]:
    with _FILE.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))


def _stems(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"\w+", text.casefold()) if len(word) >= 5}


def _pairs(text: str) -> set[str]:
    runs = re.findall(r"[\u4e00-\u9fff]+", text)
    return {run[at : at + 2] for run in runs for at in range(len(run) - 1)}


def test_two_hundred_rows_half_titles_half_skills_in_every_field() -> None:
    kinds = Counter(row["kind"] for row in rows())
    assert kinds == {"title": 100, "skill": 100}
    fields = Counter((row["industry"], row["kind"]) for row in rows())
    assert set(fields.values()) == {4}


def test_cells_are_filled_tidy_and_different() -> None:
    assert len({row["id"] for row in rows()}) == 200
    for language in LANGUAGES:
        for column in (language, f"{language}_paraphrase"):
            cells = [row[column] for row in rows()]
            assert len({cell.casefold() for cell in cells}) == 200, column
            for cell in cells:
                assert cell and cell == unicodedata.normalize("NFC", " ".join(cell.split()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paraphrase_does_not_use_the_words_of_its_term(language: str) -> None:
    found = _pairs if language == "zh" else _stems
    for row in rows():
        shared = found(row[language]) & found(row[f"{language}_paraphrase"])
        assert not shared, (row["id"], shared)
