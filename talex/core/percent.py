"""A share as per cent, in the one way each language writes it: 44.2% and 44,2 %."""

from __future__ import annotations

from django.utils import formats
from django.utils.translation import gettext as _


def per_cent(share: float | None, digits: int = 0) -> str:
    """`share` between 0 and 1, with `digits` after the point; a dash where there is none."""
    if share is None:
        return "–"
    told = formats.number_format(round(share * 100, digits), decimal_pos=digits, use_l10n=True)
    return _("%(share)s%%") % {"share": told}
