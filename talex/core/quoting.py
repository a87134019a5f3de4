"""Words of somebody, between the quotation marks of the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def quoted(words: object) -> str:
    """“so” in English and Chinese, „so“ in German."""
    return _("“%(words)s”") % {"words": words}
