"""What the events that this part records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "campaigns.added": _("Campaign begun"),
    "campaigns.approved": _("Campaign approved"),
    "campaigns.done": _("Campaign finished"),
    "campaigns.edited": _("Campaign edited"),
    "campaigns.given_back": _("Campaign given back"),
    "campaigns.paused": _("Campaign paused"),
    "campaigns.removed": _("Draft of a campaign removed"),
    "campaigns.resumed": _("Campaign resumed"),
    "campaigns.stopped": _("Campaign stopped"),
    "campaigns.submitted": _("Campaign submitted for approval"),
    "campaigns.taken_back": _("Campaign taken back by its author"),
    "campaigns.template_added": _("Text for mails written"),
    "campaigns.template_edited": _("Text for mails edited"),
    "campaigns.template_retired": _("Text for mails no longer offered"),
    "campaigns.template_returned": _("Text for mails offered again"),
    "campaigns.tested": _("Text for mails tried"),
}
