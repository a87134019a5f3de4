"""The language of a text in a file, as Talex names its languages."""

from __future__ import annotations

import re

from talex.engine.text.language import language_of as guess

_GERMAN_FORMS = re.compile(r"\b(?:gmbh|ag|kg|ohg|e\.\s?v|mbh|se & co)\b|[äöüß]", re.I)
#: As the engine calls a language -> as Talex keeps text of it.
_KEPT = {"zh": "zh-hans", "de": "de", "en": "en"}


def language_of(text: str) -> str:
    """zh-hans, de, en, or another language's code; English where nothing tells.

    Names of companies are told by their legal form, before the words they are made of.
    """
    found = guess(text[:2_000])
    if found == "zh":
        return "zh-hans"
    if len(text) < 200 and _GERMAN_FORMS.search(text):
        return "de"
    return _KEPT.get(found, "en" if found == "und" else found)
