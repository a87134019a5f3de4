"""Small words of the fair for its templates: `{% load fair_tags %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language

from talex.fair.names import language_name, place_name
from talex.fair.wording import worded
from talex.fair.words import Words, words_of

register = template.Library()


@register.filter
def place(written: str) -> str:
    """A place for a reader who may not read its script: `Wuhan (武汉)`."""
    return place_name(written) if written else ""


@register.filter
def language_word(code: str) -> str:
    """A language by its name in the reader's: `German`."""
    return language_name(code)


def _words(context: Any) -> Words:
    """The words of the page's edition, looked for once a page."""
    if "fair_words" not in context.render_context:
        context.render_context["fair_words"] = words_of(context["request"].edition)
    found: Words = context.render_context["fair_words"]
    return found


@register.simple_tag(takes_context=True)
def in_words(context: Any, word: str) -> str:
    """A skill in the reader's language with the original behind it, where the two differ."""
    return worded(word, _words(context))


@register.simple_tag(takes_context=True)
def title_label(context: Any, opening: Any) -> str:
    """Behind a title in another language: what its profession is called in the reader's."""
    title, _language = opening.title.best(get_language() or "en") if opening.title else ("", "")
    label = _words(context).label(title)
    return format_html(' <span class="soft small">({})</span>', label) if label else ""


@register.filter
def points(score: float) -> int:
    """A score of 0 to 1 as points of 100."""
    return round(100 * float(score))
