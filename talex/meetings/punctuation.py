"""What stands between two parts of a line, as the reader's language writes it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import pgettext


def colon() -> str:
    """Between what it is about and what is said of it."""
    return pgettext("punctuation", ": ")


def comma() -> str:
    """Between a place, a day and a time."""
    return pgettext("punctuation", ", ")


def listed(names: Iterable[str]) -> str:
    """Names side by side."""
    return pgettext("between names", ", ").join(names)
