"""Names of languages and industries in the reader's language."""

from __future__ import annotations

from babel import Locale
from babel.core import UnknownLocaleError
from django.utils.translation import get_language

from talex.engine.text import ConceptTable


def _locale() -> Locale:
    try:
        return Locale.parse((get_language() or "en").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def language_name(code: str) -> str:
    """A language by its name in the reader's language."""
    name = _locale().languages.get(code, code)
    return name[:1].upper() + name[1:]


def industry_name(kept: str) -> str:
    """A stored industry: `@laser` is a concept with a name in each language."""
    if not kept.startswith("@"):
        return kept
    language = (get_language() or "en").split("-")[0]
    concept = ConceptTable.default().get(f"industry:{kept[1:]}")
    if concept is None:
        return kept[1:]
    return concept.label(language) or concept.label("en") or kept[1:]
