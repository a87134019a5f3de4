"""Lists, words and numbers as the sentences of reasons write them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext

from talex.fair.words import Words
from talex.participants.choices import DEGREE_LABELS

WORDS = 6


def listed(words: Sequence[str]) -> str:
    """Words as a list of the language, the rest counted."""
    shown = [word for word in words[:WORDS] if word]
    between = "、" if (get_language() or "").startswith("zh") else ", "
    text = between.join(shown)
    rest = len(words) - len(shown)
    if rest > 0:
        text = ngettext("%(list)s and %(rest)d more", "%(list)s and %(rest)d more", rest) % {
            "list": text,
            "rest": rest,
        }
    return text


def worded(word: str, words: Words) -> str:
    """A word in the reader's language with the original behind it, where the two differ."""
    label = words.label(word)
    return f"{label} ({word})" if label else word


def both(asked: str, mine: str, words: Words) -> str:
    """A skill of both sides: once where they say the same, else with the other's words."""
    label = words.label(asked)
    if label and not words.label(mine):
        # The talent wrote it in the reader's language.
        asked, mine, label = mine, asked, ""
    head = label or asked
    others = dict.fromkeys(word for word in (asked, mine) if word.casefold() != head.casefold())
    return f"{head} ({' / '.join(others)})" if others else head


def level_name(kept: str) -> str:
    return str(DEGREE_LABELS.get(kept, kept))


def many(value: float) -> int:
    """The number by which a language chooses its plural: one and a half years are several."""
    return int(value) if float(value).is_integer() else 2


def years(value: float) -> str:
    whole = float(value).is_integer()
    return number_format(value, 0 if whole else 1)
