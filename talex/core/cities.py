"""What a reader's language calls the city of a time zone."""

from __future__ import annotations

from functools import cache

from babel.core import UnknownLocaleError
from babel.dates import get_timezone_location
from django.utils.translation import get_language


def city(zone: str) -> str:
    """The city of a zone such as Europe/Vienna: Vienna, Wien, 维也纳 (names of Unicode CLDR)."""
    return _city(zone, (get_language() or "en").replace("-", "_"))


@cache
def _city(zone: str, locale: str) -> str:
    try:
        found = get_timezone_location(zone, locale=locale, return_city=True)
    except (LookupError, UnknownLocaleError, ValueError):
        found = zone
    # CLDR knows some cities under another key only; then the key itself comes back.
    return found.rpartition("/")[2].replace("_", " ")
