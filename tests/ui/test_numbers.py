"""Numbers as people type them, in the form of each language."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from talex.ui.forms import AmountField, NumberField, UnitField, WholeField, number_shown

AMBIGUOUS, NONE, FRACTION = "ambiguous", "invalid", "whole"


@pytest.mark.parametrize(
    ("language", "typed", "expected"),
    [
        ("de", "60.000", 60000),
        ("en", "60,000", 60000),
        ("zh-hans", "60,000", 60000),
        ("zh-hans", "６０，０００", 60000),
        ("de", "1.250.000", 1250000),
        ("en", "1.250.000", 1250000),  # two points can only stand between thousands
        ("de", "60.000,00", 60000),
        ("de", "60,000.00", 60000),
        ("en", "60 000", 60000),
        ("de", "60'000", 60000),
        ("de", "60\u202f000", 60000),
        ("en", "60000", 60000),
        ("en", "60.00", 60),
        ("de", "60,000", AMBIGUOUS),
        ("en", "60.000", AMBIGUOUS),
        ("zh-hans", "60.000", AMBIGUOUS),
        ("de", "60.5", FRACTION),
        ("de", "60.00.0", NONE),
        ("de", "6.0000.000", NONE),
        ("en", "60k", NONE),
        ("en", "1e5", NONE),
        ("en", "nan", NONE),
        ("en", "6 0", NONE),
    ],
)
def test_whole_amounts_are_read_in_the_form_of_the_language(
    language: str, typed: str, expected: int | str
) -> None:
    with translation.override(language):
        if isinstance(expected, int):
            assert WholeField().clean(typed) == expected
            return
        with pytest.raises(ValidationError) as raised:
            WholeField().clean(typed)
        assert raised.value.error_list[0].code == expected


@pytest.mark.parametrize("language", ["de", "en", "zh-hans"])
@pytest.mark.parametrize("typed", ["8,1", "8.1", " 8.1 "])
def test_a_fraction_is_understood_with_a_point_and_a_comma(language: str, typed: str) -> None:
    with translation.override(language):
        assert NumberField(max_value=80).clean(typed) == 8.1
        assert AmountField().clean(typed) == Decimal("8.1")


def test_a_fine_fraction_is_no_amount() -> None:
    with translation.override("de"):
        assert NumberField().clean("1,125") == 1.125
        assert NumberField().clean("0,625") == 0.625
        with pytest.raises(ValidationError, match="60000"):
            AmountField().clean("60,000")


def test_what_is_kept_is_shown_as_it_can_be_typed_again() -> None:
    class Form(forms.Form):
        years = NumberField()
        pay = AmountField()
        daily = UnitField(unit="a day", max_value=50)

    with translation.override("de"):
        form = Form(initial={"years": 8.1, "pay": Decimal("60000.50"), "daily": 3})
        assert 'value="8,1"' in str(form["years"])
        assert 'value="60000,5"' in str(form["pay"])
        assert "number" not in str(form["pay"])  # a browser's own field reads 60.000 as sixty
        again = Form({"years": "8,1", "pay": "60000,5", "daily": "1.000"})
        assert not again.is_valid()
        assert list(again.errors) == ["daily"]
        assert again.cleaned_data == {"years": 8.1, "pay": Decimal("60000.5")}
        assert number_shown("60000.50") == "60.000,5"
