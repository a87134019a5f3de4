"""Codes of languages as BCP 47 writes them."""

from __future__ import annotations

from functools import cache

from babel import Locale

_UNDETERMINED = "und"


@cache
def _known() -> frozenset[str]:
    return frozenset(str(code).split("_")[0] for code in Locale("en").languages)


def is_language(code: str) -> bool:
    """Whether a code begins with a language of ISO 639, or says that it is not known (`und`)."""
    base, *parts = code.lower().replace("_", "-").split("-")
    plain = all(part.isalnum() and len(part) <= 8 for part in parts)
    return plain and (base == _UNDETERMINED or base in _known())
