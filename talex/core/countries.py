"""Countries by their ISO 3166 codes, named in the reader's language."""

from __future__ import annotations

from functools import cache

from babel import Locale
from django.utils.translation import get_language

_NEAR = ("CN", "DE", "HK", "SG", "GB", "US")
#: Of Unicode's codes those that are no country.
NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


def countries() -> tuple[tuple[str, str], ...]:
    """(ISO 3166 code, name in the reader's language), the near ones first."""
    return _countries((get_language() or "en").replace("-", "_"))


def country_name(code: str) -> str:
    """What the reader's language calls a country; empty where there is none of this code."""
    return dict(countries()).get(code, "")


@cache
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    named = {str(code): str(name) for code, name in Locale.parse(language).territories.items()}
    codes = [
        code for code in named if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES
    ]
    rest = sorted((c for c in codes if c not in _NEAR), key=lambda code: named[code])
    return tuple((code, named[code]) for code in (*_NEAR, *rest))
