"""The country in what somebody wrote of where they live: "Wien, Österreich", "中国武汉", "DE"."""

from __future__ import annotations

import re
from functools import cache

from talex.core.countries import codes_by_name

_LANGUAGES = ("en", "de", "zh_Hans", "fr", "es", "ru", "ja")


@cache
def _names() -> dict[str, str]:
    return codes_by_name(_LANGUAGES, str.casefold)


def country_of(where: str) -> str:
    """ISO 3166 code, or empty where no country is named. Nothing is guessed from a city."""
    text = " ".join(where.split())[:200]
    if re.fullmatch(r"[A-Z]{2}", text):
        return text if text in set(_names().values()) else ""
    names = _names()
    parts = [part.strip().casefold() for part in re.split(r"[,;/()，、（）·]", text)]
    # The country is mostly said last.
    for part in reversed(parts):
        if part in names:
            return names[part]
    for part in reversed(parts):
        for word in (*reversed(part.split()), *_chinese(part)):
            if word in names:
                return names[word]
    return ""


def _chinese(part: str) -> list[str]:
    """The beginnings of a Chinese line, the longest first: 中国湖北武汉 begins with its country."""
    if not re.search(r"[\u4e00-\u9fff]", part):
        return []
    return [part[:end] for end in range(min(len(part), 12), 1, -1)]
