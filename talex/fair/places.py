"""Names of places as keys that agree over languages: Wuhan and 武汉市, Germany and 德国.

Countries by their names in the reader's languages (CLDR, through Babel). Chinese places by their
pinyin without the ending of the administrative level, which is how they are written in Latin
letters. What neither knows is compared as it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from talex.core.countries import codes_by_name
from talex.engine.text import is_cjk, normalise

LANGUAGES = ("en", "de", "zh")
_CUT = re.compile(r"[,，、;；/|·\n]+|\s[-–—]\s|(?<=[\u3400-\u9fff])[-–—\s]+(?=[\u3400-\u9fff])")
_ENDING = re.compile(
    r"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|地区|省|市|区|县|盟)$"
)
_LATIN_ENDING = re.compile(r"\s+(?:province|city|municipality|district|prefecture|sheng|shi|qu)$")
#: German, and English with `of`, name the level first.
_LATIN_LEVEL = re.compile(
    r"^(?:provinz|stadt|bezirk|kreis|(?:province|city|municipality|district|prefecture) of)\s+"
)


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """A country's name in any of the languages -> its code."""
    return codes_by_name(LANGUAGES, normalise, also=("EU", "EZ", "UN"))


def parts(text: str) -> list[str]:
    """A written place cut where several are named: `武汉-洪山区`, `Hubei, China`."""
    return [part.strip() for part in _CUT.split(text) if part and part.strip()]


@lru_cache(maxsize=20_000)
def key(text: str) -> str:
    """What two ways of writing one place share; '' for a text without letters."""
    plain = normalise(text).strip(" .()（）")
    if not plain:
        return ""
    # Also as it is written: the last point of U.K. and U.S. belongs to it.
    code = _countries().get(plain) or _countries().get(normalise(text))
    if code:
        return f"={code}"
    if any(is_cjk(sign) for sign in plain):
        # Its tables take a moment to load, and a conference without such names needs none.
        from pypinyin import Style, lazy_pinyin

        short = _ENDING.sub("", plain) if len(plain) > 2 else plain
        if code := _countries().get(short):
            return f"={code}"

        return "".join(lazy_pinyin(short, style=Style.NORMAL)).replace(" ", "").lower()
    folded = unicodedata.normalize("NFKD", _LATIN_LEVEL.sub("", _LATIN_ENDING.sub("", plain)))
    letters = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return re.sub(r"[\s'’.-]+", "", letters)


def keys(texts: list[str]) -> dict[str, str]:
    """key -> the text as written, for every place named in the texts."""
    found: dict[str, str] = {}
    for text in texts:
        for part in parts(text or ""):
            if one := key(part):
                found.setdefault(one, part)
    return found


def spelled(count: Mapping[str, int], reader: str) -> str:
    """Of the ways in which one place was written that for a reader of a language: in its script,
    with its words for province and the like, else without any; then the most frequent."""
    chinese = reader.startswith("zh")

    def rank(text: str) -> tuple[bool, bool, int, str]:
        first = bool(_LATIN_LEVEL.search(normalise(text)))
        last = bool(_LATIN_ENDING.search(normalise(text)))
        foreign = last if reader.startswith("de") else first
        return any(is_cjk(sign) for sign in text) != chinese, foreign, -count[text], text

    return min(count, key=rank, default="")
