"""Settings of the environment that cannot be used, said so that the operator can mend them."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _


def told() -> dict[str, str]:
    """Variable -> what is wrong with it and what to write instead; empty where all fit."""
    sentences = {
        "number": _("%(value)s is no whole number above 0. Write one, such as %(wanted)s."),
        "address": _("It begins with “%(value)s”. Begin it like one of: %(wanted)s."),
        "host": _("Its host or port cannot be read. Write it like one of: %(wanted)s."),
        "missing": _("It is missing. Set it to %(wanted)s."),
        "folder": _("The folder %(value)s cannot be made or written: %(wanted)s."),
    }
    return {
        one.name: sentences[one.kind] % {"value": one.value, "wanted": one.wanted}
        for one in settings.TALEX_MISFITS
    }
