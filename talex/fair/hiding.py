"""Contact details within short words that the two sides wrote: skills, places, industries."""

from __future__ import annotations

import re

from talex.core.masking import has_contact, mask_word

#: A known industry as it is kept (`words.industry_name`); to the mask it looks like a handle.
_KNOWN = re.compile(r"@[a-z][a-z_-]*")


def hides_contact(text: str) -> bool:
    """Whether there is something to hide in it."""
    return has_contact(text) and not _KNOWN.fullmatch(text)


def hide_contact(text: str) -> str:
    """The word as whoever did not agree to meet reads it."""
    return text if _KNOWN.fullmatch(text) else mask_word(text)
