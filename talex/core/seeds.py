"""Seeds: the number on which random choices hang, so that a run can be made again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message

MOST = 2**31 - 1


def seed_fault(seed: int) -> Message | None:
    """What is wrong with a seed, None where nothing is."""
    if not 0 <= seed <= MOST:
        return _("Give a whole number from 0 to 2147483647.")
    return None
