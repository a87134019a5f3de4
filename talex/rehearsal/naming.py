"""Names of people in their own script and in Latin, and addresses that can reach nobody."""

from __future__ import annotations

import unicodedata
from functools import cache

from .dice import Dice
from .model import PersonName
from .vocabulary import table

# Culture -> (language, script of the own writing, family name first there, countries of origin).
CULTURES: dict[str, tuple[str, str, bool, tuple[str, ...]]] = {
    "zh": ("zh", "Hans", True, ("cn",)),
    "de": ("de", "Latn", False, ("de", "de", "de", "at", "ch")),
    "en": ("en", "Latn", False, ("gb", "us", "ie", "ca", "au", "nz")),
    "ja": ("ja", "Jpan", True, ("jp",)),
    "ko": ("ko", "Kore", True, ("kr",)),
    "fr": ("fr", "Latn", False, ("fr", "ch", "ca")),
    "es": ("es", "Latn", False, ("es", "mx")),
    "ru": ("ru", "Cyrl", False, ("ru",)),
    "ar": ("ar", "Arab", False, ("eg", "ae", "sa", "ma")),
    "hi": ("hi", "Latn", False, ("in",)),
}
# Reserved by RFC 2606: mail sent there by mistake reaches nobody.
MAIL_DOMAINS = ("example.org", "example.com", "example.net", "alumni.example.org")


@cache
def _names(culture: str) -> dict[str, tuple[tuple[str, str], ...]]:
    parts: dict[str, list[tuple[str, str]]] = {}
    for row in table(f"names/{culture}.tsv"):
        parts.setdefault(row["part"], []).append((row["native"], row["latin"]))
    return {part: tuple(pairs) for part, pairs in parts.items()}


def _feminine_russian(native: str, latin: str) -> tuple[str, str]:
    if native.endswith(("ов", "ев", "ёв", "ин", "ын")):
        return native + "а", latin + "a"
    return native, latin


def person_names(dice: Dice, culture: str, female: bool) -> tuple[PersonName, ...]:
    """The person's name in the own script first, then in Latin where that is another one."""
    language, script, family_first, _ = CULTURES[culture]
    names = _names(culture)
    # Common names stand first in the tables and are common here too.
    families = names["family"]
    family = families[dice.skewed(0, len(families) - 1, 2)]
    given = dice.pick(names["female" if female else "male"])
    if culture == "ru" and female:
        family = _feminine_russian(*family)
    if culture == "es":
        second = dice.pick(families)
        family = (f"{family[0]} {second[0]}", f"{family[1]} {second[1]}")
    glue = "" if script in ("Hans", "Kore") else " "
    order = (family[0], given[0]) if family_first else (given[0], family[0])
    own = PersonName(glue.join(order), family[0], given[0], script, language)
    if script == "Latn":
        return (own,)
    latin_order = (family[1], given[1]) if culture in ("zh", "ko") else (given[1], family[1])
    return own, PersonName(" ".join(latin_order), family[1], given[1], "Latn", language)


def ascii_slug(text: str) -> str:
    """Lower-case ASCII letters, digits and hyphens of a Latin text (ä, ö, ü, ß written out)."""
    for sign, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ı", "i")):
        text = text.replace(sign, plain).replace(sign.upper(), plain)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = "".join(c if c.isalnum() else " " for c in plain.replace("'", "")).split()
    return "-".join(words)


def personal_email(dice: Dice, name: PersonName, number: int) -> str:
    """A private address; `number` keeps it to one person."""
    given, family = ascii_slug(name.given), ascii_slug(name.family)
    local = dice.pick((f"{given}.{family}", f"{family}.{given}", f"{given[:1]}{family}"))
    return f"{local}.{number}@{dice.pick(MAIL_DOMAINS)}"
