"""One industry is one row of a figure, in whatever language it was typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from talex.evidence.models import Dimension
from talex.participants.industries import industry_code, industry_label
from talex.rehearsal.vocabulary import vocabulary
from tests.participants import factories as make

# What editions were counted by before the taxonomy took the list over; a code and its spellings.
KEPT = Path(__file__).with_name("industries_kept.tsv").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", KEPT.splitlines())
def test_the_taxonomy_keeps_codes_and_spellings(line: str) -> None:
    code, *spellings = line.split("\t")
    assert industry_code(code) == code
    for spelling in spellings:
        assert industry_code(spelling) == code, spelling
    assert industry_label(code, "zh") == spellings[0]


@pytest.mark.parametrize(
    "text", ["生命科学", " Life  Sciences ", "lebenswissenschaften", "life_science"]
)
def test_an_industry_has_one_code_in_every_language(text: str) -> None:
    assert industry_code(text) == "life_science"


def test_what_is_not_known_stays_as_it_is() -> None:
    assert industry_code("  Basket weaving ") == "Basket weaving"
    assert industry_label("Basket weaving", "de") == "Basket weaving"
    assert industry_code("") == ""


def test_a_code_is_shown_in_the_reader_s_language() -> None:
    assert industry_label("laser", "zh-hans") == "激光装备"
    assert industry_label("laser", "de") == "Lasertechnik"
    assert industry_label("laser", "fr") == "Laser machinery"


def test_the_industries_of_rehearsals_agree_in_their_languages() -> None:
    for industry in vocabulary().industries.values():
        codes = {industry_code(industry.label.text(code)) for code in ("zh-hans", "en", "de")}
        assert len(codes) == 1, industry
        code = codes.pop()
        assert industry_label(code, "de") != code


@pytest.mark.django_db
def test_figures_freeze_the_code() -> None:
    edition = make.edition()
    for industry in ("激光", "Laser machinery"):
        make.talent(edition, industry=industry)
    assert set(Dimension.objects.values_list("industry", flat=True)) == {"laser"}
