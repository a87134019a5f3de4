"""Countries by their ISO 3166 codes, named in the reader's language; which are abroad."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache

from babel import Locale
from babel.core import get_global
from django.utils.translation import get_language

_NEAR = ("CN", "DE", "HK", "SG", "GB", "US")
#: Of Unicode's codes those that are no country.
NO_COUNTRIES = frozenset(
    {
        "EU", "EZ", "UN", "XA", "XB", "ZZ", "QO",
        # Parts of countries that ISO 3166 only reserves, and islands where nobody lives.
        "AC", "BV", "CP", "CQ", "DG", "EA", "HM", "IC", "TA",
    }
)  # fmt: skip
#: Where a language publishes other names than CLDR has. A Chinese organiser publishes no 台湾
#: without 中国, and the names of the regions without what they are.
_PUBLISHED = {"zh": {"TW": "中国台湾", "HK": "中国香港", "MO": "中国澳门"}}
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
    "HK": ("hong kong", "hongkong", "香港", "中国香港特别行政区"),
    "MO": ("macau", "macao", "澳门", "中国澳门特别行政区"),
    "TW": ("台湾",),
}
#: Data protection law there is one and the same (GDPR; EEA agreement, annex XI): data that go
#: from one to another leave no country. With the territories that belong to the Union (355 TFEU).
EEA = frozenset(
    ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
     "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "IS", "LI", "NO",
     "AX", "GF", "GP", "MF", "MQ", "RE", "YT")
)  # fmt: skip


def area(country: str) -> frozenset[str]:
    """The countries within which data of this one are at home; empty where it is not known."""
    if country in EEA:
        return EEA
    return frozenset({country} if country else ())


def abroad(home: str, other: str) -> bool:
    """Whether data that go from one country to the other leave the reach of its law.

    Hong Kong, Macao and Taiwan are abroad from mainland China and from each other (the PIPL speaks
    of "境外", outside the borders of the mainland; each has a code and a law of its own). Where
    `other` is not known nobody can say so: False. Where `home` is not, every country is abroad.
    """
    return bool(other) and other not in area(home)


def country_of_zone(zone: str) -> str:
    """The country that a time zone is of (Unicode CLDR); empty for UTC and other zones of none."""
    current = get_global("zone_aliases").get(zone, zone)
    code = str(get_global("zone_territories").get(current, ""))
    return "" if code in ("001", "ZZ") else code


def countries() -> tuple[tuple[str, str], ...]:
    """(ISO 3166 code, name in the reader's language), the near ones first."""
    return _countries((get_language() or "en").replace("-", "_"))


def country_code(text: str) -> str:
    """The code of a country that is written as a code or as a name in one of the languages; ''."""
    return _codes().get(_plain(text), "")


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip(" .()").casefold()


@cache
def _codes() -> dict[str, str]:
    languages = ("en", "de", "zh_Hans")
    codes = {code.casefold(): code for code, _name in _countries("en")}
    return codes | codes_by_name(languages, _plain)


def country_name(code: str) -> str:
    """What the reader's language calls a country; empty where there is none of this code."""
    return dict(countries()).get(code, "")


@cache
def territories(language: str) -> Mapping[str, str]:
    """Codes of Unicode -> what a language (of CLDR: "de", "zh_Hans") calls these parts of the
    world. Raises `UnknownLocaleError`, `ValueError`."""
    locale = Locale.parse(language)
    return {**locale.territories, **_PUBLISHED.get(locale.language, {})}


def order(name: str) -> bytes:
    """What names are sorted by in any of the languages: Ägypten beside Albanien, 中 by its pinyin.

    The first plane of GB 2312, and so of GB 18030, is in the order of pinyin.
    """
    bare = (sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return "".join(bare).casefold().encode("gb18030")


def named(language: str, *, also: Collection[str] = ()) -> dict[str, str]:
    """ISO 3166 code -> what a language (of CLDR: "de", "zh_Hans") calls the country.

    `also`: codes of Unicode that are no country and are wanted nevertheless ("EU").
    """
    return {
        str(code): str(name)
        for code, name in territories(language).items()
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
    rest = sorted(named_here.keys() - set(_NEAR), key=lambda code: order(named_here[code]))
    return tuple((code, named_here[code]) for code in (*_NEAR, *rest))
