"""A definition that was published is not reworded in secret."""

from __future__ import annotations

import pytest

from talex.bulletin.definitions import BY_KEY, COUNTING, DEFINITIONS
from talex.evidence.vocabulary import DIMENSIONS, Rung

LANGUAGES = {"en", "zh-hans", "de"}

# Whoever changes a word, a rung or a dimension raises the version and puts the new digest here.
# Snapshots that were frozen under the old one then say that the figure is defined otherwise.
PUBLISHED: dict[str, tuple[int, str]] = {
    "registered": (
        1,
        "c6b775c39434180f66b173385688b778f5624f9bdef1ca1e39178a989c1bb24f",
    ),
    "verified": (
        1,
        "5ceef4af1938f2e6319cda68954a58bd7e2b5bc71907d8e7cecd0ee2cf4d67dd",
    ),
    "attended": (
        1,
        "22a55a2c88f544590dc117fd6c648873c6bcf9adfa4d8f9cd115ba9c996baf1c",
    ),
    "interviewed": (
        1,
        "1fc31c6db66157d1218b70094d48898be9f47645e0379f53855c54f2dde04fe7",
    ),
    "mutual_intent": (
        1,
        "77340921dc277da06b910d2b1168951201963c1b173479e4049761b46bf7b23c",
    ),
    "offer_accepted": (
        1,
        "8185a9ba76205f613584dcbf0f7c8e8b0c08c194148f15de23f0ad5a39144692",
    ),
    "arrived": (
        1,
        "0f67a51742294be31a0b079488475739438269114496386b50018823fbcc58b6",
    ),
    "retained": (
        1,
        "6f236657e6d6e45151d2b584e81368a5f776893a1cf559176ac93c480355513e",
    ),
}


@pytest.mark.parametrize("key", list(BY_KEY))
def test_a_definition_changes_only_with_its_version(key: str) -> None:
    found = BY_KEY[key]
    assert (found.version, found.digest) == PUBLISHED[key]


def test_every_rung_has_a_figure_in_order() -> None:
    assert [d.rung for d in DEFINITIONS] == list(Rung)
    assert all(d.dimensions == DIMENSIONS for d in DEFINITIONS)


def test_every_definition_is_worded_in_every_language() -> None:
    for found in DEFINITIONS:
        assert set(found.name) == set(found.text) == LANGUAGES, found.key
    assert set(COUNTING) == LANGUAGES


def test_no_two_figures_share_a_name() -> None:
    for language in LANGUAGES:
        names = [d.name[language].text for d in DEFINITIONS]
        assert len(set(names)) == len(names)
