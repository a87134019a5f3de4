"""What the events of collecting are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "fair.review.switched": _("Reviewing of openings switched"),
    "fair.quota.set": _("Quota of a collector set"),
    "fair.quota.removed": _("Quota of a collector removed"),
    "fair.submission.hand_in": _("Opening handed in"),
    "fair.submission.take_back": _("Opening taken back"),
    "fair.submission.return": _("Opening returned with a reason"),
    "fair.submission.pass": _("Opening passed on to the office"),
    "fair.submission.approve": _("Opening approved"),
}
