"""Names of languages and places in the reader's language, and industries as keys."""

from __future__ import annotations

import re

from babel import Locale
from babel.core import UnknownLocaleError
from django.utils.translation import get_language

from talex.core.countries import territories
from talex.engine.text import ConceptTable, Kind, is_cjk, normalise
from talex.fair import places
from talex.participants.industries import industry_code

_LEVELS = re.compile(r"(?<=省)|(?<=自治区)|(?<=自治州)|(?<=市)(?=.)|(?<=[·,，、/-])")


def _locale() -> Locale:
    try:
        return Locale.parse((get_language() or "en").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def language_name(code: str) -> str:
    """A language by its name in the reader's language."""
    name = _locale().languages.get(code, code)
    return name[:1].upper() + name[1:]


def industry_keys(text: str, table: ConceptTable) -> tuple[str, ...]:
    """An industry as it is compared: `@laser` for each concept of the table that it names, or the
    normalised words where none is known."""
    written = industry_words(text)
    code = table.get("industry:" + industry_code(text or "").replace("_", "-"))
    named = [code] if code else [m.concept for m in table.find(written, [Kind.INDUSTRY])]
    known = tuple("@" + concept.id.removeprefix("industry:") for concept in named)
    words = normalise(written)
    return known or ((words,) if words else ())


def industry_words(text: str) -> str:
    """An industry as it was written, without the marks of a code."""
    return (text or "").replace("_", " ").strip()


def place_name(written: str) -> str:
    """A place as it was written, for a reader who may not read its script.

    Countries by their names in the reader's language; other Chinese names with their pinyin in
    front for whoever does not read Chinese: `Wuhan (武汉市)`.
    """
    reader = get_language() or "en"
    known = places.key(written)
    if known.startswith("="):
        return territories(str(_locale())).get(known[1:], written)
    if reader.startswith("zh") or not any(is_cjk(sign) for sign in written):
        return written
    pieces = [places.key(piece) for piece in _LEVELS.split(written) if piece.strip()]
    latin = " ".join(piece.title() for piece in pieces if piece and piece[0] != "=")
    return f"{latin} ({written})" if latin else written
