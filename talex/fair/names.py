"""Names of languages, industries, places and skills in the reader's language."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale
from babel.core import UnknownLocaleError
from django.utils.translation import get_language

from talex.engine.text import UNKNOWN, ConceptTable, Kind, Linker, is_cjk, language_of, normalise
from talex.fair import places
from talex.participants.industries import industry_code

#: A concept named by a smaller part of a text does not say what the text means.
PART = 0.5
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


def industry_name(kept: str) -> str:
    """A stored industry: `@laser` is a concept with a name in each language."""
    if not kept.startswith("@"):
        return kept
    language = (get_language() or "en").split("-")[0]
    concept = ConceptTable.default().get(f"industry:{kept[1:]}")
    if concept is None:
        return _own_industry(kept[1:], language)
    return concept.label(language) or concept.label("en") or kept[1:]


def _own_industry(name: str, language: str) -> str:
    """An industry that an organiser added (models.term)."""
    # Here, not above: models of this room ask for names in their labels.
    from talex.fair.models import Term

    found = Term.objects.filter(concept=f"industry:{name}").values_list("labels", flat=True).first()
    labels = found or {}
    own = labels.get(language) or labels.get("en") or next(iter(labels.values()), [name])
    return str(own[0])


def place_name(written: str) -> str:
    """A place as it was written, for a reader who may not read its script.

    Countries by their names in the reader's language; other Chinese names with their pinyin in
    front for whoever does not read Chinese: `Wuhan (武汉市)`.
    """
    reader = get_language() or "en"
    known = places.key(written)
    if known.startswith("="):
        return str(_locale().territories.get(known[1:], written))
    if reader.startswith("zh") or not any(is_cjk(sign) for sign in written):
        return written
    pieces = [places.key(piece) for piece in _LEVELS.split(written) if piece.strip()]
    latin = " ".join(piece.title() for piece in pieces if piece and piece[0] != "=")
    return f"{latin} ({written})" if latin else written


@lru_cache(maxsize=20_000)
def _label(word: str, language: str) -> str:
    links = _linker().link(word)
    whole = [link.concept for link in links if link.share == 1.0]
    found = whole[:1] or [link.concept for link in links if link.share >= PART]
    plain = normalise(word)
    labels: list[str] = []
    for concept in found:
        own = [normalise(label) for label in concept.labels.get(language, ())]
        others = {
            normalise(label)
            for other, each in concept.labels.items()
            if other != language
            for label in each
        }
        # Within a longer text the reader's own words for it are enough.
        if plain in own or (not whole and any(label in plain for label in own)):
            continue
        script = any(is_cjk(sign) for sign in word) != (language == "zh")
        if own and (script or plain in others or language_of(word) not in (language, UNKNOWN)):
            labels.append(concept.labels[language][0])
    return ", ".join(dict.fromkeys(labels))


def label_of(word: str) -> str:
    """What a skill, profession or discipline that was written in another language is called in
    the reader's; '' where it is in the reader's language, or no concept is known.

    Where the text says more than a concept's name, the labels of what it names by most of its
    words.
    """
    return _label(word.strip(), (get_language() or "en").split("-")[0])


@lru_cache(maxsize=1)
def _linker() -> Linker:
    return Linker()
