"""What a reader's language calls the city of a time zone, and the zones that are offered."""

from __future__ import annotations

from functools import cache

from babel.core import UnknownLocaleError, get_global
from babel.dates import get_timezone_location
from django.utils.translation import get_language

from talex.core.clock import zone_names
from talex.core.countries import order, territories

# Of the files of a system that are no place to live by.
NOWHERE = frozenset({"localtime", "Factory"})
# The zones that are offered first; all others follow by country and city.
NEAR = ("Asia/Shanghai", "Europe/Berlin", "Europe/London", "America/New_York", "UTC")


def city(zone: str) -> str:
    """The city of a zone such as Europe/Vienna: Vienna, Wien, 维也纳 (names of Unicode CLDR)."""
    return _city(zone, _reader())


def zones() -> tuple[tuple[str, str], ...]:
    """(name, "country – city" in the reader's language) of the zones in use, the near ones first.

    Names that only stand for another zone (Asia/Calcutta for Asia/Kolkata) are left out.
    """
    return _zones(_reader())


def current_name(zone: str) -> str:
    """The zone's name of today where it has been given an older one."""
    return str(get_global("zone_aliases").get(zone, zone))


def _reader() -> str:
    return (get_language() or "en").replace("-", "_")


#: Zones that are younger than the CLDR of Babel.
_LATER: dict[str, str] = {"America/Coyhaique": "CL"}


@cache
def _city(zone: str, locale: str) -> str:
    try:
        found = get_timezone_location(zone, locale=locale, return_city=True)
    except (LookupError, UnknownLocaleError, ValueError):
        found = zone
    # CLDR knows some cities under another key only; then the key itself comes back.
    return found.rpartition("/")[2].replace("_", " ")


@cache
def _zones(locale: str) -> tuple[tuple[str, str], ...]:
    try:
        countries = territories(locale)
    except (UnknownLocaleError, ValueError):
        countries = territories("en")
    of = {**get_global("zone_territories"), **_LATER}
    found = {"UTC": "UTC"}
    for name in zone_names() - NOWHERE - get_global("zone_aliases").keys():
        country = countries.get(of.get(name, ""))
        if of.get(name) == "ZZ":  # Etc/GMT+3: an offset, nowhere
            found.setdefault(name, name)
        else:
            place = _city(name, locale)
            found[name] = f"{country} – {place}" if country else place
    rest = sorted(found.keys() - set(NEAR), key=lambda n: (of.get(n) == "ZZ", order(found[n]), n))
    return tuple((name, found[name]) for name in (*NEAR, *rest))
