"""Small words of the fair for its templates: `{% load fair_tags %}`."""

from __future__ import annotations

from django import template

from talex.fair.names import language_name, place_name

register = template.Library()


@register.filter
def place(written: str) -> str:
    """A place for a reader who may not read its script: `Wuhan (武汉)`."""
    return place_name(written) if written else ""


@register.filter
def language_word(code: str) -> str:
    """A language by its name in the reader's: `German`."""
    return language_name(code)


@register.filter
def points(score: float) -> int:
    """A score of 0 to 1 as points of 100."""
    return round(100 * float(score))
