"""Countries by their ISO 3166 codes, named in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cache

from babel import Locale
from django.utils.translation import get_language

_NEAR = ("CN", "DE", "HK", "SG", "GB", "US")
#: Of Unicode's codes those that are no country.
NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})
#: Countries as people write them, beside their names in CLDR.
WRITTEN = {
    "CN": (
        "prc",
        "p.r. china",
        "mainland china",
        "people's republic of china",
        "中国大陆",
        "中华人民共和国",
    ),
    "GB": ("uk", "u.k.", "england", "scotland", "英国"),
    "US": ("usa", "u.s.a.", "u.s."),
    "HK": ("hong kong", "香港"),
    "MO": ("macau", "macao", "澳门"),
    "TW": ("台湾",),
}


def countries() -> tuple[tuple[str, str], ...]:
    """(ISO 3166 code, name in the reader's language), the near ones first."""
    return _countries((get_language() or "en").replace("-", "_"))


def country_name(code: str) -> str:
    """What the reader's language calls a country; empty where there is none of this code."""
    return dict(countries()).get(code, "")


def named(language: str, *, also: Collection[str] = ()) -> dict[str, str]:
    """ISO 3166 code -> what a language (of CLDR: "de", "zh_Hans") calls the country.

    `also`: codes of Unicode that are no country and are wanted nevertheless ("EU").
    """
    return {
        str(code): str(name)
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2 and code.isalpha() and (code not in NO_COUNTRIES or code in also)
    }


def codes_by_name(
    languages: Iterable[str], key: Callable[[str], str], *, also: Collection[str] = ()
) -> dict[str, str]:
    """`key(name)` -> ISO 3166 code, for names in any of the languages and as people write them.

    Of two countries with the same name the one of the earlier language counts.
    """
    found: dict[str, str] = {}
    for language in languages:
        for code, name in named(language, also=also).items():
            found.setdefault(key(name), code)
    return found | {key(name): code for code, names in WRITTEN.items() for name in names}


@cache
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    named_here = named(language)
    rest = sorted((c for c in named_here if c not in _NEAR), key=lambda code: named_here[code])
    return tuple((code, named_here[code]) for code in (*_NEAR, *rest))
