"""Numbers as people type them: with the separators of their language.

A German writes 60.000 and 8,1 where an English or Chinese reader writes 60,000 and 8.1. Django
reads 60.000 as sixty, whatever the language. These fields read the page's language, take the other
form where it can mean one thing only, and ask where it could mean two.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

_PLAIN = re.compile(r"[+-]?\d{1,30}")
_GAPS = re.compile(r"(?<=\d)[\s'\u2019\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_GROUPED = {
    ",": re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3}){1,9}(\.\d{1,2})?"),
    ".": re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3}){1,9}(,\d{1,2})?"),
}
_FRACTION = re.compile(r"[+-]?(\d{1,30}[.,](\d{1,2}|\d{4,20})|0\d{0,9}[.,]\d{3}|\d{4,30}[.,]\d{3})")
_TWO_MEANINGS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")

NOT_A_NUMBER = _("Write a number in digits, without words or signs around it.")
TWO_MEANINGS = _(
    "“%(typed)s” can be read in two ways. Write the number without points and commas between "
    "the digits, for example %(example)s."
)
NOT_WHOLE = _("Write a whole number, without a fraction.")


def grouping() -> str:
    """What stands between thousands in the language of the page."""
    return "." if (get_language() or "en").startswith("de") else ","


def read_number(typed: Any, *, fine: bool = False) -> Decimal:
    """A number as it was typed in the language of the page. `ValidationError` where it is none.

    60.000 is sixty thousand in German, and asked back in English and Chinese (60,000 the other
    way round). 8,1 and 8.1 are the same everywhere, for no group has one digit.
    """
    if isinstance(typed, int | float | Decimal):
        return Decimal(str(typed))
    text = unicodedata.normalize("NFKC", str(typed)).strip().replace("\u2212", "-")
    text = _GAPS.sub("", text)
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    groups = grouping()
    other = "," if groups == "." else "."
    if _TWO_MEANINGS.fullmatch(text) and other in text:
        if fine:
            return Decimal(text.replace(other, "."))
        plain = re.sub(r"\D", "", text)
        raise ValidationError(
            TWO_MEANINGS, code="ambiguous", params={"typed": text, "example": plain}
        )
    for separator in (",", "."):
        if _GROUPED[separator].fullmatch(text):
            return Decimal(text.replace(separator, "").replace(",", "."))
    if _FRACTION.fullmatch(text):
        return Decimal(text.replace(",", "."))
    raise ValidationError(NOT_A_NUMBER, code="invalid")


def read_whole(typed: Any) -> int:
    """The same where only a whole number will do: 60.5 is refused, 60.00 is sixty."""
    number = read_number(typed)
    if number != number.to_integral_value():
        raise ValidationError(NOT_WHOLE, code="whole")
    return int(number)


def number_shown(value: Any, grouped: bool = True) -> str:
    """A number in the form of the page's language, with the fraction that it has."""
    number = Decimal(str(value))
    digits = max(0, -int(number.normalize().as_tuple().exponent))
    return str(number_format(number, digits, use_l10n=True, force_grouping=grouped))


class NumberText(forms.TextInput):
    """A line of text, for a browser's own field of numbers reads 60.000 as sixty."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, whole: bool = True) -> None:
        mode = {"inputmode": "numeric" if whole else "decimal", "class": "short"}
        super().__init__({**mode, "autocomplete": "off", **(attrs or {})})


class WholeField(forms.IntegerField):
    """A whole number. Clean value: int or None."""

    widget = NumberText

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        return read_whole(value)


class _Fraction:
    """Shows what is kept in the form of the language; what was typed stays as it was typed."""

    def prepare_value(self, value: Any) -> Any:
        return number_shown(value, False) if isinstance(value, int | float | Decimal) else value


class NumberField(_Fraction, forms.FloatField):
    """A number that may have a fraction. Clean value: float or None."""

    widget = NumberText(whole=False)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        return float(read_number(value, fine=True))


class AmountField(_Fraction, forms.DecimalField):
    """An amount of money. Clean value: Decimal or None."""

    widget = NumberText(whole=False)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        return read_number(value)


class YearsField(NumberField):
    """A number of years; a whole number is shown without a fraction.

    What a file said (6.8) is shown in the form of the page's language: 6,8 in German.
    """

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) and re.fullmatch(r"\d{1,2}\.\d{1,2}", value):
            return number_shown(value, False)
        return super().prepare_value(value)
