"""How an edition's days are written: `{% load editions_tags %}`."""

from __future__ import annotations

from datetime import date

from babel import Locale
from babel.dates import format_date, format_interval
from django import template
from django.utils.translation import get_language, to_locale

register = template.Library()


@register.simple_tag
def days(first: date, last: date) -> str:
    """`12.–14. Mai 2027`, `2027年5月12日至14日`: a span of days as the language writes it."""
    language = get_language() or "en"
    # English as the rest of the pages write it (day before month).
    locale = Locale.parse("en_GB" if language == "en" else to_locale(language))
    if first == last:
        return str(format_date(first, "long", locale=locale))
    return str(format_interval(first, last, "yMMMd", locale=locale))
