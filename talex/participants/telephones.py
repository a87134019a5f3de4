"""Telephone numbers as somebody tells them of themselves; imports keep what they read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import phonenumbers
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from talex.core.countries import country_code
from talex.core.errors import Invalid
from talex.participants.cleaners import Fault

_ABROAD = re.compile(r"\+[ ./()-]*\d(?:[ ./()-]*\d){6,14}")
_HERE = re.compile(r"\(?\d(?:[ ./()-]*\d){4,14}")
NO_NUMBER = _("This is not a telephone number. Write digits, with + and the country code.")
NO_COUNTRY = _("Write the number with + and the country code, for example +86 27 8765 4321.")


def telephone(given: object, place: str = "") -> str:
    """The number with its country code; one without it is read as one of the country of `place`.

    `place` is as people write where they live: the country alone, or last. Raises `Fault`.
    """
    text = " ".join(unicodedata.normalize("NFKC", str(given or "")).split())
    text = re.sub(r"^00(?=[1-9])", "+", text)
    if not text or _ABROAD.fullmatch(text):
        return text
    if not _HERE.fullmatch(text):
        raise Fault(NO_NUMBER)
    country = country_code(re.split(r"[,，;、/]", place)[-1]) or settings.TALEX_PHONE_REGION
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        raise Fault(NO_COUNTRY) from None
    if not phonenumbers.is_possible_number(number):
        raise Fault(NO_NUMBER)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


class WithTelephone(forms.Form):
    """A form that asks for a number, and perhaps where somebody lives (region)."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        given = data.get("phone", "")
        # What an import read stays as long as nobody changes it.
        if given and given != self.initial.get("phone"):
            try:
                data["phone"] = telephone(given, data.get("region") or "")
            except Fault as fault:
                self.add_error("phone", str(fault.message))
        return data


def with_telephone(values: Mapping[str, Any], place: str = "") -> dict[str, Any]:
    """The values of the API, the number as it is kept. Raises `Invalid` (phone)."""
    kept = dict(values)
    if kept.get("phone"):
        try:
            kept["phone"] = telephone(kept["phone"], str(kept.get("region") or place))
        except Fault as fault:
            raise Invalid({"phone": fault.message}) from None
    return kept
